"""What the panel of lifetime value says beside its charts: key figures, the check, spreadsheets' values, cautions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from workbench.charts.words import (
    SEPARATOR,
    count_words,
    date_words,
    growth_words,
    money_words,
    points_words,
    share_words,
)
from workbench.i18n import t
from workbench.panels.layout import Figure, text
from workbench.panels.table import Field, table_html
from workbench.topics.lifetime_value.hold_out import ALMOST_AS_NEAR, FEWEST_HELD_OUT, GRADE_LIMITS
from workbench.topics.lifetime_value.panel_answer import LifetimeValueAnswer, spend_correlation

CORRELATED_FROM = 0.2
"""Correlations of spend with the number of purchases from which the model of spend is warned of."""
FEW_WITHOUT_SPEND = 0.01

TOTAL_FIELDS = (
    Field("guess", words="panels.lifetime_value.guesses", label="panels.lifetime_value.guess"),
    Field("purchases", "count", label="panels.lifetime_value.purchases"),
    Field("purchases_off", label="panels.lifetime_value.off"),
    Field("monetary", "money", label="panels.lifetime_value.revenue"),
    Field("monetary_off", label="panels.lifetime_value.off"),
    Field("error", label="panels.lifetime_value.mean_error"),
)
NAIVE_FIELDS = (
    Field("method", words="panels.lifetime_value.methods", label="panels.lifetime_value.method_name"),
    Field("value", "money", label="panels.lifetime_value.value"),
    Field("months_words", label="panels.lifetime_value.counts_for"),
    Field("base", "count", label="panels.lifetime_value.base"),
)
PARAMETER_FIELDS = (
    Field("name", label="panels.lifetime_value.parameter"),
    Field("estimate", label="panels.lifetime_value.estimate"),
    Field("error", label="panels.lifetime_value.standard_error"),
)


def value_figures(answer: LifetimeValueAnswer, lang: str) -> Sequence[Figure]:
    """Show the grade first; what the models say of the future only where the hold-out allows to use it."""
    result = answer.fits.hold_out
    grade = t(f"panels.lifetime_value.grades.{result.grade}", lang)
    note = t("panels.lifetime_value.off_note", lang, total=share_words(result.total_error, lang))
    figures = [
        Figure(
            t("panels.lifetime_value.figure_grade", lang),
            grade,
            note if math.isfinite(result.total_error) else "",
            judgement="bad" if not answer.is_usable else "neutral",
        )
    ]
    customers = int(answer.data.histories["customer_count"].sum())
    of = t("panels.lifetime_value.of", lang, base=count_words(customers, lang))
    if not answer.is_usable:
        label = t("panels.lifetime_value.figure_revenue", lang)
        return [*figures, Figure(label, t("panels.lifetime_value.not_given", lang), of)]
    ahead = answer.fits.ahead
    ends = {"low": money_words(ahead.low, lang), "high": money_words(ahead.high, lang)}
    off = _totals(answer, lang)["monetary_off"].iloc[1]
    interval = t("panels.lifetime_value.interval", lang, off=off, **ends)
    count = answer.values["customer_count"]
    alive = float((count * answer.values["probability_alive"]).sum())
    mean = float((count * answer.values["expected_value"]).sum()) / customers
    horizon = t(
        "panels.lifetime_value.within", lang, months=answer.horizon_months, rate=share_words(answer.discount, lang)
    )
    figures += [
        Figure(t("panels.lifetime_value.figure_revenue", lang), money_words(ahead.revenue, lang), interval),
        Figure(t("panels.lifetime_value.figure_value", lang), money_words(mean, lang), horizon),
    ]
    if answer.tells_customers_apart:
        # Who bought once cannot have left by BG/NBD: without this word the figure would be read as too good.
        once = t("panels.lifetime_value.once_is_there", lang) if answer.model == "bg_nbd" else ""
        label = t("panels.lifetime_value.figure_alive", lang)
        figures.append(Figure(label, count_words(alive, lang), SEPARATOR.join(filter(None, (of, once)))))
    return figures


def value_summary(answer: LifetimeValueAnswer, lang: str) -> str:
    """Write why the grade is no better, the hold-out with both guesses, the spreadsheets' values, the parameters."""
    said = [text("p", sentence, "wb-note") for sentence in _cautions(answer, lang)]
    said += _table("hold_out", _totals(answer, lang), TOTAL_FIELDS, lang, **_rule(lang))
    said += _table("naive", _naive(answer, lang), NAIVE_FIELDS, lang, days=answer.data.days)
    said += _table("parameters", _parameters(answer), PARAMETER_FIELDS, lang)
    return "".join(said)


