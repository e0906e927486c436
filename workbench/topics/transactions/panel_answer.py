"""The answer of the transactions panel: sums, the change taken apart, and the segments that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from workbench.panels.base import Answer
from workbench.topics.transactions.bridge import PeriodSales, SalesBridge, sales_bridge
from workbench.topics.transactions.figures import period_figures
from workbench.topics.transactions.panel_periods import ComparedWith, SalesBy
from workbench.topics.transactions.structure import sales_structure

SEGMENTS_DRAWN = 8
"""The largest segments that the structure has bars for; the others together are one more."""
UNNAMED_KEY, OTHER_SEGMENTS_KEY = "unknown", "others"
"""The keys of lines that name no segment, and of the segments that have no bar of their own."""
SUMMED_OF_OTHERS = ("revenue", "revenue_before", "change", "sales_share", "sales_share_before", "share_shift")


@dataclass(frozen=True)
class SalesAnswer(Answer):
    """The sums of every segment and period (`rows`), those that the change is made of, the months, what is compared."""

    sales: PeriodSales
    itemized: PeriodSales | None
    months: pd.DataFrame
    periods: Mapping[str, tuple[date, date]]
    then: str | None
    against: ComparedWith
    by: SalesBy
    by_items: bool
    begins: date

    @cached_property
    def bridge(self) -> SalesBridge | None:
        """The change taken apart; None where there is nothing to compare with."""
        if self.then is None:
            return None
        return sales_bridge(self.sales, itemized=self.itemized if self.by_items else None, then=self.then)

    @cached_property
    def structure(self) -> pd.DataFrame:
        """Every segment beside the period compared with."""
        named = {"sales_segment": None} if self.by == "none" else {}
        rows = sales_structure(self.rows.assign(**named), then=self.then)
        keys = [UNNAMED_KEY if segment is None else f"={segment}" for segment in rows["sales_segment"]]
        return rows.assign(segment_key=keys)

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """The largest segments, and the others added up."""
        rows = self.structure
        if len(rows) <= SEGMENTS_DRAWN + 1:
            return rows
        rest = rows.iloc[SEGMENTS_DRAWN:]
        others = {name: rest[name].sum(min_count=1) for name in SUMMED_OF_OTHERS} | {"segment_key": OTHER_SEGMENTS_KEY}
        return pd.concat([rows.iloc[:SEGMENTS_DRAWN], pd.DataFrame([others])], ignore_index=True)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures of every period."""
        return period_figures(self.sales.totals, self.itemized.totals if self.itemized else None)

    @property
    def order_count(self) -> int:
        """The orders of the period."""
        totals = self.sales.totals
        return int(totals.loc[totals["period"] == "this", "order_count"].sum())
