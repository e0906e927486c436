"""More than chance: at most 5 in 100 constant customers pass, reckoned for every count, and a rise is found."""

from __future__ import annotations

from itertools import product

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from workbench.analyses.beyond_chance import exceeds, more_often, worth_more


def asked(**columns: list) -> ir.Table:
    return ibis.memtable(pd.DataFrame(columns))


@pytest.mark.parametrize(("level", "stricter"), [(0.05, 9), (0.025, 22)])
def test_the_closed_form_of_the_binomial_test_never_goes_below_the_exact_critical_value(level, stricter, trials):
    n = np.repeat(np.arange(1, trials(3000) + 1), 9)
    later = stats.binom.isf(level, n, 0.5) + np.tile(np.arange(-4, 5), len(n) // 9)
    rows = asked(n=n, later=later)
    said = rows.select(said=more_often(rows.later, rows.n - rows.later, level=level)).to_pandas()["said"].to_numpy()
    possible = (later >= 0) & (later <= n)
    chance = stats.binom.sf(later - 1, n, 0.5)
    assert chance[said & possible].max() <= level
    assert (~said & possible & (chance <= level)).sum() <= stricter, "stricter than exact for more counts than stated"


def test_a_trend_over_four_spans_is_judged_as_the_exact_test_judges_it(trials):
    """The sum of n places -3, -1, 1, 3, each as likely: reckoned whole by convolution."""
    one, law, rows = np.array([1, 0, 1, 0, 1, 0, 1]) / 4, np.array([1.0]), []
    for n in range(1, trials(400) + 1):
        law = np.convolve(law, one)
        tails = np.cumsum(law[::-1])[::-1]
        rows += [(n, total, chance) for total, chance in zip(range(-3 * n, 3 * n + 1, 2), tails[::2], strict=True)]
    n, rise, chance = (np.array(column) for column in zip(*rows, strict=True))
    table = asked(n=n, rise=rise)
    said = table.select(said=exceeds(table.rise, table.n * 5)).to_pandas()["said"].to_numpy()
    assert chance[said].max() <= 0.05
    assert (~said & (chance <= 0.05)).sum() <= 1, "stricter than the exact test at n = 6, and nowhere else"


@pytest.mark.parametrize(("level", "bound"), [(0.05, 2.152), (0.025, 2.416)])
def test_no_amounts_pass_the_test_of_money_by_chance_oftener_than_stated(level, bound, trials):
    """All 2^n ways to lay n purchases into two windows, for amounts that are equal, spread, and with a giant."""
    draw = np.random.default_rng(20261128)
    for trial in range(trials(300)):
        n = int(draw.integers(1, 12))
        amounts = np.round(np.exp(draw.normal(4, draw.choice([0, 0.5, 1, 3]), n)), 2)
        differences = np.array(list(product((-1, 1), repeat=n))) @ amounts
        squares = float((amounts**2).sum())
        passed = differences >= bound * np.sqrt(squares)
        assert passed.mean() <= level, trial
        assert worth(float(differences.max()), squares, level) == bool(passed[differences.argmax()])


def worth(gap: float, squares: float, level: float = 0.05) -> bool:
    row = asked(gap=[gap], squares=[squares])
    return bool(row.select(said=worth_more(row["gap"], row.squares, level=level)).to_pandas()["said"][0])


def test_one_giant_purchase_proves_nothing_and_six_against_none_do():
    assert not worth(1e6, 1e12)
    assert worth(6.0, 6.0)
    assert not worth(-6.0, 6.0)
