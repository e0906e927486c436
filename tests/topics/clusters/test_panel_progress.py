"""Long fits beside the page: they can be followed and stopped, and nothing half done is ever an answer."""

from __future__ import annotations

import asyncio
import threading

import pytest

from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.clusters.panel_progress import REMEMBERED, Fitting


class Page:
    """What a panel would do: ask for the result of what its controls say, keep the last answer, word problems."""

    def __init__(self) -> None:
        self.fitting = Fitting(ask=self.ask, on_error=lambda error: self.unforeseen.append(error))
        self.wanted, self.answer, self.said = 1, None, ""
        self.unforeseen: list[Exception] = []
        self.begun: list[int] = []
        self.go_on, self.halfway = threading.Event(), threading.Event()

    def fit(self, wanted: int, told) -> int:
        self.begun.append(wanted)
        for share in (0.25, 0.5):
            told(share)
        self.halfway.set()
        assert self.go_on.wait(10)
        told(0.75)
        return wanted * 10

    def ask(self) -> None:
        wanted = self.wanted
        try:
            self.answer = self.fitting.result(wanted, lambda told: self.fit(wanted, told))
            self.said = ""
        except (NothingToShow, ChoiceError) as told:
            self.said = told.key

    async def until(self, is_so) -> None:
        for _ in range(500):
            if is_so():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never happened")


def shown(part) -> bool:
    return part.layout.display != "none"


def test_without_an_event_loop_a_fit_runs_in_place_and_is_asked_once():
    page = Page()
    page.go_on.set()
    page.ask()
    page.ask()
    assert (page.answer, page.begun) == (10, [1])
    assert not shown(page.fitting)


def test_the_page_stays_responsive_and_the_bar_says_how_far_it_is():
    async def play() -> None:
        page = Page()
        page.ask()
        assert page.said == "fit_running"
        await page.until(lambda: page.fitting.bar.value == 0.5)
        assert shown(page.fitting)
        assert shown(page.fitting.cancel)
        assert "50%" in page.fitting.words.value
        page.go_on.set()
        await page.until(lambda: page.answer == 10)
        assert page.said == ""
        assert not shown(page.fitting)

    asyncio.run(play())


def test_a_fit_that_is_stopped_gives_nothing_and_the_last_answer_stays_until_it_is_begun_again():
    async def play() -> None:
        page = Page()
        page.go_on.set()
        page.ask()
        await page.until(lambda: page.answer == 10)
        page.go_on.clear()
        page.halfway.clear()
        page.wanted = 2
        page.ask()
        await page.until(page.halfway.is_set)
        page.fitting.cancel.click()
        page.go_on.set()
        await page.until(lambda: not page.fitting.work.is_busy)
        assert (page.answer, page.said) == (10, "fit_stopped")
        assert shown(page.fitting.again)
        assert not shown(page.fitting.cancel)
        page.fitting.again.click()
        await page.until(lambda: page.answer == 20)
        assert page.begun == [1, 2, 2]
        assert not page.unforeseen

    asyncio.run(play())


def test_another_request_stops_the_fit_that_nobody_waits_for_and_only_the_last_is_answered():
    async def play() -> None:
        page = Page()
        page.ask()
        await page.until(page.halfway.is_set)
        page.wanted = 2
        page.ask()
        page.wanted = 3
        page.ask()
        page.go_on.set()
        await page.until(lambda: page.answer is not None)
        assert (page.answer, page.begun) == (30, [1, 3])

    asyncio.run(play())


def test_what_cannot_be_computed_is_said_and_what_nobody_foresaw_is_tried_again():
    page = Page()
    with pytest.raises(ChoiceError, match="cannot be"):
        page.fitting.result("few", lambda _: (_ for _ in ()).throw(ChoiceError("battery_share", value=0)))
    with pytest.raises(ZeroDivisionError):
        page.fitting.result("odd", lambda _: 1 / 0)
    assert page.fitting.result("odd", lambda _: 1) == 1


def test_only_so_many_results_are_kept():
    page = Page()
    for request in range(REMEMBERED + 1):
        page.fitting.result(request, lambda _: "first")
    assert page.fitting.result(REMEMBERED, lambda _: "again") == "first"
    assert page.fitting.result(0, lambda _: "again") == "again"
