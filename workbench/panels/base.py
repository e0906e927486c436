"""Panel: binds controls to one analysis and its charts, and never goes blank, silent or stale."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi
from ibis.expr import types as ir

from workbench.analyses.segmentation import Segmentation
from workbench.charts.drawing import Drawing
from workbench.errors import NothingToShow, WorkbenchError
from workbench.export import TableSheet
from workbench.panels.chosen_words import chosen_words
from workbench.panels.code import check_names, code_text
from workbench.panels.controls import Control
from workbench.panels.customers import CustomerList
from workbench.panels.downloads import Downloads
from workbench.panels.filters import Filters
from workbench.panels.frame import Frame
from workbench.panels.guarded_widgets import guarded, log, log_to_file
from workbench.panels.hiding import is_hidden, without_small_groups
from workbench.panels.keeping import Keeping
from workbench.panels.layout import Column, Figure, figures_html, text
from workbench.panels.money_unknown import needs_note, without_money
from workbench.panels.needs import check_needs
from workbench.panels.picking import Picking
from workbench.panels.presets import Presets
from workbench.panels.privacy import Privacy
from workbench.panels.session import Session
from workbench.panels.standing import ledger
from workbench.panels.table import Detail
from workbench.panels.together import PAUSE, running_loop
from workbench.panels.worded_rows import ValueNames
from workbench.visible_text import html_text
from workbench.widgets import Banner, ChartView


@dataclass(frozen=True)
class Answer:
    """What an analysis found: the expression it is made of, the few rows that are drawn, and the day they speak of.

    An expression that only a click or a drawer needs may come as a function, which is called when it is first asked:
    writing one takes as long as drawing a chart.
    """

    expression: ir.Table | Callable[[], ir.Table]
    rows: pd.DataFrame
    as_of: date

    @cached_property
    def table(self) -> ir.Table:
        """The expression, written."""
        return self.expression if isinstance(self.expression, ir.Table) else self.expression()


@dataclass(frozen=True)
class Parts:
    """What a panel shows beside its chart; each part is made from the answer.

    `figures` and `summary` return numbers and HTML, `detail` the customers whom a click on a chart means;
    `shown` is called with every new answer; what it changes on the controls asks for no further answer.
    `keeps` gives the segmentation behind an answer, which analysts may keep in the store.
    `folded` names the controls that stay behind "more options". `recipe` writes the answer in Python from the
    controls' values: lines that end by assigning `rows`; `imports` names the functions they use, by module.
    `rows_query` gives the same rows, where the answer's expression is of the customers behind them.
    `names` says what the values of the rows are called on a chip and in a file, by column and value, in a language;
    `sums` are the columns of the rows that add up, so that a workbook may sum them. `sheets` gives more tables of an
    Excel file, each on a sheet of its own, by its name.
    `rising` names pairs of sliders of which the first never lies above the second, less the third: the one that a
    hand moves stops there.
    `beside` narrows an answer to the mark that was clicked, for the other charts.
    `compares` says that it tells a change against another year where the reader asks for it.
    """

    figures: Callable[[Any, str], Sequence[Figure]] | None = None
    summary: Callable[[Any, str], str] | None = None
    detail: Callable[[Any, Mapping[str, Any]], Detail | None] | None = None
    shown: Callable[[Any], None] | None = None
    keeps: Callable[[Any], Segmentation] | None = None
    folded: tuple[str, ...] = ()
    rising: tuple[tuple[str, str, float], ...] = ()
    recipe: Callable[[Mapping[str, Any]], Sequence[str]] | None = None
    imports: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rows_query: Callable[[Any], ir.Table] | None = None
    names: Callable[[Any, str], ValueNames] | None = None
    sums: tuple[str, ...] = ()
    sheets: Callable[[Any, str], Mapping[str, TableSheet]] | None = None
    beside: Callable[[Any, Mapping[str, Any]], Any] | None = None
    compares: bool = False


@dataclass
class _Question:
    """What the answer on screen is the answer to."""

    arguments: dict[str, Any] = field(default_factory=dict)
    filters: Filters = field(default_factory=Filters)


Draw = Callable[[Any, str], alt.TopLevelMixin | Drawing]


class Panel:
    """Controls, the analysis they steer, and its charts, figures, tables and downloads.

    Parameters
    ----------
    session
        Store, language and filters; the panel redraws when they change.
    topic
        Names the texts: `panels.<topic>.title`, `.lead`, `.method`; and what the data must hold, which the topic
        declares under this name. Without it a sentence says what to load.
    controls
        By name; **the names are keyword arguments of `analyses`**, which is checked.
    analyse
        Called with the controls' values; returns an `Answer`.
    draw
        One chart from the answer and the language, or several by name; charts that a slider moves come as a `Drawing`.
    analyses
        The functions of `workbench.analyses` whose arguments the controls set.
    privacy
        What the rows of the answer count and which totals stand beside them: small groups are hidden by it before
        anything is drawn, written or taken along. Without it nothing is shown on a managers' page.
    follows_filters
        Off where it always speaks of all data: a page of such panels alone has no filters.
    brief
        Show the first chart and figures only, with a link to the panel's own page.
    """

    def __init__(
        self,
        session: Session,
        *,
        topic: str,
        controls: Mapping[str, Control],
        analyse: Callable[..., Answer],
        draw: Draw | Mapping[str, Draw],
        analyses: Sequence[Callable[..., Any]],
        privacy: Privacy | None = None,
        parts: Parts | None = None,
        follows_filters: bool = True,
        brief: bool = False,
    ) -> None:
        log_to_file()
        check_names(controls, analyses)
        self.session, self.topic, self.controls = session, topic, dict(controls)
        self.privacy, self.follows_filters = privacy, follows_filters
        self.error: Exception | None = None
        self._brief, self._analyse, self._parts = brief, analyse, parts or Parts()
        draws = dict(draw) if isinstance(draw, Mapping) else {"chart": draw}
        self._draw = dict([next(iter(draws.items()))]) if brief else draws
        self._answer: Answer | None = None
        self._narrowed: Any = None
        self._answered = _Question()
        self._timer: asyncio.TimerHandle | None = None
        self._speaking = False
        self._is_asleep = self._is_stale = False
        self._presets: list[Presets] = []
        # Where a click has nothing to change, no mark looks as if it had.
        is_still = brief or not (self._parts.detail or self._parts.beside)
        self.views = {name: ChartView(is_still=is_still) for name in self._draw}
        self.picking = Picking(self.views, on_change=self._picked, on_error=self._tell)
        self._shown: dict[str, Hashable] = {}
        self.customers = CustomerList(session, topic=topic, on_error=self._tell)
        self.customers.layout.display = "" if self._parts.detail else "none"
        self.downloads = Downloads(self)
        keeps = self._parts.keeps and not session.store.snapshot.published
        self.keeping = Keeping(self._keep) if keeps else None
        self.widget = Frame(self, folded=self._parts.folded, explain=self._explain, brief=brief)
        self._speak()
        self.refresh()
        self._listen()

    # What code can ask ------------------------------------------------------------------------------------------

    @property
    def arguments(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def answer(self) -> Any:
        """The answer on screen; raises what went wrong where there never was one."""
        self._settle()
        if self._answer is None:
            raise self.error or NothingToShow("nothing_to_show")
        return self._answer

    @property
    def table(self) -> ir.Table:
        """The expression behind what is on screen."""
        table: ir.Table = self.answer.table
        return table

    @property
    def rows(self) -> pd.DataFrame:
        """The rows that are drawn."""
        rows: pd.DataFrame = self.answer.rows
        return rows.copy()

    @property
    def names(self) -> ValueNames:
        """What the values of the rows are called, by column and value, in the session's language."""
        return self._parts.names(self.answer, self.session.lang) if self._parts.names else {}

    @property
    def complaint(self) -> str:
        """Why what was asked is not on screen, in the session's language; empty where it is."""
        self._settle()
        is_shown = self._answer is not None and not self._is_outdated
        return "" if is_shown or self.error is None else self._words_of(self.error)

    @property
    def compares(self) -> bool:
        """Whether it tells a change against another year where the reader asks for it."""
        return self._parts.compares

    @property
    def sums(self) -> tuple[str, ...]:
        """The columns of the rows that add up."""
        return self._parts.sums

    @property
    def sheets(self) -> Mapping[str, TableSheet]:
        """More tables of an Excel file, in the session's language, by the names of their sheets."""
        return self._parts.sheets(self.answer, self.session.lang) if self._parts.sheets else {}

    @property
    def figures(self) -> Sequence[Figure]:
        """The figures above the chart, in the session's language."""
        return self._figures(self.answer)

    @property
    def summary(self) -> str:
        """What stands below the chart, as HTML of escaped words; a brief panel has nothing there."""
        answer = self.answer
        return "" if self._brief else self._summary_of(answer)

    def sql(self) -> str:
        """Return the SQL of the figures on screen."""
        answer = self.answer
        return self.session.store.sql(self._parts.rows_query(answer) if self._parts.rows_query else answer.table)

    def code(self) -> str:
        """Return the Python that repeats what the mouse did: imports, then three lines that give `rows`."""
        _ = self.answer
        lines = self._parts.recipe(self._answered.arguments) if self._parts.recipe else ()
        return code_text(self.session.store, self._answered.filters, imports=self._parts.imports, lines=lines)

    def chart(self, name: str | None = None) -> alt.TopLevelMixin:
        """Return the chart on screen, the first where there are several."""
        name = name or next(iter(self._draw))
        drawn = self._draw[name](self._seen_by(name), self.session.lang)
        return drawn.chart() if isinstance(drawn, Drawing) else drawn

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the panel alone, in a notebook: with the banner, which brings the house's styles along."""
        alone = Column([Banner(snapshot=self.session.store.snapshot.id, lang=self.session.lang), self.widget])
        return alone._repr_mimebundle_(**options)

    # What code can do -------------------------------------------------------------------------------------------

    def set(self, **values: Any) -> None:
        """Give controls new values, as the mouse would, and answer once."""
        self._speaking = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._speaking = False
        self.ask()

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Let controls change without asking again, e.g. lists that follow the answer."""
        before, self._speaking = self._speaking, True
        try:
            yield
        finally:
            self._speaking = before

    def offer(self, presets: Presets) -> Panel:
        """Add named sets of values above the controls."""
        self._presets.append(presets)
        presets.say(self.session.lang)
        for name, button in presets.buttons.items():
            button.on_click(guarded(lambda _, name=name: self.set(**presets.values(name)), on_error=self._tell))
        self.widget.add_presets(presets)
        return self

    # Changes ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        for control in self.controls.values():
            control.observe(guarded(self._moved, on_error=self._tell), names="value")
        asks = ["filters", "compares_years"] if self.compares else ["filters"]
        self.session.observe(guarded(lambda _: self._ask_with_others(), on_error=self._tell), names=asks)
        self.session.observe(guarded(lambda _: self._reword(), on_error=self._tell), names="lang")

    def _moved(self, change: Mapping[str, Any]) -> None:
        if not self._speaking:
            with self.quietly():
                self._stop_before_neighbours(change["owner"])
            self.ask()

    def _stop_before_neighbours(self, moved: Control) -> None:
        for first, second, least_gap in self._parts.rising:
            low, high = self.controls[first], self.controls[second]
            if low.value + least_gap > high.value:
                if moved is low:
                    low.value = high.value - least_gap
                elif moved is high:
                    high.value = low.value + least_gap

    def ask(self) -> None:
        """Refresh soon; several changes in one moment are answered once, with the last values."""
        if self._timer:
            self._timer.cancel()
        if self._is_asleep:
            self._is_stale = True
            return
        loop = running_loop()
        if loop is None:
            self.refresh()
        else:
            self._timer = loop.call_later(PAUSE, guarded(self.refresh, on_error=self._tell))

    def _ask_with_others(self) -> None:
        """Answer other filters when the whole page does; what was asked of this panel alone is answered with it."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._is_asleep:
            self._is_stale = True
        else:
            self.session.together.ask(self)

    def sleep(self) -> None:
        """Compute nothing while nobody sees the panel."""
        self._is_asleep = True

    def wake(self) -> None:
        """The panel is visible again: answer what changed meanwhile."""
        self._is_asleep = False
        if self._is_stale:
            self._is_stale = False
            self.ask()

    def refresh(self) -> None:
        """Compute and draw now. What fails is worded above the last good answer, which stays, faded.

        An answer to other filters does not stay: who reads it would take it for what was asked.
        """
        self.session.together.drop(self)
        self.widget.body.add_class("wb-busy")  # the style sheet shows the spinner after 200 ms
        try:
            self.prepare()()
        finally:
            self.widget.body.remove_class("wb-busy")

    def prepare(self) -> Callable[[], None]:
        """Compute, and return what puts it on screen or says what went wrong; the screen stays as it is until then."""
        self._timer = None
        question, lang = _Question(self.arguments, self.session.filters), self.session.lang
        try:
            answer = self._answer_to(question.arguments)
            with schemapi.debug_mode(False):  # as in _show_chart
                charts = {name: draw(answer, lang) for name, draw in self._draw.items()}
                words = self._worded(answer)  # before anything on screen changes: it may fail as well
        except Exception as error:  # noqa: BLE001  a panel never goes blank
            failed = error
            return lambda: self._fail(failed, question)
        return lambda: self._put(answer, question, charts, words, lang)

    def _put(
        self,
        answer: Any,
        question: _Question,
        charts: Mapping[str, alt.TopLevelMixin | Drawing],
        words: tuple[str, str],
        lang: str,
    ) -> None:
        """Put an answer on screen; in another language than it was drawn in where that was changed meanwhile."""
        self._answer, self._answered, self.error = answer, question, None
        try:
            self._show(charts, words)
            if lang != self.session.lang:
                self._reword()
        except Exception as error:  # noqa: BLE001  a panel never goes blank
            self._fail(error, question)

    def _fail(self, error: Exception, question: _Question) -> None:
        """Say what went wrong; an answer to other filters leaves the screen."""
        if self._answered.filters != question.filters:
            self._forget()
        self._tell(error)
        self.widget.stand(outdated=self._is_outdated, empty=self._answer is None)

    def _answer_to(self, arguments: Mapping[str, Any]) -> Any:
        """Analyse, and on a managers' page hide small groups: all that is drawn, worded and taken along comes after."""
        session, privacy = self.session, self.privacy
        public = session.store.snapshot.published
        if public and (privacy is None or privacy.refusal):
            raise NothingToShow(privacy.refusal if privacy else "privacy_undeclared")
        check_needs(session, self.topic)
        answer = self._analyse(**arguments)
        if session.lacks_money:
            answer = without_money(answer)
        if not public or privacy is None:
            return answer
        name = privacy.standing(answer) if privacy.standing else None
        decided = ledger(session).hidden(name) if name else privacy.decided(answer) if privacy.decided else None
        how: dict[str, Any] = {"smallest": session.minimum_group, "collect": session.store.collect}
        return without_small_groups(answer, privacy, decided=decided, **how)

    @property
    def _is_outdated(self) -> bool:
        """Whether the answer on screen is one to another setting of the controls."""
        return self._answer is not None and self._answered.arguments != self.arguments

    def _forget(self) -> None:
        """Take the answer off the screen, with the list of who is behind it."""
        self._answer = None
        self.widget.figures.value = self.widget.summary.value = ""
        self.picking.take_off()
        self.customers.pick(None, self._detail)
        if self.keeping:
            self.keeping.clear()

    def _settle(self) -> None:
        if self._timer:
            self._timer.cancel()
            self.refresh()
        elif self.session.together.drop(self):
            self.refresh()

    def _show(self, charts: Mapping[str, alt.TopLevelMixin | Drawing], words: tuple[str, str]) -> None:
        self.widget.message.value = ""
        self.widget.stand(outdated=False, empty=False)
        if self._parts.shown:
            with self.quietly():
                self._parts.shown(self._answer)
        for name, chart in charts.items():
            self._show_chart(name, chart)
        self.widget.figures.value, self.widget.summary.value = words
        self._say_chosen()
        if self.keeping:
            self.keeping.clear()
        self._show_picked(are_whole=True)
        self.customers.refresh(self._detail)
        self.widget.how.refill()

    def _show_chart(self, name: str, drawn: alt.TopLevelMixin | Drawing) -> None:
        """Draw; where the layout is the one on screen, send its rows and words alone."""
        view = self.views[name]
        if not isinstance(drawn, Drawing):
            view.show(drawn)
        elif self._shown.get(name) == drawn.key:
            view.update(drawn.rows(), title=drawn.title, subtitle=drawn.subtitle)
        else:
            with schemapi.debug_mode(False):  # Altair checks each part as it is made; the tests check the charts
                view.show(drawn.chart())
            self._shown[name] = drawn.key

    def _worded(self, answer: Any) -> tuple[str, str]:
        """Return the figures and the summary of an answer."""
        return figures_html(self._figures(answer)), self._summary_of(answer)

    def _summary_of(self, answer: Any) -> str:
        """Say what the figures lack, then the summary."""
        note = needs_note(self.session, self.topic)
        return note + (self._parts.summary(answer, self.session.lang) if self._parts.summary else "")

    def _figures(self, answer: Any) -> Sequence[Figure]:
        figures = self._parts.figures(answer, self.session.lang) if self._parts.figures else ()
        return figures[: 2 if self._brief else None]

    def _picked(self, picked: Mapping[str, Any] | None) -> None:
        """Show what was clicked: on its chip, on the other charts, on the list; or no longer."""
        if self._answer is None:
            return
        if self.error and not self._is_outdated:  # it spoke of what was picked before
            self.error, self.widget.message.value = None, ""
        self._show_picked()
        self.customers.pick(picked, self._detail)

    def _show_picked(self, *, are_whole: bool = False) -> None:
        """Say what is picked, and draw the charts beside the one clicked by it; where that is closed, by all.

        Charts that `are_whole` were drawn by all a moment ago.
        """
        self.picking.say(self.session.lang, self.names)
        if self._parts.beside is None:
            return
        self._narrowed, picked = None, self.picking.picked
        if picked is not None:
            try:
                self._check_open(picked)
                self._narrowed = self._parts.beside(self.answer, picked)
            except WorkbenchError as error:
                self._tell(error)
        if are_whole and self._narrowed is None:
            return
        for name in self.views:
            if name != self.picking.clicked:
                self._show_chart(name, self._draw[name](self._seen_by(name), self.session.lang))

    def _seen_by(self, name: str) -> Any:
        """Return the answer that a chart shows: narrowed to what is picked, unless it was picked there."""
        return self.answer if self._narrowed is None or name == self.picking.clicked else self._narrowed

    def _check_open(self, picked: Mapping[str, Any]) -> None:
        """Refuse what is hidden on managers' pages, also where it only covers up another group."""
        if self.session.store.snapshot.published and self.privacy and is_hidden(self.answer, self.privacy, picked):
            raise NothingToShow("group_too_small", minimum=self.session.minimum_group)

    def _detail(self, picked: Mapping[str, Any]) -> Detail | None:
        self._check_open(picked)
        return self._parts.detail(self.answer, picked) if self._parts.detail else None

    def _tell(self, error: Exception) -> None:
        """Show a problem in words above the answer; an unforeseen one goes to the log with its traceback."""
        self.error = error
        if not isinstance(error, WorkbenchError):
            log.error("The panel %s failed with %s.", self.topic, self.arguments, exc_info=error)
        kept = self.session.t("panels.message.kept") if self._is_outdated else ""
        self.widget.message.value = text("p", f"{self._words_of(error)}{kept}", "wb-message-text")

    def _words_of(self, error: Exception) -> str:
        return (
            error.words(self.session.lang)
            if isinstance(error, WorkbenchError)
            else self.session.t("errors.panel_failed")
        )

    def _keep(self, name: str, shared: bool) -> int:
        """Keep the segmentation behind the answer on screen; return the version it became."""
        assert self._parts.keeps is not None  # noqa: S101  who calls this is made only where it is there
        return self.session.save_segmentation(name, self._parts.keeps(self.answer), shared=shared)

    # Words ------------------------------------------------------------------------------------------------------

    def _reword(self) -> None:
        """Put everything in the session's language; nothing is computed again."""
        self._speak()
        if self._answer is not None:
            for name, draw in self._draw.items():
                self._show_chart(name, draw(self._answer, self.session.lang))
            self._show_picked(are_whole=True)
            self.widget.figures.value, self.widget.summary.value = self._worded(self._answer)
            self._say_chosen()
        if self.error:
            self._tell(self.error)
        self.customers.say()
        self.widget.how.refill()

    def _say_chosen(self) -> None:
        self.widget.chosen.value = text("p", chosen_words(self.controls, self.session.lang))

    def _speak(self) -> None:
        self._speaking = True
        for control in self.controls.values():
            control.say(self.session.lang)
        self._speaking = False
        for presets in self._presets:
            presets.say(self.session.lang)
        for view in self.views.values():
            view.lang = self.session.lang
        self.downloads.say()
        if self.keeping:
            self.keeping.say(self.session.lang)
        self.widget.say(self.session)

    def _explain(self) -> str:
        """Return what the drawer holds: the definition for all, code and SQL for whoever may run it."""
        parts = [text("p", self.session.t(f"panels.{self.topic}.method"))]
        if not self.session.store.snapshot.published and self._answer is not None:
            for key, words in (("panels.code", self.code()), ("panels.sql", self.sql())):
                parts.append(f"{text('h4', self.session.t(key))}<pre>{html_text(words)}</pre>")
        return "".join(parts)