def _table(name: str, rows: pd.DataFrame, fields: Sequence[Field], lang: str, **facts: object) -> list[str]:
    return [
        text("h3", t(f"panels.lifetime_value.{name}_title", lang), "wb-section"),
        table_html(rows, fields, lang),
        text("p", t(f"panels.lifetime_value.{name}_note", lang, **facts), "wb-note"),
    ]


def _rule(lang: str) -> dict[str, str]:
    return {"almost": share_words(ALMOST_AS_NEAR, lang, digits=0)} | {
        f"{part}_{grade.lower()}": share_words(limit, lang, digits=0)
        for grade, limits in GRADE_LIMITS.items()
        for part, limit in zip(("total", "frequency"), limits, strict=True)
    }


def _cautions(answer: LifetimeValueAnswer, lang: str) -> Iterator[str]:
    """Say what keeps the grade from being better, and where the data are not as the models hold."""
    result, data = answer.fits.hold_out, answer.data
    facts = {
        "total": share_words(result.total_error, lang),
        "frequency": share_words(result.frequency_error, lang),
        "least": FEWEST_HELD_OUT,
        "first": date_words(data.split_on, lang),
        "last": date_words(data.as_of, lang),
    }
    for reason in result.reasons:
        if reason != "regular":
            yield t(f"panels.lifetime_value.reasons.{reason}", lang, **facts)
    shape = data.regularity
    if math.isnan(shape.shape):
        yield t("panels.lifetime_value.regularity_unknown", lang, base=count_words(shape.base, lang))
    else:
        words = {name: points_words(getattr(shape, name), lang) for name in ("shape", "low", "high")}
        key = "regular" if shape.is_regular else "random"
        yield t(f"panels.lifetime_value.{key}", lang, base=count_words(shape.base, lang), **words)
    together = spend_correlation(data.spent)
    if math.isfinite(together):
        key = "correlated" if abs(together) >= CORRELATED_FROM else "independent"
        base = count_words(int(data.spent["customer_count"].sum()), lang)
        yield t(f"panels.lifetime_value.{key}", lang, r=points_words(together, lang, digits=2), base=base)
    if data.without_spend:
        yield t("panels.lifetime_value.without_spend", lang, count=count_words(data.without_spend, lang))


def _totals(answer: LifetimeValueAnswer, lang: str) -> pd.DataFrame:
    totals = answer.fits.hold_out.totals
    came = totals.iloc[0]

    def off(column: str) -> list[str]:
        shares = totals[column] / came[column] - 1 if came[column] > 0 else totals[column] * float("nan")
        return ["", *(growth_words(share, lang) for share in shares.iloc[1:])]

    errors = ["", *(points_words(math.sqrt(square), lang, digits=2) for square in totals["mean_square"].iloc[1:])]
    return totals.assign(purchases_off=off("purchases"), monetary_off=off("monetary"), error=errors)


def _naive(answer: LifetimeValueAnswer, lang: str) -> pd.DataFrame:
    """Put the model's mean value, where it may be used, below the three of spreadsheets."""
    rows = answer.data.naive
    if answer.is_usable:
        count = answer.values["customer_count"]
        mean = float((count * answer.values["expected_value"]).sum()) / float(count.sum())
        own = {"method": "model", "value": mean, "months": float(answer.horizon_months), "base": int(count.sum())}
        rows = pd.concat([rows, pd.DataFrame([own])], ignore_index=True)
    months = [
        t("panels.lifetime_value.months", lang, months=points_words(value, lang)) if math.isfinite(value) else "—"
        for value in rows["months"]
    ]
    return rows.assign(months_words=months)


def _parameters(answer: LifetimeValueAnswer) -> pd.DataFrame:
    fits = (answer.fits.purchases, answer.fits.spend)
    return pd.DataFrame(
        [
            {"name": name, "estimate": _digits(value, 4), "error": _digits(fit.standard_errors[name], 2)}
            for fit in fits
            for name, value in fit.parameters.items()
        ]
    )


def _digits(value: float, digits: int) -> str:
    """Write a number with so many digits that count, and no powers of ten."""
    return np.format_float_positional(float(f"{value:.{digits}g}"), trim="-") if math.isfinite(value) else "—"
