"""Kotler's matrix with its customers, and recommended against actual contact."""

from __future__ import annotations

from datetime import date
from itertools import product

import pandas as pd
import pytest

from tests.charts.drawn import picked_fields, said, svg, words
from workbench.topics.relationship.chart import (
    CROWDS,
    LEVEL_COLOURS,
    WORTHS,
    contact_matrix_drawing,
    relationship_matrix_drawing,
)

AS_OF = date(2024, 12, 31)
NAMES = dict(zip(LEVEL_COLOURS, ("基本型", "被动型", "负责型", "能动型", "伙伴型"), strict=True))
KOTLER = ["accountable", "proactive", "partnership", "reactive", "accountable", "proactive", "basic", "reactive"]
CELLS = pd.DataFrame(
    [
        (worth, crowd, level, 10, 0.1, 1000.0, 0.1)
        for (worth, crowd), level in zip(product(WORTHS, CROWDS), [*KOTLER, "accountable"], strict=True)
    ],
    columns=["worth_level", "crowd_level", "level", "customer_count", "customer_share", "monetary", "value_share"],
)
CONTACTS = pd.DataFrame(
    {
        "level": ["proactive", "proactive", "basic"],
        "contact_level": ["basic", "proactive", "reactive"],
        "service": ["under", "fits", "over"],
        "customer_count": [60, 30, 10],
        "monetary": [100.0, 50, 5],
    }
)


def matrix(cells: pd.DataFrame = CELLS, lang: str = "zh"):
    return relationship_matrix_drawing(cells, lang, names=NAMES, worth="margin", as_of=AS_OF)


def contact(cells: pd.DataFrame = CONTACTS, lang: str = "zh"):
    return contact_matrix_drawing(cells, lang, names=NAMES, as_of=AS_OF)


@pytest.mark.parametrize("width", [380, 1000])
def test_every_cell_says_its_level_and_its_customers(width: int):
    drawn = words(svg(matrix().chart(), width))
    assert drawn.count("负责型") == 3
    assert drawn.count("10 位客户") == 9
    assert drawn.index("能动型") < drawn.index("基本型")


def test_a_repainted_cell_sends_rows_alone():
    painted = CELLS.assign(level=["basic", *CELLS["level"][1:]])
    assert matrix(painted).key == matrix().key
    assert matrix(painted).rows() != matrix().rows()


def test_the_title_says_which_level_most_money_belongs_to():
    assert said(matrix().chart())[0] == "负责型涉及的消费金额最多：建议用于 30.0% 的客户，其消费金额占 30.0%"


def test_clicks_pick_cells():
    assert picked_fields(matrix().chart()) == ["worth_level", "crowd_level"]
    assert picked_fields(contact().chart()) == ["level", "contact_level"]


def test_the_contact_title_says_who_is_under_and_over_served():
    assert said(contact().chart())[0] == "60.0% 的客户联系不足，10.0% 的客户联系过多"
    assert {"联系不足", "符合建议", "联系过多", "60", "30", "10"} <= set(words(svg(contact().chart())))


def test_without_contacts_the_chart_says_so():
    chart = contact(CONTACTS.head(0)).chart()
    assert said(chart)[0] == "没有联系记录，无法与建议的水平比较"
    assert "nan" not in svg(chart).lower()


def test_hidden_cells_are_blank():
    chart = matrix(CELLS.assign(customer_count=float("nan"), value_share=float("nan"), monetary=float("nan"))).chart()
    assert "nan" not in svg(chart).lower()
    assert said(chart)[0] == "各格子建议的关系水平"
