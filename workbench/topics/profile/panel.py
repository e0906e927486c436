"""What makes a segment different: one segment against the rest or another one, column by column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation, labels
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, points_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_words
from workbench.panels.layout import text
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import evidence_fields, measured_words, people_list
from workbench.panels.segmentation_choice import (
    Offer,
    SegmentChoice,
    assigned,
    hidden_segments,
    key_of,
    offered,
    segmentation_control,
    sizes_of,
)
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.panels.worded_rows import ValueNames, called
from workbench.topics.profile.chart import figure_words, segment_profile_drawing
from workbench.topics.profile.figures import profile_figures
from workbench.topics.profile.panel_measures import telling_columns, told_table
from workbench.topics.profile.panel_standing import withheld_in_profile
from workbench.topics.profile.query import (
    compare_segments,
    profile_counts,
)

SCORED = {"r_score": "recency_days", "f_score": "frequency", "m_score": "monetary"}
AT_ONCE = (
    {"recency_days", "silent_days", "last_on", "silence_ratio", "expected_on"},
    {"tenure_days", "first_on"},
    {
        *("monetary", "margin", "average_order_value", "order_count", "visit_count", "frequency", "purchase_days"),
        *("recent_value", "earlier_value", "purchases", "slope", "score", "profit_rank", "usual_interval_days"),
    },
)
"""What is computed from the same: the last purchase, the first one, or how much was bought and how often. Who is put
into a segment by one of these differs in all of them: money is made of orders, margin of money, visits of purchases."""

BASES = ("this_base", "this_missing", "other_base", "other_missing")
PROFILE_PRIVACY = Privacy(
    tuple(Shown(("column",), counts=base, totals=(), beside=("kind", "is_evidence"), in_place=True) for base in BASES)
)
"""Each column is a question of its own: no total adds columns up. Who is compared are groups that may be shown, and
which cells tell nothing of others was decided with all that pages show (`panel_standing.py`)."""


@dataclass(frozen=True)
class ProfileAnswer(Answer):
    """The comparison (`rows`), of which segment of which segmentation, and everybody's segment (`kept`).

    `untold` are the columns that are left out, for they would bring small groups too near.
    """

    kept: ir.Table
    segmentation: Segmentation
    this: str
    against: str
    untold: Sequence[str] = ()

    def names(self, lang: str) -> tuple[str, str]:
        """Return what the two groups are called."""
        known = labels(self.segmentation, lang)
        return known[self.this], known[self.against] if self.against else t("panels.segment_profile.rest", lang)


def segment_profile_panel(
    session: Session,
    *,
    segmentations: Mapping[str, Segmentation] | None = None,
    segmentation: str | None = None,
    brief: bool = False,
) -> Panel:
    """Choose a segment and see in which columns it differs most from the rest, or from another segment."""
    offer = offered(session, segmentations)
    this = SegmentChoice("panels.segment_profile.this")
    against = SegmentChoice("panels.segment_profile.against", first="panels.segment_profile.rest")

    def follow(answer: ProfileAnswer) -> None:
        """Let the lists of segments follow the segmentation."""
        this.offer(answer.segmentation.segments, value=answer.this, lang=session.lang)
        against.offer(answer.segmentation.segments, value=answer.against, lang=session.lang)

    return Panel(
        session,
        topic="segment_profile",
        controls={
            "segmentation": segmentation_control(offer, value=segmentation),
            "this": this,
            "against": against,
        },
        analyse=partial(_analyse, session, offer),
        analyses=(compare_segments, profile_of),
        privacy=PROFILE_PRIVACY,
        draw=_draw,
        brief=brief,
        parts=Parts(
            summary=_summary,
            names=_names,
            detail=partial(_members, session),
            shown=follow,
            recipe=partial(_recipe, session, offer),
            rows_query=lambda answer: profile_figures(answer.table, this=answer.this, against=answer.against or None),
            imports=(
                ("topics.profile", ("compare_segments", "profile_counts", "profile_table", "withheld_in_profile")),
                ("analyses", ("segmentation_from",)),
            ),
        ),
    )


def profile_of(session: Session, *, segmentation: Segmentation) -> tuple[ir.Table, pd.DataFrame]:
    """Return the query that condenses the customers by segment and column, and its rows; asked once."""

    def condense() -> tuple[ir.Table, pd.DataFrame]:
        columns = telling_columns(session)
        condensed = profile_counts(assigned(session, segmentation), told_table(session), columns=columns)
        return condensed, session.store.collect(condensed)

    rows: tuple[ir.Table, pd.DataFrame] = session.remember(("profile", key_of(segmentation)), condense)
    return rows


@dataclass(frozen=True)
class _Groups:
    """Which segments are meant, after the segmentation changed under them."""

    segmentation: Segmentation
    kept: ir.Table
    this: str
    against: str

    @classmethod
    def of(cls, session: Session, offer: Offer, *, segmentation: str, this: str, against: str) -> _Groups:
        chosen = offer.measured(session, segmentation)
        kept = assigned(session, chosen)
        sizes = sizes_of(session, chosen)
        hidden = hidden_segments(session, offer, segmentation)
        seen = set(sizes["segment"]) - hidden
        ids = [segment.id for segment in chosen.segments]
        if this not in ids:
            this = next((name for name in ids if name in seen), ids[0])
        if against not in ids:
            against = ""
        if hidden & {this, against}:
            raise NothingToShow("group_too_small", minimum=session.minimum_group)
        return cls(chosen, kept, this, against)


def _analyse(session: Session, offer: Offer, **choices: str) -> ProfileAnswer:
    groups, name = _Groups.of(session, offer, **choices), choices["segmentation"]
    chosen = groups.segmentation
    condensed, counts = profile_of(session, segmentation=chosen)
    withheld = withheld_in_profile(session, name) if _is_weighed(session, offer, name) else None
    rows = compare_segments(
        counts,
        this=groups.this,
        against=groups.against or None,
        evidence=defining(chosen),
        smallest=session.minimum_group,
        withheld=withheld,
    )
    untold = [] if withheld is None else [one for one in telling_columns(session) if one not in withheld]
    return ProfileAnswer(condensed, rows, session.as_of, groups.kept, chosen, groups.this, groups.against, untold)


def _is_weighed(session: Session, offer: Offer, name: str) -> bool:
    """Say whether all pages decide together what is told of a segmentation: not of those that code gives."""
    return session.minimum_group > 1 and name in offer.standing


def defining(segmentation: Segmentation) -> Collection[str]:
    """Return the columns by which customers were put into segments, whatever they are called, and all that follows."""
    own = {SCORED.get(name, name) for name in segmentation.evidence}
    return own.union(*(alike for alike in AT_ONCE if own & alike))


def _draw(answer: ProfileAnswer, lang: str) -> Drawing:
    this, other = answer.names(lang)
    base = int(answer.rows[["this_base", "this_missing", "other_base", "other_missing"]].sum(axis=1).max())
    name = partial(measured_words, lang=lang)
    return segment_profile_drawing(answer.rows, lang, this=this, other=other, name=name, base=base, as_of=answer.as_of)


def _summary(answer: ProfileAnswer, lang: str) -> str:
    """Write every column as a table: both figures, bases, effect, and whether chance could do it."""
    rows = [_row_words(row, lang) for row in answer.rows.to_dict("records")]
    this, other = answer.names(lang)
    fields = [
        Field(name, label=f"panels.segment_profile.columns.{name}")
        for name in ("column", "this", "other", "effect", "q", "bases", "missing")
    ]
    said = t("panels.segment_profile.groups", lang, this=this, other=other)
    note = text("p", t("panels.segment_profile.note", lang), "wb-note")
    return _untold(answer, lang) + text("p", said, "wb-note") + table_html(pd.DataFrame(rows), fields, lang) + note


def _untold(answer: ProfileAnswer, lang: str) -> str:
    """Say which columns are left out, and that nothing is wrong with them."""
    if not answer.untold:
        return ""
    names = t("panels.filters.and", lang).join(measured_words(one, lang) for one in answer.untold)
    return text("p", t("panels.segment_profile.untold", lang, columns=names), "wb-note")


def _row_words(row: Mapping[Any, Any], lang: str) -> dict[str, str]:
    name = measured_words(row["column"], lang) + ("*" if row["is_evidence"] else "")
    if row["kind"] == "number":
        figures = [_mean_and_median(row, side, lang) for side in ("this", "other")]
    else:
        figures = [share_words(row[f"{side}_share"], lang) for side in ("this", "other")]
        if pd.notna(row["value"]):
            name = t("charts.segment_profile.value", lang, column=name, value=row["value"])
    known = row["effect"] == row["effect"]
    sized = points_words(row["effect"], lang, digits=2, signed=row["kind"] == "number")
    size = t(f"panels.segment_profile.sizes.{row['size']}", lang) if known else ""
    return {
        "column": name,
        "this": figures[0],
        "other": figures[1],
        "effect": f"{sized} {size}".strip(),
        "q": _chance(row["q_value"], lang),
        "bases": " / ".join(count_words(row[f"{side}_base"], lang) for side in ("this", "other")),
        "missing": " / ".join(count_words(row[f"{side}_missing"], lang) for side in ("this", "other")),
    }


def _mean_and_median(row: Mapping[Any, Any], side: str, lang: str) -> str:
    mean, median = (row[f"{side}_{name}"] for name in ("mean", "median"))
    if mean != mean:
        return "—"
    said = (figure_words(row["column"], value, lang) for value in (mean, median))
    return "{} ({})".format(*said)


def _chance(q: float, lang: str) -> str:
    least = 0.001
    return "< 0.001" if q < least else points_words(q, lang, digits=3)


def _members(session: Session, answer: ProfileAnswer, picked: Mapping[str, Any]) -> Detail:
    """List the segment's customers with the column that was clicked, the highest first."""
    column, table = str(picked["column"]), told_table(session)
    members = answer.kept.filter(answer.kept.segment == answer.this)
    columns = list(dict.fromkeys([column, *answer.segmentation.evidence]))
    if column not in members.columns:
        members = members.left_join(table.select("customer_id", column), "customer_id")
        members = members.select(*[name for name in members.columns if name != "customer_id_right"])
    return people_list(
        session,
        members,
        evidence_fields(columns),
        order=(ibis.desc(column, nulls_first=False),),
        title="panels.segments.members",
        facts={"segment": answer.names(session.lang)[0]},
    )


