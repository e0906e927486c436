"""Of many like cases a run tries a share: always the same ones, of every test at least one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace

import pytest

from tests.kinds import left_out


@dataclass(frozen=True)
class Case:
    nodeid: str
    marker: pytest.Mark | None = None
    callspec: SimpleNamespace | None = None

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        assert name == "one_in"
        return self.marker


def cases(test: str, number: int, one_in: int) -> list[Case]:
    return [Case(f"tests/test_pages.py::{test}[{case}]", pytest.mark.one_in(one_in).mark) for case in range(number)]


def test_one_case_of_n_is_tried_whatever_their_order():
    many = cases("test_figures", 30, 3)
    left = left_out(many)
    assert len(left) == 20
    assert {case.nodeid for case in left_out(many[::-1])} == {case.nodeid for case in left}


def test_every_test_keeps_a_case_and_one_without_the_mark_all():
    left = left_out([*cases("test_few", 2, 5), *cases("test_other", 1, 5), Case("tests/test_pages.py::test_all[0]")])
    assert len(left) == 1
    assert "test_few" in left[0].nodeid


def test_no_pattern_of_the_parameters_decides():
    """Every other case is Chinese: of half of them, neither all nor none are."""
    left = {int(case.nodeid.split("[")[1][:-1]) for case in left_out(cases("test_languages", 40, 2))}
    assert 5 <= sum(number % 2 for number in left) <= 15


def test_tests_that_share_cases_try_the_same_ones():
    pages, slides = (
        {case.nodeid.partition("[")[2] for case in left_out(cases(test, 12, 3))}
        for test in ("test_pages", "test_slides")
    )
    assert pages == slides


def test_every_value_of_a_parameter_keeps_cases_and_not_all_the_same():
    """Each panel is tried on one company in three, and each company is tried."""
    panels, companies = range(12), ("one", "two", "three")
    mark = pytest.mark.one_in(3, per="panel").mark
    every = {
        f"tests/test_pages.py::test_opens[{panel}-{company}]": (panel, company)
        for panel, company in product(panels, companies)
    }
    cases = [Case(name, mark, SimpleNamespace(params={"panel": panel})) for name, (panel, _) in every.items()]
    left = {case.nodeid for case in left_out(cases)}
    tried = [every[name] for name in every if name not in left]
    assert sorted(panel for panel, _ in tried) == [*panels]
    assert {company for _, company in tried} == {*companies}
