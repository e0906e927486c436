"""Where sales have no amounts: no sum of theirs is shown, in no table, chart or file, and a sentence says why."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pandas as pd

from workbench.data_needs import KNOWN_AMOUNTS
from workbench.discovery import needs_of
from workbench.panels.layout import text
from workbench.panels.session import Session
from workbench.panels.table import Field

MONEY_FIGURES = (
    *("monetary", "average_monetary", "value_share", "average_order_value", "margin", "revenue"),
    *("monetary_rate", "lost_monetary", "monetary_churn_rate"),
)
"""What the rows of answers call money, and shares of it."""


def without_money(answer: Any) -> Any:
    """Return an answer whose tables say of no money that it is 0: all of it is unknown."""
    frames = {field.name: getattr(answer, field.name) for field in fields(answer)}
    blank = {name: _blank(frame) for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}
    return replace(answer, **blank)


def _blank(rows: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in MONEY_FIGURES if name in rows.columns]
    return rows.assign(**dict.fromkeys(named, float("nan"))) if named else rows


def priced(session: Session, *listed: Field) -> tuple[Field, ...]:
    """Leave out the columns of money where none is known: a column of dashes tells nobody anything."""
    return tuple(field for field in listed if not (session.lacks_money and field.name in MONEY_FIGURES))


def needs_note(session: Session, panel: str) -> str:
    """Say above what a panel shows that its figures lack the money, where it can do without."""
    if not session.lacks_money or KNOWN_AMOUNTS not in needs_of(panel).better:
        return ""
    return text("p", session.t(f"errors.{KNOWN_AMOUNTS.lacks}"), "wb-note")
