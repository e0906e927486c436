"""Lists of customers with the reason each is on them: who, the evidence of the segmentation, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ibis.expr import types as ir

from workbench.i18n import t
from workbench.panels.columns import column_kind, column_words
from workbench.panels.headings import headed
from workbench.panels.session import Session
from workbench.panels.table import Field

SIZE_FIELDS = (
    Field("customer_count", "count"),
    Field("customer_share", "share"),
    Field("monetary", "money"),
    Field("value_share", "share"),
    Field("average_order_value", "money"),
    Field("average_recency_days", "count", label="terms.recency_days"),
)
"""What `segment_sizes` says of a segment, in the order in which people read it."""


def measured_words(name: str, lang: str) -> str:
    """Say a column of a profile, where days are counted back from the as-of day."""
    words = column_words(name, lang)
    is_day = name.endswith("_on") or name == "birthday"
    return t("panels.segment_profile.days_ago", lang, name=words) if is_day else words


@dataclass(frozen=True)
class DerivedField(Field):
    """A column whose heading is made of another column's name, e.g. "spend (M), before"."""

    of: str = ""
    wording: str = ""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What its values are called, by language, where they are ids."""

    def heading(self, lang: str) -> str:
        """Return the column's name in words."""
        name = column_words(self.of or self.name, lang)
        return headed(t(self.wording, lang, name=name) if self.wording else name)

    def shown(self, value: object, lang: str) -> str:
        """Return a value as people read it."""
        if isinstance(value, str) and value in self.values:
            return self.values[value][lang]
        if self.kind == "text" and isinstance(value, float) and value == value:
            return f"{value:g}"
        return super().shown(value, lang)


def evidence_fields(names: Sequence[str]) -> list[Field]:
    """Return the fields of columns by their names alone."""
    return [DerivedField(name, column_kind(name)) for name in names]


def with_people(session: Session, members: ir.Table) -> tuple[ir.Table, list[Field]]:
    """Join names and numbers of people, as far as the store may show them; return the fields that show them."""
    people = session.store.customers
    columns = [name for name in ("name", "region", "customer_type") if name in people.columns]
    own = [name for name in columns if name not in members.columns]
    joined = members.left_join(people.select("customer_id", *own), "customer_id")
    known = joined.select(*members.columns, *own)
    names: list[Field] = [Field(name) for name in columns]
    return known, [Field("customer_id"), *names]
