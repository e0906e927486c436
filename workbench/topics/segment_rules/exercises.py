"""Exercises on segment rules: who meets several of them, and what order decides."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.rules.audit import Audit, audit_segments
from workbench.analyses.rules.examples import rule_example
from workbench.analyses.rules.table import segment_table
from workbench.panels import Session
from workbench.panels.exercise import Exercise, count_rows
from workbench.topics.rfm.cuts import rfm_cuts
from workbench.topics.rfm.query import rfm_cells, rfm_scores
from workbench.topics.segment_rules.query import RuleCounts, rule_rows, rule_sets


def _audit(session: Session) -> Audit:
    scores = rfm_scores(session.facts, cuts=rfm_cuts(session.facts))
    cells = session.store.collect(rfm_cells(scores, by=("r_score", "f_score", "m_score")))
    return audit_segments(segment_table("r_rfm_vignette"), cells=cells)


def _rules(session: Session, name: str) -> RuleCounts:
    """Who meets which rules of an example, whatever their order."""
    rules = rule_example(name).rules()
    sets = rule_sets(rules, rule_rows(rules, session.ground), as_of=session.as_of)
    return RuleCounts.read([rule.id for rule in rules.rules], session.store.arrays(sets))


def _pairs(counts: RuleCounts) -> int:
    """Customers added up over the pairs of rules they meet: who meets three rules counts three times."""
    return sum(count for _first, _second, count in counts.pairs(counts.ids))


def _cars(session: Session, low: int, high: int) -> int:
    """Buyers whose car was bought in a calendar year so many years ago: birthdays of the car not looked at."""
    cars = session.facts.select("customer_id").inner_join(session.store.customers, "customer_id")
    years = session.as_of.year - cars.car_bought_on.try_cast("date").year()
    return count_rows(session, cars.filter(years.between(low, high)))


EXERCISES: Mapping[str, Exercise] = {
    "rules-1": Exercise(
        lambda session: _rules(session, "warranty").matches()["just_out"],
        {"calendar_years": lambda session: _cars(session, 3, 4)},
    ),
    "rules-2": Exercise(
        lambda session: _rules(session, "arpu_bands").overlapping,
        {"pairs": lambda session: _pairs(_rules(session, "arpu_bands"))},
    ),
    "segment_tables-1": Exercise(
        lambda session: _audit(session).ambiguous_customers,
        {
            "combinations": lambda session: len(_audit(session).ambiguous),
            "holes": lambda session: _audit(session).uncovered_customers,
        },
    ),
}
