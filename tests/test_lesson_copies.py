"""Lessons of an installed workbench are copied to the learner's folder, and what they changed there stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from workbench import cli
from workbench.errors import ChoiceError, InstallError
from workbench.serving import lesson_copies, shipped
from workbench.serving.lesson_copies import COPIED, OwnLessons, copy_notebooks, own_lessons


@pytest.fixture
def first_edition(tmp_path: Path) -> Path:
    """Two lessons and the solution of one."""
    folder = tmp_path / "shipped"
    (folder / "solutions").mkdir(parents=True)
    (folder / "01_load.ipynb").write_text("load, first edition")
    (folder / "02_rfm.ipynb").write_text("rfm, first edition")
    (folder / "solutions" / "02_rfm.ipynb").write_text("rfm solved")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "lessons" / "notebooks"


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != COPIED)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_the_lessons_are_copied_without_their_solutions(first_edition: Path, own: Path):
    assert copy_notebooks(first_edition, own) == ()
    assert contents(own) == {"01_load.ipynb": "load, first edition", "02_rfm.ipynb": "rfm, first edition"}


def test_a_trainer_gets_the_solutions_too(first_edition: Path, own: Path):
    copy_notebooks(first_edition, own)
    copy_notebooks(first_edition, own, solutions=True)
    assert contents(own)["solutions/02_rfm.ipynb"] == "rfm solved"


def test_what_a_learner_changed_stays_and_is_not_doubled(first_edition: Path, own: Path):
    copy_notebooks(first_edition, own)
    (own / "02_rfm.ipynb").write_text("my answer")
    assert copy_notebooks(first_edition, own) == ()
    assert contents(own) == {"01_load.ipynb": "load, first edition", "02_rfm.ipynb": "my answer"}


def test_a_new_version_replaces_what_nobody_touched_and_stands_beside_what_somebody_changed(
    first_edition: Path, own: Path
):
    copy_notebooks(first_edition, own)
    (own / "02_rfm.ipynb").write_text("my answer")
    for name in ("01_load", "02_rfm"):
        (first_edition / f"{name}.ipynb").write_text("second edition")
    assert copy_notebooks(first_edition, own) == ("02_rfm_new.ipynb",)
    assert copy_notebooks(first_edition, own) == (), "a new version comes once"
    (first_edition / "02_rfm.ipynb").write_text("third edition")
    assert copy_notebooks(first_edition, own) == ("02_rfm_new2.ipynb",)
    assert contents(own) == {
        "01_load.ipynb": "second edition",
        "02_rfm.ipynb": "my answer",
        "02_rfm_new.ipynb": "second edition",
        "02_rfm_new2.ipynb": "third edition",
    }


def test_a_deleted_lesson_is_copied_afresh(first_edition: Path, own: Path):
    copy_notebooks(first_edition, own)
    (own / "02_rfm.ipynb").unlink()
    copy_notebooks(first_edition, own)
    assert contents(own)["02_rfm.ipynb"] == "rfm, first edition"


@pytest.mark.parametrize("record", [None, b"", b"\xff\x00 no such line"], ids=["gone", "empty", "damaged"])
def test_without_its_record_nothing_is_lost(first_edition: Path, own: Path, record: bytes | None):
    copy_notebooks(first_edition, own)
    (own / "02_rfm.ipynb").write_text("my answer")
    (own / COPIED).unlink()
    if record is not None:
        (own / COPIED).write_bytes(record)
    assert copy_notebooks(first_edition, own) == ("02_rfm_new.ipynb",)
    assert contents(own)["02_rfm.ipynb"] == "my answer"


def test_a_file_of_the_learners_own_by_the_name_of_a_lesson_is_not_overwritten(first_edition: Path, own: Path):
    own.mkdir(parents=True)
    (own / "02_rfm.ipynb").write_text("mine")
    assert copy_notebooks(first_edition, own) == ("02_rfm_new.ipynb",)
    assert contents(own)["02_rfm.ipynb"] == "mine"


def test_a_checkout_opens_its_own_notebooks():
    assert own_lessons() == OwnLessons(ROOT / "notebooks")


def test_copies_lie_beside_the_sample_companys_files_as_the_lessons_expect(tmp_path: Path):
    own = own_lessons(str(tmp_path / "course"))
    assert own.folder == tmp_path / "course" / "notebooks"
    assert (own.folder / "../sample_data/mapping.toml").is_file()
    assert (own.folder / "../sample_data/客户档案.csv").is_file()


def test_sample_files_that_are_there_are_left_alone(tmp_path: Path):
    (tmp_path / "sample_data").mkdir()
    own_lessons(tmp_path)
    assert list((tmp_path / "sample_data").iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_said_in_words(tmp_path: Path, capsys):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ChoiceError, match="--folder"):
        own_lessons(tmp_path / "taken")
    assert cli.main(["lab", "--folder", str(tmp_path / "taken"), "--lang", "zh"]) == 1
    assert "taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("folder", "find"),
    [
        ("notebooks", shipped.shipped_notebooks),
        ("dashboards", shipped.shipped_dashboards),
        ("dashboards/template", shipped.shipped_template),
    ],
)
def test_a_part_that_did_not_come_along_is_said_in_words(folder: str, find, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "site-packages" / "workbench")
    with pytest.raises(InstallError) as missing:
        find()
    assert str(tmp_path / "site-packages" / "workbench" / folder) in missing.value.words("zh")


def test_an_installed_workbench_never_takes_the_folder_of_another_package(tmp_path: Path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "foreign.ipynb").touch()
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "workbench")
    with pytest.raises(InstallError):
        shipped.shipped_notebooks()


@pytest.mark.parametrize("command", ["lab", "lesson", "dashboards"])
def test_a_command_whose_part_is_missing_ends_with_a_sentence(command: str, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "workbench")
    assert cli.main([command, "--no-browser", "--store", str(tmp_path), "--lang", "en"]) == 1
    assert "not installed completely" in capsys.readouterr().err


def test_the_command_says_where_the_notebooks_are_and_what_is_new(
    first_edition: Path, tmp_path: Path, monkeypatch, capsys
):
    opened = []
    monkeypatch.setattr("workbench.serving.serve_lab", lambda _, **how: opened.append(how) or 0)
    monkeypatch.setattr(lesson_copies, "shipped_notebooks", lambda: first_edition)
    course = tmp_path / "course"
    (course / "sample_data").mkdir(parents=True)
    assert cli.main(["lab", "--folder", str(course), "--lang", "zh"]) == 0
    (course / "notebooks" / "02_rfm.ipynb").write_text("my answer")
    (first_edition / "02_rfm.ipynb").write_text("second edition")
    assert cli.main(["lab", "--folder", str(course), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert said.count(f"笔记本在 {course / 'notebooks'}") == len(opened) == 2
    assert "02_rfm_new.ipynb" in said
    assert {how["folder"] for how in opened} == {course / "notebooks"}


def hidden(command: list[str]) -> list[str]:
    return [part.partition("=")[2] for part in command if part.startswith("--ContentsManager.hide_globs=")]


def test_learners_do_not_see_the_solutions_in_the_list_of_files_and_trainers_do(tmp_path: Path, monkeypatch):
    started = []
    monkeypatch.setattr("workbench.serving.lab.subprocess.run", lambda command, **_: started.append(command) or Ended())
    assert cli.main(["lab", "--store", str(tmp_path), "--lang", "en"]) == 0
    assert cli.main(["lab", "--store", str(tmp_path), "--lang", "en", "--solutions"]) == 0
    for_learners, for_trainers = (hidden(command) for command in started)
    assert set(for_learners) - set(for_trainers) == {"solutions"}
    assert "__pycache__" in for_trainers


class Ended:
    """A server that was closed."""

    returncode = 0


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "RFM：谁有价值，谁在流失"), ("en", "RFM: who is valuable, who is leaving")]
)
def test_the_list_of_lessons_says_what_each_is_about(lang: str, title: str, capsys):
    assert cli.main(["lesson", "--lang", lang]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["02_rfm"] == title
    assert [name for name, said in lines.items() if said == name] == []
