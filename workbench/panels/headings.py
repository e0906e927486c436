"""How words stand on a page: labels and headings begin with a capital letter."""

from __future__ import annotations


def headed(words: str) -> str:
    """Return words as a heading or label: the first letter is a capital, where the script has them.

    >>> headed("customer lifetime value"), headed("客户终身价值")
    ('Customer lifetime value', '客户终身价值')
    """
    return words[:1].upper() + words[1:]
