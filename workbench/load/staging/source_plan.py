"""What becomes of each column of one source: its canonical column, the SQL of its values, the extra columns kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workbench.errors import LoadError
from workbench.load.cleaning.clean import cast_sql
from workbench.load.cleaning.dates import MONTH_END, PERIOD_FORMATS, PERIOD_STARTS
from workbench.load.cleaning.day_parts import DayPart, joined_day_sql
from workbench.load.cleaning.file_days import day_in_name
from workbench.load.cleaning.header_zones import header_zone
from workbench.load.cleaning.rates import rate_sql
from workbench.load.cleaning.row_zones import in_zones_of_rows, with_time_of_day
from workbench.load.cleaning.skipped_answers import SKIPPED_AS_WRITTEN
from workbench.load.cleaning.sql_expressions import CastSql, case_when, named, trimmed
from workbench.load.mapping.fixed_columns import FixedColumn, SaidPeriod, fixed_text
from workbench.load.mapping.header_units import UNITS, WHOLE_ONES, row_unit
from workbench.load.mapping.item_scales import item_fault
from workbench.load.mapping.source_mapping import RATE_EFFECTS, Item, PriceChange, SourceMapping
from workbench.load.reading.header import clean_header
from workbench.load.reading.source_names import last_part
from workbench.load.reading.text_table import TextTable
from workbench.load.staging.currencies import in_home_currency
from workbench.schema import CUSTOMER_FACTS, SQL_TYPES, TABLES, SchemaColumn, Table, Type
from workbench.store.sql_quoting import quoted_text

DERIVED_FROM = {"day": ("occurred_at",), "amount": ("quantity", "unit_price")}
"""Columns that are derived from others where they are not mapped themselves."""

NEVER_REJECTED = ("score", "scale_low", "scale_high")
"""Survey columns in which nothing is wrong, only missing: an answer outside its scale stays, marked and counted."""


@dataclass(frozen=True)
class PlannedColumn:
    """One mapped column: the canonical column, the header and text it comes from, and how that is cast."""

    column: SchemaColumn
    header: str
    text: str
    """The column of the text table: c1, c2, …"""
    cast: CastSql

    @property
    def value(self) -> str:
        """What the cast value is called in the queries of the load."""
        return f"v_{self.column.name}"


@dataclass(frozen=True)
class Deduction:
    """A column to be taken off the amount (money paid back, or what was earned): where it is, and how it is cast."""

    header: str
    text: str
    cast: CastSql
    per_order: bool

    @property
    def value(self) -> str:
        """What the cast value is called in the queries of the load."""
        return f"v_deducted_{self.text}"


@dataclass(frozen=True)
class ChangedPrice:
    """A column with a discount or a tax: where it is, what it does to the amount, and how it is cast."""

    header: str
    text: str
    cast: CastSql
    change: PriceChange

    @property
    def value(self) -> str:
        """What the cast value is called in the queries of the load: a factor, or money."""
        return f"v_changing_{self.text}"


@dataclass(frozen=True)
class SourcePlan:
    """How one text table becomes rows of one canonical table."""

    source: TextTable
    mapping: SourceMapping
    table: Table
    columns: Mapping[str, PlannedColumn]
    """The canonical columns that are mapped, by name."""
    attributes: Mapping[str, str]
    """The extra columns kept: the attribute's name and the text column it comes from."""
    latest: date
    """The last day that is not in the future."""
    deductions: tuple[Deduction, ...] = ()
    profit: Deduction | None = None
    price_changes: tuple[ChangedPrice, ...] = ()
    as_of: date | None = None
    """The day of which ready figures speak, where no column says it."""

    @property
    def order_discounts(self) -> list[ChangedPrice]:
        """Discounts in money that are the whole order's."""
        return [one for one in self.price_changes if one.change == "less_per_order"]

    @property
    def has_order_totals(self) -> bool:
        """True where the amounts are those of whole orders, to be spread over their lines."""
        amount = self.columns.get("amount")
        return amount is not None and _is_per_order(self.mapping, amount.header)

    @property
    def wide(self) -> bool:
        """True for a survey with one column per item."""
        return is_wide(self.mapping)

    @property
    def items(self) -> Mapping[str, Item]:
        """The items of a wide survey by the file's own headers."""
        if not self.wide:
            return {}
        headers = {clean_header(header): header for header in self.source.names}
        return {headers[clean_header(header)]: item for header, item in self.mapping.items.items()}

    def text_of(self, header: str) -> str:
        """The column of the text table under a header, however the mapping spaces it."""
        return self.source.column(clean_header(header))

    def missing_words(self, header: str) -> Sequence[str]:
        """What counts as missing under a header, as the mapping declares."""
        return sentinels(self.mapping, header)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows the same thing: the mapping's key, else the table's own; where empty, rows may repeat."""
        return self.mapping.key or self.table.key

    @property
    def named_attributes(self) -> list[str]:
        """The attributes the mapping asks for; the others are columns it does not mention."""
        fixed = [name for name in self.mapping.fixed if name not in self.table.names]
        return [*(attribute.name for attribute in self.mapping.attributes.values()), *fixed]

    @property
    def published(self) -> list[str]:
        """The attributes that dashboards may show."""
        return [attribute.name for attribute in self.mapping.attributes.values() if attribute.publish]


def plan_source(source: TextTable, mapping: SourceMapping, *, latest: date) -> SourcePlan:
    """Plan how the columns are loaded; LoadError where a required column has no header."""
    table = TABLES[mapping.table]
    headers = {clean_header(header): header for header in source.names}
    columns: dict[str, PlannedColumn] = {}
    for header, name in mapping.columns.items():
        if name in columns:
            raise LoadError("mapped_twice", file=source.file, column=name, headers=[columns[name].header, header])
        planned = _planned_column(source, mapping, table, name, headers[clean_header(header)])
        period = _period_of(mapping) if name == "day" else mapping.date_format
        columns[name] = _ended_by(planned, latest, period) if period in PERIOD_FORMATS else planned
    for name in mapping.fixed:
        if name in table.names:
            fixed, said = _fixed_column(source, mapping, table, name), mapping.fixed[name].said
            columns[name] = _ended_by(fixed, latest, _period_of(mapping, said)) if said else fixed
    _check_complete(source, mapping, table, columns)
    if mapping.per_piece and "quantity" not in columns:
        raise LoadError("cost_without_quantity", file=source.file, header=mapping.per_piece[0])
    for name, item in mapping.items.items():
        if fault := item_fault(name, item):
            raise LoadError(f"item_{fault[0]}", file=source.file, **fault[1])
    deductions = tuple(_deduction(source, mapping, headers[clean_header(header)]) for header in mapping.deduct)
    profit = _deduction(source, mapping, headers[clean_header(mapping.profit)]) if mapping.profit else None
    changes = tuple(
        _changed_price(source, mapping, headers[clean_header(header)], change)
        for header, change in mapping.price_changes.items()
    )
    attributes, as_of = _attributes(source, mapping, table), as_of_day(source.file, mapping, latest=latest)
    lacks_day = as_of is None and not {"last_on", "as_of"} & {*columns}
    if table.name == CUSTOMER_FACTS.name and "recency_days" in columns and lacks_day:
        raise LoadError("as_of_not_said", file=source.file, header=columns["recency_days"].header)
    return SourcePlan(source, mapping, table, columns, attributes, latest, deductions, profit, changes, as_of)


def as_of_day(file: str, mapping: SourceMapping, *, latest: date) -> date | None:
    """Return the day that the mapping says ready figures speak of; LoadError where the file's name has none."""
    match mapping.as_of:
        case None:
            return None
        case "load_day":
            return latest
        case "last_month_end":
            return latest.replace(day=1) - timedelta(days=1)
        case "file_name":
            named = day_in_name(last_part(file))
            if named is None:
                raise LoadError("no_day_in_name", file=file)
            return named
        case written:
            return date.fromisoformat(written)


