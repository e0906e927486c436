"""What the 95 % intervals cover: counted out exactly where each answers once, simulated where one answers often.

Every possible outcome, or every simulated sample, is a touchpoint of one survey: the query itself gives the intervals.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, multinomial

from tests.analyses.surveys import many_surveys
from tests.topics.satisfaction.test_published import FILE
from workbench.topics.satisfaction.query import ces, csat, nps

SHARES = np.unique(np.r_[np.arange(0, 1.0001, 0.05), 0.005, 0.01, 0.02, 0.98, 0.99, 0.995].round(3))
SIZES = (10, 11, 12, 13, 14, 15, 17, 20, 25, 30, 40, 50, 70, 100)
SEED = 20261128


def outcomes(counts: np.ndarray, scores: tuple[int, ...], kind: str) -> pd.DataFrame:
    """Ask for the interval of every outcome: a row of `counts` says how many gave each of the scores."""
    groups = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    given = np.concatenate([np.repeat(scores, row) for row in counts])
    survey = many_surveys({"score": given, "touchpoint": [f"{group:06}" for group in groups]}, kind=kind)
    asked = (nps if kind == "nps" else csat)(survey, by="touchpoint", smallest=1)
    return asked.to_pandas()


def chosen_sizes(trials) -> tuple[int, ...]:
    """All sizes with --full, else three."""
    return SIZES if trials(10) == 10 else (10, 20, 50)


def test_the_interval_of_nps_covers_93_per_cent_for_all_shares_from_ten_answers_on(trials):
    for size in chosen_sizes(trials):
        counts = np.array([(p, size - p - d, d) for p, d in product(range(size + 1), repeat=2) if p + d <= size])
        found = outcomes(counts, (10, 7, 0), "nps")
        covered = {}
        for p, d in product(SHARES, repeat=2):
            if p + d > 1 + 1e-9:
                continue
            chances = multinomial.pmf(counts, size, [p, max(1 - p - d, 0), d])
            holds = (found["low"] <= 100 * (p - d) + 1e-9) & (100 * (p - d) - 1e-9 <= found["high"])
            covered[p, d] = float(chances[holds.to_numpy()].sum())
        worst = min(covered, key=covered.__getitem__)
        assert covered[worst] >= 0.93, (size, worst, covered[worst])
        assert np.mean(list(covered.values())) <= 0.99, size


def test_the_interval_of_csat_covers_94_per_cent_for_all_shares_from_ten_answers_on(trials):
    for size in chosen_sizes(trials):
        many = np.arange(size + 1)
        found = outcomes(np.column_stack([many, size - many]), (5, 1), "csat").sort_values("csat")
        shares = np.linspace(0, 1, 501)
        holds = (found["low"].to_numpy() <= shares[:, None] + 1e-9) & (
            shares[:, None] - 1e-9 <= found["high"].to_numpy()
        )
        covered = (binom.pmf(many, size, shares[:, None]) * holds).sum(axis=1)
        assert covered.min() >= 0.94, (size, shares[covered.argmin()], covered.min())


ANSWERS = {
    "nearly all the best": [0.01, 0.01, 0.03, 0.15, 0.8],
    "two ends": [0.1, 0, 0, 0, 0.9],
    "all but a few alike": [0.02, 0, 0, 0, 0.98],
    "two neighbours": [0, 0, 0, 0.5, 0.5],
    "even": [0.2] * 5,
    "seven levels": [0.01, 0.01, 0.01, 0.02, 0.05, 0.2, 0.7],
}


@pytest.mark.parametrize("spread", [0, 0.5], ids=["one answer each", "weighted"])
@pytest.mark.parametrize("shape", ANSWERS)
def test_the_interval_of_a_mean_covers_93_per_cent_whatever_is_answered(shape, spread, trials):
    """Weights differ as those of surveys do: lognormal, with the spread given."""
    samples, chances = trials(2000), np.array(ANSWERS[shape])
    random, levels = np.random.default_rng(SEED), np.arange(1, len(ANSWERS[shape]) + 1)
    for size in (10, 15, 30, 100) if samples == 2000 else (10, 30):
        columns = {
            "score": random.choice(levels, samples * size, p=chances),
            "weight": np.exp(random.normal(0, spread, samples * size)).round(3),
            "touchpoint": np.repeat([f"{sample:06}" for sample in range(samples)], size),
            "scale_low": np.ones(samples * size),
            "scale_high": np.full(samples * size, len(levels)),
        }
        found = ces(many_surveys(columns, kind="ces"), by="touchpoint", smallest=1).to_pandas()
        truth = float(chances @ levels)
        covered = float(((found["low"] <= truth + 1e-9) & (truth - 1e-9 <= found["high"])).mean())
        assert covered >= 0.93 - 2 * (0.93 * 0.07 / samples) ** 0.5, (size, covered)


@pytest.mark.parametrize("alike", [0.3, 0.9])
@pytest.mark.parametrize("kind", ["nps", "csat", "ces"])
def test_the_intervals_cover_where_one_person_answers_one_to_nine_times(kind, alike, trials):
    """Of 40 people the odd ones answer once, the others nine times; `alike` of the answers are the person's own."""
    samples, people = trials(3000), 40
    random = np.random.default_rng(SEED)
    chances = np.array([0.02, 0.03, 0.1, 0.25, 0.6])
    scores = {"nps": np.array([0, 3, 7, 9, 10]), "csat": np.arange(1, 6), "ces": np.arange(1, 6)}[kind]
    times = np.tile([1, 9], people // 2)
    own = random.choice(5, (samples, people), p=chances)
    person = np.repeat(np.arange(people), times)
    given = np.where(
        random.random((samples, len(person))) < alike,
        own[:, person],
        random.choice(5, (samples, len(person)), p=chances),
    )
    survey = many_surveys(
        {
            "score": scores[given].ravel(),
            "touchpoint": np.repeat([f"{sample:06}" for sample in range(samples)], len(person)),
            "response_id": np.tile([f"p{place}" for place in person], samples),
        },
        kind=kind,
    )  # fmt: skip
    found = {"nps": nps, "csat": csat, "ces": ces}[kind](survey, by="touchpoint", smallest=1).to_pandas()
    values = {"nps": 100 * ((scores >= 9) * 1 - (scores <= 6)), "csat": scores >= 4, "ces": scores}[kind]
    truth = float(chances @ values)
    covered = float(((found["low"] <= truth) & (truth <= found["high"])).mean())
    assert covered >= 0.93 - 2 * (0.93 * 0.07 / samples) ** 0.5, covered


@pytest.mark.real_data
@pytest.mark.parametrize("people", [30, 100, 300])
def test_the_interval_of_csat_covers_in_samples_of_a_real_survey_over_many_items(people, shared_data, trials):
    """Samples of the travellers of SFO 2017 with all their answers to Q7: the satisfaction of all is known."""
    raw = pd.read_csv(shared_data / "sfo_survey_2017" / FILE, dtype=str)
    answers = raw[[name for name in raw if name.startswith("Q7")]].apply(pd.to_numeric, errors="coerce")
    scores = answers.where((answers >= 1) & (answers <= 5)).to_numpy()
    truth = float((scores[~np.isnan(scores)] >= 4).mean())
    samples = trials(2000)
    drawn = np.random.default_rng(SEED).integers(0, len(scores), samples * people)
    row, item = np.nonzero(~np.isnan(scores[drawn]))
    columns = {
        "score": scores[drawn][row, item],
        "item": answers.columns.to_numpy()[item],
        "touchpoint": np.array([f"{sample:06}" for sample in range(samples)])[row // people],
        "response_id": row.astype(str),
    }
    found = csat(many_surveys(columns, kind="csat"), by="touchpoint", smallest=1).to_pandas()
    covered = float(((found["low"] <= truth) & (truth <= found["high"])).mean())
    assert covered >= 0.93 - 2 * (0.93 * 0.07 / samples) ** 0.5, covered
    assert len(columns["score"]) / samples > 5 * people, "many answers each, or nothing is tried"
