"""The watch list: rules judged when data are published, by figures that managers' pages show, with their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from workbench.charts.words import UNKNOWN_MARK, count_words
from workbench.errors import NothingToShow, WorkbenchError
from workbench.i18n import t
from workbench.pages.watch_file import CUSTOMERS_WATCHED, WatchRule
from workbench.panels.filters import Filters
from workbench.panels.layout import text
from workbench.panels.periods import PERIODS
from workbench.panels.segmentation_choice import offered
from workbench.panels.session import Session
from workbench.store import publication_records
from workbench.topics.revenue.panel_figures import WRITTEN, figures_at
from workbench.topics.revenue.query import IN_POINTS
from workbench.topics.segments.panel import segments_panel
from workbench.visible_text import html_text

COUNTED_PEOPLE = ("active_customers", "new_customers")
"""Figures that count customers: a few of them would come out through the alarm that says how many."""
Earlier = tuple[Mapping[str, Any] | None, str]
WatchState = Literal["alarm", "quiet", "unknown"]


@dataclass(frozen=True)
class WatchResult:
    """How a rule stands: its figure and change as shown, whether it is an alarm, and since which publication."""

    rule: str
    names: Mapping[str, str]
    state: WatchState
    figure: str
    value: float | None
    condition: str
    limit: float
    change: float | None = None
    since: str = ""
    times: int = 0
    reason: str = ""

    def words(self, lang: str) -> str:
        """Say it in one sentence."""
        facts = {"name": self.names["zh" if lang == "zh" else "en"], "value": self._value(self.value, lang)}
        if self.state == "unknown":
            return t("pages.watch.unknown", lang, reason=t(f"pages.watch.reasons.{self.reason}", lang), **facts)
        limit = self._change(self.limit, lang) if self.condition.endswith("_by") else self._value(self.limit, lang)
        said = t(f"pages.watch.{self.condition}", lang, limit=limit)
        if self.condition.endswith("_by"):
            is_untold = self.figure == CUSTOMERS_WATCHED and not self.change
            moved = t("pages.watch.few", lang) if is_untold else self._change(self.change, lang, signed=True)
            facts["value"] += t("pages.watch.moved", lang, change=moved)
        if self.state == "quiet":
            return t("pages.watch.quiet", lang, said=said, **facts)
        key = "again" if self.times > 1 else "alarm"
        return t(f"pages.watch.{key}", lang, said=said, since=self.since, times=self.times, **facts)

    def _value(self, value: float | None, lang: str) -> str:
        if value is None:
            return UNKNOWN_MARK
        return count_words(value, lang) if self.figure == CUSTOMERS_WATCHED else WRITTEN[self.figure](value, lang)

    def _change(self, value: float | None, lang: str, *, signed: bool = False) -> str:
        if value is None:
            return UNKNOWN_MARK
        sign = ("+" if value > 0 else "−") if signed and value else ""
        size = abs(value)
        if self.figure == CUSTOMERS_WATCHED:
            return sign + count_words(size, lang)
        if self.figure in IN_POINTS:
            return sign + t(
                "panels.key_figures.points", lang, change=f"{size * (1 if self.figure == 'nps' else 100):.1f}"
            )
        return f"{sign}{100 * size:.1f}%"


def watched(session: Session, rules: Sequence[WatchRule], history: Sequence[Mapping[str, Any]]) -> list[WatchResult]:
    """Judge rules on a published store; `history` are the records of earlier publications, newest first.

    A rule looks at what a manager's page shows and at nothing else: where the page hides a figure, the rule is unknown,
    neither alarm nor quiet, and a change of fewer customers than the smallest group is no change.
    """
    return [_judged(session, rule, _earlier(rule, history)) for rule in rules]


def _earlier(rule: WatchRule, history: Sequence[Mapping[str, Any]]) -> list[Earlier]:
    """Return what became of a rule in each publication before, newest first, with its day; None where not asked."""
    answers = (({one["rule"]: one for one in record.get("watch", ())}, record["as_of"]) for record in history)
    return [(known.get(rule.id), day) for known, day in answers]


def _judged(session: Session, rule: WatchRule, earlier: Sequence[Earlier]) -> WatchResult:
    about: dict[str, Any] = {
        "rule": rule.id, "names": dict(rule.names), "figure": rule.figure, "condition": rule.condition,
        "limit": rule.limit,
    }  # fmt: skip
    try:
        value, change = _measured(session, rule, earlier)
    except WorkbenchError as error:
        reason = "not_offered" if error.key == "watch_not_offered" else "hidden"
        return WatchResult(**about, state="unknown", value=None, reason=reason)
    compared = change if rule.condition.endswith("_by") else value
    if value is None or compared is None:
        return WatchResult(**about, state="unknown", value=value, reason="hidden" if value is None else "no_base")
    is_alarm = {
        "below": value < rule.limit,
        "above": value > rule.limit,
        "falls_by": compared <= -rule.limit,
        "rises_by": compared >= rule.limit,
    }[rule.condition]
    if not is_alarm:
        return WatchResult(**about, state="quiet", value=value, change=change)
    today = session.store.snapshot.as_of.isoformat()
    days = [today]
    for one, day in earlier:
        if one is None or one["state"] != "alarm":
            break
        days.append(day)
    return WatchResult(**about, state="alarm", value=value, change=change, since=days[-1], times=len(days))


def _measured(session: Session, rule: WatchRule, earlier: Sequence[Earlier]) -> tuple[float | None, float | None]:
    """Return the figure and its change as a manager's page shows them; None for what it does not show."""
    choices = session.choices()
    for values, known in ((rule.regions, choices["regions"]), (rule.customer_types, choices["customer_types"])):
        for value in values:
            if value not in known:
                raise NothingToShow("watch_not_offered", value=value)
    since, until = PERIODS[rule.period](session.store.snapshot.as_of)
    filters = Filters(since, until, rule.regions, rule.customer_types)
    if rule.figure == CUSTOMERS_WATCHED:
        return _segment_size(session, filters, rule, earlier)
    figures = figures_at(session, filters)
    if figures.rows.empty:
        return None, None
    row = figures.rows.set_index("figure").loc[rule.figure]
    if rule.figure in COUNTED_PEOPLE and any(0 < row[name] < session.minimum_group for name in ("value", "before")):
        return None, None
    return tuple(None if pd.isna(row[name]) else float(row[name]) for name in ("value", "change"))  # type: ignore[return-value]


