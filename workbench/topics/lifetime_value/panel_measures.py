"""What lifetime value needs of the data beside the kit's counts: customers who came again."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.data_needs import Need
from workbench.panels.data_measures import Measure, Measured, count_of
from workbench.panels.session import Session


def _repeat_buyers(session: Session, _: Need) -> Measured:
    """Count customers who bought on two days or more."""
    return Measured(count_of(session, (session.facts.purchase_days >= 2).sum()))


MEASURES: Mapping[str, Measure] = {"repeat_buyers": _repeat_buyers}
