"""Filter cells: whoever subtracts one setting of the filters from another finds nobody, or enough people."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import CONNECTION, DATABASE, table
from workbench.analyses.filter_cells import (
    PLACES,
    TABLE_FIGURES,
    Block,
    SafeSettings,
    Slices,
    offered_values,
    people_by_cell,
    people_by_value,
    people_in,
    people_left_over,
)

SMALLEST = 3
COLUMNS = {
    "customer_id": "VARCHAR",
    "region": "VARCHAR",
    "day": "DATE",
    "is_cancelled": "BOOLEAN",
    "is_purchase": "BOOLEAN",
}
HOMES = {"customer_id": "VARCHAR", "region": "VARCHAR", "customer_type": "VARCHAR"}
DAY = timedelta(days=1)
PERIODS = {
    "half_year": ((date(2024, 7, 1), date(2024, 12, 31)), (date(2024, 1, 1), date(2024, 6, 30))),
    "quarter": ((date(2024, 10, 1), date(2024, 12, 31)), (date(2024, 7, 3), date(2024, 9, 30))),
}
"""Two periods that can be chosen, each with the one before, which is shown with it."""

SLICES = Slices(tuple(days for shown in PERIODS.values() for days in shown))
STARTS = (date(2024, 7, 1), date(2024, 7, 3), date(2024, 10, 1))
"""First days between which somebody may choose a period of their own."""

CUTS = {name: tuple(SLICES.of(days) for days in shown) for name, shown in PERIODS.items()}
OWN_CUTS = {f"before {day}": (SLICES.until(day),) for day in STARTS}

table("cell_lines", COLUMNS, [])
table("cell_homes", HOMES, [])


@dataclass(frozen=True)
class Company:
    """What a page would know of a company: its blocks, and which filters it may be shown under."""

    blocks: dict[str, Block]
    safe: SafeSettings


def company(
    lines: list[tuple[Any, ...]], homes: dict[str, tuple[str | None, str | None]], cuts: Mapping[str, Any] = CUTS
) -> Company:
    """Judge a company: `lines` are (customer, region or None, day), `homes` each customer's region and type."""
    for name, rows in (
        ("cell_lines", [(*line, False, True) for line in lines]),
        ("cell_homes", [(who, *home) for who, home in homes.items()]),
    ):
        CONNECTION.execute(f"DELETE FROM {name}")  # noqa: S608  our own names
        if rows:
            blanks = f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})"  # noqa: S608
            CONNECTION.executemany(blanks, rows)
    people = people_in("transactions", DATABASE.table("cell_lines"), DATABASE.table("cell_homes"), SLICES)
    figures = TABLE_FIGURES["transactions"]
    sizes = people_by_value(people, figures).to_pandas()
    offered = {place: offered_values(sizes[sizes["dimension"] == place], SMALLEST) for place in PLACES}
    alone = {place: Block(values) for place, values in offered.items()}
    left = people_left_over(people, figures, alone).to_pandas()
    few = set(left.loc[left["people"].between(1, SMALLEST - 1), "dimension"])
    blocks = {place: Block(values, values[0] if place in few and values else None) for place, values in offered.items()}
    cells = people_by_cell(people, figures, blocks).to_pandas()
    return Company(blocks, SafeSettings(cells, SLICES, cuts, smallest=SMALLEST))


def judged(cells: dict[tuple[int, str, str], int], *names: str) -> SafeSettings:
    """Judge counts written down cell by cell, everybody in one cell alone: (slice, region, type) → people.

    Without names the half year is the only period, and 0 is before it, 1 within it.
    """
    rows = [
        (by_region, region if by_region else None, customer_type, "lines", 1 << place, people)
        for (place, region, customer_type), people in cells.items()
        for by_region in (True, False)
    ]
    columns = ["by_region", "region", "customer_type", "figure", "slices", "people"]
    frame = pd.DataFrame(rows, columns=columns)
    if names:
        periods = {name: tuple(SLICES.of(days) for days in PERIODS[name]) for name in names}
        return SafeSettings(frame, SLICES, periods, smallest=SMALLEST)
    return SafeSettings(frame, Slices(PERIODS["half_year"][:1]), {"half_year": (0b010,)}, smallest=SMALLEST)


