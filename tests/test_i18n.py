"""Texts are found in both languages, with their blanks filled."""

from __future__ import annotations

import re

import pytest

from workbench.i18n import LANGUAGES, catalog, t


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_can_be_read_in_every_language(lang: str):
    assert all(texts[lang].strip() for texts in catalog().values())


def test_a_list_is_joined_with_the_comma_of_the_language():
    facts = {"name": "boundary", "value": "x", "allowed": ["crossing", "inclusive"]}
    assert t("errors.unknown_choice", "en", **facts).endswith("Allowed: crossing, inclusive.")
    assert t("errors.unknown_choice", "zh", **facts).endswith("可选：crossing、inclusive。")


def test_an_unknown_key_or_language_is_an_error_and_never_an_empty_text():
    with pytest.raises(KeyError):
        t("no.such_text", "en")
    with pytest.raises(KeyError):
        t("terms.customer", "fr")


def test_a_hostile_value_in_a_blank_stays_a_value():
    assert "{lang}" in t("errors.unknown_choice", "en", name="a", value="{lang}", allowed=["b"])


REFUSED = {
    "zh": {
        "收入": "销售额，或客户的消费金额",
        "地区": "区域",
        "细分": "分群",
        "离散单位": "一般差异的倍数",
        "空心月份": "空心柱",
        "报警": "预警",
        "小样本": "客户隐私",
        "中立者": "被动者",
        "分析师": "分析人员",
    },
    "en": {
        "went on like this": "if these moves continue",
        "not whole": "incomplete",
        "no fall": "no drop",
        "Share of money": "share of spend",
        "below the whole": "below the overall figure",
        "above the whole": "above the overall figure",
        "spreads above": "times the usual spread",
        "See it whole": "show the whole chart",
        " alarm": " alert",
        "sign of life": "activity",
        "doubled": "duplicated",
    },
}
"""What people do not read here, and what they read instead: one thing has one name, English is said by ear."""
FIELD_TERMS = {"terms.arpu", "panels.columns.annual_revenue", "columns.annual_revenue"}
"""The field's own words: revenue per user, and a column of the company's data."""
JARGON = re.compile(r"Gini|\bHHI\b|\bRand\b|Jaccard|Cliff|\bq\b|基尼|兰德|\bq 值")
IN_PUBLIC = re.compile(r"^(charts|panels|pages)\.")
EXPLAINS = re.compile(r"\.method(_\w+)?$|\.about|^panels\.columns\.")
"""What stands under "How is this computed?", and the heads of an analyst's tables."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_thing_has_one_name_and_no_sentence_is_one_that_nobody_says(lang: str):
    held = [
        (key, word)
        for key, texts in catalog().items()
        if key not in FIELD_TERMS and not key.startswith("samples.")
        for word in REFUSED[lang]
        if word in texts[lang]
    ]
    assert held == []


def test_what_customers_spend_and_what_the_company_sells_are_told_apart_in_both_languages_alike():
    held = [
        key
        for key, texts in catalog().items()
        if not key.startswith("samples.")
        if "消费金额" in texts["zh"] and "销售额" not in texts["zh"] and re.search(r"[Rr]evenue", texts["en"])
    ]
    assert held == []


def test_data_are_loaded_by_one_word_and_only_pages_are_loaded_anew():
    assert [key for key, texts in catalog().items() if re.search("(?<!重新)加载", texts["zh"])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headlines_figures_and_charts_name_no_statistic_that_a_manager_does_not_know(lang: str):
    held = [
        key
        for key, texts in catalog().items()
        if IN_PUBLIC.search(key) and not EXPLAINS.search(key) and JARGON.search(texts[lang])
    ]
    assert held == []
