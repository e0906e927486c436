"""Importance of answers: what is said, of whom, in which direction, and what is refused; the map and its undecided."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.topics.drivers.samples import ITEMS, as_answers, drawn_scores
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.drivers.importance import driver_importance, joint_widths
from workbench.topics.drivers.priorities import importance_map

SCALES = pd.DataFrame({"item": ITEMS, "scale_low": 1.0, "scale_high": 5.0, "scale_count": 1})


def scores(slopes=(1.0, 0.5, 0.0, -0.5), *, count: int = 600, alike: float = 0.0, shift=0.0) -> np.ndarray:
    return drawn_scores(np.random.default_rng(8), count, slopes, alike=alike, shift=shift)


def importance(values: np.ndarray, weights=None, items=ITEMS, **how):
    return driver_importance(as_answers(values, weights), items=items, **({"draws": 300} | how))


@pytest.mark.parametrize("method", ["johnson", "shapley"])
def test_the_question_of_the_largest_slope_leads_and_the_one_against_it_says_so(method: str):
    found = importance(scores(), method=method)
    rows = found.rows.set_index("item")
    assert (found.leading, found.rows["item"].iloc[0]) == ("接待", "接待")
    assert rows["association"].to_dict() == {"接待": "up", "维修质量": "up", "等候": "unclear", "结算": "down"}
    assert rows["importance_share"].sum() == pytest.approx(1)
    assert rows["explained_part"].sum() == pytest.approx(found.r_squared)
    assert rows.loc["等候", "share_low"] == 0
    assert (rows["share_low"] <= rows["importance_share"]).all()
    assert (rows["importance_share"] <= rows["share_high"]).all()


def test_the_parts_are_those_of_the_correlations_and_the_slopes_those_of_least_squares():
    values = scores(alike=0.4)
    found = importance(values)
    design = np.column_stack([np.ones(len(values)), values[:, :-1]])
    slopes = np.linalg.lstsq(design, values[:, -1], rcond=None)[0][1:]
    rows = found.rows.set_index("item").loc[list(ITEMS)]
    assert rows["per_point"].tolist() == pytest.approx(list(slopes))
    assert rows["correlation"].tolist() == pytest.approx(list(np.corrcoef(values.T)[-1, :-1]))
    residuals = values[:, -1] - design @ np.linalg.lstsq(design, values[:, -1], rcond=None)[0]
    assert found.r_squared == pytest.approx(1 - residuals.var() / values[:, -1].var())


def test_a_weight_of_two_counts_as_two_people():
    values = scores(count=200)
    weights = np.where(np.arange(200) < 100, 2.0, 1.0)
    twice = importance(np.vstack([values, values[:100]]))
    weighed = importance(values, weights)
    for name in ("importance_share", "correlation", "per_point", "mean_score"):
        assert weighed.rows[name].tolist() == pytest.approx(twice.rows[name].tolist())


def test_neither_the_order_of_people_nor_that_of_questions_changes_a_figure():
    values = scores(count=300, alike=0.4)
    first = importance(values).rows
    turned = importance(values[::-1][:, [2, 0, 3, 1, 4]], items=("等候", "接待", "结算", "维修质量")).rows
    pd.testing.assert_frame_equal(first, turned, rtol=1e-9)


def test_who_left_a_question_out_is_counted_and_does_not_count():
    values = scores(count=300)
    gaps = values.copy()
    gaps[:40, 1] = np.nan
    found = importance(gaps)
    assert (found.base, found.left_out) == (260, 40)
    assert found.rows.set_index("item")["missing_count"].to_dict() == {"接待": 0, "维修质量": 40, "等候": 0, "结算": 0}
    pd.testing.assert_frame_equal(
        found.rows.drop(columns="missing_count"), importance(values[40:]).rows.drop(columns="missing_count")
    )


def test_a_question_asked_twice_shares_its_importance_and_has_no_slope_of_its_own():
    values = scores(count=400)
    values[:, 1] = 6 - values[:, 0]
    rows = importance(values).rows.set_index("item")
    assert rows["inflation"].map(np.isinf).to_dict() == {"接待": True, "维修质量": True, "等候": False, "结算": False}
    assert rows.loc["接待", "importance_share"] == pytest.approx(rows.loc["维修质量", "importance_share"])
    assert rows["per_point"].isna().to_dict() == {"接待": True, "维修质量": True, "等候": False, "结算": False}
    assert (rows.loc["接待", "association"], rows.loc["维修质量", "association"]) == ("up", "down")


def test_of_equal_questions_none_leads():
    values = scores(count=400)
    values[:, 1] = values[:, 0]
    assert importance(values).leading is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda values: values[:39], "39 of 39 respondents"),
        (lambda values: values[:1], "1 of 1 respondents"),
        (lambda values: values[:0], "0 of 0 respondents"),
        (lambda values: np.where(np.arange(5) == 4, 3.0, values), "gave the overall question the same score"),
        (lambda values: np.where(np.arange(5) == 1, 3.0, values), "same score to 维修质量"),
        (lambda values: np.full_like(values, 3.0), "gave the overall question the same score"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_reason(change, words: str):
    with pytest.raises(NothingToShow) as refused:
        importance(change(scores(count=100)))
    assert words in refused.value.words("en")


def test_weights_that_make_one_person_count_for_nearly_all_are_refused():
    weights = np.ones(100)
    weights[0] = 1000.0
    with pytest.raises(NothingToShow) as refused:
        importance(scores(count=100), weights)
    assert "worth 1 of equal weight; at least 20 are needed" in refused.value.words("en")


def test_ten_people_are_needed_for_every_question():
    values, items = drawn_scores(np.random.default_rng(1), 70, [0.3] * 8), tuple("甲乙丙丁戊己庚辛")
    with pytest.raises(NothingToShow) as refused:
        importance(values, items=items)
    assert "at least 80" in refused.value.words("en")


def test_a_hundred_thousand_people_are_drawn_in_groups_and_the_figures_are_of_all():
    values = scores(count=20_000, alike=0.4)
    found = importance(values)
    width = (found.rows["share_high"] - found.rows["share_low"]).mean()
    tenth = importance(values[::10]).rows
    assert found.base == 20_000
    assert width == pytest.approx((tenth["share_high"] - tenth["share_low"]).mean() / 10**0.5, rel=0.25)


def test_the_map_places_what_is_clear_and_leaves_the_rest_undecided():
    found = importance(scores((0.8, 0.8, 0.1, 0.1), shift=[-1, 1, -1, 1], count=3000))
    placed = importance_map(found, scales=SCALES).set_index("item")
    assert placed["quadrant"].to_dict() == {
        "接待": "concentrate", "维修质量": "keep_up", "结算": "overkill", "等候": "low_priority",
    }  # fmt: skip
    few = importance(scores((0.8, 0.7, 0.1, 0.1), shift=[-1, 1, -1, 1], count=60))
    rows = importance_map(few, scales=SCALES)
    crosses = (rows["importance_low"] <= rows["importance_line"]) & (rows["importance_line"] <= rows["importance_high"])
    crosses |= (rows["score_low"] <= rows["score_line"]) & (rows["score_line"] <= rows["score_high"])
    assert (rows["quadrant"] == "undecided").tolist() == crosses.tolist()
    assert crosses.any()


def test_the_lines_lie_at_the_mean_the_median_or_a_target():
    found = importance(scores((0.8, 0.8, 0.1, 0.1), shift=[-1, 1, -0.5, 1], count=300))
    for cross, line in (("mean", np.mean), ("median", np.median)):
        placed = importance_map(found, scales=SCALES, cross=cross)
        assert placed["score_line"].iloc[0] == pytest.approx(line(placed["score_share"]))
        assert placed["importance_line"].iloc[0] == pytest.approx(line(placed["importance_share"]))
    aimed = importance_map(found, scales=SCALES, cross="target", target=0.9)
    assert aimed["score_line"].iloc[0] == 0.9
    assert aimed["importance_line"].iloc[0] == pytest.approx(0.25)
    assert not aimed["quadrant"].isin(["keep_up", "overkill"]).any()


def test_a_question_against_the_outcome_or_without_a_scale_has_no_place():
    scales = SCALES.assign(scale_count=[1, 2, 1, 1])
    placed = importance_map(importance(scores()), scales=scales).set_index("item")
    assert placed.loc["结算", "quadrant"] == "reversed"
    assert placed.loc["维修质量", "quadrant"] == "unscaled"
    assert placed.loc[["结算", "维修质量"], "importance_low"].isna().all()


def test_where_nothing_goes_together_every_question_is_undecided():
    placed = importance_map(importance(scores((0, 0, 0, 0), shift=[-1, 1, -1, 1])), scales=SCALES)
    assert set(placed["quadrant"]) == {"undecided"}


def test_a_target_off_the_scale_is_refused():
    with pytest.raises(ChoiceError, match="choose 0"):
        importance_map(importance(scores()), scales=SCALES, cross="target", target=1.5)


def test_joint_widths_hold_all_values_together():
    random = np.random.default_rng(3)
    draws = random.normal(size=(4000, 5)) * [1, 2, 3, 4, 0]
    widths = joint_widths(draws, np.zeros(5), error=0.1, degrees=1e9, questions=5)
    assert (np.abs(draws) <= widths).all(axis=1).mean() == pytest.approx(0.9, abs=0.005)
    assert widths[4] == 0
