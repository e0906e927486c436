"""RFM: who bought lately, often and for much, which segments they make, and how well the segment table fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.rfm import rfm_cells, rfm_scores, rfm_segments
from workbench.analyses.rfm_audit import Audit, audit_segments
from workbench.analyses.rfm_cuts import Cuts, rfm_cuts
from workbench.analyses.segment_table import SEGMENT_TABLES, SegmentTable, segment_table
from workbench.analyses.segmentation import segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.rfm import Measure, rfm_grid_drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, money_words, share_words
from workbench.errors import ChoiceError
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.controls import WholeSlider, choice
from workbench.panels.cuts import CutsEditor
from workbench.panels.layout import Figure, text
from workbench.panels.presets import Presets
from workbench.panels.privacy import shown_rows
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "r_rfm_vignette": {"table": "r_rfm_vignette", "bins": 5, "method": "quantile", "cuts": None},
    "eight_groups": {"table": "eight_groups", "bins": 2, "method": "mean", "cuts": None},
}


@dataclass(frozen=True)
class RfmAnswer(Answer):
    """Every customer's scores and segment, the segments' sums (`rows`), the R x F cells, and the table's audit."""

    kept: ir.Table
    cells: pd.DataFrame
    cuts: Cuts
    segments: SegmentTable
    audit: Audit
    measure: Measure
    customer_count: int
    monetary: float


def rfm_panel(session: Session, *, brief: bool = False) -> Panel:
    """Cut customers by recency, frequency and money; click a cell or a segment to see who is in it."""
    editor = CutsEditor()
    panel = Panel(
        session,
        topic="rfm",
        controls={
            "measure": choice("panels.rfm.measure", get_args(Measure), words="panels.rfm.measures"),
            "method": choice("panels.rfm.method_control", ("quantile", "mean"), words="panels.rfm.methods"),
            "bins": WholeSlider("panels.rfm.bins", 5, low=2, high=9),
            "table": choice("panels.rfm.table", SEGMENT_TABLES, words="panels.rfm.tables", value="r_rfm_vignette"),
            "preset": choice("panels.rfm.preset", ("plain", "r_rfm"), words="panels.rfm.presets_of_cuts"),
            "cuts": editor,
        },
        analyse=partial(_analyse, session),
        analyses=(rfm_cuts, rfm_scores, rfm_segments, rfm_grid_drawing),
        draw={"segments": _draw_segments} if brief else {"grid": _draw_grid, "segments": _draw_segments},
        brief=brief,
        parts=Parts(
            figures=_figures,
            summary=partial(_summary, session),
            detail=partial(_members, session),
            folded=("method", "bins", "table", "preset", "cuts"),
            recipe=_recipe,
            imports=(
                ("rfm", ("rfm_scores", "rfm_segments")),
                ("segmentation", ("segment_sizes",)),
                ("rfm_cuts", ("Cuts", "rfm_cuts")),
                ("segment_table", ("segment_table",)),
            ),
            shown=lambda answer: editor.show(answer.cuts),
        ),
    )
    return panel.offer(Presets("panels.rfm.table", tuple(PRESETS), "panels.rfm.tables", PRESETS.__getitem__))


def _analyse(session: Session, *, cuts: Cuts | None, table: str, measure: Measure, **how: Any) -> RfmAnswer:
    facts, store, segments = session.facts, session.store, segment_table(table)
    in_force = cuts or session.remember(("rfm", *sorted(how.items())), lambda: rfm_cuts(facts, **how))
    if in_force.bins != segments.bins:
        raise ChoiceError("table_needs_bins", bins=segments.bins, given=in_force.bins)
    segmented = rfm_segments(rfm_scores(facts, cuts=in_force), table=segments)
    kept = store.keep(segmented)
    whole = store.collect(kept.aggregate(customer_count=kept.count(), monetary=kept.monetary.sum())).iloc[0]
    return RfmAnswer(
        table=segmented,
        rows=_best_first(shown_rows(session, segment_sizes(kept, facts), names=("segment",))),
        as_of=session.as_of,
        kept=kept,
        cells=shown_rows(session, rfm_cells(kept), names=("r_score", "f_score")),
        cuts=in_force,
        segments=segments,
        audit=audit_segments(segments, cells=store.collect(rfm_cells(kept, by=("r_score", "f_score", "m_score")))),
        measure=measure,
        customer_count=int(whole["customer_count"]),
        monetary=float(whole["monetary"]),
    )


def _best_first(segments: pd.DataFrame) -> pd.DataFrame:
    """Put hidden segments last, in the order of their names; the order they had would tell their money."""
    hidden = segments["customer_count"].isna()
    return pd.concat([segments[~hidden], segments[hidden].sort_values("segment")], ignore_index=True)


