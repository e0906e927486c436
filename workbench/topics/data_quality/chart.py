"""How far the columns of a table are filled, as bars; the title says how many of them nearly everywhere."""

from __future__ import annotations

from datetime import date
from functools import partial

import altair as alt
import pandas as pd

from workbench.charts.drawing import Drawing
from workbench.charts.theme import FOCUS
from workbench.charts.words import SEPARATOR, base_words, count_words, share_words
from workbench.i18n import t

FULL_FROM = 0.95
BAR_HEIGHT = 22


def column_fill_drawing(
    rows: pd.DataFrame, lang: str, *, names: dict[str, str], table: str, as_of: date | None = None
) -> Drawing:
    """Draw a bar for each column: the share of the rows that fill it; a click picks `column_name`.

    `rows` has place, column_name, row_count, filled_count and filled_share; figures of hidden columns are missing.
    `names` says what people call a column, `table` what they call the table.
    """
    bars = rows.assign(
        label=[names[name] for name in rows["column_name"]],
        share_words=[share_words(share, lang) for share in rows["filled_share"]],
        count_words=[count_words(count, lang) for count in rows["filled_count"]],
        blank_words=[count_words(count, lang) for count in rows["blank_count"]],
        filled_share=pd.to_numeric(rows["filled_share"]).fillna(0.0),
    )
    bars = bars[["place", "column_name", "label", "filled_share", "share_words", "count_words", "blank_words"]]
    day = [base_words(lang, as_of=as_of)] if as_of else []
    base = t("charts.data_quality.base", lang, table=table, count=count_words(_row_count(rows), lang))
    hidden = [t("charts.rfm.hidden", lang)] if rows["filled_count"].isna().any() else []
    return Drawing(
        key=("column_fill", lang, len(rows)),
        layout=partial(_layout, lang),
        frames={"bars": bars},
        lang=lang,
        title=_title(rows, lang, table),
        subtitle=[SEPARATOR.join([base, *day]), *hidden],
        height=BAR_HEIGHT * max(len(rows), 1),
    )


def _layout(lang: str) -> alt.LayerChart:
    y = alt.Y("label:N", sort=alt.EncodingSortField("place", op="min")).axis(title=None, labelLimit=150)
    x = alt.X("filled_share:Q", scale=alt.Scale(domain=[0, 1])).axis(format="%", tickCount=5)
    tooltip = [
        alt.Tooltip("label:N", title=t("charts.data_quality.column", lang)),
        alt.Tooltip("share_words:N", title=t("charts.data_quality.filled_share", lang)),
        alt.Tooltip("count_words:N", title=t("charts.data_quality.filled", lang)),
        alt.Tooltip("blank_words:N", title=t("charts.data_quality.blank", lang)),
    ]
    base = alt.Chart(alt.NamedData("bars")).encode(y=y)
    pick = alt.selection_point(name="pick", fields=["column_name"])
    title = t("charts.data_quality.filled_share", lang)
    bars = (
        base.mark_bar(color=FOCUS["this"], cursor="pointer").encode(x=x.title(title), tooltip=tooltip).add_params(pick)
    )
    words = base.mark_text(align="left", dx=4).encode(x=x.title(title), text=alt.Text("share_words:N"))
    return alt.LayerChart(layer=[bars, words])


def _title(rows: pd.DataFrame, lang: str, table: str) -> str:
    """Count the columns that nearly all rows fill; with a hidden one say only what is drawn."""
    if rows.empty or rows["filled_share"].isna().any():
        return t("charts.data_quality.nothing", lang, table=table)
    full = int((rows["filled_share"].astype(float) >= FULL_FROM).sum())
    empty = int((rows["filled_count"] == 0).sum())
    facts = {"full": count_words(full, lang), "all": count_words(len(rows), lang), "table": table}
    key = "title_empty" if empty else "title"
    return t(f"charts.data_quality.{key}", lang, empty=count_words(empty, lang), **facts)


def _row_count(rows: pd.DataFrame) -> int | None:
    return int(rows["row_count"].iloc[0]) if len(rows) and rows["row_count"].notna().all() else None
