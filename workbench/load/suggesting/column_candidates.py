"""Which headers could be which columns of a table, and which table they fit best."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.load.mapping.header_dictionary import CERTAINTY, Meaning, comparison_key, known_headers, meanings
from workbench.load.reading.source_names import of_database, stem
from workbench.load.suggesting.column_shapes import ColumnShape
from workbench.schema import TABLES, SchemaColumn, Table

FITTING_SHARE = 0.8
"""A column fits a type where at least this share of its filled values can be read as it."""

UNPROVEN_FACTOR = 0.8
"""How far a header is still trusted where the sample has no values to prove it."""

MONTH_FACTOR = 0.75
"""How far a header of days is trusted above months without a day: a column of days goes before it."""

INCOMPLETE_FACTOR = 0.5
"""How much a table's score counts where a column it cannot do without is unavailable."""

UNIQUE_SHARE, REPEATING_SHARE = 0.98, 0.9
"""A column is a key from the first share of different values on, and is not one below the second."""

KEY_BONUS, REPEATS_FACTOR = 0.3, 0.3
"""What a key without repeats adds to its table's score, and how much of the score repeats leave."""

ORDER_NUMBER = r"#[A-Z]*-?[0-9]{2,}"

FILE_WORD_BONUS = 0.5
"""What a word in the file's name adds to a table's score."""

FILE_WORDS: Mapping[str, tuple[str, ...]] = {
    "customers": ("客户", "会员", "车主", "顾客", "customer", "member", "client", "kunden"),
    "transactions": (
        "订单",
        "销售",
        "交易",
        "消费",
        "流水",
        "order",
        "sales",
        "transaction",
        "retail",
        "invoice",
        "bestell",
        "rechnung",
        "umsatz",
        "verkauf",
        "commande",
        "facture",
        "vente",
        "pedido",
        "factura",
    ),
    "products": ("商品", "产品", "product", "catalog", "artikel", "produkt", "produit"),
    "surveys": (
        "问卷",
        "调查",
        "满意",
        "评价",
        "评论",
        "nps",
        "csat",
        "survey",
        "review",
        "feedback",
        "umfrage",
        "enquete",
        "encuesta",
    ),
    "complaints": ("投诉", "complaint", "ticket", "beschwerde", "reklamation", "reclamation"),
    "interactions": ("互动", "回访", "积分", "拜访", "interaction", "contact", "来访", "visit"),
    "employees": ("员工", "人员", "employee", "staff"),
}


PARTS_OF_AMOUNTS = (
    "优惠", "折扣", "减免", "运费", "邮费", "邮资", "税额", "手续费", "服务费", "退款", "退货", "成本", "利润", "毛利",
    "余额", "维权", "售后", "赔付", "赔偿", "理赔", "返利", "红包", "积分", "定金", "押金", "赠送", "代金券", "抵扣",
    "佣金", "分润", "补贴", "discount", "tax", "vat", "gst", "fee",
    "shipping", "freight", "refund", "tip", "cost", "profit", "balance", "coupon", "voucher", "commission", "deposit",
    "credit", "rebate", "adjusted", "erstattung", "ruckerstattung", "rabatt", "gutschein", "steuer", "versand", "porto",
    "rembours",
    "remise", "frais", "livraison",
    "reembols", "descuento", "envio", "gastos",
)  # fmt: skip
"""What a header that ends like an amount may name instead of it."""


@dataclass(frozen=True)
class Candidate:
    """One header as one column: how it was recognised, whether its values fit, and how sure that makes it, 0..1."""

    header: str
    column: SchemaColumn
    meaning: Meaning
    fits: bool
    confidence: float

    @property
    def order(self) -> tuple[float, int]:
        """Sorts the better candidate first."""
        return -self.confidence, self.meaning.rank


