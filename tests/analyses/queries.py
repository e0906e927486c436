"""What all topics share, asked on Spark: customer facts, totals, sizes of segments, small groups, filter cells."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from tests.spark.company import Tables
from workbench.analyses.answer_cells import answer_cells, placed_answers
from workbench.analyses.facts import customer_facts
from workbench.analyses.filter_cells import (
    TABLE_FIGURES,
    Block,
    Filtered,
    Slices,
    people_by_cell,
    people_by_value,
    people_in,
    people_left_over,
)
from workbench.analyses.ready_facts import ready_customer_facts
from workbench.analyses.segmentation import segment_sizes
from workbench.analyses.small_groups import hidden_groups
from workbench.analyses.survey_answers import without_weightless
from workbench.analyses.totals import totals_by
from workbench.topics.pareto.segmentation import AbcSegmentation

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
QUARTER = (date(2025, 10, 1), date(2025, 12, 31))
SLICES = Slices((YEAR, QUARTER))


def customer_facts_of_all_days(tables: Tables) -> ir.Table:
    return customer_facts(
        tables.transactions, as_of=tables.as_of, customers=tables.customers, interactions=tables.interactions
    )


def customer_facts_of_a_period_by_day_without_refunds(tables: Tables) -> ir.Table:
    return customer_facts(
        tables.transactions, as_of=date(2025, 6, 30), since=date(2024, 2, 29), count_by="day", refunds="excluded"
    )


def customer_facts_of_ready_figures(tables: Tables) -> ir.Table:
    given = tables.facts.select(
        "customer_id",
        last_on=(_.frequency > 1).ifelse(_.last_on, ibis.null("date")),
        recency_days=_.recency_days.cast("decimal(18, 3)"),
        frequency=_.frequency.cast("decimal(18, 3)"),
        monetary=_.monetary.cast("decimal(18, 2)"),
        as_of=ibis.date(tables.as_of),
    )
    older = given.mutate(monetary=given.monetary / 2, as_of=ibis.date(date(2024, 6, 30)))
    ready = given.union(older.cast(dict(given.schema())))
    return ready_customer_facts(ready, as_of=tables.as_of, customers=tables.customers)


def totals_by_product(tables: Tables) -> ir.Table:
    return totals_by(tables.transactions, as_of=tables.as_of)


def totals_by_region_without_refunds(tables: Tables) -> ir.Table:
    return totals_by(tables.transactions, as_of=tables.as_of, dimension="region", refunds="excluded")


def sizes_of_segments(tables: Tables) -> ir.Table:
    return segment_sizes(AbcSegmentation(a_from=5000, b_from=1000).assign(tables.ground), tables.facts)


def hidden_regions(tables: Tables) -> ir.Table:
    regions = tables.customers.group_by("region").aggregate(customer_count=_.count())
    return hidden_groups(regions, name="region", size="customer_count", smallest=5)


def _people(tables: Tables, name: Filtered) -> ir.Table:
    return people_in(name, tables.table(name), tables.customers, SLICES)


def people_who_bought(tables: Tables) -> ir.Table:
    return _people(tables, "transactions")


def people_who_answered(tables: Tables) -> ir.Table:
    return _people(tables, "surveys")


def people_who_complained(tables: Tables) -> ir.Table:
    return _people(tables, "complaints")


def people_who_came(tables: Tables) -> ir.Table:
    return _people(tables, "interactions")


def cells_of_answers(tables: Tables) -> ir.Table:
    return answer_cells(placed_answers(tables.surveys, "csat", as_of=tables.as_of), smallest=5).cells


def cells_of_answers_to_all_items(tables: Tables) -> ir.Table:
    return answer_cells(placed_answers(tables.surveys, "nps", as_of=tables.as_of), smallest=5).all_cells


def people_who_answered_in_several_cells(tables: Tables) -> ir.Table:
    return answer_cells(placed_answers(tables.surveys, "csat", as_of=tables.as_of), smallest=5).all_several


def answers_that_weigh_something(tables: Tables) -> ir.Table:
    return without_weightless(tables.surveys).select("response_id", "item", "score", "missing")


def people_by_region_and_type(tables: Tables) -> ir.Table:
    return people_by_value(_people(tables, "transactions"), TABLE_FIGURES["transactions"])


def people_who_cannot_be_chosen(tables: Tables) -> ir.Table:
    blocks = {"region": Block(("城东", "城西")), "customer_type": Block(())}
    return people_left_over(_people(tables, "surveys"), TABLE_FIGURES["surveys"], blocks)


def people_by_block_and_slice(tables: Tables) -> ir.Table:
    blocks = {"region": Block(("城东", "城西"), "城西"), "customer_type": Block(("个人",))}
    return people_by_cell(_people(tables, "transactions"), TABLE_FIGURES["transactions"], blocks)
