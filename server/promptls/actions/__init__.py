"""What a person starts, one file each; called by the command line and by the editor's commands alike.

May call everything below it; knows no terminal and no protocol. Results are plain data, and errors that a
person can mend are ``ActionError`` with a sentence.
"""

from promptls.actions.error import ActionError

__all__ = ["ActionError"]
