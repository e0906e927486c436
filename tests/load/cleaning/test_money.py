"""Money and numbers: read as written, or rejected with the reason, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.cleaning.golden import FORMS, cases, cleaned
from workbench.errors import ChoiceError
from workbench.load.cleaning.clean import cast_sql, clean_values

AMOUNTS = st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=2), min_size=1, max_size=60)
FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")

STYLES = {
    "plain": lambda amount: f"{amount}",
    "thousands": lambda amount: f"{amount:,}",
    "currency before": lambda amount: f"￥{amount:,}",
    "currency after": lambda amount: f"{amount:,} 元",
    "brackets": lambda amount: f"（{abs(amount):,}）" if amount < 0 else f"{amount:,}",
    "minus after": lambda amount: f"{abs(amount):,}-" if amount < 0 else f"{amount:,}",
    "full width": lambda amount: f"{amount:,}".translate(FULL_WIDTH),
}


def test_the_golden_file_holds_at_least_a_hundred_forms():
    forms = cases("money", "price", "number", "date", "timestamp", "id", "text", "boolean")
    assert len({(section, text) for section, text, _, _ in forms}) >= 100
    assert {section for section, *_ in forms} == set(FORMS)


@pytest.mark.parametrize(("section", "text", "value", "reason"), cases("money", "price", "number"))
def test_a_written_amount_is_right_or_rejected(section: str, text: str, value: str | None, reason: str | None):
    assert cleaned(section, text) == (value, reason)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=6)
@given(amounts=AMOUNTS)
def test_an_amount_reads_back_in_every_style(style: str, amounts: list[Decimal]):
    written = [STYLES[style](amount) for amount in amounts]
    assert clean_values(written, "money") == [(amount, None) for amount in amounts]


@settings(max_examples=6)
@given(amounts=AMOUNTS)
def test_an_amount_with_decimal_comma_reads_back_where_it_is_declared(amounts: list[Decimal]):
    written = [f"{amount:,}".translate(str.maketrans(",.", ".,")) for amount in amounts]
    assert clean_values(written, "money", decimal=",") == [(amount, None) for amount in amounts]


@settings(max_examples=12)
@given(texts=st.lists(st.text(alphabet="0123456789.,-+()（）万亿元￥ eE%", max_size=8), min_size=1, max_size=80))
def test_a_text_always_has_a_value_or_a_reason_never_both(texts: list[str]):
    for value, reason in clean_values(texts, "money"):
        assert (value is None) != (reason is None)


def test_missing_says_whether_a_word_was_declared():
    assert clean_values(["", "None", "-99", "5"], "number", missing=["-99"]) == [
        (None, "blank"),
        (None, "blank"),
        (None, "sentinel"),
        (Decimal("5.000"), None),
    ]


def test_a_type_the_loader_derives_cannot_be_cast():
    with pytest.raises(ChoiceError, match="integer"):
        cast_sql("v", "integer")
