"""Malformed files: whatever is wrong with a file, rows read = loaded + rejected + ignored, and good rows are loaded."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench.load import Mapping, check
from workbench.load.reading.records import Splitter

FILES = 72
ROWS = 40


@dataclass
class Draft:
    """A file in the making: its lines, the dice that damage them, and the lines as they were."""

    lines: list[bytes]
    dice: random.Random
    end: bytes
    originals: frozenset[bytes]

    @property
    def whole(self) -> list[int]:
        """The places of the rows nobody has touched."""
        return [place for place, line in enumerate(self.lines) if line in self.originals]

    def change(self, change: Callable[[bytes], bytes]) -> None:
        """Change a whole row; whether it still loads is not promised."""
        place = self.dice.choice(self.whole)
        self.lines[place] = change(self.lines[place])

    def insert(self, line: bytes) -> None:
        """Put a line of its own between two others."""
        self.lines.insert(self.dice.randrange(2, len(self.lines)), line)


DAMAGES: dict[str, Callable[[Draft], None]] = {
    "cell missing": lambda draft: draft.change(lambda line: line.rpartition(b",")[0]),
    "two cells missing": lambda draft: draft.change(lambda line: b",".join(line.split(b",")[:-2])),
    "only the id": lambda draft: draft.change(lambda line: line.split(b",")[0]),
    "cell too many": lambda draft: draft.change(lambda line: line + b",9"),
    "trailing commas": lambda draft: draft.change(lambda line: line + b",,,"),
    "comma in an amount": lambda draft: draft.change(lambda line: line + b",500"),
    "unclosed quote": lambda draft: draft.change(lambda line: line.replace(b",", b',"', 1)),
    "unclosed quote at the end": lambda draft: draft.change(lambda line: line + b'"'),
    "quote in the middle": lambda draft: draft.change(lambda line: line[:6] + b'"' + line[6:]),
    "text after a quote": lambda draft: draft.change(lambda line: b'"' + line[:6] + b'"x' + line[6:]),
    "only quotes": lambda draft: draft.insert(b'"""'),
    "NUL byte": lambda draft: draft.change(lambda line: line[:5] + b"\0" + line[5:]),
    "many NUL bytes": lambda draft: draft.change(lambda line: b"\0" * len(line)),
    "broken character": lambda draft: draft.change(lambda line: line.replace("客户".encode(), "客户".encode()[:4])),
    "blank line": lambda draft: draft.insert(b""),
    "line of blanks": lambda draft: draft.insert(b"   \t "),
    "line of commas": lambda draft: draft.insert(b",,,"),
    "header again": lambda draft: draft.insert(draft.lines[0]),
    "title in the middle": lambda draft: draft.insert("华东大区".encode()),
    "total row": lambda draft: draft.insert("合计,,,1234.00".encode()),
    "subtotal with colon": lambda draft: draft.insert("小计：,,,99".encode()),
    "footer": lambda draft: draft.lines.append("制表人：王芳  打印时间：2024-01-05".encode()),
    "stray CR": lambda draft: draft.change(lambda line: line[:8] + b"\r" + line[8:]),
    "tabs for commas": lambda draft: draft.change(lambda line: line.replace(b",", b"\t")),
    "semicolons for commas": lambda draft: draft.change(lambda line: line.replace(b",", b";")),
    "very long cell": lambda draft: draft.change(lambda line: line + b"9" * 1_200_000),
    "impossible date": lambda draft: draft.change(lambda line: line.replace(b"2024-", b"2024-19-")),
    "no amount": lambda draft: draft.change(lambda line: line.rpartition(b",")[0] + b","),
    "words for money": lambda draft: draft.change(lambda line: line.rpartition(b",")[0] + "，待定".encode()),
    "html": lambda draft: draft.insert(b"<tr><td>1</td></tr>"),
    "formula": lambda draft: draft.change(lambda line: b"=1+1" + line),
    "control characters": lambda draft: draft.change(lambda line: line[:3] + b"\x01\x02\x1a" + line[3:]),
    "separator lines": lambda draft: draft.insert(b"-------,------,------,-----"),
    "unicode line separator": lambda draft: draft.change(
        lambda line: line.replace("客户".encode(), "客\u2028户".encode())
    ),
    "double line end": lambda draft: draft.lines.append(b""),
    "mark in the middle": lambda draft: draft.insert(b"\xef\xbb\xbf" + draft.lines[0]),
}


