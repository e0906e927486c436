"""What the panels of loyalty, lifecycle and relationship share: hidden small groups, sizes, customers' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from workbench.charts.words import count_words, share_words
from workbench.i18n import t
from workbench.panels.columns import Kind
from workbench.panels.layout import Figure, text
from workbench.panels.segment_lists import with_people
from workbench.panels.session import Session
from workbench.panels.table import Field, table_html


def best_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the segments that have customers, most money first, as `segment_sizes` orders them."""
    some = rows[rows["customer_count"] > 0]
    return some.sort_values(["monetary", "segment"], ascending=[False, True]).reset_index(drop=True)


def hidden(
    session: Session, rows: pd.DataFrame, *, names: Sequence[str], size: str = "customer_count", within: str = ""
) -> pd.DataFrame:
    """Take the figures off too small groups, and off one more, so that none can be subtracted from the whole.

    The rule of `hidden_groups`, for rows counted in memory. `names` are the columns that name a group, all others are
    figures about it; `within` is a column whose every value is a whole of its own.
    """
    least = session.minimum_group
    marked = pd.Series(False, index=rows.index)
    for _whole, part in rows.groupby(within) if within else [("", rows)]:
        small = part[size].between(1, least - 1)
        large = part[part[size] >= least].sort_values([size, *names])
        if small.any():
            marked[[*part.index[small], *large.index[:1]]] = True
    if not marked.any():
        return rows
    figures = [column for column in rows.columns if column not in names]
    shown = rows.astype(dict.fromkeys(figures, float))
    shown.loc[marked, figures] = float("nan")
    order = marked.astype(int)  # what is hidden stands last: the order it had would tell its size
    return (
        shown.assign(_hidden=order).sort_values("_hidden", kind="stable").drop(columns="_hidden").reset_index(drop=True)
    )


def sizes_html(rows: pd.DataFrame, names: dict[str, str], lang: str, *, more: Sequence[Field] = ()) -> str:
    """Return the sizes of segments as a table."""
    fields = (
        Field("segment"),
        Field("customer_count", "count"),
        Field("customer_share", "share"),
        Field("monetary", "money"),
        Field("value_share", "share"),
        Field("average_monetary", "money", label="panels.loyalty.average"),
        Field("average_recency_days", "count", label="terms.recency_days"),
        *more,
    )
    return table_html(rows.assign(segment=rows["segment"].map(names)), fields, lang)


def size_figure(label: str, row: Mapping[Any, Any], as_of: date, lang: str) -> Figure:
    """Say a group's share of the customers; below it how many they are, and what they bring."""
    facts = {
        "count": count_words(row["customer_count"], lang),
        "money": share_words(row["value_share"], lang),
        "as_of": as_of.isoformat(),
    }
    return Figure(label, share_words(row["customer_share"], lang), t("panels.loyalty.share_note", lang, **facts))


def column(name: str, kind: Kind = "text", *, words: str = "") -> Field:
    """Return the field of a column of evidence, under the panels' own word for it."""
    return Field(name, kind, label=f"panels.columns.{name}", words=words)


def meanings_html(segments: Sequence[Any], lang: str) -> str:
    """Say what every segment means."""
    items = "".join(
        text("li", f"{one.names[lang]}{'：' if lang == 'zh' else ': '}{one.meanings[lang]}") for one in segments
    )
    return f'<div class="wb-audit"><ul>{items}</ul></div>'


def named(session: Session, members: ir.Table) -> tuple[ir.Table, list[Field]]:
    """Join what people are called by and what they spent; most money first."""
    spent = session.facts.select("customer_id", "monetary")
    known, people = with_people(session, members.inner_join(spent, "customer_id"))
    return known.order_by(known.monetary.desc(), "customer_id"), [*people, Field("monetary", "money")]


def call(kind: str, chosen: dict[str, Any]) -> str:
    """Write the making of a segmentation as Python.

    >>> call("LoyaltySegmentation", {"patience": 3.0, "share_of": "rhythm"})
    "LoyaltySegmentation(patience=3.0, share_of='rhythm')"
    """
    return f"{kind}({', '.join(f'{name}={value!r}' for name, value in chosen.items())})"