def _recipe(session: Session, offer: Offer, choices: Mapping[str, Any]) -> Sequence[str]:
    groups = _Groups.of(session, offer, **choices)
    chosen, columns = groups.segmentation, telling_columns(session)
    is_open, name = session.minimum_group == 1, choices["segmentation"]
    hiding = "" if is_open else f", smallest={session.minimum_group}"
    if _is_weighed(session, offer, name):
        hiding += f", withheld=withheld_in_profile(session, {name!r})"
    table = "profile_table(session.ground)" if is_open else "profile_table(session.ground, has_complaints=False)"
    how = f"this={groups.this!r}, against={groups.against or None!r}, evidence={sorted(defining(chosen))!r}"
    return (
        f"assigned = segmentation_from({chosen.as_dict()!r}).assign(session.ground)",
        f"counts = collect(profile_counts(assigned, {table}, columns={columns!r}))",
        f"rows = compare_segments(counts, {how}{hiding})",
    )


def _names(answer: ProfileAnswer, lang: str) -> ValueNames:
    return {
        "column": {one: column_words(one, lang) for one in answer.rows["column"]},
        "direction": {one: t(f"charts.segment_profile.{one}", lang) for one in ("higher", "lower", "mixed")},
        "kind": called("panels.segment_profile.kinds", lang),
        "size": called("panels.segment_profile.sizes", lang),
    }
