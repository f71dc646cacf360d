"""What the roles of a conversation are for, in the words that hover and completion use."""

from __future__ import annotations

ROLES = {
    "system": "Instructions that hold for the whole conversation: who the model is, what it must and must not do.",
    "developer": "Instructions of the application's developer. Reasoning models take them in the place of `system`.",
    "user": "What the person says or asks. The model answers the last of these.",
    "assistant": "What the model said before, or an example of how it should answer.",
    "function": "The result of a function that the model asked for.",
    "tool": "The result of a tool that the model asked for.",
    "model": "What the model said before, or an example of how it should answer.",
}
