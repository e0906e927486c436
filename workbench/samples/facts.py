"""The planted facts in numbers, taken from the company before its exports become a mess: the answer key's blanks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbench.samples.facts_money import MONEY_FACTS
from workbench.samples.facts_people import PEOPLE_FACTS
from workbench.samples.facts_voice import VOICE_FACTS
from workbench.samples.model import SampleCompany

Facts = Mapping[str, Mapping[str, object]]
"""By the fact's name in the catalog (`samples.<name>.fact`): what fills its blanks. Shares are 0..1, money is yuan."""

FACTS: tuple[Callable[[SampleCompany], dict[str, object]], ...] = (*MONEY_FACTS, *PEOPLE_FACTS, *VOICE_FACTS)


def planted_facts(company: SampleCompany) -> dict[str, dict[str, object]]:
    """Return every planted fact by its name, in the order of the answer key."""
    return {fact.__name__: fact(company) for fact in FACTS}
