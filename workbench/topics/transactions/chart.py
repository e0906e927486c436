"""The change of sales drawn as a waterfall: a bar for every part of it, and one for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS, INK, JUDGEMENT, TYPE, money_axis
from workbench.charts.words import base_words, count_words, money_words, points_words
from workbench.i18n import t

HALF_A_CENT = 0.005
"""Half a cent: a smaller part is none."""
DIRECTIONS = {"up": JUDGEMENT["good"], "down": JUDGEMENT["bad"], "total": FOCUS["this"]}
COUNTED_FACTORS, RATIO_FACTORS = ("customers", "orders"), ("orders_per_customer", "items_per_order")
BRIDGE_ROW_HEIGHT = 46


def signed_money(value: float, lang: str) -> str:
    """Say an amount with its sign, the plus too.

    >>> signed_money(1234.0, "en"), signed_money(-1234.0, "en"), signed_money(0.0, "en")
    ('+¥1,234', '−¥1,234', '¥0')
    """
    return ("+" if value > 0 else "") + money_words(value, lang)


def factor_words(part: str, value: float, lang: str) -> str:
    """Say what a factor was."""
    if part in COUNTED_FACTORS:
        return count_words(value, lang)
    return points_words(value, lang, digits=2) if part in RATIO_FACTORS else money_words(value, lang)


def bridge_drawing(
    parts: pd.DataFrame,
    lang: str,
    *,
    this: float,
    before: float | None,
    against: str,
    names: Mapping[str, str],
    notes: Sequence[str] = (),
    base: int | None = None,
    as_of: date | None = None,
) -> Drawing:
    """Draw the parts one after the other, each from where the one before ended, and below them the whole change.

    Parameters
    ----------
    parts
        What `sales_bridge` gave: part, value_before, value_this, amount.
    this, before
        The revenue of the two periods; None where there is nothing to compare with, and then no bar is drawn.
    against
        "before" or "year".
    names
        What the parts are called.
    notes
        Sentences below the title.
    """
    ends = parts["amount"].cumsum()
    change = 0.0 if before is None else this - before
    lines = [_line(row, names, lang) for row in parts.to_dict("records")]
    bars = pd.DataFrame(
        {
            "place": range(len(parts)),
            "begin": (ends - parts["amount"]).tolist(),
            "end": ends.tolist(),
            "direction": ["up" if amount > 0 else "down" for amount in parts["amount"]],
            "words": lines,
            "amount": [signed_money(amount, lang) for amount in parts["amount"]],
        }
    )
    if before is not None:
        said = (
            f"{t(f'charts.transactions.whole_{against}', lang)} {money_words(before, lang)} → {money_words(this, lang)}"
        )
        moved = signed_money(change, lang)
        line = t("charts.transactions.part", lang, part=said, amount=moved)
        whole = {"place": len(parts), "begin": 0.0, "end": change, "direction": "total", "words": line, "amount": moved}
        bars = pd.DataFrame([*bars.to_dict("records"), whole])
    return Drawing(
        key=("sales_bridge", lang, len(bars)),
        layout=partial(_layout, lang),
        frames={"bars": bars},
        lang=lang,
        title=_title(parts, lang, this=this, before=before, against=against, names=names),
        subtitle=[base_words(lang, base=base, unit="orders", as_of=as_of), *notes],
        height=BRIDGE_ROW_HEIGHT * max(len(bars), 1) + 20,
    )


def _line(row: Mapping[Any, Any], names: Mapping[str, str], lang: str) -> str:
    said = names[row["part"]]
    if pd.notna(row["value_before"]):
        values = (factor_words(row["part"], row[name], lang) for name in ("value_before", "value_this"))
        said = f"{said} {' → '.join(values)}"
    said = said[:1].upper() + said[1:]
    return t("charts.transactions.part", lang, part=said, amount=signed_money(row["amount"], lang))


def _layout(lang: str) -> alt.LayerChart:
    rows = alt.Chart(alt.NamedData("bars")).encode(
        y=alt.Y("place:O").axis(None),
        tooltip=[
            alt.Tooltip("words:N", title=t("charts.transactions.part_label", lang)),
            alt.Tooltip("amount:N", title=t("charts.transactions.amount_label", lang)),
        ],
    )
    axis = alt.Axis(title=t("charts.transactions.axis", lang), labelExpr=money_axis(lang), tickCount=5)
    colour = alt.Color("direction:N", legend=None).scale(domain=[*DIRECTIONS], range=[*DIRECTIONS.values()])
    bars = rows.mark_bar(height=14, yOffset=10, cornerRadius=0).encode(
        x=alt.X("begin:Q", axis=axis), x2=alt.X2("end"), color=colour
    )
    said = rows.mark_text(align="left", baseline="middle", dy=-8, fontSize=TYPE["label"], color=INK["strong"])
    zero = alt.Chart(alt.NamedData("bars")).mark_rule(color=INK["rule"]).encode(x=alt.XDatum(0))
    left = said.encode(x=alt.XValue(0), text=alt.Text("words:N"))
    return alt.LayerChart(layer=[zero, bars.properties(name="bars"), left])


def _title(
    parts: pd.DataFrame,
    lang: str,
    *,
    this: float,
    before: float | None,
    against: str,
    names: Mapping[str, str],
) -> str:
    """Say the change, and the one part that adds most and the one that takes most; equal ones are not told apart."""
    sales = money_words(this, lang)
    if before is None:
        return t(f"charts.transactions.alone_{against}", lang, sales=sales)
    change = this - before
    is_same = abs(change) < HALF_A_CENT
    moved = signed_money(change, lang)
    than = t(f"charts.transactions.{'same' if is_same else 'changed'}_{against}", lang, sales=sales, change=moved)
    up, down = (_only(parts, extreme, above=sign) for extreme, sign in _extremes(parts))
    if up and down:
        said = {"up": names[up[0]], "up_amount": signed_money(up[1], lang)}
        said |= {"down": names[down[0]], "down_amount": signed_money(down[1], lang)}
        which = t("charts.transactions.most_both", lang, **said)
    elif one := up or down:
        which = t("charts.transactions.most_one", lang, part=names[one[0]], amount=signed_money(one[1], lang))
    else:
        return than
    return t("charts.transactions.with_parts", lang, change=than, parts=which)


def _extremes(parts: pd.DataFrame) -> tuple[tuple[float, int], tuple[float, int]]:
    """Return the largest and the smallest amount, each with the sign that it must have to be named."""
    return (parts["amount"].max(), 1), (parts["amount"].min(), -1)


def _only(parts: pd.DataFrame, amount: float, *, above: int) -> tuple[str, float] | None:
    """Return the one part of this amount; None where there are several, or it lies not above (below) zero."""
    same = parts[(parts["amount"] - amount).abs() < HALF_A_CENT]
    if len(same) != 1 or above * amount < HALF_A_CENT:
        return None
    return str(same["part"].iloc[0]), float(amount)
