"""The planted facts about what customers say, from the raw files by pandas alone."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.samples.raw import Raw

DIMENSIONS = {"有形性": (1, 4), "可靠性": (5, 9), "响应性": (10, 13), "保证性": (14, 17), "移情性": (18, 22)}
ENOUGH = 30


def csat(answers: pd.DataFrame) -> float:
    valid = answers.score.dropna()
    return float((valid >= 4).mean())


def nps(scores: pd.Series) -> float:
    return float(100 * ((scores >= 9).mean() - (scores <= 6).mean()))


def recommended(raw: Raw) -> pd.DataFrame:
    scores = pd.to_numeric(raw.recommendations["推荐意愿"])
    return raw.recommendations.assign(score=scores)[scores.between(0, 10)]


def test_one_touchpoint_drags_satisfaction_since_a_day(raw: Raw, facts: dict):
    fact = facts["bad_touchpoint"]
    own = raw.follow_ups["触点"] == fact["touchpoint"]
    late = raw.follow_ups.day >= fact["since"]
    found = {
        "csat": csat(raw.follow_ups[own]),
        "before": csat(raw.follow_ups[own & ~late]),
        "after": csat(raw.follow_ups[own & late]),
        "overall": csat(raw.follow_ups),
        "without": csat(raw.follow_ups[~own]),
    }
    assert {name: fact[name] for name in found} == pytest.approx(found)
    assert fact["base"] == raw.follow_ups[own].score.notna().sum()
    assert found["after"] < 0.45 < found["before"]


def test_it_is_the_worst_touchpoint_of_those_with_enough_answers(raw: Raw, facts: dict):
    large = [own for _, own in raw.follow_ups.groupby("触点") if own.score.notna().sum() >= ENOUGH]
    worst = min(large, key=csat)
    assert set(worst["触点"]) == {facts["bad_touchpoint"]["touchpoint"]}


def test_one_touchpoint_is_hidden_and_one_grey(raw: Raw, facts: dict):
    bases = raw.follow_ups.groupby("触点").score.count()
    small = bases[bases < ENOUGH].sort_values()
    fact = facts["small_groups"]
    assert dict(small) == {fact["hidden"]: fact["hidden_base"], fact["grey"]: fact["grey_base"]}
    assert fact["hidden_base"] < 5 <= fact["grey_base"]


def test_the_newcomer_is_noise_and_another_advisor_is_really_weak(raw: Raw, facts: dict):
    fact = facts["noisy_advisor"]
    scores = raw.follow_ups.groupby("服务顾问").score.agg(["mean", "count", "std"])
    newcomer, weak = scores.loc[fact["newcomer"]], scores.loc[fact["weak"]]
    assert (newcomer["count"], weak["count"]) == (fact["few"], fact["many"])
    assert newcomer["mean"] == pytest.approx(fact["newcomer_mean"]) == scores["mean"].min()
    assert weak["mean"] == pytest.approx(fact["weak_mean"]) == scores[scores["count"] >= ENOUGH]["mean"].min()
    overall = raw.follow_ups.score.mean()
    assert overall == pytest.approx(fact["overall"])
    assert overall - weak["mean"] > 1.96 * weak["std"] / weak["count"] ** 0.5


def test_nps_by_region(raw: Raw, facts: dict):
    answers = recommended(raw)
    found: dict[str, object] = {}
    for number, region in enumerate(("城东", "城西", "城南", "滨江"), start=1):
        own = answers[answers["区域"] == region].score
        found |= {f"region_{number}": region, f"nps_{number}": pytest.approx(nps(own)), f"base_{number}": len(own)}
    assert facts["nps_by_region"] == found
    assert facts["nps_by_region"]["nps_4"] == min(facts["nps_by_region"][f"nps_{number}"] for number in range(1, 5))


def test_nps_of_all_plain_weighted_and_naive(raw: Raw, facts: dict):
    answers = recommended(raw)
    written = pd.to_numeric(raw.recommendations["推荐意愿"])
    weights = answers["权重"].astype(float)
    weighted = 100 * (weights[answers.score >= 9].sum() - weights[answers.score <= 6].sum()) / weights.sum()
    assert facts["nps_overall"] == {
        "base": len(answers),
        "nps": pytest.approx(nps(answers.score)),
        "weighted": pytest.approx(weighted),
        "refused": int((written == 99).sum()),
        "naive": pytest.approx(nps(written.dropna())),
    }
    assert facts["nps_overall"]["naive"] > facts["nps_overall"]["nps"]


def test_weights_restore_the_regions(raw: Raw):
    weights = raw.recommendations.groupby("区域")["权重"].agg(["min", "max"]).astype(float)
    assert (weights["min"] == weights["max"]).all()
    assert weights["min"].idxmin() == "滨江"
    assert raw.recommendations["权重"].astype(float).mean() == pytest.approx(1, abs=0.001)


def test_missing_answers_are_as_many_as_stated(raw: Raw, facts: dict):
    written = raw.follow_ups["评分"]
    items = raw.servqual[[column for column in raw.servqual if column[0] in "EP"]]
    effort = pd.to_numeric(raw.recommendations["费力程度"])
    assert facts["missing_answers"] == {
        "csat_refused": int((written == "9").sum()),
        "csat_blank": int((written == "").sum()),
        "csat_words": int((written == "很好").sum()),
        "nps_refused": int((pd.to_numeric(raw.recommendations["推荐意愿"]) == 99).sum()),
        "nps_blank": int(raw.recommendations["推荐意愿"].isna().sum()),
        "ces_blank": int(effort.isna().sum()),
        "servqual_missing": int((items == "-99").to_numpy().sum()),
    }
    assert effort.dropna().between(1, 7).all()


def test_responsiveness_has_the_largest_gap(raw: Raw, facts: dict):
    gaps = {}
    for dimension, (first, last) in DIMENSIONS.items():
        means = {}
        for side in "EP":
            columns = [f"{side}{number:02d}" for number in range(first, last + 1)]
            scores = raw.servqual[columns].astype(int).stack()
            means[side] = scores[scores != -99].mean()
        gaps[dimension] = means["P"] - means["E"]
    (worst, gap), (second, second_gap) = sorted(gaps.items(), key=lambda entry: entry[1])[:2]
    assert facts["largest_gap"] == {
        "respondents": len(raw.servqual),
        "dimension": worst,
        "gap": pytest.approx(gap),
        "next": second,
        "next_gap": pytest.approx(second_gap),
    }
    assert worst == "响应性"


def test_one_category_of_complaints_is_slow(raw: Raw, facts: dict):
    closed = raw.complaints[raw.complaints.closed_on.notna()]
    days = pd.Series([(end - start).days for start, end in zip(closed.day, closed.closed_on, strict=True)])
    medians = days.groupby(closed["投诉类别"].to_numpy()).median().sort_values()
    counts = closed["投诉类别"].value_counts()
    assert facts["slow_complaints"] == {
        "category": medians.index[-1],
        "median": medians.iloc[-1],
        "closed": counts[medians.index[-1]],
        "others": medians.iloc[-2],
        "open": len(raw.complaints) - len(closed),
        "complaints": len(raw.complaints),
    }
    assert medians.iloc[-1] > 2 * medians.iloc[-2]


def test_points_are_still_owed(raw: Raw, facts: dict):
    points = raw.points["积分变动"].astype(int)
    earned, spent = int(points[points > 0].sum()), -int(points[points < 0].sum())
    members = raw.points["客户编号"].nunique()
    assert facts["points_balance"] == {"earned": earned, "spent": spent, "open": earned - spent, "members": members}
    assert (points.groupby(raw.points["客户编号"]).sum() >= 0).all()
