"""Numbers, days and lines of text as people read them."""

from __future__ import annotations

import math
import pickle
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.charts.words import (
    base_words,
    count_words,
    date_words,
    growth_words,
    money_column,
    money_words,
    points_words,
    share_words,
    wrapped,
)
from workbench.currency import DECIMALS, Language, currency_of


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (0, "¥0", "¥0"),
        (999.4, "¥999", "¥999"),
        (9_999.4, "¥9,999", "¥9,999"),
        (9_999.6, "¥1.00万", "¥10.0k"),
        (12_345, "¥1.23万", "¥12.3k"),
        (7_000_000, "¥700万", "¥7M"),
        (7_003_000, "¥700万", "¥7.00M"),
        (1_200_000, "¥120万", "¥1.2M"),
        (99_999_999, "¥1.00亿", "¥100M"),
        (999_999_999, "¥10.0亿", "¥1.00B"),
        (-50, "−¥50", "−¥50"),
        (-0.2, "−¥0.20", "−¥0.20"),
        (-0.001, "¥0", "¥0"),
        (12.5, "¥12.50", "¥12.50"),
        (Decimal("8911407.90"), "¥891万", "¥8.91M"),
    ],
)
def test_money_is_said_in_the_units_of_the_language(amount, zh, en):
    assert money_words(amount, "zh") == zh
    assert money_words(amount, "en") == en


@pytest.mark.parametrize(
    ("currency", "amount", "zh", "en"),
    [
        ("USD", 123_456, "12.3 万美元", "$123k"),
        ("USD", -1_234_567, "−123 万美元", "−$1.23M"),
        ("USD", 3.4, "3.40 美元", "$3.40"),
        ("EUR", 250_000_000, "2.5 亿欧元", "€250M"),
        ("GBP", 999, "999 英镑", "£999"),
        ("CHF", 12_345, "1.23 万瑞士法郎", "CHF 12.3k"),
        ("JPY", 12.4, "12 日元", "JP¥12"),
        ("CNY", 12_345, "¥1.23万", "¥12.3k"),
    ],
)
def test_money_is_said_in_the_currency_that_the_language_carries(currency, amount, zh, en):
    assert money_words(amount, Language("zh", currency)) == zh
    assert money_words(amount, Language("en", currency)) == en


def test_every_currency_has_its_word_and_its_sign():
    signs = [money_words(1, Language("en", code)) for code in DECIMALS]
    words = [money_words(1, Language("zh", code)) for code in DECIMALS]
    assert len(set(signs)) == len(set(words)) == len(DECIMALS)


def test_a_language_keeps_its_currency_when_it_travels():
    assert currency_of(pickle.loads(pickle.dumps(Language("zh", "USD")))) == "USD"  # noqa: S301  our own
    assert currency_of(deepcopy(Language("en", "EUR"))) == "EUR"


@given(st.floats(min_value=-1e12, max_value=1e12), st.sampled_from(["zh", "en"]))
def test_money_words_are_short_and_within_five_per_cent_or_half_a_yuan(amount, lang):
    words = money_words(amount, lang)
    size = {"万": 1e4, "亿": 1e8, "k": 1e3, "M": 1e6, "B": 1e9}
    number = words.replace("¥", "").replace("−", "-").replace(",", "")
    value = float(number.rstrip("万亿kMB")) * size.get(number[-1], 1)
    assert abs(value - amount) <= max(0.5, 0.05 * abs(amount)) + 1e-9


@pytest.mark.parametrize("say", [money_words, count_words, share_words, points_words, growth_words])
@pytest.mark.parametrize("value", [None, math.nan])
def test_what_is_unknown_is_a_dash_and_never_nought(say, value):
    assert say(value, "zh") == "—"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0.0%"),
        (0.0004, "<0.1%"),
        (0.5, "50.0%"),
        (0.99996, ">99.9%"),
        (1, "100%"),
        (-0.12, "−12.0%"),
        (-0.0004, ">−0.1%"),
        (-0.99996, "<−99.9%"),
        (1.2, "120.0%"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share, words):
    assert share_words(share, "en") == words


def test_growth_has_a_sign_and_no_change_has_none():
    assert [growth_words(x, "en") for x in (0.5, -0.5, 0.0)] == ["+50.0%", "−50.0%", "0.0%"]


def test_a_leap_day_is_said_in_both_languages():
    assert date_words(date(2024, 2, 29), "zh") == "2024 年 2 月 29 日"
    assert date_words(date(2024, 2, 29), "en") == "29 February 2024"


def test_the_base_says_how_many_and_as_of_when():
    assert base_words("en", base=2746, unit="answers", as_of=date(2017, 12, 31)) == (
        "Answers: 2,746 · As of 31 December 2017"
    )


@example(text="1111 。。。", width=10)
@given(st.text(alphabet="客户满意度，。（）CSAT 61%abc", max_size=120), st.integers(10, 60))
def test_wrapping_loses_no_character_and_keeps_closing_marks_off_the_line_start(text, width):
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。）" for line in lines[1:])


def test_a_column_of_amounts_has_one_unit_and_as_many_decimals():
    assert money_column([18_401_234, 3_444_000, 51_000, -0.0, float("nan")], "zh") == [
        "¥1,840万", "¥344万", "¥5万", "¥0", "—",
    ]  # fmt: skip
    assert money_column([18_401_234, 3_444_000, 4_000], "en") == ["¥18,401,234", "¥3,444,000", "¥4,000"]
    assert money_column([18_401_234, 3_444_000], "en", is_part=True) == ["¥18,401,234", "¥3,444,000"]
    assert money_column([], "en") == []
