"""The quality of all data: columns filled, by department too; what is old, doubled, contradictory, rejected, new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import pandas as pd
from ibis import _

from workbench.charts.drawing import Drawing
from workbench.charts.words import count_words, date_words, share_words
from workbench.errors import NothingToShow
from workbench.i18n import catalog, t
from workbench.panels.base import Answer, Panel, Parts
from workbench.panels.columns import column_texts, column_words
from workbench.panels.controls import Choice
from workbench.panels.headings import headed
from workbench.panels.layout import Figure, text
from workbench.panels.privacy import Privacy, Shown
from workbench.panels.session import Session
from workbench.panels.table import Detail, Field, table_html
from workbench.panels.worded_rows import ValueNames
from workbench.schema import TABLES
from workbench.topics.data_quality.chart import column_fill_drawing
from workbench.topics.data_quality.panel_measured import ORIGINS, Quality, ages_of, entered_columns, measured_quality
from workbench.topics.data_quality.query import (
    DUPLICATE_KINDS,
    STALE_MONTHS,
    column_fill,
    duplicate_members,
    replaced_values,
    value_history,
)

FILL_COUNTS = ("filled_count", "blank_count")
STALE_CHOICES = (6, 12, 24, 36)
ORDER_ISSUE, LIST_ISSUE = "orders", "list:"


@dataclass(frozen=True)
class QualityAnswer(Answer):
    """The columns of one table (`rows`), and what is counted of all data."""

    table_name: str
    departments: pd.DataFrame
    ages: pd.DataFrame
    issues: pd.DataFrame
    rejected: pd.DataFrame
    changes: pd.DataFrame
    newly_filled: tuple[tuple[str, str], ...]
    before_on: str
    sources: int
    is_public: bool
    minimum: int
    stale_months: int = STALE_MONTHS
    listed: str = "blank"


def data_quality_panel(session: Session) -> Panel:
    """Choose a table and see how far its columns are filled; below what is old, doubled, rejected and new."""
    tables = [name for name in TABLES if session.store.snapshot.tables.get(name)] or ["customers"]
    return Panel(
        session,
        topic="data_quality",
        controls={
            "table": Choice("panels.data_quality.table", {name: f"tables.{name}" for name in tables}),
            **({} if session.store.snapshot.published else _analysts_controls()),
        },
        analyse=partial(quality_of, session),
        analyses=(quality_of,),
        follows_filters=False,
        privacy=Privacy(_shown),
        draw=_draw,
        parts=Parts(
            figures=_figures,
            summary=_summary,
            names=_names,
            detail=None if session.store.snapshot.published else partial(_listed, session),
            recipe=_recipe,
            imports=(("topics.data_quality", ("column_fill", "entered_columns")),),
        ),
    )


def _analysts_controls() -> dict[str, Choice]:
    """What a click lists, and when a record is stale: managers see counts of one border alone, none by subtraction."""
    return {
        "stale_months": Choice(
            "panels.data_quality.stale_after",
            {months: f"panels.data_quality.months.{months}" for months in STALE_CHOICES},
            value=STALE_MONTHS,
        ),
        "listed": Choice("panels.data_quality.listed", {name: f"panels.data_quality.lists.{name}" for name in _LISTS}),
    }


def _shown(_: QualityAnswer) -> Sequence[Shown]:
    """Say what is counted: customers, or rows that may be those of few; what adds up to them is known, too.

    Rejected rows are no customers: how many a rule turned away tells of nobody.
    """
    column: dict[str, Any] = {"totals": (), "beside": ("place", "row_count"), "in_place": True}
    return (
        *(Shown(("column_name",), counts=name, **column) for name in FILL_COUNTS),
        *(
            Shown(
                ("by", "group_name", "column_name"),
                frame="departments",
                counts=name,
                totals=(("by", "column_name"),),
                beside=("place",),
                in_place=True,
            )
            for name in FILL_COUNTS
        ),
        Shown(("age",), frame="ages", in_place=True),
        Shown(("kind",), frame="issues", totals=(), in_place=True),
        Shown(("table_name",), frame="changes", counts="moved", totals=(), beside=("row_count",), in_place=True),
    )


def _quality(session: Session) -> Quality:
    """Measure the store once, or read what was measured when it was published."""
    store = session.store
    if not store.snapshot.published:
        measured: Quality = session.unfiltered().remember("quality", lambda: measured_quality(store))
        return measured
    noted = store.noted("data_quality")
    published = Quality.of(noted) if noted else None
    if published is None:
        raise NothingToShow("quality_for_some_regions" if store.regions else "quality_not_measured")
    return published


def quality_of(
    session: Session, *, table: str, stale_months: int = STALE_MONTHS, listed: str = "blank"
) -> QualityAnswer:
    """Return how far the columns of a table are filled, with what is counted of all data.

    `stale_months` is how long without a sign of life makes a record stale; `listed` is what a click on a column
    lists of its customers: a blank, near duplicates, or values that differ.
    """
    quality, store = session.remember("quality_of_all", lambda: _quality(session)), session.store
    frames, public = quality.frames, store.snapshot.published
    every = frames["columns"]
    rows = every[every["table_name"] == table].drop(columns=["table_name", "filled_before"]).reset_index(drop=True)
    if rows.empty:
        raise NothingToShow("quality_no_rows", table=f"tables.{table}")
    departments = frames["departments"]
    if public:  # who entered and who verified are names
        departments = departments[departments["by"] == "entered_department"]
    changes = frames["changes"]
    before = pd.to_numeric(changes["row_count_before"])
    moved = (changes["row_count"] - before).abs().fillna(0).astype(int)
    names = [name for name in entered_columns(store, table) if name in set(rows["column_name"])]
    return QualityAnswer(
        lambda: column_fill(store.table(table), columns=names),
        rows,
        store.snapshot.as_of,
        table,
        departments.reset_index(drop=True),
        _ages(session, frames, stale_months),
        frames["issues"],
        _rejected(frames["rejected"], public=public),
        changes.assign(moved=moved),
        _newly_filled(every, least=session.minimum_group),
        quality.before_on,
        quality.sources,
        public,
        session.minimum_group,
        stale_months,
        listed,
    )


def _ages(session: Session, frames: Mapping[str, pd.DataFrame], stale_months: int) -> pd.DataFrame:
    """The ages as they were measured, or by another border."""
    if stale_months == STALE_MONTHS:
        return frames["ages"]
    measured: pd.DataFrame = session.remember(
        ("ages", stale_months), lambda: ages_of(session.store, stale_months=stale_months)
    )
    return measured


def _newly_filled(columns: pd.DataFrame, *, least: int) -> tuple[tuple[str, str], ...]:
    """Name the columns that nothing filled in the snapshot before, with their tables."""
    new = columns[(pd.to_numeric(columns["filled_before"]) == 0) & (columns["filled_count"] >= least)]
    return tuple(zip(new["table_name"], new["column_name"], strict=True))


def _rejected(rows: pd.DataFrame, *, public: bool) -> pd.DataFrame:
    """Leave the files' names to analysts: they may be called after a customer."""
    if not public:
        return rows
    by = ["table_name", "column_name", "reason"]
    return rows.groupby(by, dropna=False)["row_count"].sum().reset_index()