def test_slices_begin_where_a_period_begins_or_has_ended():
    assert SLICES.starts == (
        date(2024, 1, 1), date(2024, 7, 1), date(2024, 7, 3), date(2024, 10, 1), date(2025, 1, 1),
    )  # fmt: skip
    assert SLICES.of((date(2024, 7, 1), date(2024, 12, 31))) == 0b011100
    assert SLICES.until(date(2024, 10, 1)) == 0b001111, "with what has no day"


def test_slices_that_no_period_tells_apart_are_one():
    assert sorted(SLICES.atoms([])) == [0b111111]
    assert sorted(SLICES.atoms([0b011100])) == [0b011100, 0b100011]


def test_a_region_whose_cells_are_large_may_be_chosen():
    assert judged({(1, "华东", "企业"): 3, (1, "华南", "企业"): 3}).allows(["region"])


def test_two_filters_together_are_refused_where_one_cell_is_too_small():
    safe = judged({(1, "华东", "企业"): 9, (1, "华东", "个人"): 9, (1, "华南", "企业"): 9, (1, "华南", "个人"): 2})
    assert not safe.allows(["region", "customer_type"])
    assert safe.allows(["region"])
    assert safe.allows(["customer_type"])


def test_a_period_that_leaves_too_few_outside_of_it_is_refused():
    assert judged({(1, "华东", "企业"): 9, (0, "华东", "企业"): 2}).periods_for([]) == ()
    assert judged({(1, "华东", "企业"): 9, (0, "华东", "企业"): 3}).periods_for([]) == ("half_year",)


def test_the_first_period_stays_where_a_second_would_cut_too_thin_a_slice():
    people = {f"C{number}": ("华东", "企业") for number in range(9)}
    lines = [(who, None, day) for who in people for day in (date(2023, 5, 1), date(2024, 3, 1), date(2024, 8, 1))]
    lines += [(who, None, date(2024, 11, 1)) for who in people]
    assert company(lines, people).safe.periods_for([]) == ("half_year", "quarter")
    lines += [("C1", None, date(2024, 7, 2))]
    assert company(lines, people).safe.periods_for([]) == ("half_year",)


def test_a_month_that_cuts_too_thin_a_slice_is_not_offered_and_the_others_stay():
    people = {f"C{number}": ("华东", "企业") for number in range(9)}
    days = (date(2023, 5, 1), date(2024, 3, 1), date(2024, 8, 1), date(2024, 11, 1))
    lines = [(who, None, day) for who in people for day in days]
    wide = company(lines, people, CUTS | OWN_CUTS).safe.periods_for([])
    assert {*wide} == {*CUTS, *OWN_CUTS}
    lines += [("C1", None, date(2024, 7, 2))]
    assert company(lines, people, CUTS | OWN_CUTS).safe.periods_for([]) == (
        "half_year", "before 2024-07-01", "before 2024-10-01"
    )  # fmt: skip


def test_a_period_refused_for_all_regions_together_is_refused_for_each_of_them():
    east = {(1, "华东", "企业"): 9, (2, "华东", "企业"): 2, (3, "华东", "企业"): 9, (4, "华东", "企业"): 9}
    south = {(0, "华南", "企业"): 9, (1, "华南", "企业"): 2, (3, "华南", "企业"): 9, (4, "华南", "企业"): 9}
    safe = judged(east | south, "half_year", "quarter")
    assert safe.periods_for([]) == ("half_year",)
    assert safe.periods_for(["region"]) == (), "quarters by region would add up to a quarter, and leave slice 2 over"


def test_three_pairs_of_filters_are_not_allowed_where_the_three_together_are_not():
    corners = list(itertools.product((0, 1), ("华东", "华南"), ("企业", "个人")))
    thin = {(0, "华东", "企业"), (1, "华南", "个人")}
    safe = judged({corner: 1 if corner in thin else 9 for corner in corners})
    assert safe.allows(["region"], "half_year")
    assert safe.allows(["region", "customer_type"])
    assert not safe.allows(["region", "customer_type"], "half_year")
    assert not safe.allows(["customer_type"], "half_year"), "opposite corners would add up to two customers"


