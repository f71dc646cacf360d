"""What the files in `schemas/` say: which keys a header may have, what they mean, and what is wrong with it.

In: a YAML tree, or the data of a half-written one and a path. Out: violations with spans, choices, cards.
It calls syntax and text, nothing else; it knows no format, only the schema's name.
"""
