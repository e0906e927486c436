"""Satisfaction asked on Spark: NPS, CSAT and CES of all and by every kind of group, and their trends."""

from __future__ import annotations

import ibis.expr.types as ir

from tests.spark.company import Tables
from workbench.topics.satisfaction.query import ces, csat, nps
from workbench.topics.satisfaction.trend import satisfaction_trend


def nps_of_all(tables: Tables) -> ir.Table:
    return nps(tables.surveys)


def nps_by_region(tables: Tables) -> ir.Table:
    return nps(tables.surveys, by="region", confidence=0.9)


def nps_by_month_each_answer_once(tables: Tables) -> ir.Table:
    return nps(tables.surveys, by="month", weighted=False)


def nps_of_one_item_by_quarter(tables: Tables) -> ir.Table:
    return nps(tables.surveys, by="quarter", item="推荐意愿")


def csat_by_touchpoint(tables: Tables) -> ir.Table:
    return csat(tables.surveys, by="touchpoint")


def csat_by_month(tables: Tables) -> ir.Table:
    return csat(tables.surveys, by="month", weighted=False)


def csat_by_item(tables: Tables) -> ir.Table:
    return csat(tables.surveys, by="item", smallest=1)


def ces_by_segment(tables: Tables) -> ir.Table:
    return ces(tables.surveys, by="segment")


def nps_trend_by_month(tables: Tables) -> ir.Table:
    return satisfaction_trend(tables.surveys, as_of=tables.as_of)


def csat_trend_by_quarter(tables: Tables) -> ir.Table:
    return satisfaction_trend(tables.surveys, as_of=tables.as_of, measure="csat", every="quarter")
