"""What clusters need of the data: customers who differ, and features of which each tells some apart."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured
from workbench.panels.session import Session
from workbench.topics.clusters.points import BEGIN_WITH, FEWEST_DISTINCT


def _different(session: Session, _: Need) -> Measured:
    """Count customers who differ in any of the features that the panel begins with, as far as it matters."""
    facts = session.facts
    rows = session.store.collect(facts.select(*BEGIN_WITH).distinct().limit(FEWEST_DISTINCT))
    return Measured(len(rows), {"features": list(BEGIN_WITH), "distinct": len(rows), "fewest": FEWEST_DISTINCT})


def _varied(session: Session, _: Need) -> Measured:
    facts = session.facts
    values = session.store.collect(facts.aggregate(**{name: facts[name].nunique() for name in BEGIN_WITH})).iloc[0]
    flat = [name for name in BEGIN_WITH if values[name] <= 1]
    return Measured(len(BEGIN_WITH) - len(flat), {"features": flat})


MEASURES: Mapping[str, Measure] = {"different_customers": _different, "varied_features": _varied}
