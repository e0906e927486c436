"""Documents that cannot drift: generated pages are current, commands shown exist, links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workbench import cli, reference
from workbench.i18n import LANGUAGES

COMMANDS = ("demo", "lab", "load", "check", "publish", "dashboards", "report", "lesson")
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])


def test_the_glossary_is_made_from_the_terms():
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == reference.glossary()


def test_the_data_dictionary_is_made_from_the_schema():
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == reference.data_dictionary()


def test_the_list_of_topics_and_lessons_is_made_from_their_folders():
    assert (ROOT / "docs" / "topics.md").read_text(encoding="utf-8") == reference.topics_page()


def test_the_rules_of_headlines_are_made_from_the_words_of_topics():
    assert (ROOT / "docs" / "headlines.md").read_text(encoding="utf-8") == reference.headlines_page()


def test_the_plan_of_the_course_holds_every_lesson_in_its_order():
    plan = re.findall(r"^\| `(\d\d_\w+)` \|", (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert plan == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_the_proxy_of_the_deployment_guide_passes_on_the_host_with_its_port():
    guide = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert re.findall(r"proxy_set_header Host (\S+);", guide) == ["$http_host"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(command: str, lang: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--lang", lang, "--help"])
    assert stop.value.code == 0
    assert bool(re.search("[一-鿿]{4}", capsys.readouterr().out)) == (lang == "zh")


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(readme: str, command: str):
    assert f"workbench {command}" in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_commands_shown_in_the_readme_are_accepted():
    shown = re.findall(r"^workbench .+$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown
    for line in shown:
        words = line.split("#")[0].replace('"', "").split()[1:]
        assert cli.parser("en").parse_args(words).run


def test_the_ci_script_runs_the_command_of_the_readme():
    assert "python3 run.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 run.py test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_command_line_starts_without_the_heavy_libraries():
    heavy = "import sys, workbench.cli; print(sorted({'pandas', 'altair', 'duckdb', 'ipywidgets'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_lessons_are_listed_without_waiting_for_a_server():
    heavy = "import sys; from workbench import cli; cli.main(['lesson']); print({'voila', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[0].split()[0] == "00_start_here"
    assert done.stdout.splitlines()[-1] == "set()"


def test_the_script_reaches_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "workbench.cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "dashboards" in done.stdout
