"""The key figures of a page: one row of numbers, each with its change against the period before."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from workbench.analyses.filter_cells import Filtered
from workbench.charts.words import count_words, date_words, growth_words, money_words, points_words, share_words
from workbench.errors import NothingToShow, WorkbenchError
from workbench.i18n import t
from workbench.panels.filters import Filters
from workbench.panels.guarded_widgets import guarded, log
from workbench.panels.layout import Column, Figure, Judgement, Markup, figures_html, text
from workbench.panels.periods import year_before
from workbench.panels.session import Session
from workbench.panels.table import money_shown
from workbench.store import asking
from workbench.topics.revenue.query import IN_POINTS, compare_periods, figures_of_days, measured_days

WRITTEN = {
    "revenue": money_words,
    "order_count": count_words,
    "average_order_value": money_shown,
    "active_customers": count_words,
    "new_customers": count_words,
    "nps": points_words,
    "csat": share_words,
}


OF_MONEY = ("revenue", "nameless_revenue", "average_order_value")
OF_PURCHASES = (*OF_MONEY, "order_count", "active_customers", "new_customers")
"""What amounts, and what single purchases, are needed for."""


def change_words(name: str, then: float, now: float, lang: str) -> str:
    """Say how a key figure moved: points where it is in points, else a share of what it was; unknown from nothing.

    >>> [change_words(*moved, "en") for moved in (("revenue", 100, 112), ("nps", 20, 18.5), ("revenue", 0, 5))]
    ['+12.0%', '−1.5 pts', '—']
    """
    if name in IN_POINTS:
        return _moved(name, now - then, lang)
    return _moved(name, now / then - 1 if then > 0 else float("nan"), lang)


def _moved(name: str, change: float, lang: str) -> str:
    if name not in IN_POINTS:
        return growth_words(change, lang)
    points = points_words(change if name == "nps" else 100 * change, lang, signed=True)
    return t("panels.key_figures.points", lang, change=points)


CONFIDENT = 1.96
"""Standard errors on either side of a figure that span its 95 % interval."""


class KeyFigures(Column):
    """Follows the session: the figures of its period and filters, worded in its language."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.error: Exception | None = None
        self.rows = pd.DataFrame()
        self.periods = pd.DataFrame()
        self.message, self.figures = Markup(css="wb-message"), Markup()
        super().__init__([self.message, self.figures])
        self.add_class("wb-key-figures")
        self.refresh()
        session.observe(guarded(lambda _: session.together.ask(self)), names=["filters", "compares_years"])
        session.observe(guarded(lambda _: self.say()), names="lang")

    def refresh(self) -> None:
        """Measure again; a failure is said in words, and no figures of other filters stay beside it."""
        self._session.together.drop(self)
        self.prepare()()

    def prepare(self) -> Callable[[], None]:
        """Measure, and return what shows it."""
        try:
            periods = self._measure()
            rows = compare_periods(periods)
        except Exception as error:  # noqa: BLE001  a page never goes blank
            failed = error
            if not isinstance(error, WorkbenchError):
                log.error("The key figures failed with %s.", self._session.filters, exc_info=error)
            return lambda: self._put(pd.DataFrame(), pd.DataFrame(), failed)
        return lambda: self._put(periods, rows, None)

    def _put(self, periods: pd.DataFrame, rows: pd.DataFrame, error: Exception | None) -> None:
        self.periods, self.rows, self.error = periods, rows, error
        self.say()

    def say(self) -> None:
        """Word the figures in the session's language."""
        self.message.value = text("p", self.complaint, "wb-message-text") if self.error else ""
        self.figures.value = figures_html(self.shown)
        self.figures.value += "".join(text("p", sentence, "wb-note") for sentence in self.sentences)

    @property
    def complaint(self) -> str:
        """Why there are none, in the session's language; empty where there are."""
        lang = self._session.lang
        if self.error is None:
            return ""
        return self.error.words(lang) if isinstance(self.error, WorkbenchError) else t("errors.panel_failed", lang)

    @property
    def shown(self) -> list[Figure]:
        """The figures in the session's language."""
        return [self._figure(row, self._session.lang) for row in self._shown()]

    @property
    def sentences(self) -> list[str]:
        """What stands below them: the days they are compared with; where they are not, why, or how they would be."""
        session = self._session
        if self.rows.empty:
            return []
        if session.has_ready_facts:
            return [session.t("errors.needs_purchases")]
        return [*([session.t("errors.lacks_amounts")] if session.lacks_money else []), self._compared]

    @property
    def _compared(self) -> str:
        session, days = self._session, self._session.compared_days
        if days is None:
            return session.t("panels.key_figures.no_base")
        since, until = (date_words(day, session.lang) for day in days)
        if self.rows["change"].notna().any():
            return session.t(f"panels.key_figures.{self._with_what}_days", since=since, until=until)
        if not self._allows(days, "transactions"):
            return session.t("panels.key_figures.closed", since=since, until=until, minimum=session.minimum_group)
        begins = self._begins
        if begins is None or begins <= days[0]:
            return session.t("panels.key_figures.nothing_then", since=since, until=until)
        said = {"since": since, "until": until, "begins": date_words(begins, session.lang)}
        return session.t(f"panels.key_figures.{self._with_what}_unknown", **said)

    @property
    def _begins(self) -> date | None:
        """The first day of anything sold or answered; None where there is neither."""
        store = self._session.store
        tables = (store.transactions, store.surveys)
        days = (store.collect(rows.aggregate(day=rows.day.min()))["day"].iloc[0] for rows in tables)
        return min((day.date() for day in days if pd.notna(day)), default=None)

    @property
    def _with_what(self) -> str:
        """Say whether the days compared with are those of a year before."""
        session = self._session
        since, days = session.filters.since, session.compared_days
        return "year" if since and days == year_before(since, session.as_of) else "period"

    def _allows(self, days: tuple[date, date], table: Filtered) -> bool:
        """Say whether figures of other days may be shown beside those of the period."""
        since, until = days
        return self._session.at(replace(self._session.filters, since=since, until=until)).allows(table)

    def _shown(self) -> list[dict[Hashable, Any]]:
        """Leave out what is unknown, and the newcomers of a period that holds everybody's first purchase."""
        everybody = "new_customers" if self._session.filters.since is None else ""
        known = self.rows.to_dict("records")
        return [row for row in known if pd.notna(row["value"]) and row["figure"] != everybody]

    def _measure(self) -> pd.DataFrame:
        session, filters = self._session, self._session.filters
        session.check("transactions")
        known = session.at(replace(filters, since=None, until=None))
        first, last, days = filters.since or session.first_day, session.as_of, session.compared_days
        before_all = first - timedelta(days=1)
        has_base = days is not None and self._allows(days, "transactions")
        smallest = session.minimum_group
        answers = known.surveys if session.allows("surveys") else session.store.surveys.limit(0)
        if not (days and self._allows(days, "surveys")):
            answers = session.store.named(answers.filter(answers.day >= first), name="answers_compared")
        before = days if days and has_base else (before_all, before_all)
        measured = measured_days(since=first, until=last, as_of=session.store.snapshot.as_of, before=before)
        figures = asking(figures_of_days, known.transactions, answers, **measured, smallest=max(smallest, 5))
        rows = session.store.collect(figures)
        unknown = OF_PURCHASES if session.has_ready_facts else OF_MONEY if session.lacks_money else ()
        rows = rows.assign(**dict.fromkeys(unknown, float("nan")))
        if 0 < rows.loc[rows["period"] == "this", "active_customers"].iloc[0] < smallest:
            raise NothingToShow("group_too_small", minimum=smallest)
        return rows

    def _figure(self, row: Mapping[Hashable, Any], lang: str) -> Figure:
        name, change = str(row["figure"]), row["change"]
        label = t(f"panels.key_figures.{name}", lang)
        note, said, judgement = self._base(name, lang), "", self._judged(name, change)
        if pd.notna(change):
            said = _moved(name, change, lang)
            before = t(f"panels.key_figures.{self._with_what}", lang, value=WRITTEN[name](row["before"], lang))
            note = " · ".join(part for part in (before, note) if part)
        return Figure(label, WRITTEN[name](row["value"], lang), note, said, judgement)

    def _judged(self, name: str, change: float) -> Judgement:
        """Call a change good or bad that is not written as 0; of a score only where its intervals cannot explain it."""
        said = round(change if name == "nps" else 100 * change, 1)
        if pd.isna(change) or said == 0 or (name in IN_POINTS and abs(change) <= self._noise(name)):
            return "neutral"
        return "good" if change > 0 else "bad"

    def _noise(self, name: str) -> float:
        """Return how far a score may move by chance: the half intervals of both periods, added as errors are."""
        if name == "nps":
            halves = CONFIDENT * self.periods["nps_error"]
        else:
            halves = (self.periods[f"{name}_high"] - self.periods[f"{name}_low"]) / 2
        return float((halves**2).sum(skipna=False) ** 0.5)

    def _base(self, name: str, lang: str) -> str:
        """Say how many answers a score rests on, and how much of the revenue no customer is known for."""
        this = self.periods[self.periods["period"] == "this"].iloc[0]
        if name in IN_POINTS:
            return t("panels.key_figures.base", lang, count=count_words(this[f"{name}_base"], lang))
        if name == "revenue" and this["nameless_revenue"]:
            return t("panels.key_figures.nameless", lang, money=WRITTEN[name](this["nameless_revenue"], lang))
        return ""


def figures_at(session: Session, filters: Filters) -> KeyFigures:
    """Return the key figures at other filters than the session's, measured once for as long as these stay."""
    figures: KeyFigures = session.remember(("key_figures", filters), lambda: KeyFigures(session.at(filters)))
    return figures
