"""RFM cut points: taken from the customers once, kept, shown, and applied again to a later period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from workbench.analyses.choices import check_choice
from workbench.errors import ChoiceError, NothingToShow

Method = Literal["quantile", "mean"]
Preset = Literal["plain", "r_rfm"]

RFM = ("recency_days", "frequency", "monetary")
BINS = range(2, 10)


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
        for name in RFM:
            cuts = tuple(float(cut) for cut in getattr(self, name))
            object.__setattr__(self, name, cuts)
            if len(cuts) + 1 not in BINS or len(cuts) != len(self.recency_days) or list(cuts) != sorted(cuts):
                raise ChoiceError("rfm_cuts", name=name, value=cuts)

    @property
    def bins(self) -> int:
        """The highest score."""
        return len(self.recency_days) + 1

    @property
    def repeated(self) -> tuple[str, ...]:
        """The measures of which two cuts coincide (many equal customers), so that some of their scores stay empty."""
        return tuple(name for name in RFM if len(set(getattr(self, name))) < len(getattr(self, name)))

    def as_dict(self) -> dict[str, list[float]]:
        """Return plain lists, ready for TOML or JSON.

        >>> Cuts.from_dict(Cuts((30,), (3,), (5000,)).as_dict()).frequency
        (3.0,)
        """
        return {name: list(cuts) for name, cuts in asdict(self).items()}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Sequence[float]]) -> Cuts:
        """Read back what `as_dict` gave."""
        return cls(**{name: tuple(kept[name]) for name in RFM})


def rfm_cuts(facts: ir.Table, *, bins: int = 5, method: Method = "quantile", preset: Preset = "plain") -> Cuts:
    """Measure the cut points of recency, frequency and money from the customer facts.

    "quantile" cuts the customers into `bins` parts at plain quantiles (type 7: linear between the two neighbours),
    counted exactly. "mean" makes two parts, below the mean and from it on, as the Chinese 2x2x2 (八类) does; `bins` is
    2 then, whatever is asked. The preset "r_rfm" adds 1 to every quantile as the R package rfm does, an artefact of
    whole numbers which is wrong for cents; it is there to reproduce that package.

    Many equal customers make cuts coincide: where 60 of 100 bought once, they all get one score and others stay
    empty. `Cuts.repeated` names such measures.

    The three columns are fetched from the database, once; scoring never fetches a row.

    References
    ----------
    R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996); A. Hughes,
    Strategic Database Marketing (1994) for RFM in fifths; the R package rfm (A. Hebbali) for the preset.
    """
    check_choice("bins", bins, BINS)
    check_choice("method", method, get_args(Method))
    check_choice("preset", preset, get_args(Preset))
    measures = facts.select("recency_days", "frequency", monetary=(_.monetary * 100).cast("int64"))
    columns: dict[str, NDArray[np.int64]] = {
        name: np.asarray(column, dtype=np.int64) for name, column in _fetched(measures).items()
    }
    if not len(columns["monetary"]):
        raise NothingToShow("no_customers")

    units = {"recency_days": 1, "frequency": 1, "monetary": 100}
    artefact = 1 if preset == "r_rfm" and method == "quantile" else 0
    exact = {name: _mean(column) if method == "mean" else _quantiles(column, bins) for name, column in columns.items()}
    cuts = {name: tuple(round(float(cut / units[name] + artefact), 9) for cut in exact[name]) for name in RFM}
    return Cuts(**cuts)


def _fetched(measures: ir.Table) -> dict[str, Any]:
    table = measures.to_pyarrow()
    return {name: table[name].to_numpy() for name in RFM}


def _quantiles(values: NDArray[np.int64], bins: int) -> list[Fraction]:
    """Cut at k/bins of the way through the sorted values; in whole numbers, so that no cut misses a value by a hair."""
    places = [divmod((len(values) - 1) * k, bins) for k in range(1, bins)]
    wanted = sorted({place for index, rest in places for place in (index, index + (rest > 0))})
    ordered = dict(zip(wanted, np.partition(values, wanted)[wanted].tolist(), strict=True))
    return [
        ordered[index] + Fraction(rest, bins) * (ordered[index + (rest > 0)] - ordered[index]) for index, rest in places
    ]


def _mean(values: NDArray[np.int64]) -> list[Fraction]:
    return [Fraction(int(values.sum()), len(values))]