def test_a_customer_seen_in_two_regions_counts_once_among_all():
    people = {f"C{number}": ("华东", "企业") for number in range(2)}
    lines = [(who, region, date(2024, 8, 1)) for who in people for region in ("华东", "华南")]
    assert not company(lines, people).safe.allows(["customer_type"])


def test_too_few_without_a_type_go_with_the_smallest_type():
    people = {f"A{number}": ("华东", "企业") for number in range(3)} | {
        f"B{number}": ("华东", "个人") for number in range(4)
    }
    people |= {"X1": ("华东", None), "X2": ("华东", "政府")}
    blocks = company([(who, None, date(2024, 8, 1)) for who in people], people).blocks
    assert blocks["customer_type"] == Block(("企业", "个人"), joined="企业")
    assert blocks["region"] == Block(("华东",))


REGIONS, TYPES = ("华东", "华南", None), ("企业", "个人", None)
DAYS = [date(2023, 6, 1), date(2024, 3, 1), date(2024, 7, 2), date(2024, 8, 1), date(2024, 11, 1), date(2025, 2, 1)]
"""One day in each slice."""

LINES = st.lists(st.tuples(st.integers(0, 7), st.sampled_from(REGIONS), st.sampled_from(DAYS)), min_size=6, max_size=60)
HOME = st.tuples(st.sampled_from(REGIONS), st.sampled_from(TYPES))


def shown(found: Company) -> set[int]:
    """Return every setting that may be shown, as bits: one for each slice, region block and type block."""
    places = {place: [*block.offered, None] for place, block in found.blocks.items()}
    cells = list(itertools.product(range(len(DAYS)), places["region"], places["customer_type"]))
    allowed = {(1 << len(cells)) - 1}
    chosen_days: dict[tuple[str | None, ...], tuple[int | None, ...]] = {(None,): (None,)}
    chosen_days |= {(name,): told for name, told in CUTS.items()}
    chosen_days |= {
        (first, last): (OWN_CUTS[last][0] & ~OWN_CUTS[first][0],) for first, last in itertools.combinations(OWN_CUTS, 2)
    }
    for name, region, kind in itertools.product(chosen_days, places["region"], places["customer_type"]):
        dimensions = [place for place, value in zip(PLACES, (region, kind), strict=True) if value]
        if (dimensions or any(name)) and all(found.safe.allows(dimensions, one) for one in name):
            allowed |= {
                sum(
                    1 << place
                    for place, (moment, where, what) in enumerate(cells)
                    if (slices is None or slices >> moment & 1) and region in (None, where) and kind in (None, what)
                )
                for slices in chosen_days[name]
            }
    return allowed


def derived(settings_shown: set[int], most: int = 400) -> set[int]:
    """Subtract what lies within another, add what lies apart, again and again."""
    known, new = set(settings_shown), set(settings_shown)
    while new and len(known) < most:
        found = {one & ~other for one in known for other in new if one & other == other}
        found |= {other & ~one for one in known for other in new if one & other == one}
        found |= {one | other for one in known for other in new if not one & other}
        new = found - known - {0}
        known |= new
    return known


@settings(max_examples=25)
@given(lines=LINES, homes=st.lists(HOME, min_size=8, max_size=8))
def test_no_settings_that_are_shown_leave_too_few_over(lines, homes):
    people = {f"C{number}": home for number, home in enumerate(homes)}
    found = company([(f"C{who}", region, day) for who, region, day in lines], people, CUTS | OWN_CUTS)
    places = {place: [*block.offered, None] for place, block in found.blocks.items()}
    cells = list(itertools.product(range(len(DAYS)), places["region"], places["customer_type"]))

    def block(place: str, value: str | None) -> str | None:
        return value if value in found.blocks[place].offered else found.blocks[place].joined

    who_in: dict[int, set[int]] = {}
    for who, region, day in lines:
        home, kind = homes[who]
        cell = (DAYS.index(day), block("region", region or home), block("customer_type", kind))
        who_in.setdefault(cells.index(cell), set()).add(who)
    for setting in derived(shown(found)):
        seen = set().union(*(members for place, members in who_in.items() if setting >> place & 1))
        assert len(seen) == 0 or len(seen) >= SMALLEST or setting == (1 << len(cells)) - 1
