"""The sample company: an invented car-service group whose messy exports hold planted facts to be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbench.samples.build import build
from workbench.samples.call_centre import call_centre
from workbench.samples.model import AS_OF, COMPANY
from workbench.samples.shop_system import shop_system
from workbench.samples.side_systems import side_systems

__all__ = ["Sample", "generate"]

MAPPING = Path(__file__).with_name("mapping.toml")
"""The mapping of the sample's files: the company is invented, but its headers are always the same."""


@dataclass(frozen=True)
class Sample:
    """A generated sample: where it lies, whose it is, its today, and the mapping that loads it."""

    folder: Path
    files: tuple[Path, ...]
    mapping: Path
    company: str
    as_of: date


def generate(folder: Path | str, *, seed: int = 2024, customers: int = 3000) -> Sample:
    """Write the sample company's files and their mapping into `folder`; the same seed writes the same bytes."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    company = build(seed, customers)
    contents = {**shop_system(seed, company), **call_centre(seed, company), **side_systems(seed, company)}
    for name, content in contents.items():
        (place / name).write_bytes(content)
    (place / "mapping.toml").write_bytes(MAPPING.read_bytes())
    return Sample(place, tuple(place / name for name in contents), place / "mapping.toml", COMPANY, AS_OF)
