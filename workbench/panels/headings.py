"""How words stand on a page: labels and headings begin with a capital letter."""

from __future__ import annotations


def headed(words: str) -> str:
    """Return words as a heading or label: the first letter is a capital, where it is a letter and no symbol as α is.

    >>> headed("customer lifetime value"), headed("客户终身价值"), headed("α if dropped")
    ('Customer lifetime value', '客户终身价值', 'α if dropped')
    """
    return (words[:1].upper() if words[:1].isascii() else words[:1]) + words[1:]
