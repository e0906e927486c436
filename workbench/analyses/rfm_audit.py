"""The audit of a segment table: what it leaves open, what it decides only by order, what it can never give."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pandas as pd

from workbench.analyses.segment_table import Rule, SegmentTable

Cell = tuple[int, int, int]


@dataclass(frozen=True)
class Audit:
    """What a segment table does with the bins x bins x bins combinations of scores, and with the customers in them.

    `uncovered` cells fit no rule ("others"), `ambiguous` ones fit several, so that the order of the rules decides;
    `unreachable` rules never are the first to fit. Customers are None where no customers were given.
    """

    cell_count: int
    uncovered: tuple[Cell, ...]
    ambiguous: tuple[Cell, ...]
    unreachable: tuple[str, ...]
    customer_count: int | None = None
    uncovered_customers: int | None = None
    ambiguous_customers: int | None = None

    @property
    def covered_share(self) -> float:
        """The share of the cells that some rule takes."""
        return 1 - len(self.uncovered) / self.cell_count


def audit_segments(table: SegmentTable, *, cells: pd.DataFrame | None = None) -> Audit:
    """Try every combination of scores against every rule of the table.

    Parameters
    ----------
    cells
        Rows of `rfm_cells(scores, by=("r_score", "f_score", "m_score"))`, to count the customers affected.

    Examples
    --------
    >>> from workbench.analyses.segment_table import segment_table
    >>> audit = audit_segments(segment_table("r_rfm_vignette"))
    >>> len(audit.uncovered), len(audit.ambiguous), audit.cell_count
    (10, 58, 125)
    """
    scores = range(1, table.bins + 1)
    fits = {cell: [rule.id for rule in table.rules if _fits(rule, cell)] for cell in product(scores, scores, scores)}
    uncovered = tuple(cell for cell, found in fits.items() if not found)
    ambiguous = tuple(cell for cell, found in fits.items() if len(found) > 1)
    given = {found[0] for found in fits.values() if found}
    unreachable = tuple(rule.id for rule in table.rules if rule.id not in given)
    if cells is None:
        return Audit(len(fits), uncovered, ambiguous, unreachable)

    rows = zip(cells["r_score"], cells["f_score"], cells["m_score"], cells["customer_count"], strict=True)
    customers: dict[Cell, int] = {(int(r), int(f), int(m)): int(count) for r, f, m, count in rows}
    return Audit(
        len(fits),
        uncovered,
        ambiguous,
        unreachable,
        customer_count=sum(customers.values()),
        uncovered_customers=sum(customers.get(cell, 0) for cell in uncovered),
        ambiguous_customers=sum(customers.get(cell, 0) for cell in ambiguous),
    )


def _fits(rule: Rule, cell: Cell) -> bool:
    ranges = (rule.r, rule.f, rule.m)
    return all(low <= score <= high for score, (low, high) in zip(cell, ranges, strict=True))
