"""Every notebook runs from top to bottom on the sample company, and the solutions are right."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))


HAN = re.compile(r"[\u3400-\u9fff]")
BLOCK = re.compile(r'<(div|span) lang="(zh|en)">(.*?)</\1>', re.DOTALL)


def markdown(path: Path) -> list[str]:
    """The text cells of a notebook."""
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]


def code(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def heading(path: Path, lang: str) -> str:
    """The title of a notebook in one language."""
    return next(words for _, said, words in BLOCK.findall(markdown(path)[0]) if said == lang)


def unnamed(notebook: nbformat.NotebookNode) -> list[str]:
    """The columns of tables that results of code show without words."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = "".join(output["data"].get("text/html", "") for output in outputs if "data" in output)
    return re.findall(r'class="wb-unnamed"><code>([^<]*)', shown)


@pytest.mark.parametrize("path", [*NOTEBOOKS, *SOLUTIONS], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_all_text_stands_in_one_language_and_in_the_other(path: Path):
    """What is hidden in one language is there in the other; nothing stands outside, where both would see it."""
    for source in markdown(path):
        assert re.sub(r"^#+", "", BLOCK.sub("", source), flags=re.MULTILINE).split() == []
        said = [lang for _, lang, _ in BLOCK.findall(source)]
        assert said == ["zh", "en"] * (len(said) // 2)
        assert [words for _, lang, words in BLOCK.findall(source) if lang == "en" and HAN.search(words)] == []
        assert [words for _, lang, words in BLOCK.findall(source) if lang == "zh" and not HAN.search(words)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_code_has_no_comments_in_either_language(path: Path):
    """They cannot be hidden: what is to be said stands in the text."""
    comments = [comment for source in code(path) for comment in re.findall(r"#\s*(.*)", source)]
    assert [comment for comment in comments if not re.fullmatch(r"[\d.]+|\"[^\"]*\"|lang=.*", comment)] == []


def test_the_first_notebook_leads_to_every_lesson_by_its_title():
    start, *lessons = NOTEBOOKS
    for lang in ("zh", "en"):
        shown = "".join(words for source in markdown(start) for _, said, words in BLOCK.findall(source) if said == lang)
        links = re.findall(r"\[([^\]]+)\]\(([^)]+\.ipynb)\)", shown)
        assert links == [(heading(path, lang), path.name) for path in lessons]


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells show as plain text."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output["data"]["text/plain"] for output in outputs if "data" in output]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_waits_for_answers(path: Path, run_notebook, sample_store):
    notebook = run_notebook(path, path.parent, WORKBENCH_STORE=str(sample_store)).nb
    assert unnamed(notebook) == []
    shown = texts(notebook)
    assert any("is_right=False" in text for text in shown), "the exercises have no answer yet"
    assert not any("is_right=True" in text for text in shown)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_the_solutions_are_right(path: Path, run_notebook, sample_store):
    shown = texts(run_notebook(path, path.parent, WORKBENCH_STORE=str(sample_store)).nb)
    verdicts = [text for text in shown if "is_right=" in text]
    assert verdicts
    assert [verdict for verdict in verdicts if "is_right=True" not in verdict] == []


def test_every_lesson_has_its_solutions():
    assert [path.name for path in SOLUTIONS] == [path.name for path in NOTEBOOKS]
