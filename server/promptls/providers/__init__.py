"""Model providers: one file per wire format, pure; ``transport`` alone opens connections, ``keys`` alone reads keys.

A wire format turns a ``Request`` into an ``HttpRequest`` and bytes into events. A service (OpenAI, Azure, llama.cpp …)
is data on top of one: ``schemas/data/services.json``. May call ``prompt``, ``schema`` and ``text``; knows no file
format, no run and no editor.
"""
