"""What is called a difference: chance alone must not be, what was planted must be, whenever it happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma, norm

from tests.analyses.surveys import many_surveys
from workbench.topics.satisfaction.differences import _normal, trend_verdict, with_standing
from workbench.topics.satisfaction.query import ces, csat, nps

MEASURES = {"nps": nps, "csat": csat, "ces": ces}
SCORES = {"nps": np.array([0, 3, 7, 9, 10]), "csat": np.arange(1, 6), "ces": np.arange(1, 6)}
SKEWED, EVEN = (0.02, 0.03, 0.1, 0.25, 0.6), (0.25, 0.15, 0.2, 0.15, 0.25)
MONTHS = pd.date_range("2025-01-01", periods=12, freq="MS")
SEED = 20261128


def panels(
    count: int,
    *,
    kind: str,
    groups: int,
    answers: int,
    chances: tuple[float, ...] = SKEWED,
    times: int = 1,
    alike: float = 0.0,
    worse_group: float = 0.0,
    worse_from: int | None = None,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Simulate panels: the groups and the months of each, as the queries give them.

    Everybody answers `times` times, in any groups and months; `alike` of the answers are the person's own. In the
    first group a share `worse_group` of the answers is the lowest; from the month `worse_from` on a third is, anywhere.
    """
    random = np.random.default_rng(SEED)
    many = groups * answers
    panel, person = np.repeat(np.arange(count), many), np.tile(np.arange(many) // times, count)
    own = random.choice(5, (count, many // times + 1), p=chances)
    level = np.where(random.random(len(panel)) < alike, own[panel, person], random.choice(5, len(panel), p=chances))
    group, month = random.integers(0, groups, len(panel)), random.integers(0, 12, len(panel))
    level[(group == 0) & (random.random(len(panel)) < worse_group)] = 0
    if worse_from is not None:
        level[(month >= worse_from) & (random.random(len(panel)) < 1 / 3)] = 0
    common = {"score": SCORES[kind][level], "response_id": [f"p{number}" for number in person]}
    for by_group, by_month in zip(
        _by(kind, common, panel, group), _by(kind, common, panel, month), strict=True
    ):  # fmt: skip
        months = by_month.rename(columns={kind: "value"}).assign(period=MONTHS[by_month["part"]], is_incomplete=False)
        yield by_group, months


def _by(kind: str, common: dict, panel: np.ndarray, part: np.ndarray) -> Iterator[pd.DataFrame]:
    """Ask for the parts of all panels at once, and hand them out panel by panel."""
    names = [f"{one:05}|{two:02}" for one, two in zip(panel, part, strict=True)]
    survey = many_surveys(common | {"touchpoint": names}, kind=kind)
    found = MEASURES[kind](survey, by="touchpoint", smallest=1).to_pandas()
    found = found.assign(panel=found["touchpoint"].str[:5], part=found["touchpoint"].str[6:].astype(int))
    for _, rows in found.groupby("panel"):
        yield rows.reset_index(drop=True)


@pytest.mark.parametrize(
    "how",
    [
        {"kind": "csat", "groups": 5, "answers": 60},
        {"kind": "csat", "groups": 14, "answers": 45, "chances": EVEN},
        {"kind": "nps", "groups": 10, "answers": 60, "chances": EVEN},
        {"kind": "nps", "groups": 10, "answers": 120, "times": 4, "alike": 0.6},
        {"kind": "ces", "groups": 10, "answers": 60, "chances": EVEN},
    ],
    ids=lambda how: f"{how['kind']}-{how['groups']}",
)
def test_chance_alone_makes_a_headline_in_six_of_a_hundred_panels_at_most(how, trials):
    count = trials(1000)
    claims = [
        (
            with_standing(groups, how["kind"])["stands"].ne("unclear").any(),
            trend_verdict(months, how["kind"]).change is not None,
        )
        for groups, months in panels(count, **how)
    ]
    assert len(claims) == count
    assert np.mean([any(claim) for claim in claims]) <= 0.06, np.mean(claims, axis=0)


@pytest.mark.parametrize("kind", MEASURES)
def test_the_group_that_is_worse_is_found_and_named(kind, trials):
    named = [
        with_standing(groups, kind).set_index("part")["stands"]
        for groups, _ in panels(trials(300), kind=kind, groups=10, answers=60, worse_group=0.4)
    ]
    assert np.mean([stands[0] == "below" for stands in named]) >= 0.9
    assert np.mean([stands.drop(0).eq("below").any() for stands in named]) <= 0.06, "none of the others is worse"


@pytest.mark.parametrize("worse_from", [2, 6, 10])
@pytest.mark.parametrize("kind", MEASURES)
def test_a_fall_is_found_whenever_it_happened(kind, worse_from, trials):
    shifts = [
        trend_verdict(months, kind).change
        for _, months in panels(trials(300), kind=kind, groups=5, answers=160, worse_from=worse_from)
    ]
    found = [shift for shift in shifts if shift is not None and shift.change < 0]
    assert len(found) >= 0.9 * len(shifts)
    assert np.mean([abs(shift.since.month - 1 - worse_from) <= 1 for shift in found]) >= 0.8


def rows(*values: float, base: int = 100, **more) -> pd.DataFrame:
    """Groups of answers 0 or 1 with these shares."""
    shares = np.array(values)
    third = base * shares * (1 - shares) * (1 - 2 * shares)
    found = pd.DataFrame(
        {
            "csat": shares, "value": shares, "weight": float(base), "respondents": base, "effective_base": float(base),
            "squares": base * shares * (1 - shares), "cubes": third, "is_small": base < 30,
            "is_incomplete": False, "period": pd.date_range("2025-01-01", periods=len(shares), freq="MS"),
        }
    )  # fmt: skip
    return found.assign(**more)


def test_a_group_is_tested_against_the_others_and_the_p_value_is_the_textbooks():
    """Two groups of 0 and 1, half and half: one p value, that of the comparison of two shares."""
    both = with_standing(rows(0.6, 0.4), "csat")
    error = (2 * (2 * 100 * 0.24) / (2 * 100 - 2) / 100) ** 0.5
    assert both["p_value"].tolist() == pytest.approx([2 * 2 * norm.sf(0.2 / error)] * 2)
    assert both["stands"].tolist() == ["above", "below"]


def test_small_groups_and_those_without_figures_are_never_judged_and_do_not_count():
    shares = rows(0.9, 0.9, 0.5)
    judged = with_standing(shares.assign(is_small=[False, True, True]), "csat")
    assert judged["p_value"].isna().tolist() == [False, True, True]
    hidden = with_standing(shares.astype({"csat": object}).assign(csat=[0.9, 0.9, None]), "csat")
    assert hidden["stands"].tolist() == ["unclear"] * 3


def test_one_group_nobody_and_answers_all_alike_differ_in_nothing():
    assert with_standing(rows(0.5), "csat")["stands"].tolist() == ["unclear"]
    assert with_standing(rows(0.5).head(0), "csat").empty
    assert with_standing(rows(1.0, 1.0, 1.0), "csat")["stands"].tolist() == ["unclear"] * 3
    assert trend_verdict(rows(1.0, 1.0, 1.0), "csat").change is None
    assert trend_verdict(rows(0.5).head(0), "csat").change is None


def test_a_shift_has_the_levels_before_and_after_and_the_period_it_begins_with():
    shift = trend_verdict(rows(0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.5), "csat").change
    assert (shift.since, shift.before, shift.after) == (date(2025, 4, 1), pytest.approx(0.9), pytest.approx(0.5))
    assert shift.p_value < 0.001


def test_a_period_that_has_not_ended_makes_no_shift():
    months = rows(0.9, 0.9, 0.9, 0.1)
    assert trend_verdict(months.assign(is_incomplete=[False, False, False, True]), "csat").change is None
    assert trend_verdict(months, "csat").change is not None


def test_a_side_worth_fewer_than_thirty_respondents_makes_no_shift():
    assert trend_verdict(rows(0.9, 0.9, 0.1, base=20).tail(2), "csat").change is None


def test_the_cube_root_makes_a_skewed_deviate_a_normal_one():
    for skewness in (0.1, 0.3, 0.7):
        shape = 4 / skewness**2
        for chance in (0.001, 0.01, 0.3, 0.9, 0.99, 0.999):
            deviate = (gamma.ppf(chance, shape) - shape) / shape**0.5
            assert _normal(deviate, skewness) == pytest.approx(norm.ppf(chance), abs=0.06)
            assert _normal(-deviate, -skewness) == pytest.approx(-norm.ppf(chance), abs=0.06)


@pytest.mark.parametrize("count", [24, 30, 36])
def test_what_comes_back_every_year_is_no_change(count, trials):
    """Of 80 respondents each, 70 to 90 % are satisfied, by the month of the year."""
    random, months = np.random.default_rng(SEED), np.arange(count)
    level = 0.8 + 0.1 * np.sin(2 * np.pi * months / 12)
    seasonal = [random.binomial(80, level) / 80 for _ in range(trials(500))]
    verdicts = [trend_verdict(rows(*shares, base=80), "csat") for shares in seasonal]
    assert all(verdict.is_told and verdict.is_without_seasons for verdict in verdicts)
    assert np.mean([verdict.change is not None for verdict in verdicts]) <= 0.06


def test_a_step_is_found_under_the_seasons():
    random, months = np.random.default_rng(SEED), np.arange(36)
    level = 0.75 + 0.1 * np.sin(2 * np.pi * months / 12) - 0.12 * (months >= 20)
    changes = [trend_verdict(rows(*random.binomial(120, level) / 120, base=120), "csat").change for _ in range(20)]
    assert all(change is not None and change.change < 0 for change in changes)


def test_forms_are_told_apart():
    random, months = np.random.default_rng(SEED), np.arange(24)
    levels = {
        "step": 0.85 - 0.15 * (months >= 9),
        "drift": 0.9 - 0.2 * months / 23,
        "episode": 0.85 - 0.25 * ((months >= 9) & (months < 11)),
    }
    for form, level in levels.items():
        drawn = [random.binomial(150, level) / 150 for _ in range(20)]
        changes = [trend_verdict(rows(*shares, base=150), "csat").change for shares in drawn]
        assert [change.form for change in changes if change].count(form) >= 17, form


def test_too_few_answers_are_no_verdict():
    verdict = trend_verdict(rows(0.9, 0.2, base=20), "csat")
    assert (verdict.change, verdict.is_told) == (None, False)
    assert trend_verdict(rows(0.8, 0.8, base=100), "csat").is_told
