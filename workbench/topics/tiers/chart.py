"""Who moves between tiers: a matrix of the tiers before and after, upgrades, downgrades and stays in their colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.matrix import CellWords, Matrix, MatrixSide, classed
from workbench.charts.theme import JUDGEMENT
from workbench.charts.words import base_words, count_words
from workbench.i18n import t

MOVES = {"up": JUDGEMENT["good"], "same": "#E9EDF0", "down": JUDGEMENT["bad"], "unknown": "#F4F1EC"}
TIER_HEIGHT = 44


def tier_moves_drawing(
    moves: pd.DataFrame, lang: str, *, names: Mapping[str, str], as_of: date | None = None
) -> Drawing:
    """Draw from which tier (down) customers come into which (right); a click picks `from_tier` and `segment`.

    Parameters
    ----------
    moves
        What `TierField.moves` gives, in its order.
    names
        What people call a new tier, by its id, the highest first.
    """
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
    return _matrix(lang, olds, tuple(names.values())).drawing(
        cells,
        lang,
        title=_title(counts, facts, lang),
        subtitle=[
            base_words(lang, base=int(moves["customer_count"].sum()), as_of=as_of),
            *([t("charts.tiers.unknown", lang, count=facts["unknown"])] if counts["unknown"] else []),
        ],
        height=TIER_HEIGHT * max(len(olds), 1),
    )


def _title(counts: Mapping[str, int], facts: Mapping[str, str], lang: str) -> str:
    """Say how many move up and down, that nobody does, or that nobody has an earlier tier to move from."""
    if counts["up"] or counts["down"]:
        return t("charts.tiers.title", lang, up=facts["up"], down=facts["down"])
    return t("charts.tiers.stay" if counts["same"] else "charts.tiers.all_new", lang)


def _matrix(lang: str, olds: Sequence[str], news: Sequence[str]) -> Matrix:
    old, new = t("charts.tiers.old", lang), t("charts.tiers.new", lang)
    return Matrix(
        rows=MatrixSide("old", olds, old),
        columns=MatrixSide("new", news, new, look={"orient": "top"}),
        colours=replace(classed("move", MOVES, dark=("up",)), pale=0.35),
        tooltip={
            "old": old,
            "new": new,
            "move_words": t("charts.tiers.move", lang),
            "words": t("charts.tiers.customers", lang),
        },
        pick=("from_tier", "segment"),
        words=(CellWords(look={"dy": -7}), CellWords("move_words", {"dy": 9, "fontSize": 10})),
    )
