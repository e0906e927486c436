"""The companies the planted facts are proved for: the committed one, and a small one of another seed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT
from tests.samples.raw import Raw, read_raw
from workbench.samples import Sample, generate

SAMPLE_DATA = ROOT / "sample_data"


class Case(NamedTuple):
    """A company: its files as pandas reads them, and the facts its answer key states."""

    sample: Sample
    raw: Raw


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample company, made once more."""
    return generate(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A company of 400 customers of another seed."""
    return generate(tmp_path_factory.mktemp("small"), seed=7, customers=400)


@pytest.fixture(scope="session", params=["committed", "small"])
def case(request: pytest.FixtureRequest, sample: Sample, small_sample: Sample) -> Case:
    """Each company in turn; the committed one is read from the repository."""
    if request.param == "committed":
        return Case(sample, read_raw(SAMPLE_DATA))
    return Case(small_sample, read_raw(small_sample.folder))


@pytest.fixture
def raw(case: Case) -> Raw:
    return case.raw


@pytest.fixture
def facts(case: Case) -> dict:
    return {name: dict(blanks) for name, blanks in case.sample.facts.items()}


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The committed folder."""
    return SAMPLE_DATA
