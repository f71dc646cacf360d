"""What promptls reports: one file per rule, each with its explanation, its example and its fixes.

A rule reads one prompt or one document and a snapshot of the workspace, and yields findings; it does no I/O,
remembers nothing and never sees a format's name. `engine` runs the rules and `registry` lists them.
"""

from promptls.rules.finding import Finding, Fix, Severity
from promptls.rules.registry import Rule, rule, rules

__all__ = ["Finding", "Fix", "Rule", "Severity", "rule", "rules"]
