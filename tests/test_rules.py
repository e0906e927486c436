"""The house rules that a machine can check: whole topics, words in two languages, doors that open, thin notebooks."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

import workbench.topics
from tests.conftest import ROOT
from workbench.data_needs import Needs
from workbench.discovery import topic, topics
from workbench.errors import ChoiceError
from workbench.i18n import LANGUAGES, catalog
from workbench.reference import RULE_PARTS

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


def lacking(name: str, *, root: Path = ROOT) -> list[str]:
    """Say what a topic's folder lacks, and what to do about it."""
    folder, tests = root / "workbench" / "topics" / name, root / "tests" / "topics" / name
    if not (folder / "__init__.py").is_file():
        return [f"topics/{name} has no __init__.py: declare the topic there, as CONTRIBUTING.md shows"]
    declared = topics()[name]
    has = {part: (folder / f"{part}.py").is_file() for part in ("segmentation", "query", "chart", "panel", "exercises")}
    has["query"] = has["query"] or has["segmentation"]
    has["lesson"] = (root / "notebooks" / f"{declared.lesson}.ipynb").is_file()
    has["page"] = (root / "dashboards" / f"{declared.page}.ipynb").is_file()
    undeclared = held_in_memory(folder) - names_used(folder / "twins.py")
    has["twins"] = not undeclared
    said = [
        f"topics/{name} has no {part}: write it, or say why there is none in without[{part!r}] of its __init__.py"
        for part in ("query", "chart", "panel", "exercises", "lesson", "page")
        if not has[part] and not declared.without.get(part)
    ]
    said += [
        f"topics/{name} says why it has no {part}, and has one: take without[{part!r}] out"
        for part in declared.without
        if has[part]
    ]
    if undeclared and not declared.without.get("twins"):
        what = ", ".join(sorted(undeclared))
        said.append(
            f"topics/{name} holds customers in memory ({what}): declare a Twin in its twins.py, with the query that is "
            f"the definition, or say in without['twins'] why a query could not answer instead"
        )
    said += undeclared_needs(folder / "words.toml", declared.needs)
    wanted = {"panel": has["panel"], "chart": has["chart"]} | {
        "query" if (folder / "query.py").is_file() else "segmentation": has["query"]
    }
    said += [
        f"tests/topics/{name} has no test_{part}.py: write it first"
        for part, is_wanted in wanted.items()
        if is_wanted
        and not (tests / f"test_{part}.py").is_file()
        and not (part == "query" and (tests / "test_segmentation.py").is_file())
    ]
    words = folder / "words.toml"
    if not words.is_file():
        return [*said, f"topics/{name} has no words.toml: its title, lead and method in zh and en"]
    if has["panel"]:
        said += [f"topics/{name}/words.toml: {rule}" for rule in lacking_rules(words)]
    return said + [f"topics/{name}/words.toml: {key} lacks a language" for key in one_language(words)]


def undeclared_needs(words: Path, needs: Mapping[str, Needs]) -> list[str]:
    """Say which panels of a topic do not say what they need of the data, and which needs nobody has a panel for."""
    texts = tomllib.loads(words.read_text(encoding="utf-8")) if words.is_file() else {}
    panels = {name for name, said in texts.get("panels", {}).items() if "lead" in said and "method" in said}
    name = words.parent.name
    return [
        f"topics/{name} does not say what panels.{panel} needs of the data: declare it in needs of its __init__.py, "
        f"e.g. needs={{{panel!r}: Needs(OF_BUYERS)}}"
        for panel in sorted(panels - {*needs})
    ] + [f"topics/{name} declares needs of panels.{panel}, which its words.toml has not" for panel in {*needs} - panels]


def lacking_rules(words: Path) -> list[str]:
    """Say what the rules of a topic's headlines lack; `tests/test_headlines.py` asks for one of every chart."""
    rules = tomllib.loads(words.read_text(encoding="utf-8")).get("headlines", {})
    if not rules:
        return ["no [headlines.…]: write what each chart's headline compares, when it speaks, what it says else"]
    known = {key.removeprefix("headlines.").rpartition(".")[0] for key in catalog() if key.startswith("headlines.")}
    said = []
    for panel, views in rules.items():
        for view, rule in views.items():
            missing = [] if "like" in rule else [part for part in RULE_PARTS if part not in rule]
            said += [f"[headlines.{panel}.{view}] lacks {part}" for part in missing]
            if "like" in rule and rule["like"]["en"] not in known:
                said.append(f"[headlines.{panel}.{view}] is like {rule['like']['en']}, which there is not")
    return said


def held_in_memory(folder: Path) -> set[str]:
    """Name the classes of a topic that are made of columns fetched from the store: those with `read` of arrays."""
    return {
        node.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "read" and "NDArray" in ast.unparse(method.args)
    }


def names_used(path: Path) -> set[str]:
    """Name what a module uses; nothing where there is none."""
    if not path.is_file():
        return set()
    return {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}


def one_language(words: Path) -> list[str]:
    """Return the texts of a catalog that only one language has."""

    def walk(node: dict, path: tuple[str, ...]) -> Iterator[str]:
        said = [lang for lang in LANGUAGES if isinstance(node.get(lang), str)]
        if said and len(said) < len(LANGUAGES):
            yield ".".join(path)
        for key, child in node.items():
            if isinstance(child, dict):
                yield from walk(child, (*path, key))

    return list(walk(tomllib.loads(words.read_text(encoding="utf-8")), ()))


