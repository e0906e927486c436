"""Who moves between tiers: a matrix of the tiers before and after, upgrades, downgrades and stays in their colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import INK, JUDGEMENT
from workbench.charts.words import base_words, count_words
from workbench.i18n import t

MOVES = {"up": JUDGEMENT["good"], "same": "#E9EDF0", "down": JUDGEMENT["bad"], "unknown": "#F4F1EC"}
CELL = 44


def tier_moves(
    moves: pd.DataFrame, lang: str, *, names: Mapping[str, str], as_of: date | None = None
) -> alt.LayerChart:
    """Draw from which tier (down) customers come into which (right); a click picks `from_tier` and `segment`.

    Parameters
    ----------
    moves
        What `TierField.moves` gives, in its order.
    names
        What people call a new tier, by its id, the highest first.
    """
    return tier_moves_drawing(moves, lang, names=names, as_of=as_of).chart()


def tier_moves_drawing(
    moves: pd.DataFrame, lang: str, *, names: Mapping[str, str], as_of: date | None = None
) -> Drawing:
    """Return `tier_moves` in two halves; its layout changes with the tiers' names."""
    none = t("charts.tiers.none", lang)
    olds = tuple(dict.fromkeys(name or none for name in moves["from_tier"]))
    cells = moves.assign(
        old=[name or none for name in moves["from_tier"]],
        new=[names[segment] for segment in moves["segment"]],
        words=[count_words(count, lang) for count in moves["customer_count"]],
        move_words=[t(f"charts.tiers.moves.{move}", lang) for move in moves["move"]],
    )
    counts = {move: int(moves.loc[moves["move"] == move, "customer_count"].sum()) for move in MOVES}
    facts = {move: count_words(count, lang) for move, count in counts.items()}
    return Drawing(
        key=("tier_moves", lang, olds, tuple(names.values())),
        layout=partial(_layout, lang, olds, tuple(names.values())),
        frames={"cells": cells},
        lang=lang,
        title=t("charts.tiers.title", lang, **{name: facts[name] for name in ("up", "down")}),
        subtitle=[
            base_words(lang, base=int(moves["customer_count"].sum()), as_of=as_of),
            *([t("charts.tiers.unknown", lang, count=facts["unknown"])] if counts["unknown"] else []),
        ],
        height=CELL * max(len(olds), 1),
    )


def _layout(lang: str, olds: Sequence[str], news: Sequence[str]) -> alt.LayerChart:
    x = alt.X("new:N", scale=alt.Scale(domain=list(news))).axis(
        title=t("charts.tiers.new", lang), labelAngle=0, orient="top"
    )
    y = alt.Y("old:N", scale=alt.Scale(domain=list(olds))).axis(title=t("charts.tiers.old", lang))
    pick = alt.selection_point(name="pick", fields=["from_tier", "segment"])
    faded = alt.condition(pick, alt.value(1), alt.value(0.35), empty=True)
    tooltip = [
        alt.Tooltip("old:N", title=t("charts.tiers.old", lang)),
        alt.Tooltip("new:N", title=t("charts.tiers.new", lang)),
        alt.Tooltip("move_words:N", title=t("charts.tiers.move", lang)),
        alt.Tooltip("words:N", title=t("charts.tiers.customers", lang)),
    ]
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y, tooltip=tooltip)
    colour = alt.Color("move:N", legend=None).scale(domain=list(MOVES), range=list(MOVES.values()))
    cells = base.mark_rect(cursor="pointer", stroke=INK["paper"], strokeWidth=2, cornerRadius=2)
    letters = alt.condition("datum.move == 'up'", alt.value(INK["paper"]), alt.value(INK["strong"]))
    layers = (
        cells.encode(color=colour, opacity=faded).add_params(pick).properties(name="cells"),
        base.mark_text(dy=-7).encode(text="words:N", color=letters),
        base.mark_text(dy=9, fontSize=10).encode(text="move_words:N", color=letters),
    )
    return alt.LayerChart(layer=layers)
