"""Movement: the same rules a while ago and now, who went where and why, and where that would lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, get_args

import ibis
import pandas as pd
from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation, labels
from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, date_words, money_words
from workbench.errors import NothingToShow
from workbench.i18n import t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_kind, column_words
from workbench.panels.controls import Switch, choice
from workbench.panels.guarded_widgets import guarded
from workbench.panels.layout import Figure, text
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.segment_lists import DerivedField, people_list
from workbench.panels.segmentation_choice import Offer, key_of, offered, ranked, segmentation_control
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.panels.worded_rows import ValueNames, called
from workbench.topics.movement.chart import MovementMeasure, movement_flow_drawing, movement_matrix_drawing
from workbench.topics.movement.panel_dates import (
    MONTHS_BACK,
    Against,
    Window,
    check_dates,
    earlier_day,
    whole_time,
    window_start,
)
from workbench.topics.movement.query import (
    ABSENT,
    NOT_YET,
    OUTSIDE,
    crossings,
    directions,
    ground_at,
    movement_between,
    movement_matrix,
    thresholds,
)
from workbench.topics.movement.steady_state import LongRun, long_run

MOVE_COLUMNS = ("from_segment", "to_segment")
SHOWN = ("better", "worse", "same", "left", "returned", "joined", "other")
DIRECTION_WORDS = "panels.movement.directions"
ENDS = ("starts", "ends")
"""The sums of the two sides."""
ROUNDED_TO = 0.01
"""To what share the long run is rounded where cells are hidden."""


@dataclass(frozen=True)
class MovementAnswer(Answer):
    """The matrix (`rows`) between two dates, everybody's move (`kept`), and what it would lead to."""

    kept: ir.Table
    segmentation: Segmentation
    before: date
    base: int | None
    ways: pd.DataFrame
    starts: pd.DataFrame
    ends: pd.DataFrame
    future: LongRun
    is_ordered: bool
    measure: MovementMeasure
    has_period: bool
    name: str
    is_standing: bool
    smallest: int

    @property
    def long_run(self) -> LongRun:
        """What it would lead to, as far as it completes no hidden cell: by sums hidden, or by who is there now.

        Shares after a step are sums over all cells, hidden ones too. They are rounded so far that no few customers
        change them; where that leaves nothing, they are unknown.
        """
        if not self.rows["customer_count"].isna().any():
            return self.future
        known = self.future.rows["segment"].map(self.starts.set_index("from_segment")["customer_count"])
        is_hidden = known.isna() & (self.future.rows["base"] > 0)
        rows = self.future.rows.assign(base=self.future.rows["base"].mask(is_hidden), now_share=float("nan"))
        is_large = (self.base or 0) * ROUNDED_TO >= 2 * self.smallest
        for share in ("next_share", "long_run_share"):
            rows[share] = (rows[share] / ROUNDED_TO).round() * ROUNDED_TO if is_large else float("nan")
        return replace(self.future, rows=rows)

    def names(self, lang: str) -> dict[str, str]:
        """Return what the segments are called, and those outside of them."""
        outside = {name: t(f"panels.movement.{name}", lang) for name in (ABSENT, NOT_YET)}
        return labels(self.segmentation, lang) | outside