def is_wide(mapping: SourceMapping) -> bool:
    """True for a survey with one column per item."""
    return mapping.table == "surveys" and "item" not in mapping.columns.values()


def sentinels(mapping: SourceMapping, header: str) -> Sequence[str]:
    """The words that mean missing under a header."""
    return next((words for key, words in mapping.missing.items() if clean_header(key) == header), ())


def item_headers(mapping: SourceMapping) -> list[str]:
    """The headers of a wide survey's items."""
    return list(mapping.items) if is_wide(mapping) else []


def named_headers(mapping: SourceMapping) -> list[str]:
    """The headers a file must have to be loaded under this mapping."""
    others = [*([mapping.cancelled.column] if mapping.cancelled else []), *mapping.leave_out, *mapping.least_seconds]
    others += (*mapping.complaint_kinds, *mapping.points_spent)
    others += [
        *mapping.meanings,
        *mapping.deduct,
        *mapping.price_changes,
        *(name for name in (mapping.currency, mapping.profit, mapping.unit_column, mapping.heading_column) if name),
        *(name for name in (mapping.zone_column, mapping.time_column) if name),
        *mapping.day_parts,
    ]
    return list(dict.fromkeys((*mapping.columns, *mapping.attributes, *item_headers(mapping), *others)))


def _planned_column(source: TextTable, mapping: SourceMapping, table: Table, name: str, header: str) -> PlannedColumn:
    column, text = table.column(name), source.column(header)
    unit = _unit(mapping, header)
    cast_type: Type = "timestamp" if name == "day" and "occurred_at" in table.names else column.type
    of_piece = header in map(clean_header, mapping.per_piece)
    if cast_type == "money" and (unit is not None or mapping.unit_column or of_piece):
        cast_type = "price"  # cents are rounded in whole ones, not in thousands
    skipped = SKIPPED_AS_WRITTEN if (table.name, name) == ("surveys", "score") else ()
    words = (*sentinels(mapping, header), *skipped)
    cell = text
    if name == "day" and mapping.day_parts:
        text = joined_day_sql(text, _day_parts(source, mapping))
    if name == "day" and mapping.time_column:
        text = with_time_of_day(text, source.column(clean_header(mapping.time_column)))
    is_joined = text != cell
    cast = cast_sql(
        "j" if is_joined else text,
        cast_type,
        decimal=mapping.decimal,
        date_format=MONTH_END if name == "day" and mapping.day_parts and _period_of(mapping) else mapping.date_format,
        missing=words,
        time_zone=mapping.time_zone,
        serials=source.serials,
        zone=header_zone(header),
    )
    if name == "day" and mapping.zone_column:
        zone = source.column(clean_header(mapping.zone_column))
        cast = in_zones_of_rows(cast, "j" if is_joined else text, zone, mapping.time_zone)
    if is_joined:
        joined = {part: named(text, "j", getattr(cast, part)) for part in ("value", "missing", "cause")}
        cast, text = CastSql(**joined), cell
    cast = _in_whole_ones(cast, unit, column.type)
    if column.type in ("money", "price"):
        cast = _in_units_of_rows(cast, column.type, source, mapping)
        cast = in_home_currency(cast, column.type, header, source, mapping)
    return PlannedColumn(column, header, text, cast)


