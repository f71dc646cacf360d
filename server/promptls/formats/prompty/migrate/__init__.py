"""Prompty v1, and mixtures, rewritten as v2: by the table of Prompty's migration guide, and with the same messages.

``draft`` is what the parts share; ``model``, ``tools``, ``inputs`` and ``top`` change the header's outline, ``body``
the template, ``values`` the strings. What v2 has no place for becomes a comment and is listed.
"""
