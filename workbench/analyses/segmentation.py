"""What every segmentation is: rules kept as data that give each customer, on a day, one segment and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
from ibis import _

from workbench.errors import ChoiceError

OTHERS = "others"
"""The segment of customers whom no rule covers."""

OPEN = "open"
"""The segment of customers about whom nobody has decided yet."""

MONEY_TYPE = "decimal(24, 2)"


@dataclass(frozen=True)
class Segment:
    """One group: its id, and its name and meaning by language ("en", "zh")."""

    id: str
    names: Mapping[str, str]
    meanings: Mapping[str, str]


@dataclass(frozen=True)
class Ground:
    """What a segmentation may look at: the customer facts of a day, and the company's tables up to that day.

    Attributes
    ----------
    facts
        Who is to be segmented: `customer_facts`, one row per customer.
    table
        Gives a canonical table by its name ("transactions", "customers", "interactions", "surveys", "complaints").
        Asked only for what is needed: a managers' page may have to refuse a table that the others can do without.
    keep
        Computes a table once (`store.keep`); without it an expression is computed wherever it is used.
    """

    as_of: date
    facts: ir.Table
    table: Callable[[str], ir.Table]
    keep: Callable[[ir.Table], ir.Table] = lambda table: table


@dataclass(frozen=True)
class BuiltIn:
    """A segmentation offered without anybody saving it, measured on the customers in view.

    A topic names its own as `BUILT_IN` in `built_in.py`, by id; `place` is where they stand in the list.
    """

    place: int
    measure: Callable[[Ground], Segmentation]
    needs_money: bool = True
    """Whether it is offered only where it is known what was paid."""


class Segmentation(Protocol):
    """A way to group customers, frozen: the same ground gives the same groups, at any date and in any company.

    `as_dict` gives plain values for TOML or JSON, and `segmentation_from` reads them back; `kind` says what it is.
    `evidence` names the columns of `assign` that say why a customer is where they are, apart from `segment`.
    """

    @property
    def kind(self) -> str:
        """What sort of segmentation it is, e.g. "rfm"."""

    @property
    def names(self) -> Mapping[str, str]:
        """Its name by language."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Every segment that can occur, best or first rule first; OTHERS last, where customers can be left over."""

    @property
    def evidence(self) -> Sequence[str]:
        """The columns that say why, in the order in which people read them."""

    def assign(self, ground: Ground) -> ir.Table:
        """Return customer_id, segment and the evidence: one row for each customer of `ground.facts`, no other."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; the key `kind` among them."""


def labels(segmentation: Segmentation, lang: str) -> dict[str, str]:
    """Return the name of every segment by its id, in the segmentation's order."""
    return {segment.id: segment.names[lang] for segment in segmentation.segments}


def segment_sizes(assigned: ir.Table, facts: ir.Table) -> ir.Table:
    """Sum up the segments that have customers: how many, and what they bring.

    Parameters
    ----------
    assigned
        What `assign` gave: customer_id, segment.
    facts
        The customer facts it was made from.

    Returns
    -------
    segment, customer_count, customer_share, order_count, monetary, value_share (of the sum over all; null where that
    is not above zero), average_order_value (monetary / order_count), average_monetary, average_recency_days.
    """
    joined = assigned.select("customer_id", "segment").inner_join(facts, "customer_id")
    sums = joined.group_by("segment").aggregate(
        customer_count=_.count(),
        order_count=_.order_count.sum().cast("int64"),
        monetary=_.monetary.sum().cast(MONEY_TYPE),
        recency_days=_.recency_days.sum().cast("int64"),
    )
    money = sums.monetary.cast("float64")
    whole = sums.monetary.sum().over(ibis.window()).cast("float64")  # a sum of floats would depend on their order
    return sums.select(
        "segment",
        "customer_count",
        customer_share=_.customer_count / _.customer_count.sum().over(ibis.window()),
        order_count=_.order_count,
        monetary=_.monetary,
        value_share=ibis.ifelse(whole > 0, money / whole, None),
        average_order_value=money / sums.order_count.nullif(0),
        average_monetary=money / sums.customer_count,
        average_recency_days=_.recency_days / _.customer_count,
    ).order_by(_.monetary.desc(), _.segment)


READERS: dict[str, Callable[[Mapping[str, Any]], Segmentation]] = {}
"""How to read back a segmentation, by its kind; each kind adds itself with `register`."""


def register(kind: str, read: Callable[[Mapping[str, Any]], Segmentation]) -> None:
    """Make a kind of segmentation known to `segmentation_from`."""
    READERS[kind] = read


def segmentation_from(plain: Mapping[str, Any]) -> Segmentation:
    """Read back what `as_dict` gave; a ChoiceError says which kinds there are."""
    kind = plain.get("kind")
    if kind not in READERS:
        raise ChoiceError("segmentation_kind", kind=kind, known=sorted(READERS))
    return READERS[kind](plain)
