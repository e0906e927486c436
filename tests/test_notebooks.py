"""Every notebook runs from top to bottom on the sample company, and the solutions are right."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells show as plain text."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output["data"]["text/plain"] for output in outputs if "data" in output]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_waits_for_answers(path: Path, run_notebook, sample_store):
    shown = texts(run_notebook(path, path.parent, WORKBENCH_STORE=str(sample_store)).nb)
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
