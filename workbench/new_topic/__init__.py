"""Write a small, working, tested topic to change: `python -m workbench.new_topic repeat_purchase`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from workbench.discovery import topic_names
from workbench.errors import ChoiceError

PROJECT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = Path(__file__).resolve().parent / "template"
NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")


def new_topic(name: str, *, root: Path = PROJECT) -> list[Path]:
    """Write the folders of a topic, its tests, its lesson and the lesson's solutions; return the files written.

    The topic works and is whole as `tests/test_rules.py` asks: it counts who bought once, twice, and so on. What it
    asks is to be changed, file by file, in the order of CONTRIBUTING.md.

    Raises ChoiceError where the name is no name of a module, is taken, or where this is no checkout.
    """
    if not NAME.fullmatch(name):
        raise ChoiceError("new_topic_name", name=name)
    if name in topic_names() or (root / "workbench" / "topics" / name).exists():
        raise ChoiceError("new_topic_taken", name=name)
    if not (root / "tests" / "topics").is_dir():
        raise ChoiceError("new_topic_no_checkout", folder=str(root))
    numbers = [int(path.stem[:2]) for path in (root / "notebooks").glob("[0-9][0-9]_*.ipynb")]
    lesson = f"{max(numbers, default=-1) + 1:02}_{name}"
    words = {"topic": name, "lesson": lesson, "title": name.replace("_", " ")}
    words |= {"constant": name.upper(), "noun": name.title().replace("_", "")}
    return [_write(root / place, text) for place, text in _files(words)]


def _files(words: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Give each file of the template its place and its text."""
    name = words["topic"]
    for part, folder in (("topic", Path("workbench", "topics", name)), ("tests", Path("tests", "topics", name))):
        for source in sorted((TEMPLATE / part).glob("*.txt")):
            yield folder / source.stem, Template(source.read_text(encoding="utf-8")).substitute(words)
    for kind, place in (("lesson", "notebooks"), ("solution", "notebooks/solutions")):
        cells = Template((TEMPLATE / f"{kind}.md").read_text(encoding="utf-8")).substitute(words)
        yield Path(place, f"{words['lesson']}.ipynb"), _notebook(cells)


def _notebook(text: str) -> str:
    """Make a notebook of cells that stand apart by a line of `%%`; those of code begin with `%% code`."""
    cells = []
    for place, part in enumerate(re.split(r"^%% ", text, flags=re.MULTILINE)[1:], start=1):
        kind, _, source = part.partition("\n")
        cell: dict[str, object] = {
            "cell_type": kind.strip(),
            "id": f"cell-{place}",
            "metadata": {},
            "source": source.strip(),
        }
        cells.append(cell | ({"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}}
    return json.dumps(whole | {"nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1) + "\n"


def _write(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("x", encoding="utf-8") as file:
        file.write(text)
    return place
