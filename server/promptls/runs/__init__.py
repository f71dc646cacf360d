"""A run, from a person's wish to its place in the history: target, routing, limits, budget, stream, result.

May call ``render``, ``rules`` and ``providers``; knows no editor and no terminal. All runs of a process live in one
thread with its own event loop (``service``), so that nothing else waits for them.
"""
