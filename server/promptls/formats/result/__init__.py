"""The result of a run as a file, `NAME.run.md`: a header to change and run again, and what came back.

``layout`` says where things stand, for who writes such a file (``runs.document``) and who reads it (``read``).
"""
