"""The generator: the same seed gives the committed bytes, another seed another company, the answer key never drifts."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from workbench.errors import ChoiceError
from workbench.i18n import LANGUAGES
from workbench.samples import CUSTOMER_COUNT, SEED, Sample, generate
from workbench.samples.answer_key import READMES, answer_key

LARGEST_SAMPLE = 5_000_000


def contents(folder: Path, names: list[str]) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names}


def test_the_committed_files_are_what_the_seed_makes(sample: Sample, sample_data: Path):
    names = [path.name for path in (*sample.files, sample.mapping)]
    assert contents(sample_data, names) == contents(sample.folder, names)


def test_nothing_else_lies_in_the_committed_folder(sample: Sample, sample_data: Path):
    made = {path.name for path in (*sample.files, sample.mapping)}
    found = {path.name for path in sample_data.iterdir() if not path.name.startswith(".")}
    assert found == made | set(READMES.values())


def test_the_committed_files_are_small(sample_data: Path):
    assert sum(path.stat().st_size for path in sample_data.iterdir()) < LARGEST_SAMPLE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_answer_key_states_what_the_data_hold(sample: Sample, sample_data: Path, lang: str):
    written = (sample_data / READMES[lang]).read_text(encoding="utf-8")
    assert written == answer_key(sample.facts, lang, seed=SEED, customers=CUSTOMER_COUNT)


def test_another_process_with_other_hashes_makes_the_same_bytes(small_sample: Sample, tmp_path: Path):
    command = [sys.executable, "-m", "workbench.samples", str(tmp_path), "--seed", "7", "--customers", "400"]
    elsewhere = {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONUTF8": "1"}
    subprocess.run(command, check=True, env={**os.environ, **elsewhere})
    names = [path.name for path in small_sample.files]
    assert contents(tmp_path, names) == contents(small_sample.folder, names)
    assert {path.name for path in tmp_path.iterdir()} >= set(READMES.values())


def test_another_seed_is_another_company_with_the_same_story(sample: Sample, small_sample: Sample):
    assert list(sample.facts) == list(small_sample.facts)
    assert sample.facts["orphans"]["ids"] != small_sample.facts["orphans"]["ids"]


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_the_story_fits_into_the_smallest_company(seed: int, tmp_path: Path):
    facts = generate(tmp_path, seed=seed, customers=300).facts
    assert facts["top_share"]["share"] == pytest.approx(0.74, abs=1e-6)
    assert facts["tied_pair"]["tied"] == 2
    assert facts["net_negative"]["count"] == 1


def test_a_company_too_small_for_the_story_is_refused(tmp_path: Path):
    with pytest.raises(ChoiceError, match="at least 300 customers"):
        generate(tmp_path, customers=299)


def test_the_archive_holds_the_customers_asked_for(small_sample: Sample):
    unreadable = small_sample.facts["wrong_rows"]["archive"]
    text = (small_sample.folder / "客户档案.csv").read_bytes().decode("gb18030")
    assert len(text.splitlines()) == 1 + 400 + unreadable


def test_encodings_are_those_of_the_answer_key(sample_data: Path):
    for name, encoding in {"结算单_2022.csv": "gbk", "满意度回访.csv": "gbk", "客户档案.csv": "gb18030"}.items():
        content = (sample_data / name).read_bytes()
        content.decode(encoding)
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
    with pytest.raises(UnicodeDecodeError):
        (sample_data / "客户档案.csv").read_bytes().decode("gbk")
    for name in ("结算单_2025.csv", "互动记录.csv"):
        assert (sample_data / name).read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_mapping_is_toml_and_names_every_file(sample: Sample):
    mapping = tomllib.loads(sample.mapping.read_text(encoding="utf-8"))
    assert (mapping["company"]["name"], mapping["company"]["as_of"]) == (sample.company, sample.as_of)
    patterns = [pattern for source in mapping["source"] for pattern in source["files"]]
    assert [path.name for path in sample.files if not any(path.match(pattern) for pattern in patterns)] == []
