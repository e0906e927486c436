"""Make the documents that catalogs, schema and topics already hold: `python -m workbench.reference`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.discovery import TOPICS, Topic, topics
from workbench.i18n import LANGUAGES, catalog
from workbench.schema import TABLES, SchemaColumn
from workbench.serving.lab import lesson_title

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LESSONS = ROOT / "notebooks"
STEPS = {
    1: "Integrate the data 整合数据",
    2: "Understand customers and their needs 了解客户与需求",
    3: "Improve products and services 改进产品与服务",
    4: "Work as a team 团队协作",
    5: "Measure satisfaction 测量满意度",
    6: "Keep improving 持续改进",
}
PUBLISHED = {
    "no": "kept",
    "pseudonym": "keyed pseudonym",
    "mask_name": "masked (张*)",
    "mask_phone": "masked (138****8000)",
    "drop": "left out",
}

RULE_PARTS = {
    "compares": "Compares 比较什么",
    "speaks": "Speaks: when, by which test 何时说，用什么检验",
    "nothing": "Nothing to say 无话可说时",
    "base": "Base 基数",
}
"""What the rule of a headline says, in `[headlines.<panel>.<chart>]` of a topic's words."""


def glossary() -> str:
    """Return the glossary as Markdown, one row per term."""
    rows = [
        f"| `{key.removeprefix('terms.')}` | {texts['en']} | {texts['zh']} | {texts.get('unit', '')} "
        f"| {texts['definition_en']} | {texts['definition_zh']} |"
        for key, texts in catalog().items()
        if key.startswith("terms.")
    ]
    head = ["# Glossary 术语表", "", "Made from `workbench/i18n/terms.toml` by `python -m workbench.reference`.", ""]
    return "\n".join([*head, *table("Identifier", "English", "中文", "Unit", "Meaning", "含义"), *rows, ""])


def data_dictionary() -> str:
    """Return the canonical tables and columns as Markdown, one section per table."""
    lines = [
        "# Data dictionary 数据字典",
        "",
        "Made from `workbench/schema.py` and `workbench/i18n/messages/schema.toml` by `python -m workbench.reference`.",
        "**Published** says what a dashboard's snapshot holds of the column.",
        "",
    ]
    for canonical in TABLES.values():
        texts = catalog()[f"tables.{canonical.name}"]
        key = f" Key: `{'`, `'.join(canonical.key)}`." if canonical.key else ""
        lines += [
            f"## `{canonical.name}` {texts['zh']}",
            "",
            f"{texts['definition_en']}{key} {texts['definition_zh']}",
            "",
        ]
        lines += table("Column", "中文", "Type", "Required", "Published", "Meaning", "含义")
        lines += [described(column) for column in canonical.columns]
        lines.append("")
    return "\n".join(lines)


def described(column: SchemaColumn) -> str:
    """Return one column's row of the data dictionary."""
    texts = catalog()[f"columns.{column.name}"]
    made = "made by the loader" if column.derived else "yes" if column.required else ""
    meaning = f"{texts['definition_en']} | {texts['definition_zh']}"
    return f"| `{column.name}` | {texts['zh']} | {column.type} | {made} | {PUBLISHED[column.personal]} | {meaning} |"


def topics_page() -> str:
    """Return the topics by the steps of the method, and the lessons, as Markdown."""
    lines = [
        "# Topics and lessons 主题与课程",
        "",
        "Made from the folders of `workbench/topics/` and the notebooks by `python -m workbench.reference`.",
        "",
    ]
    for step, title in STEPS.items():
        of_step = [(name, topic) for name, topic in topics().items() if topic.step == step]
        if of_step:
            lines += [f"## {title}", "", *table("Topic", "主题", "By code", "Lesson", "Page")]
            lines += [
                topic_row(name, topic) for name, topic in sorted(of_step, key=lambda one: (one[1].lesson, one[0]))
            ]
            lines.append("")
    lines += ["## Lessons 课程", "", *table("Lesson 课程", "Topics 主题"), *lesson_rows(topics()), ""]
    return "\n".join(lines)


def headlines_page() -> str:
    """Return what the headline of every chart compares and when it speaks, as Markdown, from the topics' words."""
    lines = [
        "# What headlines say 标题的规则",
        "",
        "Made from `[headlines.…]` of the topics' `words.toml` by `python -m workbench.reference`. A headline is a",
        "claim: it says what is compared, it speaks by its rule alone, and where there is nothing to say it says so.",
        "What is tested, and how often it errs, stands in [trials.md](trials.md); `tests/test_headlines.py` plants",
        "the shapes. Pages and boards have no headline of their own: their panels and key figures have these.",
        "",
    ]
    for name in sorted(topics(), key=lambda one: (topics()[one].step, topics()[one].lesson, one)):
        words = tomllib.loads((TOPICS / name / "words.toml").read_text(encoding="utf-8"))
        for panel, views in words.get("headlines", {}).items():
            titles = words["panels"].get(panel, {}).get("title", {"en": panel, "zh": ""})
            lines += [f"## {titles['en']} {titles['zh']}".rstrip(), ""]
            lines += table("Chart", *RULE_PARTS.values())
            lines += [headline_row(view, rule) for view, rule in views.items()]
            lines.append("")
    return "\n".join(lines)


def headline_row(view: str, rule: Mapping[str, Mapping[str, str]]) -> str:
    """Return the rule of one chart's headline; one that is another chart's names it."""
    if "like" in rule:
        return f"| `{view}` | as `{rule['like']['en']}` |{'  |' * (len(RULE_PARTS) - 1)}"
    parts = (f"{rule[part]['en']}<br>{rule[part]['zh']}" for part in RULE_PARTS)
    return f"| `{view}` | {' | '.join(parts)} |"


def topic_row(name: str, topic: Topic) -> str:
    """Return one topic's row: its titles, its door, where it is taught and shown."""
    words = tomllib.loads((TOPICS / name / "words.toml").read_text(encoding="utf-8"))
    title = next(texts["title"] for texts in words["panels"].values() if "title" in texts)
    page = f"`{topic.page}`" if topic.page else topic.without["page"]
    lesson = f"[{topic.lesson}](../notebooks/{topic.lesson}.ipynb)" if topic.lesson else topic.without["lesson"]
    return f"| {title['en']} | {title['zh']} | `from workbench.topics import {name}` | {lesson} | {page} |"


def lesson_rows(known: Mapping[str, Topic]) -> Iterable[str]:
    """Yield every notebook's title and the topics it teaches, in the order of the course."""
    for path in sorted(LESSONS.glob("*.ipynb")):
        title = " · ".join(lesson_title(path, lang) for lang in LANGUAGES)
        taught = ", ".join(f"`{name}`" for name, topic in known.items() if topic.lesson == path.stem)
        yield f"| [{path.stem}](../notebooks/{path.name}): {title} | {taught} |"


def table(*heads: str) -> list[str]:
    """Return the two first lines of a Markdown table."""
    return [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]


def main() -> None:
    """Write the documents."""
    (DOCS / "glossary.md").write_text(glossary(), encoding="utf-8")
    (DOCS / "data_dictionary.md").write_text(data_dictionary(), encoding="utf-8")
    (DOCS / "headlines.md").write_text(headlines_page(), encoding="utf-8")
    (DOCS / "topics.md").write_text(topics_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