@dataclass(frozen=True)
class TableFit:
    """How a table's columns could be filled from a file, and how well the table fits."""

    table: Table
    chosen: Mapping[str, Candidate]
    rivals: Mapping[str, tuple[Candidate, ...]]
    """Further headers that are known as a column that is already filled."""
    misfits: Mapping[str, Candidate]
    """Headers known as a column whose values say otherwise."""
    score: float
    named: str = ""
    """The word in the file's name that speaks for it."""


def fit_table(table: Table, shapes: Mapping[str, ColumnShape], file: str) -> TableFit:
    """Fill a table's columns from a file's headers: the surest pair first, each header and each column once."""
    candidates = sorted(
        (
            candidate
            for header, shape in shapes.items()
            for candidate in _candidates(table, header, shape, _meanings_of(header, shapes))
        ),
        key=lambda candidate: candidate.order,
    )
    least_of_rivals = CERTAINTY["header_without_brackets"] * UNPROVEN_FACTOR
    chosen: dict[str, Candidate] = {}
    rivals: dict[str, list[Candidate]] = {}
    misfits: dict[str, Candidate] = {}
    for candidate in candidates:
        name, taken = candidate.column.name, {other.header for other in chosen.values()}
        if not candidate.fits:
            misfits.setdefault(candidate.header, candidate)
        elif candidate.header not in taken and name not in chosen:
            chosen[name] = candidate
        elif candidate.header not in taken and (candidate.confidence >= least_of_rivals or name == "amount"):
            rivals.setdefault(name, []).append(candidate)
    score = sum(candidate.confidence * _distinctiveness(candidate) for candidate in chosen.values())
    score *= 1.0 if is_complete(table, set(chosen)) else INCOMPLETE_FACTOR
    score = _by_cardinality(score, table, chosen, shapes)
    spoken = (stem(file) if of_database(file) else file).lower()
    named = next((word for word in FILE_WORDS[table.name] if word in spoken), "")
    score += FILE_WORD_BONUS * bool(named)
    chosen |= _by_values(table, shapes, chosen)
    misfits = {header: one for header, one in misfits.items() if header not in {c.header for c in chosen.values()}}
    return TableFit(table, chosen, {name: tuple(others) for name, others in rivals.items()}, misfits, score, named)


def _by_values(
    table: Table, shapes: Mapping[str, ColumnShape], chosen: Mapping[str, Candidate]
) -> dict[str, Candidate]:
    """Phones, mail addresses, id numbers and #1001 are known by their shape, so that none is a nameless text."""
    taken, candidates = {candidate.header for candidate in chosen.values()}, {}
    for name, counted in (("phone", "phones"), ("email", "emails"), ("id_number", "id_numbers")):
        free = [header for header, shape in shapes.items() if shape.filled and header not in taken]
        shaped = next(
            (header for header in free if shapes[header].share(getattr(shapes[header], counted)) >= FITTING_SHARE), None
        )
        if shaped is not None and name in table.names and name not in chosen:
            meaning = Meaning(table.name, name, "values", 0, shaped)
            candidates[name] = Candidate(shaped, table.column(name), meaning, True, meaning.certainty)
    if "order_id" in table.names and "order_id" not in chosen:
        numbered = [header for header, shape in shapes.items() if header not in taken and _are_order_numbers(shape)]
        if len(numbered) == 1:
            meaning = Meaning(table.name, "order_id", "values", 0, numbered[0])
            candidates["order_id"] = Candidate(numbered[0], table.column("order_id"), meaning, True, meaning.certainty)
    return candidates


def _are_order_numbers(shape: ColumnShape) -> bool:
    """Whether values are written as web shops write the numbers of orders: #1001."""
    return bool(shape.commonest) and all(re.fullmatch(ORDER_NUMBER, text) for text, _ in shape.commonest)


