"""The segment editor: paint and order the rules of a segment table, and see at once whom they leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

from workbench.analyses.rules.audit import Audit, audit_segments
from workbench.analyses.rules.axes import axes_of
from workbench.analyses.rules.counts import RuleCells, cell_counts
from workbench.analyses.rules.table import SEGMENT_TABLES, SegmentTable, segment_table
from workbench.analyses.segmentation import segment_sizes
from workbench.charts.drawing import Drawing
from workbench.charts.segment_bars import segment_bars_drawing
from workbench.charts.words import count_words, date_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.controls import choice
from workbench.panels.layout import Figure
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy
from workbench.panels.segment_lists import evidence_fields
from workbench.panels.segment_words import holes_html, table_audit_html
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.topics.rfm.cuts import AnyCuts, Method, rfm_cuts
from workbench.topics.rfm.query import rfm_segments
from workbench.topics.segment_rules.chart import no_map_drawing, segment_map_drawing
from workbench.topics.segment_rules.painting import painted_grid, without_unpainted
from workbench.topics.segment_rules.panel_table import TableEditor
from workbench.topics.segment_rules.segmentation import TableSegmentation, with_scores


@dataclass(frozen=True)
class EditorAnswer(Answer):
    """The sizes of the segments (`rows`), the audit, and the customers in each combination of the table's rules."""

    segmentation: TableSegmentation
    cells: RuleCells
    audit: Audit
    colours: Mapping[str, str]

    @property
    def segments(self) -> SegmentTable:
        """The table behind the answer."""
        return self.segmentation.table


def segment_editor_panel(session: Session, *, table: SegmentTable | None = None) -> Panel:
    """Paint, rename and reorder a segment table; sizes and audit follow every stroke."""
    editor = TableEditor(
        table or segment_table("rf_map"),
        schema=lambda: session.facts.schema(),
        keep=lambda name, shared: session.save_segmentation(name, panel.answer.segmentation, shared=shared),
    )
    panel = Panel(
        session,
        topic="segment_editor",
        controls={
            "method": choice("panels.rfm.method_control", get_args(Method), words="panels.rfm.methods"),
            "table": editor,
        },
        analyse=partial(_analyse, session, editor),
        analyses=(rfm_cuts, rfm_segments),
        privacy=Privacy(refusal="segment_editor_published"),
        draw={"sizes": _draw_sizes, "map": _draw_map},
        parts=Parts(
            figures=_figures,
            summary=_summary,
            names=lambda answer, lang: {"segment": answer.segments.labels(lang)},
            detail=partial(_members, session),
            recipe=_recipe,
            rows_query=lambda answer: segment_sizes(answer.table, session.facts),
            imports=(
                ("topics.rfm", ("rfm_cuts",)),
                ("analyses", ("SegmentTable", "segment_table")),
                ("analyses", ("segment_sizes",)),
                ("topics.segment_rules", ("TableSegmentation",)),
            ),
            shown=lambda answer: editor.show(answer.rows, answer.cells),
        ),
    )
    return panel.offer(Presets("panels.segment_editor.begin_with", SEGMENT_TABLES, "panels.rfm.tables", _preset))


def _preset(name: str) -> dict[str, Any]:
    table = segment_table(name)
    return {"table": table, "method": "mean" if table.bins == 2 else "quantile"}


def _analyse(session: Session, editor: TableEditor, *, table: SegmentTable, method: Method) -> EditorAnswer:
    facts, store = session.facts, session.store
    cuts = _cuts(session, table, method)
    scored = session.remember(("scored", cuts), lambda: with_scores(facts, cuts))
    table.check(scored)
    # Counted once: no stroke of the brush moves a customer from one combination of scores to another.
    axes = axes_of(table, facts.schema())
    cells = session.remember(
        ("segment_cells", axes, cuts),
        lambda: RuleCells.read(axes, store.arrays(cell_counts(scored, axes))),
    )
    if not cells.customer_count.sum():
        raise NothingToShow("no_customers")
    segmentation = TableSegmentation(table, cuts)
    return EditorAnswer(
        expression=segmentation.group(scored),
        rows=cells.sizes(table),
        as_of=session.as_of,
        segmentation=segmentation,
        cells=cells,
        audit=audit_segments(table, cells=cells),
        colours=editor.colours,
    )


def _cuts(session: Session, table: SegmentTable, method: Method) -> AnyCuts | None:
    if not table.has_scores:
        return None
    bins = table.bins
    cuts: AnyCuts = session.remember(
        ("editor_cuts", bins, method), lambda: rfm_cuts(session.facts, bins=bins, method=method)
    )
    return cuts