def _called(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((side, f"{side.removesuffix('_segment')}_{name}") for side in MOVE_COLUMNS)


def shown_moves(name: str, *, is_ordered: bool = True) -> Sequence[Shown]:
    """Say what directions, cells and both sides count, by the names that all panels have for them."""
    sides, called = tuple((side,) for side in MOVE_COLUMNS), _called(name)
    way = f"{'direction' if is_ordered else 'way'}_{name}"
    ways = Shown(("direction",), frame="ways", called=(("direction", way),), in_place=True)
    cells = Shown(
        MOVE_COLUMNS, totals=((), *sides), tells=sides[:1], beside=("direction",), called=called, in_place=True
    )
    ends = (Shown(side, frame=frame, called=called, in_place=True) for side, frame in zip(sides, ENDS, strict=True))
    return (ways, cells, *ends)


def people_by_move(name: str, kept: ir.Table) -> ir.Table:
    """Return everybody's two segments and direction, with and without an order, by the names that all panels have."""
    turned = kept.direction.isin(["better", "worse"])
    ways = {f"direction_{name}": kept.direction, f"way_{name}": turned.ifelse("other", kept.direction)}
    return kept.select("customer_id", **{label: kept[side] for side, label in _called(name)}, **ways)


def moves_name(name: str) -> str:
    """Return by which name the movement between segments stands among all that a page shows."""
    return f"movement.{name}"


MOVEMENT_PRIVACY = Privacy(
    lambda answer: shown_moves(answer.name, is_ordered=answer.is_ordered),
    people=lambda answer: people_by_move(answer.name, answer.kept),
    standing=lambda answer: moves_name(answer.name) if answer.is_standing else None,
)


def movement_panel(
    session: Session,
    *,
    segmentations: Mapping[str, Segmentation] | None = None,
    segmentation: str | None = None,
    against: Against = "year",
    brief: bool = False,
) -> Panel:
    """Compare the segments of an earlier date with today's; a click on a cell or a stream lists who moved, and why."""
    offer = offered(session, segmentations)
    days = {
        "against": choice("panels.movement.against", MONTHS_BACK, words="panels.movement.againsts", value=against),
        "window": choice("panels.movement.window", get_args(Window), words="panels.movement.windows", value="year"),
    }
    if session.store.snapshot.published:  # two earlier dates beside each other would tell who moved between them
        days = {}
    panel = Panel(
        session,
        topic="movement",
        controls={
            "segmentation": segmentation_control(offer, value=segmentation),
            **days,
            "measure": choice("panels.rfm.measure", get_args(MovementMeasure), words="panels.movement.measures"),
            "is_ordered": Switch("panels.movement.is_ordered", value=True),
        },
        analyse=partial(_analyse, session, offer),
        analyses=(moved_between,),
        privacy=MOVEMENT_PRIVACY,
        draw={"matrix": _draw_matrix, "flow": _draw_flow},
        brief=brief,
        parts=Parts(
            figures=_figures,
            summary=_summary,
            names=_value_names,
            sums=("customer_count", "monetary_before", "monetary_after", "monetary_change"),
            detail=partial(_members, session),
            folded=("window", "is_ordered") if days else ("is_ordered",),
            recipe=partial(_recipe, session, offer),
            imports=(
                ("topics.movement", ("movement_between", "movement_matrix")),
                ("analyses", ("segmentation_from",)),
            ),
        ),
    )
    # The reasons on the list are sentences; in another language they are written again.
    session.observe(guarded(lambda _: panel.customers.refresh(panel._detail), on_error=panel._tell), names="lang")
    return panel


def moved_between(
    session: Session,
    offer: Offer,
    *,
    segmentation: str,
    against: Against = "year",
    window: Window = "year",
    measure: MovementMeasure = "customer_count",
    is_ordered: bool = True,
) -> MovementAnswer:
    """Follow the session's customers from an earlier date to its own, by rules frozen at the earlier one."""
    first, last = earlier_day(session, against), session.as_of
    check_dates(session, first)
    starts = (window_start(session, first, window), window_start(session, last, window))
    chosen = _frozen(session, offer, segmentation, first, starts[0])

    def follow() -> tuple[ir.Table, ir.Table, pd.DataFrame]:
        whole = whole_time(session)
        order = ranked(chosen) if is_ordered else ()
        how: dict[str, Any] = {"since": starts, "order": order, "has_visits": whole.allows("interactions")}
        moved = movement_between(whole.ground, chosen, before=first, after=last, **how)
        kept = session.store.keep(crossings(moved, thresholds(chosen)))
        return kept, movement_matrix(kept), session.store.collect(movement_matrix(kept))

    kept, matrix, cells = session.remember(("movement", key_of(chosen), against, window, is_ordered), follow)
    base = int(cells["customer_count"].sum())
    if not base or set(cells["from_segment"]) <= set(OUTSIDE):
        raise NothingToShow("no_earlier_date", first=first.isoformat(), day=first.isoformat())
    by_start, by_end = (cells.groupby(side, as_index=False)["customer_count"].sum() for side in MOVE_COLUMNS)
    return MovementAnswer(
        matrix,
        cells,
        last,
        kept,
        chosen,
        first,
        base,
        ways=directions(cells),
        starts=by_start,
        ends=by_end,
        future=long_run(cells),
        is_ordered=is_ordered,
        measure=measure,
        has_period=starts[0] is not None,
        name=segmentation,
        is_standing=segmentation in offer.standing,
        smallest=session.minimum_group,
    )


def _frozen(session: Session, offer: Offer, name: str, day: date, since: date | None) -> Segmentation:
    """Return a segmentation with the cut points of the first date."""

    def measure() -> Segmentation:
        whole = whole_time(session)
        ground = ground_at(whole.ground, day, since=since, has_visits=whole.allows("interactions"))
        return offer.measured(session, name, ground=ground)

    segmentation: Segmentation = session.remember(("frozen", name, day, since), measure)
    return segmentation


def _analyse(session: Session, offer: Offer, **choices: Any) -> MovementAnswer:
    return moved_between(session, offer, **choices)


def _draw_matrix(answer: MovementAnswer, lang: str) -> Drawing:
    days: dict[str, Any] = {"before": answer.before, "after": answer.as_of, "base": answer.base, "ways": answer.ways}
    return movement_matrix_drawing(answer.rows, lang, names=answer.names(lang), measure=answer.measure, **days)


def _draw_flow(answer: MovementAnswer, lang: str) -> Drawing:
    days: dict[str, Any] = {"before": answer.before, "after": answer.as_of, "base": answer.base, "ways": answer.ways}
    sizes = (answer.starts, answer.ends)
    return movement_flow_drawing(answer.rows, lang, names=answer.names(lang), sizes=sizes, **days)


def _figures(answer: MovementAnswer, lang: str) -> Sequence[Figure]:
    """Count those who went up, down, stayed, left and came; too few are unknown, and who they lead to."""
    sums = answer.ways.set_index("direction")
    figures = []
    for name in SHOWN:
        if name in sums.index:
            row: dict[Any, Any] = sums.loc[name].to_dict()
            moneys = {n: money_words(row[f"monetary_{n}"], lang) for n in ("before", "after")}
            note = t("panels.movement.money_note", lang, **moneys)
            figures.append(Figure(t(f"{DIRECTION_WORDS}.{name}", lang), count_words(row["customer_count"], lang), note))
    return figures


def _summary(answer: MovementAnswer, lang: str) -> str:
    """Write the long run as a table, with what it assumes and where there is none."""
    future, names = answer.long_run, answer.names(lang)
    order = {name: place for place, name in enumerate(names)}
    rows = future.rows.sort_values("segment", key=lambda ids: ids.map(order))
    grey = (rows["base"] < 30).tolist()
    fields = (
        DerivedField("segment", values={name: {lang: words} for name, words in names.items()}),
        Field("base", "count", label="panels.movement.base"),
        *([Field("now_share", "share", label="panels.movement.now_share")] if rows["now_share"].notna().any() else []),
        Field("next_share", "share", label="panels.movement.next_share"),
        Field("long_run_share", "share", label="panels.movement.long_run_share"),
    )
    heading = text("h3", t("panels.movement.long_run", lang))
    said = "".join(text("p", sentence, "wb-note") for sentence in _long_run_words(answer, lang))
    return f"{heading}{table_html(rows, fields, lang, grey=grey)}{said}"


def _long_run_words(answer: MovementAnswer, lang: str) -> list[str]:
    """Say what the long run rests on and assumes, what nobody leaves, or why there is no answer."""
    future, names = answer.long_run, answer.names(lang)
    days = {"before": date_words(answer.before, lang), "after": date_words(answer.as_of, lang)}
    said = [t("panels.movement.assumes", lang, base=count_words(future.base, lang), **days)]
    if not answer.has_period:
        said.append(t("panels.movement.adds_up", lang))
    if future.unknown:
        return [*said, t("panels.movement.unknown", lang, segments=[names[name] for name in future.unknown])]
    for group in future.ends:
        if len(group) < len(future.rows):
            words = [names[name] for name in group]
            said.append(t(f"panels.movement.{'absorbing' if len(group) == 1 else 'closed'}", lang, segments=words))
    if len(future.ends) > 1:
        said.append(t("panels.movement.several_ends", lang))
    if future.is_periodic:
        said.append(t("panels.movement.periodic", lang))
    return said


def _members(session: Session, answer: MovementAnswer, picked: Mapping[str, Any]) -> Detail:
    """List who made the move that was clicked, with both dates side by side and the reason."""
    start, end = picked["from_segment"], picked["to_segment"]
    lang, names = session.lang, answer.names(session.lang)
    members = answer.kept.filter(answer.kept.from_segment == start, answer.kept.to_segment == end)
    members = members.mutate(
        from_segment=ibis.literal(names[start]), to_segment=ibis.literal(names[end]),
        reason=_reason(members, answer.segmentation, lang),
    )  # fmt: skip
    measures = dict.fromkeys(["monetary", *_measures(answer.segmentation)])
    sides = [
        DerivedField(f"{name}_{when}", column_kind(name), of=name, wording=f"panels.movement.{when}")
        for name in measures
        for when in ("before", "after")
        if f"{name}_{when}" in members.columns
    ]
    return people_list(
        session,
        members,
        (
            Field("from_segment", label="panels.columns.from_segment"),
            Field("to_segment", label="panels.columns.to_segment"),
            Field("reason", label="panels.columns.reason"),
            *sides,
        ),
        order=(ibis.desc("monetary_before"), ibis.desc("monetary_after")),
        title="panels.movement.members",
        facts={"start": names[start], "end": names[end]},
    )


def _reason(moved: ir.Table, segmentation: Segmentation, lang: str) -> ir.StringValue:
    """Say which measures crossed which cut points, else which changed; whoever came or went gets that as the reason."""
    cuts = thresholds(segmentation)
    pieces: list[ir.StringValue] = []
    for name in cuts or _measures(segmentation):
        was, is_ = (_plain(moved[f"{name}_{when}"]) for when in ("before", "after"))
        changed = moved[f"{name}_cut"].notnull() if cuts else ~was.identical_to(is_)
        piece = ibis.literal(f"{column_words(name, lang)} ") + was.fill_null("—") + " → " + is_.fill_null("—")
        if cuts:
            cut = _plain(moved[f"{name}_cut"]).fill_null("")
            piece = piece + t("panels.movement.cut", lang) + cut + t("panels.movement.cut_end", lang)
        pieces.append(changed.ifelse(piece + "; ", "").fill_null(""))
    said = pieces[0] if pieces else ibis.literal("")
    for piece in pieces[1:]:
        said = said + piece
    ways = ("joined", "returned", "left", "away")
    outside = [(moved.direction == way, t(f"panels.movement.reasons.{way}", lang)) for way in ways]
    nothing = t("panels.movement.reasons.none", lang)
    return ibis.cases(*outside, (said.length() > 0, said.left(said.length() - 2)), else_=nothing)


def _measures(segmentation: Segmentation) -> list[str]:
    """Return the evidence without the scores that are made of it."""
    return [name for name in segmentation.evidence if not name.endswith("_score")]


def _plain(value: ir.Value) -> ir.StringValue:
    """Write a number in short form, any other value as it is."""
    if value.type().is_numeric():
        whole = value.cast("float64").round(2)
        return (whole == whole.round(0)).ifelse(whole.cast("int64").cast("string"), whole.cast("string"))
    return value.cast("string")


def _recipe(session: Session, offer: Offer, choices: Mapping[str, Any]) -> Sequence[str]:
    first, last = earlier_day(session, choices.get("against", "year")), session.as_of
    starts = [window_start(session, day, choices.get("window", "year")) for day in (first, last)]
    chosen = _frozen(session, offer, choices["segmentation"], first, starts[0])
    order = ranked(chosen) if choices["is_ordered"] else ()
    whole = replace(session.filters, since=None, until=None)
    ground = "session.ground" if whole == session.filters else f"session.at({whole.code()}).ground"
    days = f"before={_day(first)}, after=session.as_of, since=({', '.join(map(_day, starts))})"
    return (
        f"rules = segmentation_from({chosen.as_dict()!r})",
        f"moved = movement_between({ground}, rules, {days}, order={order!r})",
        "rows = collect(movement_matrix(moved))",
    )


def _day(day: date | None) -> str:
    return f"session.as_of.replace(year={day.year}, month={day.month}, day={day.day})" if day else "None"


def _value_names(answer: MovementAnswer, lang: str) -> ValueNames:
    return dict.fromkeys(MOVE_COLUMNS, answer.names(lang)) | {"direction": called("panels.movement.directions", lang)}
