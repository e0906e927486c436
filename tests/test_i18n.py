"""Texts are found in both languages, with their blanks filled."""

from __future__ import annotations

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