def _draw_sizes(answer: EditorAnswer, lang: str) -> Drawing:
    return segment_bars_drawing(answer.rows, lang, names=answer.segments.labels(lang), as_of=answer.as_of)


def _draw_map(answer: EditorAnswer, lang: str) -> Drawing:
    table = answer.segments
    names = table.labels(lang)
    if table.is_scores_only and table.bins:
        return segment_map_drawing(
            painted_grid(table),
            lang,
            names=list(names.values()),
            colours={names[segment]: colour for segment, colour in answer.colours.items()},
            counts=answer.cells.customer_count,
            table=table.names[lang],
            as_of=answer.as_of,
        )
    return no_map_drawing(lang, table=table.names[lang])


def _figures(answer: EditorAnswer, lang: str) -> Sequence[Figure]:
    audit = answer.audit
    whole = audit.customer_count or 0

    def figure(key: str, customers: int | None, cells: int) -> Figure:
        count = customers or 0
        note = t("panels.segment_editor.of_cells", lang, cells=count_words(cells, lang),
                 all_cells=count_words(audit.cell_count, lang))  # fmt: skip
        words = t("panels.segment_editor.count_and_share", lang, count=count_words(count, lang),
                  share=share_words(count / whole if whole else None, lang))  # fmt: skip
        judgement: Literal["good", "bad"] = "bad" if count else "good"
        return Figure(t(f"panels.segment_editor.{key}", lang), words, note, judgement=judgement)

    base = t("panels.rfm.base", lang, as_of=date_words(answer.as_of, lang))
    swaps = sum(swap.customers or 0 for swap in audit.swaps)
    return (
        Figure(t("panels.columns.customer_count", lang), count_words(whole, lang), base),
        figure("fit_none", audit.uncovered_customers, len(audit.uncovered)),
        figure("fit_several", audit.ambiguous_customers, len(audit.ambiguous)),
        Figure(
            t("panels.segment_editor.by_order", lang),
            count_words(swaps, lang),
            t("panels.segment_editor.by_order_note", lang, pairs=len(audit.swaps)),
        ),
    )


def _summary(answer: EditorAnswer, lang: str) -> str:
    table = answer.segments
    labels = table.labels(lang)
    meanings = {segment.id: segment.meanings[lang] for segment in table.segments}
    order = {segment: place for place, segment in enumerate(labels)}
    rows = answer.rows.sort_values("segment", key=lambda ids: ids.map(order))
    named = rows.assign(segment=rows["segment"].map(labels), meaning=rows["segment"].map(meanings))
    fields = (
        Field("segment"),
        Field("customer_count", "count", label="panels.columns.customer_count"),
        Field("customer_share", "share", label="panels.columns.customer_share"),
        Field("monetary", "money"),
        Field("value_share", "share", label="panels.columns.value_share"),
        Field("average_recency_days", "count", label="terms.recency_days"),
        Field("meaning", label="panels.segment_editor.meaning"),
    )
    return holes_html(rows, lang) + table_html(named, fields, lang) + table_audit_html(answer.audit, labels, lang)


def _members(session: Session, answer: EditorAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who is in the segment that was clicked, with the columns that its rule asked for."""
    segment = picked["segment"]
    members = answer.table.filter(answer.table.segment == segment)
    people = session.store.customers
    evidence = [column for column in members.columns if column not in ("customer_id", "segment")]
    columns = [name for name in ("name", "region", "customer_type") if name in people.columns and name not in evidence]
    listed = members.left_join(people.select("customer_id", *columns), "customer_id").drop("customer_id_right")
    shown = [*columns, *evidence]
    return Detail(
        table=listed.order_by(*[listed[name].desc() for name in ("monetary",) if name in evidence], "customer_id"),
        fields=(
            Field("customer_id"),
            *evidence_fields(shown),
        ),
        title="panels.rfm.members_segment",
        facts={"segment": answer.segments.name(segment, session.lang)},
    )


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    table: SegmentTable = without_unpainted(chosen["table"])
    built_in = table.id in SEGMENT_TABLES and table == segment_table(table.id)
    written = f"segment_table({table.id!r})" if built_in else f"SegmentTable.from_dict({table.as_dict()!r})"
    how = f"rfm_cuts(session.facts, bins={table.bins}, method={chosen['method']!r})"
    cuts = f", {how}" if table.has_scores else ""
    return (
        f"segmentation = TableSegmentation({written}{cuts})",
        "rows = collect(segment_sizes(segmentation.assign(session.ground), session.facts))",
    )
