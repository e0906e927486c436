"""Exports of survey tools and call centres: what is loaded by suggestion and honest answers is the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.load.invented_surveys import EXPORTS
from tests.load.survey_exports import SurveyExport
from tests.load.survey_mixes import TRAPS, Form, Language, drawn_survey
from workbench.i18n import LANGUAGES
from workbench.load import LoadReport, Mapping, answered, load, suggest_mapping
from workbench.load.reporting.sentences import choice_words, question_words
from workbench.store import open_store

TODAY = date(2026, 1, 1)


def suggested(export: SurveyExport, path: Path) -> Mapping:
    """What is suggested, once more for the table that is true where another one was."""
    mapping = suggest_mapping(path)
    for question in mapping.questions:
        if question.key == "which_table" and export.answer(question) != question.facts["suggested"]:
            return suggest_mapping(path, tables={path.name: export.answer(question)})
    return mapping


def load_honestly(export: SurveyExport, path: Path, store: Path) -> LoadReport:
    """Load by suggestion, with every question answered by who knows the survey; each has words and choices."""
    mapping = suggested(export, path)
    while True:
        while mapping.questions:
            question = mapping.questions[0]
            for lang in LANGUAGES:
                assert "{" not in question_words(question, lang)
                assert all(choice_words(question, choice, lang) for choice in question.choices)
            mapping = answered(mapping, question, export.answer(question))
        report = load(path, store=store, mapping=mapping, today=TODAY)
        if not report.questions:
            return report
        mapping = Mapping(mapping.sources, mapping.company, report.questions)


def answers_in(store: Path) -> tuple[dict[str, Counter[float]], set[str]]:
    """By item how often each answer stands in a store, from 0 to 1 of its scale; and the items of an NPS."""
    with open_store(store) as opened:
        answers = opened.collect(opened.surveys)
    items: dict[str, Counter[float]] = {name: Counter() for name in answers["item"]}
    for row in answers[answers["score"].notna()].itertuples():
        low, high = (0.0, 1.0) if row.scale_high != row.scale_high else (float(row.scale_low), float(row.scale_high))
        items[row.item][round((float(row.score) - low) / (high - low), 4)] += 1
    return items, set(answers[answers["kind"] == "nps"]["item"])


def check_truth(export: SurveyExport, folder: Path) -> None:
    """Every question has exactly the answers that were given, the best of them highest, and its kind."""
    report = load_honestly(export, export.write(folder), folder / "crm.store")
    assert report.rows_read == report.rows_loaded + report.rows_rejected + report.rows_ignored
    assert report.rows_rejected == 0
    items, of_nps = answers_in(folder / "crm.store")
    assert items == export.truth()
    assert of_nps == export.nps_items()


@pytest.mark.parametrize("name", EXPORTS)
def test_what_people_answered_is_loaded_after_honest_answers(name: str, tmp_path: Path):
    check_truth(EXPORTS[name](), tmp_path)


@settings(max_examples=6, phases=(Phase.explicit, Phase.generate))  # a load is too slow to shrink
@given(
    seed=st.integers(0, 10**6),
    lang=st.sampled_from(get_args(Language)),
    forms=st.lists(st.sampled_from(get_args(Form)), min_size=1, max_size=4, unique=True),
    traps=st.lists(st.sampled_from(sorted(TRAPS)), max_size=4, unique=True),
    is_lowest_best=st.booleans(),
)
def test_traps_of_several_tools_at_once_leave_the_truth(
    seed: int, lang: Language, forms: Sequence[Form], traps: Sequence[str], is_lowest_best: bool
):
    export = drawn_survey(Random(seed), lang=lang, forms=forms, traps=traps, is_lowest_best=is_lowest_best)
    with TemporaryDirectory() as folder:
        check_truth(export, Path(folder))