def _period_of(mapping: SourceMapping, said: SaidPeriod | None = None) -> str | None:
    """The format of days that are the last of their period: in several columns, none of them with the day itself.

    A year or month that is `said` for the whole file is one where no column says more.
    """
    if not mapping.day_parts:
        return f"{said}_end" if said else mapping.date_format
    parts = {*mapping.day_parts.values()}
    return None if "day_of_month" in parts else MONTH_END if "month" in parts else "quarter_end"


def _ended_by(planned: PlannedColumn, latest: date, period: str | None) -> PlannedColumn:
    """End a period that is still running on the latest day."""
    if planned.column.type not in ("date", "timestamp") or period is None or period not in PERIOD_FORMATS:
        return planned
    end = f"DATE {quoted_text(str(latest))}"
    is_running = f"v > {end} AND {PERIOD_STARTS[period].format('v')} <= {end}"
    value = named(planned.cast.value, "v", case_when((is_running, f"{end}"), otherwise="v"))
    return replace(planned, cast=replace(planned.cast, value=value))


def _fixed_column(source: TextTable, mapping: SourceMapping, table: Table, name: str) -> PlannedColumn:
    """Plan a column that has one text in every row: it is cast as a cell would be."""
    column, fixed = table.column(name), mapping.fixed[name]
    text = quoted_text(_fixed_text(source, fixed, column.type))
    kind: Type = "timestamp" if name == "day" and "occurred_at" in table.names else column.type
    period = _period_of(mapping, fixed.said) if fixed.said else None
    if fixed.said and name == "day" and mapping.day_parts:
        text = joined_day_sql(text, _day_parts(source, mapping))
        cast = cast_sql("j", kind, date_format=MONTH_END if period else None)
        joined = {part: named(text, "j", getattr(cast, part)) for part in ("value", "missing", "cause")}
        header = clean_header(next(iter(mapping.day_parts)))
        cell = f"coalesce({source.column(header)}, '')"  # a blank is no day, though the year is said
        return PlannedColumn(column, header, cell, CastSql(**joined))
    return PlannedColumn(column, name, text, cast_sql(text, kind, decimal=mapping.decimal, date_format=period))


def _day_parts(source: TextTable, mapping: SourceMapping) -> dict[DayPart, str]:
    """The text columns of the parts of a day beside its year."""
    return {part: source.column(clean_header(header)) for header, part in mapping.day_parts.items()}


def _fixed_text(source: TextTable, fixed: FixedColumn, kind: Type) -> str:
    beside = (*([source.sheet] if source.sheet else []), *source.title_texts)
    return fixed_text(fixed, source.file, kind=kind, beside=beside)