def column_name_words(name: str, lang: str) -> str:
    """Say a column as the data dictionary calls it, as a label; the company's own by its name, as it is."""
    if f"columns.{name}" in catalog():
        return headed(t(f"columns.{name}", lang))
    return headed(column_words(name, lang)) if column_texts(name) else name


def _table_words(name: str, lang: str) -> str:
    return headed(t(f"tables.{name}", lang))


def _names(answer: QualityAnswer, lang: str) -> ValueNames:
    return {"column_name": {name: column_name_words(name, lang) for name in answer.rows["column_name"]}}


def _draw(answer: QualityAnswer, lang: str) -> Drawing:
    names = dict(_names(answer, lang)["column_name"])
    table = t(f"tables.{answer.table_name}", lang)
    return column_fill_drawing(answer.rows, lang, names=names, table=table, as_of=answer.as_of)


def _figures(answer: QualityAnswer, lang: str) -> Sequence[Figure]:
    ages = answer.ages.set_index("age")["customer_count"]
    everyone = int(ages.sum()) if len(ages) and ages.notna().all() else None
    old = None if everyone is None else int(ages["older"] + ages["never"])
    doubles = answer.issues[answer.issues["kind"].isin(DUPLICATE_KINDS)]
    most = None if doubles.empty else doubles["customer_count"].max(skipna=False)
    rejected = int(answer.rejected["row_count"].sum())
    share = share_words(old / everyone, lang) if everyone and old is not None else "—"

    def word(name: str, **facts: str) -> str:
        return t(f"panels.data_quality.{name}", lang, **facts)

    return (
        Figure(word("stale", months=str(answer.stale_months)), _count(old, lang), word("stale_note", share=share)),
        Figure(word("doubles"), _count(most, lang), word("doubles_note")),
        Figure(
            word("rejected"),
            _count(rejected, lang),
            word("rejected_note", count=count_words(answer.sources, lang)),
        ),
    )


def _count(value: float | None, lang: str) -> str:
    return "—" if value is None or pd.isna(value) else count_words(value, lang)


