"""The result of a run as a file, `NAME.run.md`: a header to change and run again, and what came back.

``layout`` says where things stand, for who writes such a file (``runs.document``) and who reads it (``read``).
Called by the registry in ``formats``.
"""

from promptls.formats.base import Format, Language
from promptls.formats.result.layout import ENDING
from promptls.formats.result.read import read
from promptls.formats.result.recognise import KEY, TITLE, recognise

FORMAT = Format((KEY,), TITLE, (Language("markdown", TITLE, (f"*{ENDING}",), builtin=True),), recognise, read)