def _deduction(source: TextTable, mapping: SourceMapping, header: str) -> Deduction:
    text = source.column(header)
    unit = _unit(mapping, header)
    kind: Type = "price" if unit is not None or mapping.unit_column else "money"
    cast = cast_sql(text, kind, decimal=mapping.decimal, missing=sentinels(mapping, header))
    cast = _in_units_of_rows(_in_whole_ones(cast, unit, "money"), "money", source, mapping)
    cast = in_home_currency(cast, "money", header, source, mapping)
    return Deduction(header, text, cast, _is_per_order(mapping, header))


def _changed_price(source: TextTable, mapping: SourceMapping, header: str, change: PriceChange) -> ChangedPrice:
    if change == "less_pieces":
        text = source.column(header)
        pieces = cast_sql(text, "number", decimal=mapping.decimal, missing=sentinels(mapping, header))
        return ChangedPrice(header, text, pieces, change)
    if change not in RATE_EFFECTS:
        money = _deduction(source, mapping, header)
        return ChangedPrice(header, money.text, money.cast, change)
    effect, scale = RATE_EFFECTS[change]
    text = source.column(header)
    cast = rate_sql(text, effect, scale, decimal=mapping.decimal, missing=sentinels(mapping, header))
    return ChangedPrice(header, text, cast, change)


def _unit(mapping: SourceMapping, header: str) -> float | None:
    """What one of a header's figures is in whole ones, where the mapping says it."""
    return next((unit for name, unit in mapping.units.items() if clean_header(name) == header), None)


def _in_whole_ones(cast: CastSql, unit: float | None, kind: Type) -> CastSql:
    if unit is None:
        return cast
    return replace(cast, value=f"CAST(({cast.value}) * CAST({unit} AS DECIMAL(18,6)) AS {SQL_TYPES[kind]})")


def _in_units_of_rows(cast: CastSql, kind: Type, source: TextTable, mapping: SourceMapping) -> CastSql:
    """Multiply a cast figure by the unit its row names; unknown, and so rejected, where the cell names none."""
    if mapping.unit_column is None:
        return cast
    cell = trimmed(source.column(clean_header(mapping.unit_column)))
    words = {*UNITS, *WHOLE_ONES, *(f"人民币{word}" for word in (*UNITS, *WHOLE_ONES))}
    known = {word: unit for word in sorted(words) if (unit := row_unit(word)) is not None}
    factor = case_when(*((f"lower({cell}) = {quoted_text(word)}", str(unit)) for word, unit in known.items()))
    return replace(cast, value=f"CAST(({cast.value}) * CAST({factor} AS DECIMAL(18,6)) AS {SQL_TYPES[kind]})")


def _is_per_order(mapping: SourceMapping, header: str) -> bool:
    return header in map(clean_header, mapping.per_order)


def _check_complete(
    source: TextTable, mapping: SourceMapping, table: Table, columns: Mapping[str, PlannedColumn]
) -> None:
    """Raise LoadError where a column the table cannot do without is neither mapped nor can be derived."""

    def is_available(name: str) -> bool:
        return name in columns or any(part in columns for part in DERIVED_FROM.get(name, ()) if name == "day")

    from_items = {"response_id", "item"} if table.name == "surveys" and item_headers(mapping) else set()
    missing = [column.name for column in table.columns if column.required and not is_available(column.name)]
    missing = [name for name in missing if name not in from_items]
    if missing:
        raise LoadError(
            "required_not_mapped", file=source.file, table=table.name, columns=missing, found=list(source.names)
        )
    if table.one_of and not mapping.money and not any(all(name in columns for name in group) for group in table.one_of):
        choices = [" + ".join(group) for group in table.one_of]
        raise LoadError("one_of_not_mapped", file=source.file, table=table.name, choices=choices)


def _attributes(source: TextTable, mapping: SourceMapping, table: Table) -> dict[str, str]:
    """The attributes the mapping names, and every column it does not mention under its own header."""
    named = {clean_header(header): attribute.name for header, attribute in mapping.attributes.items()}
    used = {clean_header(header) for header in (*mapping.columns, *item_headers(mapping), *mapping.ignore)}
    attributes: dict[str, str] = {
        name: quoted_text(_fixed_text(source, fixed, "text"))
        for name, fixed in mapping.fixed.items()
        if name not in table.names
    }
    taken = {*table.names, *(other.lower() for other in attributes)}
    for place, header in enumerate(source.names, 1):
        if header in named or header not in used:
            name = named.get(header, header)
            while name.lower() in taken:  # DuckDB's column names ignore case
                name += "_"
            taken.add(name.lower())
            attributes[name] = f"c{place}"
    return attributes
