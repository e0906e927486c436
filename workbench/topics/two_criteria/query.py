"""Where the levels of visits and of spend begin: at thirds of the customers, at shares of the sum, or where set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, get_args

import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.arrays import Integers
from workbench.analyses.choices import check_choice
from workbench.analyses.exact_shares import BILLIONTHS
from workbench.analyses.segmentation import MONEY_TYPE
from workbench.analyses.tied_cuts import parted_at_ties
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.pareto.query import check_abc_cut
from workbench.topics.two_criteria.segmentation import GridCuts, Spend, Visits

CutBy = Literal["thirds", "cumulative", "fixed"]


@dataclass(frozen=True)
class GridValues:
    """The values of visits and of spend that occur among those who have both, so that a share that moves is looked up.

    Amounts are whole cents.

    Attributes
    ----------
    visits, cents, heads
        By pair of values that occurs: the visits, the spend, and how many customers have both.
    unknown_count
        Customers of whom one of the two is unknown.
    """

    visits: Integers
    cents: Integers
    heads: Integers
    unknown_count: int

    @classmethod
    def read(cls, columns: Mapping[str, NDArray[Any]]) -> GridValues:
        """Build it from the columns that `two_criteria_steps` gives."""
        known = columns["is_known"].astype(bool)
        visits, cents, heads = (
            np.asarray(columns[name], dtype=np.int64)[known] for name in ("visits", "cents", "heads")
        )
        return cls(visits, cents, heads, int(columns["heads"][~known].sum()))

    @cached_property
    def _values(self) -> dict[str, tuple[Integers, Integers]]:
        """The values of each measure that occur, rising, with their customers."""
        return {"visits": _counted(self.visits, self.heads), "spend": _counted(self.cents, self.heads)}

    def cuts(
        self,
        *,
        cut_by: CutBy = "thirds",
        a_share: float = 0.80,
        b_share: float = 0.95,
        cuts: GridCuts | None = None,
    ) -> GridCuts:
        """Measure where the levels begin; see `two_criteria_cuts`."""
        check_choice("cut_by", cut_by, get_args(CutBy))
        if cut_by == "fixed":
            if cuts is None:
                raise ChoiceError("two_criteria_no_cuts")
            return cuts
        if not len(self.heads):
            raise NothingToShow("two_criteria_nobody", unknown=self.unknown_count)
        by_criterion = {}
        for name, unit in (("visits", 1), ("spend", 100)):
            steps, heads = self._values[name]
            if cut_by == "thirds":
                exact = parted_at_ties(_thirds(steps, heads), steps)
            else:
                exact = _by_share(steps, heads, name, a_share=a_share, b_share=b_share)
            by_criterion[name] = tuple(round(float(cut / unit), 9) for cut in exact)
        return GridCuts(
            visits=(by_criterion["visits"][0], by_criterion["visits"][1]),
            spend=(by_criterion["spend"][0], by_criterion["spend"][1]),
        )


def two_criteria_cuts(
    facts: ir.Table,
    *,
    visits: Visits = "visit_count",
    spend: Spend = "monetary",
    cut_by: CutBy = "thirds",
    a_share: float = 0.80,
    b_share: float = 0.95,
    cuts: GridCuts | None = None,
) -> GridCuts:
    """Measure where the middle and the high level of both measures begin.

    "thirds" cuts the customers into three parts at plain quantiles (type 7), each measure for itself. Where many are
    equal, the cuts go to the next values that somebody has (`parted_at_ties`): those who came once are low, not high.
    Where nobody has more the two cuts coincide, and the middle is empty (`GridCuts.repeated`). "cumulative" takes the
    ABC rule of `abc_classes` for each measure: high are those who bring the first `a_share` of its sum (who crosses
    the line belongs to it, equals stay together), middle those up to `b_share`; it needs a value above zero. "fixed"
    gives back `cuts`.

    Raises
    ------
    NothingToShow
        Nobody has both measures, or none of them above zero where the sum is to be shared.

    References
    ----------
    R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996).
    """
    table = two_criteria_steps(facts, visits=visits, spend=spend).to_pyarrow()
    columns = {name: table[name].to_numpy() for name in table.column_names}
    return GridValues.read(columns).cuts(cut_by=cut_by, a_share=a_share, b_share=b_share, cuts=cuts)


def two_criteria_steps(facts: ir.Table, *, visits: Visits = "visit_count", spend: Spend = "monetary") -> ir.Table:
    """Condense the facts to what `GridValues.read` takes.

    Returns
    -------
    visits, cents (0 where unknown), is_known (both are), heads (customers with this pair).
    """
    check_choice("visits", visits, get_args(Visits))
    check_choice("spend", spend, get_args(Spend))
    missing = [name for name in (visits, spend) if name not in facts.columns]
    if missing:
        raise ChoiceError("two_criteria_column", missing=missing)
    known = facts[visits].notnull() & facts[spend].notnull()
    pairs = facts.select(
        is_known=known,
        visits=known.ifelse(facts[visits], 0).cast("int64"),
        cents=known.ifelse((facts[spend].cast(MONEY_TYPE) * 100).cast("int64"), 0),
    )
    return pairs.group_by("is_known", "visits", "cents").aggregate(heads=_.count().cast("int64"))


def _counted(values: Integers, heads: Integers) -> tuple[Integers, Integers]:
    """Every value once, rising, with its customers."""
    steps, places = np.unique(values, return_inverse=True)
    counts = np.zeros(len(steps), dtype=np.int64)
    np.add.at(counts, places, heads)
    return steps, counts


def _thirds(steps: Integers, heads: Integers) -> list[Fraction]:
    """Cut at one and two thirds of the way through the customers, in whole numbers."""
    last = np.cumsum(heads)
    thirds = []
    for k in (1, 2):
        index, rest = divmod((int(last[-1]) - 1) * k, 3)
        low, high = (int(steps[np.searchsorted(last, place, side="right")]) for place in (index, index + (rest > 0)))
        thirds.append(low + Fraction(rest, 3) * (high - low))
    return thirds


def _by_share(steps: Integers, heads: Integers, name: str, *, a_share: float, b_share: float) -> list[Fraction]:
    """The lowest value of A and of B under the rule "crossing"; where nobody is B, the cuts coincide."""
    check_abc_cut(a_share=a_share, b_share=b_share, boundary="crossing")
    best_first = steps > 0
    values, gains = steps[best_first][::-1], (steps * heads)[best_first][::-1]
    if not len(values):
        raise NothingToShow("two_criteria_no_value", measure=name)
    above = np.concatenate([[0], np.cumsum(gains)[:-1]])
    whole = int(gains.sum())
    lowest = [
        int(np.searchsorted(above, (whole * round(share * BILLIONTHS) - 1) // BILLIONTHS, side="right")) - 1
        for share in (b_share, a_share)
    ]
    return [Fraction(int(values[place])) for place in lowest]
