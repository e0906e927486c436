"""The mapping as a TOML file: read with the line of every mistake, written so that it reads back equal."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, cast, get_args

from workbench.currency import DECIMALS
from workbench.errors import LoadError
from workbench.limits import check_settings_size, toml_content
from workbench.load.cleaning.dates import check_date_format
from workbench.load.cleaning.day_parts import DayPart
from workbench.load.cleaning.time_zones import check_time_zone
from workbench.load.mapping.analyst_answers import CHANGES, CHOSEN_COLUMNS
from workbench.load.mapping.company import Company
from workbench.load.mapping.fixed_columns import FixedColumn, SaidPeriod
from workbench.load.mapping.item_scales import item_fault
from workbench.load.mapping.mapping_parts import LeftOut, MappingParts
from workbench.load.mapping.source_mapping import (
    AS_OF_RULES,
    PRICED_COLUMNS,
    Attribute,
    Cancelled,
    Item,
    MoneyStatement,
    Overlap,
    PriceChange,
    RowMeaning,
    SameName,
    SourceMapping,
    UnsoldRefunds,
)
from workbench.load.questions import Question
from workbench.load.reading.header import clean_header
from workbench.schema import SURVEY_KINDS, TABLES

SIMPLE_ENTRIES = (
    "files",
    "sheet",
    "table",
    "header_row",
    "encoding",
    "delimiter",
    "date_format",
    "time_zone",
    "zone_column",
    "time_column",
    "decimal",
    "layout",
    "key",
    "ignore",
    "deduct",
    "fill_down",
    "heading_column",
    "returns",
    "negative_pieces_back",
    "unit_column",
    "profit",
    "unsold_refunds",
    "same_name",
    "overlap",
    "no_customer",
    "money",
    "as_of",
    "currency",
    "extra_header_rows",
    "periods_as_rows",
)
UNWRITTEN = ("suggestions", "per_order", "per_piece")
SOURCE_ENTRIES = tuple(field.name for field in fields(SourceMapping) if field.name not in UNWRITTEN)
"""What stands in a `[[source]]`; that a number is the order's, or a piece's, stands with its column."""
COMPANY_ENTRIES = tuple(field.name for field in fields(Company))
TEXT, NUMBER_TYPES = str, (int, float)
MEANINGS = get_args(RowMeaning)
LISTS = ("files", "key", "ignore", "deduct", "fill_down")
ENTRY_TYPES: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(LISTS, list),
    **dict.fromkeys(("header_row", "extra_header_rows"), int),
    **dict.fromkeys(("no_customer", "returns", "negative_pieces_back", "periods_as_rows"), bool),
    "as_of": (date, str),
}
MONEY_ENTRIES = ("deduct", "profit", "returns")
ITEM_ENTRIES = tuple(field.name for field in fields(Item))


def mapping_text(
    sources: Iterable[SourceMapping],
    company: Company | None = None,
    questions: Iterable[Question] = (),
    left_out: Iterable[LeftOut] = (),
) -> str:
    """Write a mapping as TOML, what is open with its choices and the suggested one as its answer.

    Headers are quoted: they may hold anything.
    """
    lines = []
    described = {name: getattr(company, name) for name in COMPANY_ENTRIES} if company else {}
    if any(value is not None for value in described.values()):
        lines += ["[company]", *_entries(described), ""]
    for source in sources:
        lines += [*_source_lines(source), ""]
    for entry in left_out:
        lines += ["[[left_out]]", *_entries({"files": entry.files, "sheet": entry.sheet}), ""]
    for question in questions:
        lines += [*_question_lines(question), ""]
    return "\n".join(lines)


def read_mapping(path: Path) -> tuple[MappingParts, tuple[str | None, ...]]:
    """Read and check a mapping file: what it says, and the answers to its questions, None for what is still open.

    Every LoadError names the file and, where it can, the line.
    """
    check_settings_size(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise LoadError("mapping_not_found", path=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError("mapping_not_readable", path=path) from error
    return parse_mapping(text, path.name)


def parse_mapping(text: str, file: str = "mapping.toml") -> tuple[MappingParts, tuple[str | None, ...]]:
    """Read a mapping, and the answers to its questions, from the text of a TOML file."""
    try:
        data = toml_content(text, file)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise LoadError("mapping_not_toml", file=file, line=line, problem=str(error).split(" (at")[0]) from error
    return _Reader(file, text.splitlines()).read(data)


class _Reader:
    """Turns parsed TOML into the parts of a mapping; `_fail` finds the line to blame."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self._file = file
        self._lines = lines
        self._from_line = 0
        self._asked_about: list[tuple[str, str | None]] = []

    def read(self, data: dict[str, Any]) -> tuple[MappingParts, tuple[str | None, ...]]:
        self._known(data, ("company", "source", "left_out", "question"))
        entries = [self._question(entry) for entry in self._parts("question", data)]
        self._asked_about = [
            (question.file, cast("str | None", question.facts.get("sheet"))) for question, _ in entries
        ]
        left_out = [self._left_out(entry) for entry in self._parts("left_out", data)]
        self._from_line = 0
        company = self._typed("company", data.get("company", {}), dict)
        self._known(company, COMPANY_ENTRIES)
        name = self._optional(company, "name", str)
        as_of = self._optional(company, "as_of", date)
        currency = self._optional(company, "currency", str)
        if currency is not None:
            currency = self._one_of("currency", currency.strip().upper(), DECIMALS)
        sources = [self._source(entry) for entry in self._parts("source", data)]
        time_zone = self._time_zone(self._optional(company, "time_zone", str))
        whose = Company(name, as_of, currency, time_zone)
        questions = tuple(question for question, _ in entries)
        return MappingParts(tuple(sources), whose, questions, tuple(left_out)), tuple(answer for _, answer in entries)

    def _parts(self, name: str, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Go through the tables of one name; what is wrong in one is looked for from its first line on."""
        starts = [number for number, line in enumerate(self._lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
        for place, entry in enumerate(self._typed(name, data.get(name, []), list)):
            self._from_line = starts[place] if place < len(starts) else 0
            yield self._typed(name, entry, dict)

    def _left_out(self, data: dict[str, Any]) -> LeftOut:
        self._known(data, ("files", "sheet"))
        files = self._texts("files", data.get("files", []))
        if not files:
            self._fail("mapping_lacks_entry", "left_out", {"entry": "files"})
        return LeftOut(files, self._optional(data, "sheet", str))

    def _question(self, data: dict[str, Any]) -> tuple[Question, str | None]:
        """A question that was open when the mapping was saved, and the answer written since."""
        self._known(data, ("file", "key", "answer", "choices", "about", "further"))
        key = self._one_of("key", self._optional(data, "key", str), (*CHANGES, "which_table"))
        choices = {choice: self._texts(choice, readings) for choice, readings in self._table(data, "choices")}
        further = {
            choice: tuple(
                self._question(self._typed(choice, one, dict))[0] for one in self._typed(choice, questions, list)
            )
            for choice, questions in self._table(data, "further")
        }
        file = self._optional(data, "file", str) or ""
        question = Question(key, file, dict(self._table(data, "about")), choices, further)
        answer = self._optional(data, "answer", str)
        if answer is None or (answer == "" and key not in CHOSEN_COLUMNS):
            return question, None
        if key != "date_order" and answer != "":
            self._one_of("answer", answer, choices)
        return question, answer

    def _source(self, data: dict[str, Any]) -> SourceMapping:
        self._known(data, SOURCE_ENTRIES)
        simple = {name: self._optional(data, name, ENTRY_TYPES.get(name, str)) for name in SIMPLE_ENTRIES}
        table = self._one_of("table", simple["table"], TABLES)
        back = [entry if isinstance(entry, dict) else {"header": entry} for entry in simple["deduct"] or []]
        simple["deduct"] = [self._deducted(entry) for entry in back]
        lists = {name: self._texts(name, simple[name] or []) for name in LISTS}
        if not lists["files"]:
            self._fail("mapping_lacks_entry", "source", {"entry": "files"})
        written = self._table(data, "columns")
        source = SourceMapping(
            files=lists["files"],
            table=table,
            sheet=simple["sheet"],
            header_row=simple["header_row"],
            encoding=simple["encoding"],
            delimiter=simple["delimiter"],
            date_format=self._date_format(simple["date_format"]),
            time_zone=self._time_zone(simple["time_zone"]),
            zone_column=simple["zone_column"],
            time_column=simple["time_column"],
            day_parts={
                header: self._choice(header, self._typed(header, part, str), DayPart)
                for header, part in self._table(data, "day_parts")
            },
            decimal="," if self._one_of("decimal", simple["decimal"] or ".", (".", ",")) == "," else ".",
            layout=self._layout(simple["layout"]),
            cancelled=self._cancelled(data.get("cancelled")),
            key=lists["key"],
            ignore=lists["ignore"],
            deduct=lists["deduct"],
            fill_down=lists["fill_down"],
            heading_column=simple["heading_column"],
            returns=bool(simple["returns"]),
            negative_pieces_back=bool(simple["negative_pieces_back"]),
            unit_column=simple["unit_column"],
            profit=simple["profit"],
            unsold_refunds=self._choice("unsold_refunds", simple["unsold_refunds"], UnsoldRefunds),
            same_name=self._choice("same_name", simple["same_name"], SameName),
            overlap=self._choice("overlap", simple["overlap"], Overlap),
            no_customer=bool(simple["no_customer"]),
            money=self._choice("money", simple["money"], MoneyStatement),
            as_of=self._as_of(simple["as_of"]),
            currency=simple["currency"],
            columns={header: self._column(table, header, entry) for header, entry in written},
            per_order=(
                *(header for header, entry in written if self._per(header, entry) == "order"),
                *(str(entry["header"]) for entry in back if self._per("deduct", entry) == "order"),
            ),
            per_piece=tuple(header for header, entry in written if self._per(header, entry) == "piece"),
            fixed={column: self._fixed(column, entry) for column, entry in self._table(data, "fixed")},
            attributes={header: self._attribute(header, entry) for header, entry in self._table(data, "attributes")},
            missing={header: self._texts(header, words) for header, words in self._table(data, "missing")},
            meanings={header: self._meanings(header, values) for header, values in self._table(data, "meanings")},
            price_changes={
                header: self._choice(header, self._typed(header, change, str), PriceChange)
                for header, change in self._table(data, "price_changes")
            },
            rates={code: self._rate(code, rate) for code, rate in self._table(data, "rates")},
            units={header: self._unit(header, unit) for header, unit in self._table(data, "units")},
            items={header: self._item(header, entry) for header, entry in self._table(data, "items")},
            extra_header_rows=simple["extra_header_rows"] or 0,
            periods_as_rows=bool(simple["periods_as_rows"]),
            leave_out={header: self._texts(header, words) for header, words in self._table(data, "leave_out")},
            complaint_kinds={
                header: self._texts(header, words) for header, words in self._table(data, "complaint_kinds")
            },
            points_spent={header: self._texts(header, words) for header, words in self._table(data, "points_spent")},
            least_seconds={
                header: self._typed(header, number, NUMBER_TYPES)
                for header, number in self._table(data, "least_seconds")
            },
        )
        self._check(source)
        return source

    def _check(self, source: SourceMapping) -> None:
        """What no single entry shows: used twice, not there, not complete."""
        names = TABLES[source.table].names
        for name in source.key:
            self._one_of("key", name, names)
        self._no_repeats((*source.columns.values(), *source.fixed), "mapping_column_twice")
        derived = [one.name for one in TABLES[source.table].columns if one.derived]
        for name in source.fixed:
            if name in derived:
                known = [one.name for one in TABLES[source.table].columns if not one.derived]
                self._fail_unknown("mapping_unknown_column", name, known, table=source.table)
        self._no_repeats((attribute.name.lower() for attribute in source.attributes.values()), "mapping_column_twice")
        self._no_repeats(map(clean_header, source.headers), "mapping_header_twice")
        for attribute in source.attributes.values():
            if attribute.name.lower() in names:
                self._fail(
                    "mapping_attribute_is_column", attribute.name, {"attribute": attribute.name, "table": source.table}
                )
        if source.money and (counted := _money_columns(source)):
            self._fail("mapping_money_known", "money", {"entries": counted})
        if source.money and source.table != "transactions":
            self._fail("mapping_money_elsewhere", "money", {"table": source.table})
        is_asked = any(source.applies_to(file) and sheet == source.sheet for file, sheet in self._asked_about)
        if not is_asked and (lacking := source.lacking()):
            self._fail("mapping_lacks_columns", "table", {"table": source.table, "columns": lacking})

    def _column(self, table: str, header: str, entry: object) -> str:
        if isinstance(entry, dict):
            self._known(entry, ("column", "per"))
            entry = entry.get("column")
        column: str = self._typed(header, entry, str)
        known = [entry.name for entry in TABLES[table].columns if not entry.derived]
        if column not in known:
            self._fail_unknown("mapping_unknown_column", column, known, table=table)
        return column

    def _deducted(self, entry: dict[str, Any]) -> str:
        """The header of `deduct`: a text, or `{header = "退款金额", per = "order"}`."""
        self._known(entry, ("header", "per"))
        header: str = self._typed("deduct", entry.get("header"), str)
        return header

    def _fixed(self, column: str, entry: object) -> FixedColumn:
        """One of `{constant = "…"}`, `{file_name = "…"}`, a regular expression, and `{said = "month"}` or year."""
        table = self._typed(column, entry, dict)
        self._known(table, ("constant", "file_name", "said"))
        constant, pattern, said = (self._optional(table, name, str) for name in ("constant", "file_name", "said"))
        if sum(one is not None for one in (constant, pattern, said)) != 1:
            self._fail("mapping_fixed_column", column, {"column": column})
        try:
            re.compile(pattern or "")
        except re.error as fault:
            self._fail("mapping_wrong_pattern", column, {"pattern": pattern, "problem": str(fault)})
        return FixedColumn(constant, pattern, self._choice(column, said, SaidPeriod))

    def _per(self, header: str, entry: object) -> str:
        """What a number is of: the line, or `per = "order"`, or of a cost `per = "piece"`."""
        per = entry.get("per", "line") if isinstance(entry, dict) else "line"
        is_cost = isinstance(entry, dict) and entry.get("column") == "cost"
        known = ("line", "piece") if is_cost else ("line", "order")
        return self._one_of("per", self._typed(header, per, str), known)

    def _meanings(self, header: str, values: object) -> dict[str, Any]:
        table = self._typed(header, values, dict)
        return {value: self._one_of(value, self._typed(value, said, str), MEANINGS) for value, said in table.items()}

    def _rate(self, code: str, rate: object) -> str:
        self._one_of("rates", code, DECIMALS)
        number = str(self._typed(code, rate, (*NUMBER_TYPES, str)))
        if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", number) or not float(number):
            self._fail("mapping_wrong_rate", code, {"currency": code, "rate": number})
        return number

    def _unit(self, header: str, unit: object) -> float:
        number: float = self._typed(header, unit, NUMBER_TYPES)
        if not abs(number) > 0:
            self._fail("mapping_wrong_unit", header, {"header": header, "unit": number})
        return number

    def _attribute(self, header: str, entry: object) -> Attribute:
        if isinstance(entry, str):
            return Attribute(entry)
        table: dict[str, Any] = self._typed(header, entry, dict)
        self._known(table, ("name", "publish"))
        return Attribute(self._optional(table, "name", str) or header, bool(self._optional(table, "publish", bool)))

    def _item(self, header: str, entry: object) -> Item:
        table = self._typed(header, entry, dict)
        self._known(table, ITEM_ENTRIES)
        kind, touchpoint, text, separator = (
            self._optional(table, name, str) for name in ("kind", "touchpoint", "text", "separator")
        )
        item = Item(
            kind=kind and self._one_of("kind", kind, SURVEY_KINDS),
            low=self._optional(table, "low", NUMBER_TYPES),
            high=self._optional(table, "high", NUMBER_TYPES),
            touchpoint=touchpoint,
            words={word: self._typed(word, score, NUMBER_TYPES) for word, score in self._table(table, "words")},
            reversed=bool(self._optional(table, "reversed", bool)),
            text=text,
            choices=self._texts("choices", table.get("choices", [])),
            separator=separator,
        )
        if fault := item_fault(header, item):
            self._fail(f"mapping_{fault[0]}", header, fault[1])
        return item

    def _cancelled(self, entry: object) -> Cancelled | None:
        if entry is None:
            return None
        table = self._typed("cancelled", entry, dict)
        self._known(table, ("column", "prefix", "values"))
        column = self._optional(table, "column", str)
        if column is None:
            self._fail("mapping_lacks_entry", "cancelled", {"entry": "cancelled.column"})
        values = self._texts("values", table.get("values", []))
        return Cancelled(column, self._optional(table, "prefix", str), values)

    def _layout(self, layout: str | None) -> Any:
        return layout and self._one_of("layout", layout, ("wide", "long"))

    def _choice(self, entry: str, said: str | None, choices: Any) -> Any:
        return said and self._one_of(entry, said, get_args(choices))

    def _as_of(self, said: date | str | None) -> str | None:
        """A day as TOML writes it, or a rule by its name."""
        if said is None or isinstance(said, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            return None if said is None else str(said)
        return self._one_of("as_of", said, AS_OF_RULES)

    def _date_format(self, date_format: str | None) -> str | None:
        if date_format is not None:
            check_date_format(date_format)
        return date_format

    def _time_zone(self, time_zone: str | None) -> str | None:
        if time_zone is not None:
            check_time_zone(time_zone)
        return time_zone

    def _table(self, data: dict[str, Any], name: str) -> Iterable[tuple[str, Any]]:
        return list(self._typed(name, data.get(name, {}), dict).items())

    def _texts(self, name: str, values: object) -> tuple[str, ...]:
        listed = [values] if isinstance(values, str) else self._typed(name, values, list)
        return tuple(
            str(value) if isinstance(value, NUMBER_TYPES) else self._typed(name, value, str) for value in listed
        )

    def _optional(self, data: dict[str, Any], name: str, kind: Any) -> Any:
        return None if name not in data else self._typed(name, data[name], kind)

    def _typed(self, name: str, value: object, kind: Any) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            wanted = kind[-1].__name__ if isinstance(kind, tuple) else kind.__name__
            self._fail("mapping_wrong_type", name, {"entry": name, "wanted": wanted})
        return value

    def _one_of(self, entry: str, value: str | None, known: Iterable[str]) -> str:
        if value is None:
            self._fail("mapping_lacks_entry", "source", {"entry": entry})
        if value not in known:
            self._fail_unknown("mapping_unknown_choice", value, list(known), entry=entry)
        return value

    def _known(self, data: Mapping[str, Any], names: Sequence[str]) -> None:
        for name in data:
            if name not in names:
                self._fail_unknown("mapping_unknown_entry", name, names)

    def _no_repeats(self, values: Iterable[str], key: str) -> None:
        seen: set[str] = set()
        for value in values:
            if value in seen:
                self._fail(key, value, {"name": value}, last=True)
            seen.add(value)

    def _fail_unknown(self, key: str, value: str, known: Sequence[str], **facts: str) -> NoReturn:
        """Fail for a name that is not known, with the nearest known one where one is near."""
        near = get_close_matches(value.lower(), known, n=1)
        all_facts: dict[str, object] = {**facts, "value": value, "known": known}
        if near:
            all_facts["near"] = near[0]
        self._fail(f"{key}_near" if near else key, value, all_facts)

    def _fail(self, key: str, needle: str, facts: Mapping[str, object], *, last: bool = False) -> NoReturn:
        """Raise with the line, after the source's beginning, that holds the text to blame."""
        written = json.dumps(needle, ensure_ascii=False)[1:-1]
        holding = [
            number
            for number, line in enumerate(self._lines[self._from_line :], self._from_line + 1)
            if (needle in line or written in line) and not line.lstrip().startswith("#")
        ]
        line = holding[-1 if last else 0] if holding else self._from_line + 1
        raise LoadError(key, file=self._file, line=line, **facts)


def _money_columns(source: SourceMapping) -> list[str]:
    """What says that the money is known after all."""
    columns = [column for column in source.columns.values() if column in PRICED_COLUMNS]
    return [*columns, *(name for name in MONEY_ENTRIES if getattr(source, name))]


def _source_lines(source: SourceMapping) -> list[str]:
    simple = {name: getattr(source, name) for name in SIMPLE_ENTRIES}
    simple["decimal"] = None if source.decimal == "." else source.decimal
    simple["deduct"] = tuple(
        {"header": header, "per": "order"} if header in source.per_order else header for header in source.deduct
    )
    unsaid = ("no_customer", "returns", "negative_pieces_back", "extra_header_rows", "periods_as_rows")
    simple |= {name: getattr(source, name) or None for name in unsaid}
    lines = ["[[source]]", *_entries(simple)]
    if source.cancelled:
        parts: dict[str, Any] = {
            "column": source.cancelled.column,
            "prefix": source.cancelled.prefix,
            "values": source.cancelled.values,
        }
        lines.append(f"cancelled = {_inline(parts)}")
    columns = {
        header: {"column": column, "per": per} if (per := _per_of(source, header)) else column
        for header, column in source.columns.items()
    }
    tables: list[tuple[str, Mapping[str, Any], Callable[[Any], str]]] = [
        ("columns", columns, lambda entry: _inline(entry) if isinstance(entry, dict) else _value(entry)),
        ("day_parts", source.day_parts, _value),
        ("fixed", source.fixed, lambda one: _inline(vars(one))),
        ("attributes", source.attributes, _attribute_text),
        ("missing", source.missing, _value),
        ("leave_out", source.leave_out, _value),
        ("complaint_kinds", source.complaint_kinds, _value),
        ("points_spent", source.points_spent, _value),
        ("least_seconds", source.least_seconds, _value),
        *((f"meanings.{_toml_string(header)}", values, _value) for header, values in source.meanings.items()),
        ("price_changes", source.price_changes, _value),
        ("rates", source.rates, _value),
        ("units", source.units, _value),
    ]
    for name, entries, written in tables:
        if entries or name.startswith("meanings."):  # a blank column is watched
            lines += [
                "",
                f"[source.{name}]",
                *(f"{_toml_string(header)} = {written(entry)}" for header, entry in entries.items()),
            ]
    for header, item in source.items.items():
        scale: dict[str, Any] = {name: getattr(item, name) for name in ITEM_ENTRIES}
        scale["reversed"] = item.reversed or None
        lines += ["", f"[source.items.{_toml_string(header)}]", *_entries(scale)]
    return lines


def _per_of(source: SourceMapping, header: str) -> str | None:
    """What the number under a header is of, where that is not its line."""
    return "order" if header in source.per_order else "piece" if header in source.per_piece else None


def _question_lines(question: Question) -> list[str]:
    """A question with all that is known about it, and what is suggested as its answer."""
    suggested = question.facts.get("suggested")
    answer = suggested if suggested in question.choices else None if question.key in CHOSEN_COLUMNS else ""
    entries = _question_entries(question)
    return ["[[question]]", *_entries({"file": entries.pop("file"), "answer": answer, **entries})]


def _question_entries(question: Question) -> dict[str, Any]:
    further = {
        choice: tuple(map(_question_entries, questions))
        for choice, questions in question.follow_ups.items()
        if questions
    }
    about = {name: fact for name, fact in question.facts.items() if fact is not None}
    return {
        "file": question.file,
        "key": question.key,
        "about": about,
        "choices": {choice: tuple(readings) for choice, readings in question.choices.items()},
        "further": further,
    }


def _attribute_text(attribute: Attribute) -> str:
    return _inline({"name": attribute.name, "publish": attribute.publish})


def _entries(values: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} = {_value(value)}" for name, value in values.items() if value is not None and value not in ((), {})
    ]


def _inline(values: Mapping[str, Any]) -> str:
    return "{" + ", ".join(_entries(values)) + "}"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{_toml_string(name)} = {_value(entry)}" for name, entry in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(_value(entry) for entry in value) + "]"
        case _:
            return _toml_string(str(value))


def _toml_string(text: str) -> str:
    r"""Write a TOML basic string.

    >>> print(_toml_string('金额 "元"\n'))
    "金额 \"元\"\n"
    """
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(short.get(c, c if c.isprintable() or ord(c) > 159 else f"\\u{ord(c):04X}") for c in text) + '"'