TOPIC_FOLDERS = sorted(
    place.name for place in (PACKAGE / "topics").iterdir() if place.is_dir() and place.name != "__pycache__"
)


@pytest.mark.parametrize("name", TOPIC_FOLDERS)
def test_a_topic_is_whole(name: str):
    assert lacking(name) == []


def test_what_a_half_made_topic_lacks_is_named(tmp_path: Path):
    folder = tmp_path / "workbench" / "topics" / "pareto"
    folder.mkdir(parents=True)
    assert "declare the topic" in lacking("pareto", root=tmp_path)[0]
    (folder / "__init__.py").touch()
    (folder / "words.toml").write_text('[panels.pareto]\ntitle = { en = "80/20" }\n', encoding="utf-8")
    (folder / "curve.py").write_text(
        "class AbcCurve:\n    @classmethod\n    def read(cls, columns: dict[str, NDArray[Any]]) -> AbcCurve: ...\n",
        encoding="utf-8",
    )
    said = "\n".join(lacking("pareto", root=tmp_path))
    assert "holds customers in memory (AbcCurve)" in said
    (folder / "twins.py").write_text("SUMMARY = Twin(AbcCurve, query=..., in_memory=...)", encoding="utf-8")
    assert "in memory" not in "\n".join(lacking("pareto", root=tmp_path))
    (folder / "panel.py").touch()
    assert "no [headlines.…]" in "\n".join(lacking("pareto", root=tmp_path))
    with (folder / "words.toml").open("a", encoding="utf-8") as words:
        words.write('[headlines.pareto.curve]\nspeaks = { en = "always", zh = "总是" }\n')
        words.write('[headlines.pareto.classes]\nlike = { en = "pareto.none", zh = "pareto.none" }\n')
    rules = "\n".join(lacking("pareto", root=tmp_path))
    assert "[headlines.pareto.curve] lacks compares" in rules
    assert "[headlines.pareto.classes] is like pareto.none, which there is not" in rules
    (folder / "panel.py").unlink()
    with (folder / "words.toml").open("a", encoding="utf-8") as words:
        words.write('[panels.share]\nlead = { en = "x", zh = "x" }\nmethod = { en = "x", zh = "x" }\n')
    said += "\n".join(lacking("pareto", root=tmp_path))
    assert "does not say what panels.share needs of the data: declare it in needs" in said
    for part in ("no query", "no chart", "no panel", "no exercises", "no lesson", "no page", "title lacks a language"):
        assert part in said


@pytest.mark.parametrize("name", topics())
def test_the_door_of_a_topic_opens_and_no_name_hides_a_module(name: str):
    door = import_module(f"workbench.topics.{name}")
    assert [shown for shown in dir(door) if not hasattr(door, shown)] == []
    modules = {path.stem for path in (PACKAGE / "topics" / name).glob("*.py")}
    assert modules & set(dir(door)) == set()
    assert topics()[name].panels


def test_an_unknown_topic_is_told_which_there_are():
    with pytest.raises(ChoiceError, match=r"parteo.*pareto"):
        topic("parteo")
    with pytest.raises(AttributeError, match="There is no topic 'parteo'"):
        _ = workbench.topics.parteo


@pytest.mark.parametrize("notebook", NOTEBOOKS + DASHBOARDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_notebook_imports_from_the_doors_alone(notebook: Path):
    doors = re.compile(r"workbench(\.(analyses|panels|pages|lessons|load|samples|store|topics\.\w+))?")
    named = re.findall(r"from (workbench[\w.]*) import", "\n".join(source(cell) for cell in cells(notebook, "code")))
    assert [module for module in named if not doors.fullmatch(module)] == []


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


HIDES_WHAT_IT_HOLDS = {"found", "given", "asked", "told"}


def bound(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that a module binds: parameters, variables, functions, fields, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) or (
            isinstance(node, ast.MatchAs | ast.MatchStar) and node.name
        ):
            yield node.lineno, node.name


def test_a_name_says_what_it_holds():
    said = [
        f"{module.relative_to(ROOT)}:{line} {name}"
        for module in MODULES
        for line, name in bound(ast.parse(module.read_text(encoding="utf-8")))
        if name.strip("_") in HIDES_WHAT_IT_HOLDS
    ]
    assert said == []


@pytest.mark.parametrize(
    "text",
    [
        "found = 1",
        "def f(given): ...",
        "def f(*, told=None): ...",
        "rows = [asked for asked in []]",
        "for _, found in []: ...",
        "self._told = 1",
        "class A:\n    given: int",
        "match 1:\n    case [found]: ...",
        "if (told := 1): ...",
    ],
)
def test_a_name_that_hides_what_it_holds_is_seen_wherever_it_is_bound(text: str):
    assert {name.strip("_") for _, name in bound(ast.parse(text))} & HIDES_WHAT_IT_HOLDS


def test_charts_are_given_channels():
    """A text or a value in a channel's place makes Altair search its schema: a quarter of an overview's charts."""
    charts = [path for path in MODULES if "import altair" in path.read_text(encoding="utf-8")]
    calls = [
        (path, call)
        for path in charts
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    ]
    assert len(calls) > 500
    slow = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in calls
        if ast.unparse(call.func) in ("alt.value", "alt.datum", "alt.condition", "alt.when")
        or (call.func.attr == "encode" and any(isinstance(one.value, ast.Constant) for one in call.keywords))
    ]
    assert not slow, f"write alt.Text(…), alt.XValue(…), or what workbench/charts/conditions.py has: {slow}"


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
