"""All parts of a page answer one change of the filters together, the latest change wins, and the end is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from workbench.panels.together import Together


class Part:
    """Answers with the filters that were set when it computed, and notes when it computes and shows."""

    def __init__(self, name: str, log: list[str], filters: Callable[[], str] = lambda: "") -> None:
        self._name, self._log, self._filters = name, log, filters

    def prepare(self) -> Callable[[], None]:
        asked = self._filters()
        self._log.append(f"{self._name} computes {asked}".strip())
        return lambda: self._log.append(f"{self._name} shows {asked}".strip())


def noting() -> tuple[Together, list[str]]:
    log: list[str] = []
    together = Together()
    together.on_answered = lambda: log.append("answered")
    return together, log


async def soon() -> None:
    await asyncio.sleep(0.1)


def test_all_compute_before_any_shows_and_then_the_end_is_said():
    together, log = noting()

    async def change() -> None:
        for name in ("figures", "months"):
            together.ask(Part(name, log))
        together.close()
        assert log == []
        await soon()

    asyncio.run(change())
    assert log == ["figures computes", "months computes", "figures shows", "months shows", "answered"]


def test_a_newer_change_ends_an_older_round_and_nothing_of_it_is_shown():
    together, log = noting()
    filters = ["华东"]
    parts = [Part(name, log, lambda: filters[0]) for name in ("figures", "months")]

    async def change() -> None:
        for part in parts:
            together.ask(part)
        while "figures computes 华东" not in log:
            await asyncio.sleep(0)
        filters[0] = "华南"
        for part in parts:
            together.ask(part)
        await soon()

    asyncio.run(change())
    assert {line for line in log if "shows" in line} == {"figures shows 华南", "months shows 华南"}
    assert log.count("answered") == 1


def test_a_part_that_answered_by_itself_does_not_answer_again():
    together, log = noting()
    part, other = Part("figures", log), Part("months", log)

    async def change() -> None:
        together.ask(part)
        together.ask(other)
        assert together.drop(part)
        assert not together.drop(part)
        await soon()

    asyncio.run(change())
    assert log == ["months computes", "months shows", "answered"]


def test_a_change_that_asks_nobody_is_answered_at_once():
    together, log = noting()
    together.close()
    assert log == ["answered"]


def test_without_a_loop_everyone_answers_in_place():
    together, log = noting()
    together.ask(Part("figures", log))
    assert log == ["figures computes", "figures shows"]
