"""RFM cut points: taken from the customers once, kept, shown, and applied again to a later period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from workbench.analyses.choices import check_choice
from workbench.analyses.facts import CountBy
from workbench.analyses.tied_cuts import parted_at_ties
from workbench.errors import ChoiceError, NothingToShow
from workbench.topics.rfm.measures import RFM, Money, rfm_measures
from workbench.topics.rfm.natural_breaks import natural_breaks
from workbench.topics.rfm.nested import NestedCuts, nested_cuts
from workbench.topics.rfm.quantile_breaks import mean_break, quantile_breaks
from workbench.topics.rfm.steps import BINS, Steps, checked_cuts, reaching

__all__ = ["BINS", "RFM", "AnyCuts", "Cuts", "Method", "NestedCuts", "Preset", "cuts_from", "measured_cuts", "rfm_cuts"]

Method = Literal["quantile", "nested", "natural", "mean"]
Preset = Literal["plain", "r_rfm"]

WHOLE_UNITS = {"recency_days": 1, "frequency": 1, "monetary": 100}


@dataclass(frozen=True)
class Cuts:
    """Where the scores of each measure begin, in its own unit and in rising order; one cut fewer than scores.

    An interval holds its lower cut: with frequency cuts (2, 4) two purchases score 2 and four score 3. Cuts are
    written by hand for fixed classes, `Cuts(recency_days=(30,), frequency=(3,), monetary=(5000,))`, or measured by
    `rfm_cuts`.
    """

    recency_days: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]

    def __post_init__(self) -> None:
        bins = None
        for name in RFM:
            cuts = checked_cuts(name, getattr(self, name), bins)
            object.__setattr__(self, name, cuts)
            bins = len(cuts) + 1

    @property
    def bins(self) -> int:
        """The highest score."""
        return len(self.recency_days) + 1

    @property
    def repeated(self) -> tuple[str, ...]:
        """The measures of which two cuts coincide (many equal customers), so that some of their scores stay empty."""
        return tuple(name for name in RFM if len(set(getattr(self, name))) < len(getattr(self, name)))

    @property
    def steps(self) -> Steps:
        """The least day, purchase and cent that reach each cut; the same for every parent."""
        days, times, cents = (
            np.array([reaching(cut, WHOLE_UNITS[name]) for cut in getattr(self, name)], dtype=np.int64) for name in RFM
        )
        bins = self.bins
        return days, np.broadcast_to(times, (bins, bins - 1)), np.broadcast_to(cents, (bins, bins, bins - 1))

    def as_dict(self) -> dict[str, list[float]]:
        """Return plain lists, ready for TOML or JSON.

        >>> Cuts.from_dict(Cuts((30,), (3,), (5000,)).as_dict()).frequency
        (3.0,)
        """
        return {name: list(cuts) for name, cuts in asdict(self).items()}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Cuts:
        """Read back what `as_dict` gave."""
        return cls(**{name: tuple(kept[name]) for name in RFM})


AnyCuts = Cuts | NestedCuts


def cuts_from(kept: Mapping[str, Any]) -> AnyCuts:
    """Read back the cut points of either kind; a ChoiceError says which measure is missing or cannot be.

    >>> cuts_from({"recency_days": [30], "frequency": [[2], [3]], "monetary": [[[10], [20]], [[30], [40]]]}).bins
    2
    """
    for name in RFM:
        if not isinstance(kept.get(name), (list, tuple)):
            raise ChoiceError("rfm_cuts_missing", name=name, needed=RFM)
    is_nested = any(isinstance(cut, (list, tuple)) for cut in kept["frequency"])
    return NestedCuts.from_dict(kept) if is_nested else Cuts.from_dict(kept)


def rfm_cuts(
    facts: ir.Table,
    *,
    bins: int = 5,
    method: Method = "quantile",
    preset: Preset = "plain",
    count_by: CountBy | None = None,
    money: Money = "total",
) -> AnyCuts:
    """Measure the cut points of recency, frequency and money from the customer facts.

    - "quantile" cuts the customers into `bins` parts at plain quantiles (type 7: linear between the two neighbours),
      counted exactly, each measure for itself.
    - "nested" does so for recency, then for frequency within every R score, then for money within every F score of
      that: `NestedCuts`.
    - "natural" puts the cuts where the values part by themselves (`natural_breaks`: k-means in one dimension, Jenks).
    - "mean" makes two parts, below the mean and from it on, as the Chinese 2x2x2 (八类) does; `bins` is 2 then,
      whatever is asked. For a set value instead of the mean write `Cuts` by hand.

    `count_by` and `money` are those of `rfm_measures`; the scores must be made with the same. The preset "r_rfm" adds 1
    to every quantile as the R package rfm does, an artefact of whole numbers which is wrong for cents; it is there to
    reproduce that package.

    Many equal customers make cuts coincide. A score then begins only once at a value, and further cuts go to the next
    value that somebody has: where 60 of 100 bought once, all 60 have the lowest F and who bought twice the fourth, and
    the scores between stay empty (`repeated` of the cuts names such measures). Equals at the bottom score low, equals
    at the top high; where all are equal, nobody bought oftener or for more (1), nor longer ago (the highest R). The
    preset keeps the package's own cuts.

    The three columns are fetched from the database, once; scoring never fetches a row.

    References
    ----------
    A. Hughes, Strategic Database Marketing (1994) for RFM in fifths; the R package rfm (A. Hebbali) for the preset;
    IBM SPSS Statistics Direct Marketing for independent and nested binning.
    """
    check_cut_choices(bins=bins, method=method, preset=preset)
    measured = rfm_measures(facts, count_by=count_by, money=money)
    table = measured.select("recency_days", "frequency", monetary=measured.worth).to_pyarrow()
    if table["monetary"].null_count:
        raise NothingToShow("needs_amounts")
    columns = {name: np.asarray(table[name].to_numpy(), dtype=np.int64) for name in RFM}
    return measured_cuts(columns, bins=bins, method=method, preset=preset)


def check_cut_choices(*, bins: int, method: str, preset: str) -> None:
    """Raise ChoiceError for a number of scores, a method or a preset that is not there."""
    check_choice("bins", bins, BINS)
    check_choice("method", method, get_args(Method))
    check_choice("preset", preset, get_args(Preset))


def measured_cuts(
    columns: Mapping[str, NDArray[np.int64]], *, bins: int = 5, method: Method = "quantile", preset: Preset = "plain"
) -> AnyCuts:
    """Measure cut points from customers in memory, by measure, in whole days, purchases and cents of M."""
    check_cut_choices(bins=bins, method=method, preset=preset)
    if not len(columns["monetary"]):
        raise NothingToShow("no_customers")

    artefact = 1 if preset == "r_rfm" and method in ("quantile", "nested") else 0

    def breaks(values: NDArray[np.int64], name: str) -> tuple[float, ...]:
        exact: list[Fraction]
        if method == "mean":
            exact = mean_break(values)
        elif method == "natural":
            exact = [Fraction(cut) for cut in natural_breaks(values, bins)]
        else:
            exact = quantile_breaks(values, bins)
        if not artefact:
            exact = parted_at_ties(exact, values)
        return tuple(round(float(cut / WHOLE_UNITS[name] + artefact), 9) for cut in exact)

    if method == "nested":
        return nested_cuts(columns, bins, breaks)
    return Cuts(**{name: breaks(columns[name], name) for name in RFM})


def thresholds_of(cuts: AnyCuts, *, money: Money = "total") -> dict[str, tuple[float, ...]]:
    """Return the cut points by the column of the evidence they cut; none for nested ones, which cut within groups."""
    if not isinstance(cuts, Cuts):
        return {}
    column = "average_order_value" if money == "average" else "monetary"
    cut = {column if name == "monetary" else name: tuple(points) for name, points in cuts.as_dict().items()}
    return {name: points for name, points in cut.items() if money != "none" or name != "monetary"}
