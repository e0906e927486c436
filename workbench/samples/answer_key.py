"""The trainers' answer key: the planted facts in words, for people, in both languages."""

from __future__ import annotations

from pathlib import Path

from workbench.i18n import t
from workbench.samples.facts import Facts
from workbench.samples.model import AS_OF

READMES = {"en": "README.md", "zh": "README.zh-CN.md"}


def answer_key(facts: Facts, lang: str, *, seed: int, customers: int) -> str:
    """Return the answer key as Markdown: the files, how to make them again, one row per planted fact."""
    rows = [
        f"| {number} | {t(f'samples.{name}.fact', lang, **blanks)} | {t(f'samples.{name}.how', lang)} |"
        for number, (name, blanks) in enumerate(facts.items(), start=1)
    ]
    parts = (
        f"# {t('samples.title', lang)}",
        t("samples.introduction", lang, customers=customers, as_of=AS_OF),
        f"## {t('samples.files_heading', lang)}",
        t("samples.files", lang),
        t("samples.again", lang),
        f"## {t('samples.facts_heading', lang)}",
        t("samples.definitions", lang, seed=seed),
        "\n".join([t("samples.table_head", lang), "| ---: | --- | --- |", *rows]),
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def write_answer_keys(folder: Path, facts: Facts, *, seed: int, customers: int) -> None:
    """Write README.md and README.zh-CN.md into the folder."""
    for lang, name in READMES.items():
        text = answer_key(facts, lang, seed=seed, customers=customers)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