def malformed(number: int) -> tuple[Draft, list[str]]:
    """Make one file: order lines, and one to four kinds of damage; every kind comes first in two of the files."""
    dice = random.Random(number)
    lines = [f"客户{row:04},D{row:05},2024-01-{row % 28 + 1:02},{row}.50".encode() for row in range(ROWS)]
    end = dice.choice([b"\n", b"\n", b"\r\n"])
    draft = Draft([b"customer,order,day,amount", *lines], dice, end, frozenset(lines))
    kinds = [list(DAMAGES)[number % len(DAMAGES)], *dice.sample(list(DAMAGES), dice.randrange(3))]
    for kind in kinds:
        DAMAGES[kind](draft)
    return draft, kinds


def test_every_malformed_file_is_accounted_for_row_by_row(tmp_path, orders_with, trials):
    mapping = orders_with(columns={"customer": "customer_id", "order": "order_id", "day": "day", "amount": "amount"})
    chosen = random.Random(2026).sample(range(FILES), trials(FILES))
    for number in chosen:
        draft, kinds = malformed(number)
        path = tmp_path / f"{number}.csv"
        path.write_bytes(draft.end.join(draft.lines) + draft.end)
        report = check(path, mapping=mapping, today=date(2026, 1, 1))
        where = f"file {number}: {kinds}"
        assert not report.questions, where
        (file,) = report.files
        assert file.rows_read == file.rows_loaded + file.rows_rejected + file.rows_ignored, where
        assert file.rows_rejected == len(report.rejects), where
        stray = sum(line.count(b"\r") for line in draft.lines)
        assert file.rows_read == len(draft.lines) - 1 + stray, where
        assert file.rows_loaded >= len(draft.whole), where
        assert report.rejects["reason"].notna().all(), where
        assert report.rejects["line"].between(2, file.rows_read + 1).all(), where


LINES = st.lists(st.text(alphabet='ab1,;"\t 中\u2028\0', max_size=12), max_size=30)


@given(lines=LINES, width=st.integers(1, 4))
@settings(max_examples=400)
def test_every_line_belongs_to_exactly_one_record(lines, width):
    records = list(Splitter(",", width=width).records(lines))
    assert [line for record in records for line in record.text.split("\n")] == lines
    assert [record.line for record in records] == [
        1 + sum(record.last_line - record.line + 1 for record in records[:place]) for place in range(len(records))
    ]
    for record in records:
        assert record.cells is None or len(record.cells) == width
        assert record.cells is None or record.reason is None


@given(cells=st.lists(st.text(alphabet='ab1,"\n 中', max_size=8), min_size=2, max_size=4))
@settings(max_examples=300)
def test_a_record_written_by_the_rules_comes_back_exactly(cells):
    text = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    (record,) = Splitter(",", width=len(cells)).records(text.split("\n"))
    assert record.cells == cells


ROW = st.tuples(
    st.sampled_from(["1", "000123", "", "客户一", '"a, b"', '"x\ny"', "6.2E+17"]),
    st.sampled_from(["2024-01-05", "20250229", "", "2024年3月5日", "03/05/2024"]),
    st.sampled_from(["5", "￥1,2", '"￥1,234.50"', "", "五", "-3.005"]),
).map(",".join)
OTHER = st.sampled_from(
    ["", "  ", ",,", "customer,day,amount", "合计,,5", '"', "1,2024-01-05", "a,b,c,d", "x\0,2024-01-05,5"]
)


@given(rows=st.lists(st.one_of(ROW, ROW, OTHER), min_size=1, max_size=25))
@example(rows=["a,b,c,d", "1,2024-01-05,￥1,2"])  # the mapping's header stands above a fuller row
@example(rows=["customer,day,amount", "1,2024-01-05", "1,2024-01-05,￥1,2"])
@example(rows=["1,2024-01-05,5", "1,2024-01-05,￥1,2", "1,2024-01-05"])
@example(rows=["1,20250229,￥1,2", "1,20250229,￥1,2"])
@settings(max_examples=15)
def test_rows_read_are_loaded_rejected_or_ignored(tmp_path_factory, rows):
    from workbench.errors import LoadError
    from workbench.load import SourceMapping

    columns = {"customer": "customer_id", "day": "day", "amount": "amount"}
    mapping = Mapping((SourceMapping(files=("*",), table="transactions", columns=columns),))
    path = tmp_path_factory.mktemp("law") / "orders.csv"
    path.write_text("customer,day,amount\n" + "\n".join([*rows, "9,2024-01-09,9"]) + "\n", encoding="utf-8")
    try:
        report = check(path, mapping=mapping, today=date(2026, 1, 1))
    except LoadError as error:
        # Headings of other tables below blank lines: a report of blocks, which is refused and said to be one.
        if error.key != "report_of_blocks" or not {"", "  ", ",,"} & {*rows}:
            raise AssertionError(error.key) from error
        return
    (file,) = report.files
    assert file.rows_read == file.rows_loaded + file.rows_rejected + file.rows_ignored
    assert file.rows_loaded >= 1
    assert len(report.rejects) == file.rows_rejected
