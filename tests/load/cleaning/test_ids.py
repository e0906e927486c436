"""Ids, texts and yes or no: tidied without changing what they name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.cleaning.golden import cases, cleaned
from workbench.load.cleaning.clean import clean_values

IDS = st.lists(st.from_regex(r"[A-Z]{0,2}[0-9]{1,18}", fullmatch=True), min_size=1, max_size=60)


@pytest.mark.parametrize(("section", "text", "value", "reason"), cases("id", "text", "boolean"))
def test_a_written_id_is_tidied_or_rejected(section: str, text: str, value: str | None, reason: str | None):
    assert cleaned(section, text) == (value, reason)


@settings(max_examples=6)
@given(ids=IDS)
def test_an_id_stays_as_it_is_with_its_zeros_in_front(ids: list[str]):
    assert clean_values(ids, "id") == [(name, None) for name in ids]


@settings(max_examples=6)
@given(numbers=st.lists(st.integers(0, 10**15 - 1), min_size=1, max_size=60))
def test_an_id_that_became_a_float_is_the_whole_number_again(numbers: list[int]):
    assert clean_values([f"{number}.0" for number in numbers], "id") == [(str(number), None) for number in numbers]


@settings(max_examples=6)
@given(ids=IDS, blank=st.sampled_from([" ", "\t", "\u3000", "\u00a0", "\u200b", "\ufeff"]))
def test_blanks_around_an_id_do_not_make_another_customer(ids: list[str], blank: str):
    assert clean_values([f"{blank}{name}{blank}" for name in ids], "id") == [(name, None) for name in ids]


def test_a_sentinel_is_missing_in_a_text_column_too():
    assert clean_values(["None", "none", "Alipay"], "text", missing=["None"]) == [
        (None, "sentinel"),
        (None, "sentinel"),
        ("Alipay", None),
    ]


def test_a_declared_word_is_text_and_not_a_pattern():
    assert clean_values(["(none)", "xnonex", "a.b", "axb"], "text", missing=["(none)", "a.b"]) == [
        (None, "sentinel"),
        ("xnonex", None),
        (None, "sentinel"),
        ("axb", None),
    ]