def _by_cardinality(
    score: float, table: Table, chosen: Mapping[str, Candidate], shapes: Mapping[str, ColumnShape]
) -> float:
    """A list of customers names each one once; where customers repeat, it is a list of something else."""
    keys = [shapes[chosen[name].header] for name in table.key if name in chosen]
    if not keys or not all(shape.filled > 1 for shape in keys):
        return score
    distinct_share = min(shape.share(shape.distinct) for shape in keys)
    if distinct_share >= UNIQUE_SHARE:
        return score + KEY_BONUS
    return score * REPEATS_FACTOR if distinct_share < REPEATING_SHARE else score


def is_complete(table: Table, filled: set[str]) -> bool:
    """Whether every required column, and one group of those the table offers a choice of, is filled."""
    required = {column.name for column in table.columns if column.required}
    return required <= filled and (not table.one_of or any(filled.issuperset(group) for group in table.one_of))


def values_fit(column: SchemaColumn, shape: ColumnShape) -> bool:
    """Whether values can be what a column holds; nothing speaks against a column without values."""
    if not shape.filled:
        return True
    match column.type:
        case "date" | "timestamp":
            days = shape.dates + shape.ambiguous_dates
            return _mostly(shape, days) or max(map(shape.share, (shape.serials, shape.months))) >= FITTING_SHARE
        case "money" | "price" | "number":
            return _mostly(shape, shape.numbers + shape.ambiguous_numbers) and shape.share(shape.padded) < FITTING_SHARE
        case "id":
            return (
                shape.share(shape.numbers - shape.whole) < FITTING_SHARE and shape.share(shape.dates) < FITTING_SHARE
            ) or _all_compact(shape)
        case _:
            return _text_fits(column, shape)


def _mostly(shape: ColumnShape, count: int) -> bool:
    """Whether enough values are of a kind; of a handful one may be wrong."""
    return shape.share(count) >= FITTING_SHARE or (count > 1 and shape.filled - count <= 1)


def _text_fits(column: SchemaColumn, shape: ColumnShape) -> bool:
    if column.name == "email":
        return shape.share(shape.emails) >= FITTING_SHARE
    if column.name == "phone":
        return shape.share(shape.dates + shape.emails) < FITTING_SHARE
    dated = shape.share(shape.dates) >= FITTING_SHARE and not _all_compact(shape)
    fractions = shape.share(shape.numbers - shape.whole) >= FITTING_SHARE
    return not dated and not fractions


def _all_compact(shape: ColumnShape) -> bool:
    """Eight digits may be an id as well as a date."""
    return shape.dates == shape.whole


def _meanings_of(header: str, headers: Collection[str]) -> Sequence[Meaning]:
    """What a header may mean; the second of two that are called the same (`金额_2`) means what the first does."""
    first = re.sub(r"_[0-9]+$", "", header)
    return meanings(header) or (meanings(first) if first in headers else ())


def _candidates(table: Table, header: str, shape: ColumnShape, known: Iterable[Meaning]) -> Sequence[Candidate]:
    candidates = []
    for meaning in known:
        if meaning.table == table.name and not (meaning.column == "amount" and _is_part_of_amount(meaning, header)):
            column = table.column(meaning.column)
            trust = 1.0 if shape.filled else UNPROVEN_FACTOR
            if column.type in ("date", "timestamp") and shape.share(shape.months) >= FITTING_SHARE:
                trust = MONTH_FACTOR
            candidates.append(Candidate(header, column, meaning, values_fit(column, shape), meaning.certainty * trust))
    return candidates


def _is_part_of_amount(meaning: Meaning, header: str) -> bool:
    """Whether a header only ends like an amount and says what it is instead: 优惠金额, Shipping Amount."""
    key = comparison_key(header)
    return meaning.how == "header_ends_with" and any(word in key for word in PARTS_OF_AMOUNTS)


def _distinctiveness(candidate: Candidate) -> float:
    """How much a header tells about its table: one that only this table knows counts fully."""
    known = known_headers().get(comparison_key(candidate.meaning.known_as), ())
    return 1 / len({table for table, *_ in known if table in TABLES})
