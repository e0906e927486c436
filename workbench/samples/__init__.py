"""The sample company: an invented car-service group whose messy exports hold planted facts to be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbench.errors import ChoiceError
from workbench.samples.build import build_company
from workbench.samples.call_centre import call_centre
from workbench.samples.facts import Facts, planted_facts
from workbench.samples.model import AS_OF, COMPANY
from workbench.samples.shop_system import shop_system
from workbench.samples.side_systems import side_systems

__all__ = ["CUSTOMER_COUNT", "SEED", "Facts", "Sample", "generate"]

SEED = 2024
CUSTOMER_COUNT = 3000
LEAST_CUSTOMERS = 300

MAPPING = Path(__file__).with_name("mapping.toml")
"""The mapping of the sample's files: the people are others with each seed, the headers are always the same."""


@dataclass(frozen=True)
class Sample:
    """A generated sample: where it lies, whose it is, its today, how to load it, and what is planted in it."""

    folder: Path
    files: tuple[Path, ...]
    mapping: Path
    company: str
    as_of: date
    facts: Facts
    """The planted facts by name: the numbers to be found. `workbench.samples.answer_key` says them in words."""


def generate(folder: Path | str, *, seed: int = SEED, customers: int = CUSTOMER_COUNT) -> Sample:
    """Write the sample company's files and their mapping into `folder`; the same seed writes the same bytes.

    `customers` is the number of readable rows in the customers' archive. Raises ChoiceError below 300, where the
    planted facts have no room.
    """
    if customers < LEAST_CUSTOMERS:
        raise ChoiceError("sample_too_small", customers=customers, least=LEAST_CUSTOMERS)
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    company = build_company(seed, customers)
    contents = {**shop_system(seed, company), **call_centre(seed, company), **side_systems(seed, company)}
    contents["mapping.toml"] = MAPPING.read_bytes()
    for name, content in contents.items():
        (place / name).write_bytes(content)
    files = tuple(place / name for name in contents if name != "mapping.toml")
    return Sample(place, files, place / "mapping.toml", COMPANY, AS_OF, planted_facts(company))