def _draw_grid(answer: RfmAnswer, lang: str) -> Drawing:
    cuts = answer.cuts.as_dict()
    how: dict[str, Any] = {"measure": answer.measure, "bins": answer.cuts.bins, "cuts": cuts, "as_of": answer.as_of}
    return rfm_grid_drawing(answer.cells, lang, **how)


def _draw_segments(answer: RfmAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=answer.segments.labels(lang), as_of=answer.as_of)


def _figures(answer: RfmAnswer, lang: str) -> Sequence[Figure]:
    base = t("panels.rfm.base", lang, as_of=answer.as_of.isoformat())
    best = answer.rows.dropna(subset=["monetary"]).head(1)
    figures = [
        Figure(t("terms.customer", lang), count_words(answer.customer_count, lang), base),
        Figure(t("terms.monetary", lang), money_words(answer.monetary, lang), base),
    ]
    for row in best.to_dict("records"):
        name = answer.segments.name(row["segment"], lang)
        shares = {
            "customers": share_words(row["customer_share"], lang),
            "count": count_words(row["customer_count"], lang),
        }
        note = t("panels.rfm.best_note", lang, **shares)
        figures.append(Figure(t("panels.rfm.best", lang, segment=name), share_words(row["value_share"], lang), note))
    return figures


def _summary(session: Session, answer: RfmAnswer, lang: str) -> str:
    named = answer.rows.assign(segment=answer.rows["segment"].map(answer.segments.labels(lang)))
    fields = (
        Field("segment"),
        Field("customer_count", "count", label="panels.columns.customer_count"),
        Field("customer_share", "share", label="panels.columns.customer_share"),
        Field("monetary", "money"),
        Field("value_share", "share", label="panels.columns.value_share"),
        Field("average_order_value", "money"),
        Field("average_recency_days", "count", label="terms.recency_days"),
    )
    audit = "" if session.store.snapshot.published else _audit_html(answer, lang)
    return table_html(named, fields, lang) + audit


def _audit_html(answer: RfmAnswer, lang: str) -> str:
    """Say what the segment table covers, decides by order, and can never give."""
    audit, labels = answer.audit, answer.segments.labels(lang)
    said = [
        t("panels.rfm.audit_covered", lang, share=share_words(audit.covered_share, lang), cells=audit.cell_count),
        t("panels.rfm.audit_uncovered", lang, cells=len(audit.uncovered), customers=audit.uncovered_customers),
        t("panels.rfm.audit_ambiguous", lang, cells=len(audit.ambiguous), customers=audit.ambiguous_customers),
    ]
    if audit.unreachable:
        names = [labels[segment] for segment in audit.unreachable]
        said.append(t("panels.rfm.audit_unreachable", lang, segments=names))
    if answer.cuts.repeated:
        names = [t(f"terms.{name}", lang) for name in answer.cuts.repeated]
        said.append(t("panels.rfm.repeated_cuts", lang, measures=names))
    items = "".join(text("li", sentence) for sentence in said)
    return f'<div class="wb-audit">{text("h3", t("panels.rfm.audit", lang))}<ul>{items}</ul></div>'


def _members(session: Session, answer: RfmAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the cell or the segment that was clicked, most money first."""
    members = answer.kept
    for name, value in picked.items():
        members = members.filter(members[name] == value)
    people = session.store.customers
    columns = [name for name in ("name", "region", "customer_type") if name in people.columns]
    listed = members.left_join(people.select("customer_id", *columns), "customer_id").drop("customer_id_right")
    names = [Field(name, label="panels.columns.name" if name == "name" else "") for name in columns]
    if "segment" in picked:
        title, facts = "panels.rfm.members_segment", {"segment": answer.segments.name(picked["segment"], session.lang)}
    else:
        title, facts = "panels.rfm.members_cell", {"r": picked["r_score"], "f": picked["f_score"]}
    return Detail(
        table=listed.order_by(listed.monetary.desc(), "customer_id"),
        fields=(
            Field("customer_id"),
            *names,
            Field("recency_days", "count"),
            Field("frequency", "count"),
            Field("monetary", "money"),
            Field("rfm_score", label="panels.rfm.score"),
        ),
        title=title,
        facts=facts,
    )


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    how = ", ".join(f"{name}={chosen[name]!r}" for name in ("bins", "method", "preset"))
    cuts = repr(chosen["cuts"]) if chosen["cuts"] else f"rfm_cuts(session.facts, {how})"
    return (
        f"segmented = rfm_segments(rfm_scores(session.facts, cuts={cuts}), table=segment_table({chosen['table']!r}))",
        "rows = collect(segment_sizes(segmented, session.facts))",
    )
