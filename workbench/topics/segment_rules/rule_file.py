"""Rules as a TOML file that a person can read and change; `rules_from_toml` reads it back equal."""

from __future__ import annotations

from workbench.analyses.rules.segmentation import RuleSegmentation
from workbench.analyses.toml_text import toml_value


def rules_text(segmentation: RuleSegmentation) -> str:
    """Write rules as TOML: the names first, then each rule in its order.

    >>> from workbench.analyses.rules.examples import rule_example
    >>> print(rules_text(rule_example("commercial").rules())[:14])
    kind = "rules"
    """
    top = segmentation.as_dict()
    rules = top.pop("rules")
    lines = [f"{name} = {toml_value(value)}" for name, value in top.items()]
    for rule in rules:
        lines += ["", "[[rules]]", *(f"{name} = {toml_value(value)}" for name, value in rule.items())]
    return "\n".join(lines) + "\n"
