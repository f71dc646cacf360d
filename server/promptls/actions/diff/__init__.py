"""What a change does to prompts: the messages before and after for each sample, tokens, and what is declared."""

from promptls.actions.diff.compare import Comparison, PromptChange, SampleChange, compare_files, compare_with_head
from promptls.actions.diff.markdown import to_markdown

__all__ = ["Comparison", "PromptChange", "SampleChange", "compare_files", "compare_with_head", "to_markdown"]
