"""Lists of customers with the reason each is on them: who, the evidence of the segmentation, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ibis.expr import types as ir

from workbench.i18n import t
from workbench.panels.columns import column_kind, column_words
from workbench.panels.headings import headed
from workbench.panels.money_unknown import priced
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field

PEOPLE = ("name", "region", "customer_type")
"""What people are called by, and where they belong."""
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


def with_people(
    session: Session, members: ir.Table, *, columns: Sequence[str] = PEOPLE
) -> tuple[ir.Table, list[Field]]:
    """Join what people are called by, as far as the store may tell; return the fields that show it."""
    people = session.store.customers
    known = [name for name in columns if name in people.columns]
    own = [name for name in known if name not in members.columns]
    joined = members.left_join(people.select("customer_id", *own), "customer_id")
    return joined.select(*members.columns, *own), [Field("customer_id"), *map(Field, known)]


def people_list(
    session: Session,
    members: ir.Table,
    fields: Sequence[Field],
    *,
    people: Sequence[str] = PEOPLE,
    order: Sequence[Any],
    title: str,
    facts: Mapping[str, Any],
) -> Detail:
    """Return a list of customers: who they are, then the fields; whom the order leaves equal stand by id."""
    listed, who = with_people(session, members, columns=people)
    known = {one.name for one in who}
    return Detail(
        table=listed.order_by(*order, "customer_id"),
        fields=(*who, *(one for one in priced(session, *fields) if one.name not in known)),
        title=title,
        facts=facts,
    )
