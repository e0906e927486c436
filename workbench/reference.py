"""Make docs/glossary.md and docs/data_dictionary.md from catalogs and schema: `python -m workbench.reference`."""

from __future__ import annotations

from pathlib import Path

from workbench.i18n import catalog
from workbench.schema import TABLES, SchemaColumn

DOCS = Path(__file__).resolve().parent.parent / "docs"
PUBLISHED = {
    "no": "kept",
    "pseudonym": "keyed pseudonym",
    "mask_name": "masked (张*)",
    "mask_phone": "masked (138****8000)",
    "drop": "left out",
}


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


def table(*heads: str) -> list[str]:
    """Return the two first lines of a Markdown table."""
    return [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]


def main() -> None:
    """Write both documents."""
    (DOCS / "glossary.md").write_text(glossary(), encoding="utf-8")
    (DOCS / "data_dictionary.md").write_text(data_dictionary(), encoding="utf-8")


if __name__ == "__main__":
    main()