def _summary(answer: QualityAnswer, lang: str) -> str:
    """Return every section under its heading: a table, or the sentence that says that there is nothing."""
    sections = (
        ("departments", *_department_table(answer, lang)),
        (
            "ages",
            _age_rows(answer, lang),
            (_text("age"), _number("customer_count")),
        ),
        ("issues", _issue_rows(answer, lang), (_text("issue"), _number("set_count"), _number("customer_count"))),
        ("rejected_rows", *_rejected_table(answer, lang)),
        ("changes", *_change_table(answer, lang)),
    )
    parts = []
    for name, rows, fields in sections:
        facts = {"as_of": date_words(answer.as_of, lang), "before": answer.before_on}
        heading = "changes_since" if name == "changes" and answer.before_on else name
        parts.append(text("h3", t(f"panels.data_quality.{heading}", lang, **facts), "wb-section"))
        if rows.empty:
            parts.append(text("p", t(f"panels.data_quality.no_{name}", lang), "wb-hint"))
        else:
            parts.append(table_html(rows, fields, lang))
    return "".join(parts) + "".join(text("p", note, "wb-hint") for note in _notes(answer, lang))


def _notes(answer: QualityAnswer, lang: str) -> Iterator[str]:
    """Say what a dash stands for, what could not be compared, and what is filled for the first time."""
    if any(rows.isna().any(axis=None) for rows in (answer.ages, answer.issues)):
        yield t("panels.data_quality.hidden", lang, minimum=answer.minimum)
    compared = set(answer.issues["kind"])
    unchecked = [_issue_words(kind, lang) for kind in (*DUPLICATE_KINDS, ORDER_ISSUE) if kind not in compared]
    if not any(kind.startswith(LIST_ISSUE) for kind in compared):
        unchecked.append(t("panels.data_quality.issues_of.lists", lang))
    if unchecked:
        yield t("panels.data_quality.unchecked", lang, kinds=unchecked)
    if answer.newly_filled:
        new = [
            t(
                "panels.data_quality.column_of",
                lang,
                table=_table_words(table, lang),
                column=column_name_words(name, lang),
            )
            for table, name in answer.newly_filled
        ]
        yield t("panels.data_quality.newly_filled", lang, columns=new)


def _text(name: str) -> Field:
    return Field(name, label=f"panels.data_quality.heads.{name}")


def _number(name: str) -> Field:
    return Field(name, "count", label=f"panels.data_quality.heads.{name}")


