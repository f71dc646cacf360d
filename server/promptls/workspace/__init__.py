"""Open buffers and files on disk, the configuration, and the immutable snapshots that everything is answered from.

Takes texts from an edge, reads the disk only inside of the workspace's folders, and calls the formats' readers.
"""
