"""Value segments: what people put above other things, who was asked, and what is missing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.rows import bought, records, table
from tests.analyses.segmentation_laws import assert_laws, ground
from workbench.analyses.segmentation import OTHERS, Ground, segmentation_from
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.clusters.choice import cluster_candidates
from workbench.topics.value_segments.query import batteries, battery_points, battery_rows, respondent_rows
from workbench.topics.value_segments.segmentation import fit_value_segments, item_words

AS_OF = date(2024, 12, 31)
ITEMS = ("顾问关心我", "价格划算", "等待时间短")
SURVEYS = {
    "response_id": "VARCHAR",
    "customer_id": "VARCHAR",
    "day": "DATE",
    "item": "VARCHAR",
    "kind": "VARCHAR",
    "score": "DECIMAL(18,3)",
    "scale_low": "DECIMAL(18,3)",
    "scale_high": "DECIMAL(18,3)",
}
# Thirty people of three kinds, each putting one item above the others; the kinds differ in how generous they are.
PEOPLE = [[generous + (2 if item == kind else place % 2 * 0.5) for item in range(3)]
          for kind in range(3) for place, generous in enumerate([1, 2, 3, 4, 5] * 2)]  # fmt: skip


def surveys(people, *, items=ITEMS, name="rated"):
    """Make answers of customers s000, s001 …; None is not rated."""
    lines = [
        (f"R{place}", f"s{place:03}", AS_OF, item, "other", score, 1, 7)
        for place, scores in enumerate(people)
        for item, score in zip(items, scores, strict=True)
    ]
    return table(name, SURVEYS, lines)


def points(answers, items=ITEMS, **how):
    columns = battery_rows(answers, items=items).to_pyarrow()
    return battery_points({name: columns[name].to_numpy() for name in columns.column_names}, items=items, **how)


def company(answers, customers: int) -> Ground:
    """A company whose customers s000 … all bought; one more, who was not asked, did too."""
    lines = [bought(f"s{place:03}", "2024-12-01", 10 + place) for place in range(customers)]
    known = ground(*lines, bought("never-asked", "2024-12-02", 7), as_of=AS_OF)
    return Ground(AS_OF, known.facts, {"surveys": answers}.__getitem__)


def test_people_are_grouped_by_what_they_put_above_other_things_however_generous_they_are():
    answers = surveys(PEOPLE)
    fit = fit_value_segments(points(answers), k=3)
    found = records(fit.segmentation.assign(company(answers, 30)), "customer_id")
    kinds = [{found[f"s{place:03}"]["segment"] for place in range(start, start + 10)} for start in (0, 10, 20)]
    assert all(len(kind) == 1 for kind in kinds)
    assert len(set.union(*kinds)) == 3
    assert fit.respondents == 30


def test_without_centring_the_generous_are_grouped_together():
    answers = surveys(PEOPLE)
    fit = fit_value_segments(points(answers, centred=False), k=2, centred=False)
    found = records(fit.segmentation.assign(company(answers, 30)), "customer_id")
    assert found["s000"]["segment"] != found["s004"]["segment"]


def test_who_was_not_asked_is_among_the_others_and_it_is_said_why():
    answers = surveys(PEOPLE)
    fit = fit_value_segments(points(answers), k=3)
    found = records(fit.segmentation.assign(company(answers, 30)), "customer_id")["never-asked"]
    assert found == {
        "customer_id": "never-asked", "segment": OTHERS, "answered_items": 0,
        "highest_item": None, "lowest_item": None, "cluster_distance": None,
    }  # fmt: skip
    assert fit.segmentation.segments[-1].names == {"en": "Not asked", "zh": "未调查"}


def test_the_evidence_names_the_item_rated_highest_beside_what_others_gave_it():
    answers = surveys(PEOPLE)
    found = records(fit_value_segments(points(answers), k=3).segmentation.assign(company(answers, 30)), "customer_id")
    assert [found[f"s{place:03}"]["highest_item"] for place in (0, 10, 20)] == list(ITEMS)
    assert found["s000"]["answered_items"] == 3


def test_usual_names_come_from_words_in_the_strongest_items():
    names = {segment.names["zh"] for segment in fit_value_segments(points(surveys(PEOPLE)), k=3).segmentation.segments}
    assert names == {"情感关系型", "性价比型", "时间效率型", "未调查"}


def test_an_item_without_such_a_word_gives_its_own_name_and_a_long_one_is_shortened():
    assert item_words("P07", True) == {"en": "values P07", "zh": "看重「P07」"}
    assert item_words("服务网点的环境与设施整洁、美观而且现代", True)["zh"] == "看重「服务网点的环境与设施整洁、美观…」"


def test_scores_off_the_scale_do_not_count_and_several_answers_of_a_customer_are_averaged():
    lines = [
        ("R1", "s1", AS_OF, "a", "other", 2, 1, 5),
        ("R2", "s1", AS_OF, "a", "other", 4, 1, 5),
        ("R2", "s1", AS_OF, "b", "other", 9, 1, 5),
        ("R3", None, AS_OF, "a", "other", 5, 1, 5),
        ("R4", None, AS_OF, "a", "other", 5, None, None),
        ("R5", "s5", AS_OF, "b", "other", None, 1, 5),
    ]
    answers = table("battery", SURVEYS, lines)
    rows = records(respondent_rows(answers, items=("a", "b")))
    assert sorted((str(row["customer_id"]), row["item_0"], row["item_1"], row["answered_items"]) for row in rows) == [
        ("None", 5.0, None, 1), ("None", 5.0, None, 1), ("s1", 3.0, None, 1),
    ]  # fmt: skip
    assert records(batteries(answers)) == [{"kind": "other", "item": "a", "answer_count": 4}]


def test_equal_response_numbers_of_two_files_are_two_respondents():
    lines = [(1, "R1", None, "a", "other", 2), (2, "R1", None, "a", "other", 4), (2, "R1", None, "b", "other", 4)]
    columns = {"source_id": "BIGINT", **{name: SURVEYS[name] for name in ("response_id", "customer_id")}}
    columns |= {name: SURVEYS[name] for name in ("item", "kind", "score", "scale_low", "scale_high")}
    rows = records(respondent_rows(table("two_files", columns, [(*line, 1, 5) for line in lines]), items=("a", "b")))
    assert sorted((row["item_0"], row["answered_items"]) for row in rows) == [(2, 1), (4, 2)]


def test_who_rated_too_few_items_is_left_out_and_counted_and_a_missing_item_is_the_mean_of_all():
    people = [*PEOPLE, [7, None, None], [7, 5, None]]
    answers = surveys(people)
    space = points(answers, min_answered=0.6, centred=False)
    assert (space.customers, space.left_out) == (31, 1)
    assert space.unknown == {"顾问关心我": 0, "价格划算": 0, "等待时间短": 1}
    row = int(np.flatnonzero(np.isnan(space.values[:, 2]))[0])
    assert space.scaled[row, 2] == 0
    segmentation = fit_value_segments(space, k=3, centred=False, min_answered=0.6).segmentation
    found = records(segmentation.assign(company(answers, len(people))), "customer_id")
    assert (found["s030"]["segment"], found["s030"]["answered_items"]) == (OTHERS, 1)
    assert found["s031"]["segment"] != OTHERS


def test_ratings_that_are_chance_are_not_called_stable():
    chance = np.random.default_rng(5).integers(1, 8, (60, 6)).tolist()
    items = tuple("abcdef")
    assert not cluster_candidates(points(surveys(chance, items=items), items=items), highest=4).is_stable


@settings(max_examples=5)
@given(st.lists(st.lists(st.integers(1, 7), min_size=3, max_size=3), min_size=2, max_size=8), st.booleans())
def test_everyone_has_a_segment_and_the_order_of_respondents_decides_nothing(more, centred: bool):
    people = PEOPLE + more
    how = {"centred": centred, "min_answered": 1.0}
    answers = surveys(people)
    fit = fit_value_segments(points(answers, **how), k=3, **how)
    found = assert_laws(fit.segmentation, company(answers, len(people)))
    alike: dict[tuple, set[str]] = {}
    for place, scores in enumerate(people):
        alike.setdefault(tuple(scores), set()).add(found[f"s{place:03}"]["segment"])
    assert all(len(segments) == 1 for segments in alike.values())
    again = fit_value_segments(points(surveys(people[::-1]), **how), k=3, **how)
    assert again.segmentation == fit.segmentation


def test_the_query_measures_the_distance_that_the_fit_does():
    answers = surveys(PEOPLE)
    fit = fit_value_segments(points(answers), k=3)
    distances = [row["cluster_distance"] for row in records(fit.segmentation.assign(company(answers, 30)))]
    within = np.mean([far**2 for far in distances if far is not None])
    assert fit.explained_share == pytest.approx(1 - within / 3, abs=1e-6)


@pytest.mark.parametrize(
    ("people", "how", "words"),
    [
        ([], {}, "Nobody answered"),
        (PEOPLE[:29], {}, "29 respondents answered enough"),
        ([[4, 4, 4]] * 40, {}, "All customers have the same"),
        ([[place % 7 + 1] * 3 for place in range(40)], {}, "All customers have the same"),
        ([[4, 1 + place % 5, 1 + place % 7] for place in range(40)], {"centred": False}, "顾问关心我 is the same"),
        (PEOPLE, {"min_answered": 0.0}, "cannot be 0.0"),
        (PEOPLE, {"items": ITEMS[:1]}, "1 were chosen"),
        (PEOPLE, {"items": ("顾问关心我", "顾问关心我")}, "2 were chosen"),
    ],
)
def test_what_cannot_be_grouped_is_said_in_a_sentence(people, how, words: str):
    with pytest.raises((ChoiceError, NothingToShow), match=words) as told:
        points(surveys(people), **how)
    assert told.value.words("zh")


def test_more_segments_than_different_respondents_are_refused():
    with pytest.raises(ChoiceError, match="cannot be 40 clusters"):
        fit_value_segments(points(surveys(PEOPLE)), k=40)


def test_a_file_gives_the_segments_back():
    segmentation = fit_value_segments(points(surveys(PEOPLE)), k=3, names={"cluster_1": {"zh": "重感情"}}).segmentation
    assert segmentation_from(segmentation.as_dict()) == segmentation
    assert segmentation.segments[0].names["zh"] == "重感情"
    with pytest.raises(ChoiceError, match="cannot be 2"):
        segmentation_from(segmentation.as_dict() | {"min_answered": 2})
