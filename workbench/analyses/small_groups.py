"""Which groups must not be shown: those of too few people, and one more so that none comes out by subtraction.

Who knows a total and all groups shown can subtract. So where a group is too small, the smallest large enough group of
the same total is hidden with it: what subtraction then yields is people of both, and always enough of them.
The choice among equally small ones goes by name; it covers something up and judges nobody.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

SMALLEST_GROUP = 5
"""No figure rests on fewer people than this, unless the caller asks for another number."""

GREY_BELOW = 30
"""Figures on fewer answers than this are shown in grey."""


def hidden_groups(groups: ir.Table, *, name: str, size: str, smallest: int = SMALLEST_GROUP) -> ir.Table:
    """Mark the groups of one total that must be hidden.

    `groups` has one row per group, the unnamed group (null) included; `size` counts its people. A group of nobody
    has nothing to hide.

    Returns `groups` with `is_hidden`.
    """
    return _with_companion(groups.mutate(is_hidden=_too_small(groups, size, smallest)), name, size, smallest)


def hidden_parts(
    parts: ir.Table, wholes: ir.Table, *, name: str, whole: str, size: str, smallest: int = SMALLEST_GROUP
) -> ir.Table:
    """Mark the parts (months) that must be hidden when their wholes (quarters) and the total can be seen as well.

    A whole that is shown is a total of its own. Wholes that are hidden hang together, for only their sum can be known:
    all parts of the small ones are small, and the companion among the parts comes from the companion among the wholes,
    so that neither can be added up.

    `parts` has the columns `name`, `whole` and `size`; `wholes` is one row per whole with `whole` and `size`.
    Returns `parts` with `is_hidden`.
    """
    marked = hidden_groups(wholes, name=whole, size=size, smallest=smallest).select(
        whole_name=whole, whole_is_hidden="is_hidden"
    )
    joined = parts.left_join(marked, parts[whole].identical_to(marked.whole_name))
    joined = joined.mutate(
        is_hidden=_too_small(joined, size, smallest),
        family=joined.whole_is_hidden.ifelse(ibis.null("string"), joined[whole].cast("string").fill_null("")),
    )
    return _with_companion(joined, name, size, smallest, family="family").select(*parts.columns, "is_hidden")


def _too_small(groups: ir.Table, size: str, smallest: int) -> ir.BooleanValue:
    return (groups[size] > 0) & (groups[size] < smallest)


def _with_companion(groups: ir.Table, name: str, size: str, smallest: int, *, family: str | None = None) -> ir.Table:
    """Where a family hides a group, hide its smallest large enough group too."""
    everyone = ibis.window(group_by=family)
    by_size = ibis.window(group_by=family, order_by=[groups[size] < smallest, size, name])
    is_companion = (groups[size] >= smallest) & (ibis.row_number().over(by_size) == 0)
    return groups.mutate(is_hidden=groups.is_hidden | (groups.is_hidden.any().over(everyone) & is_companion))