def _age_rows(answer: QualityAnswer, lang: str) -> pd.DataFrame:
    rows = answer.ages
    months = {"half": str(answer.stale_months // 2), "whole": str(answer.stale_months)}
    return rows.assign(age=[headed(t(f"panels.data_quality.ages_of.{age}", lang, **months)) for age in rows["age"]])


def _department_table(answer: QualityAnswer, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    """Put the groups below each other and their columns beside: the share filled, of columns not alike everywhere."""
    rows = answer.departments
    if rows.empty:
        return rows, ()
    every = rows.groupby("column_name")[[*FILL_COUNTS]].sum()
    telling = [name for name in rows["column_name"].unique() if every.loc[name].all() or name == "verified_by"]

    named = rows["group_name"].fillna(headed(t("charts.theme.unknown", lang)))
    keyed = rows.assign(group_name=named)[rows["column_name"].isin(telling)]

    wide = keyed.pivot(index=["by", "group_name"], columns="column_name", values="filled_share")[telling].reset_index()
    sizes = keyed.groupby(["by", "group_name"])["row_count"].max().reset_index()
    table = sizes.merge(wide, on=["by", "group_name"])
    table["by"] = [column_name_words(name, lang) for name in table["by"]]
    shares = [Field(name, "share", label=_label(name)) for name in telling]
    return table, (_text("by"), _text("group_name"), _number("row_count"), *shares)


def _label(name: str) -> str:
    return f"columns.{name}" if f"columns.{name}" in catalog() else ""


def _issue_words(kind: str, lang: str) -> str:
    if kind.startswith(LIST_ISSUE):
        column = column_name_words(kind.removeprefix(LIST_ISSUE), lang)
        return t("panels.data_quality.issues_of.list", lang, column=column)
    return t(f"panels.data_quality.issues_of.{kind}", lang)


def _issue_rows(answer: QualityAnswer, lang: str) -> pd.DataFrame:
    rows = answer.issues
    agrees = rows["kind"].str.startswith(LIST_ISSUE).astype(bool) & (rows["customer_count"] == 0)
    ordered = rows.assign(issue=[headed(_issue_words(kind, lang)) for kind in answer.issues["kind"]])
    places = {kind: place for place, kind in enumerate((*DUPLICATE_KINDS, ORDER_ISSUE))}
    return ordered[~agrees].sort_values("kind", key=lambda kinds: kinds.map(places).fillna(len(places)), kind="stable")


def _rejected_table(answer: QualityAnswer, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    rows = answer.rejected
    worded = rows.assign(
        table_name=[_table_words(name, lang) for name in rows["table_name"]],
        column_name=[column_name_words(name, lang) if isinstance(name, str) else "—" for name in rows["column_name"]],
        reason=[_reason(reason, lang) for reason in rows["reason"]],
    )
    files = () if answer.is_public else (_text("file"),)
    return worded, (*files, _text("table_name"), _text("column_name"), _text("reason"), _number("row_count"))


def _reason(reason: str, lang: str) -> str:
    key = f"load.reject_{reason}"
    return headed(t(key, lang)) if key in catalog() else reason


def _change_table(answer: QualityAnswer, lang: str) -> tuple[pd.DataFrame, Sequence[Field]]:
    if not answer.before_on:
        return answer.changes.iloc[:0], ()
    worded = answer.changes.assign(table_name=[_table_words(name, lang) for name in answer.changes["table_name"]])
    return worded, (_text("table_name"), _number("row_count_before"), _number("row_count"), _number("moved"))


def _listed(session: Session, answer: QualityAnswer, picked: Mapping[str, Any]) -> Detail | None:
    """List the customers behind the column that was picked: a blank, a near duplicate, or values that differ."""
    name, customers = str(picked["column_name"]), session.store.customers
    if answer.table_name != "customers" or name not in customers.columns:
        return None
    return _LISTS[answer.listed](session, name)


def _blank(session: Session, name: str) -> Detail:
    customers = session.store.customers
    owners = [one for one in ("owner", "entered_department", "entered_by") if one in customers.columns and one != name]
    listed = customers.filter(customers[name].isnull()).select("customer_id", "name", "region", *owners)
    fields = [Field(one, label=_label(one)) for one in ("customer_id", "name", "region", *owners)]
    return Detail(listed.order_by("customer_id"), fields, "panels.data_quality.blank_of", {"column": f"columns.{name}"})


def _doubles(session: Session, name: str) -> Detail | None:
    """Customers who share a phone, an address or an id's spelling, those of one set below each other."""
    kind = DOUBLES_OF.get(name)
    if kind is None:
        return None
    customers = session.store.customers
    members = duplicate_members(customers).filter(_.kind == kind)
    listed = members.join(customers.select("customer_id", "name", "region"), "customer_id")
    fields = [Field("shared", label="panels.data_quality.heads.shared")]
    fields += [Field(one, label=_label(one)) for one in ("customer_id", "name", "region")]
    ordered = listed.select("shared", "customer_id", "name", "region").order_by("shared", "customer_id")
    return Detail(ordered, fields, f"panels.data_quality.issues_of.{kind}")


_HISTORY = ("customer_id", "value", "file", "source_line", "from_on", "source_id")


def _differing(session: Session, name: str) -> Detail | None:
    """What each list says of customers of whom several lists differ, and what newer files of one name replaced."""
    store, histories = session.store, []
    if name in ("customer_id", *ORIGINS):
        return None
    if store.customer_lists is not None and name in store.customer_lists.columns:
        history = value_history(store.customer_lists, column=name)
        histories.append(history.join(store.sources.select("source_id", "file"), "source_id").select(*_HISTORY))
    if store.customer_history is not None:
        histories.append(replaced_values(store.customer_history, column=name).select(*_HISTORY))
    if not histories:
        return None
    listed = ibis.union(*histories) if len(histories) > 1 else histories[0]
    fields = [Field("customer_id", label=_label("customer_id"))]
    fields += [Field(one, label=f"panels.data_quality.heads.{one}") for one in ("value", "file", "source_line")]
    fields.append(Field("from_on", "day", label="columns.updated_on"))
    return Detail(
        listed.order_by("customer_id", _.from_on.asc(nulls_first=True), "source_id", "source_line"),
        fields,
        "panels.data_quality.differing_of",
        {"column": f"columns.{name}"},
    )


_LISTS: Mapping[str, Callable[[Session, str], Detail | None]] = {
    "blank": _blank,
    "doubles": _doubles,
    "differing": _differing,
}
DOUBLES_OF = {"phone": "phone", "email": "email", "name": "name_phone", "customer_id": "id_spelling"}
"""Which near duplicates a column shows."""


def _recipe(chosen: Mapping[str, Any]) -> Sequence[str]:
    table = chosen["table"]
    return (
        f"table = session.store.table({table!r})",
        f"columns = entered_columns(session.store, {table!r})",
        "rows = collect(column_fill(table, columns=columns))",
    )
