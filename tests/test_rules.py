"""The house rules that a machine can check: one topic in five places, words in two languages, thin notebooks."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workbench.discovery import topics
from workbench.i18n import LANGUAGES, catalog

PACKAGE = ROOT / "workbench"
FIVE_HEADINGS = 5
LONGEST_CELL = 12
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
DASHBOARDS = sorted((ROOT / "dashboards").glob("*.ipynb"))
TAUGHT = {topic.lesson for topic in topics().values()}
LESSONS = [path for path in NOTEBOOKS if path.stem in TAUGHT and path.parent.name == "notebooks"]


def cells(notebook: Path, kind: str) -> list[dict]:
    found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def keys_used() -> set[tuple[str, str]]:
    """Every literal key given to t(…) or to an error, with the module that uses it."""
    used = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            key = node.args[0].value
            if not isinstance(key, str):
                continue
            if name == "t" and "." in key:
                used.add((key, module.name))
            if (
                name.endswith(("Error", "NothingToShow"))
                and module.name != "errors.py"
                and re.fullmatch(r"[a-z_0-9]+", key)
            ):
                used.add((f"errors.{key}", module.name))
    return used


def test_every_text_that_the_code_asks_for_is_in_the_catalogs():
    assert sorted((key, module) for key, module in keys_used() if key not in catalog()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_has_the_same_blanks_in_both_languages(lang: str):
    def blanks(text: str) -> set[str]:
        return {name for name, _ in re.findall(r"{(\w+)([^}]*)}", text)}

    different = [key for key, texts in catalog().items() if blanks(texts[lang]) != blanks(texts["en"])]
    assert different == []


def test_chinese_sentences_use_full_width_punctuation():
    wrong = [key for key, texts in catalog().items() if re.search(r"[一-鿿][,;:?!](\s|$|[一-鿿])", texts["zh"])]
    assert wrong == []


def test_chinese_and_latin_text_take_a_space_between_them():
    def bare(text: str) -> str:
        return re.sub(r"{[^}]*}|`[^`]*`", "", text)

    wrong = [
        (key, texts["zh"])
        for key, texts in catalog().items()
        if re.search(r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]", bare(texts["zh"]))
    ]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_says_its_one_reason_in_its_first_line(module: Path):
    if module.name == "__init__.py" and not module.read_text(encoding="utf-8").strip():
        pytest.skip("an empty package file")
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


def test_no_exception_is_swallowed():
    silent = [
        f"{module.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert silent == []


def test_nothing_names_a_foreign_host():
    hosts = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org|vega\.github\.io/schema)[\w.-]+\.\w+")
    shipped = [*MODULES, *PACKAGE.glob("widgets/static/*.css"), *(ROOT / "dashboards").rglob("*.j2"), *DASHBOARDS]
    found = [(str(path.relative_to(ROOT)), hosts.findall(path.read_text(encoding="utf-8"))) for path in shipped]
    assert [(path, names) for path, names in found if names] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS + DASHBOARDS, ids=lambda path: path.stem)
def test_a_notebook_has_no_outputs_no_definitions_and_short_cells(notebook: Path):
    for cell in cells(notebook, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert len(source(cell).splitlines()) <= LONGEST_CELL
        assert not re.search(r"^\s*(def|class) ", source(cell), re.MULTILINE)


@pytest.mark.parametrize("notebook", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_five_headings(notebook: Path):
    text = "\n".join(source(cell) for cell in cells(notebook, "markdown"))
    assert len(re.findall(r"^## ", text, re.MULTILINE)) == FIVE_HEADINGS


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_has_one_code_cell(dashboard: Path):
    assert len(cells(dashboard, "code")) == 1