def _segment_size(
    session: Session, filters: Filters, rule: WatchRule, earlier: Sequence[Earlier]
) -> tuple[float | None, float | None]:
    one = session.at(filters)
    if rule.segmentation not in offered(one).measures:
        raise NothingToShow("watch_not_offered", value=rule.segmentation)
    panel = session.remember(  # once for all rules of a segmentation
        ("watched", filters, rule.segmentation), lambda: segments_panel(one, segmentation=rule.segmentation)
    )
    if panel.error:
        raise panel.error
    if rule.segment not in {segment.id for segment in panel.answer.rules.segments}:
        raise NothingToShow("watch_not_offered", value=rule.segment)
    sizes = panel.rows.set_index("segment")["customer_count"]
    size = sizes.get(rule.segment, 0)
    if pd.isna(size):
        return None, None
    before = next((one["value"] for one, _day in earlier if one and one["value"] is not None), None)
    if before is None:
        return float(size), None
    change = float(size) - before
    return float(size), change if abs(change) >= session.minimum_group else 0.0


def watch_results(session: Session) -> list[WatchResult]:
    """Return how the rules stood when the session's snapshot was published, alarms first."""
    snapshot = session.store.snapshot
    if not snapshot.published:
        return []
    kept = (one for one in publication_records(session.store.address) if one["snapshot"] == snapshot.id)
    results = [WatchResult(**one) for record in kept for one in record.get("watch", ())]
    return sorted(results, key=lambda one: ("alarm", "unknown", "quiet").index(one.state))


def watch_html(session: Session) -> str:
    """Return the strip of a page: each alarm in a sentence, and how many rules are quiet; nothing without rules."""
    results, lang = watch_results(session), session.lang
    if not results:
        return ""
    loud = [one for one in results if one.state != "quiet"]
    said = "".join(f'<li class="wb-watch-{one.state}">{html_text(one.words(lang))}</li>' for one in loud)
    quiet = len(results) - len(loud)
    rest = text("p", t("pages.watch.rest", lang, count=quiet), "wb-note") if quiet else ""
    return text("h2", t("pages.watch.title", lang)) + (f"<ul>{said}</ul>" if said else "") + rest
