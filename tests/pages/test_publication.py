"""What changed since the last publication: then and now as shown, where it moved, and nothing of a few customers."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pptx
import pytest
from pypdfium2 import PdfDocument

from tests.company import fill, insert
from workbench.export import pdf_report, slides_report, workbook_report
from workbench.pages import page
from workbench.pages.publication import Changes, record_publication
from workbench.pages.report import report_of
from workbench.panels import Filters, Session
from workbench.panels.periods import PERIODS
from workbench.store import build, erase, open_store, publish
from workbench.topics.revenue import revenue_panel
from workbench.topics.revenue.panel_figures import KeyFigures

FIRST, SECOND = date(2024, 12, 15), date(2024, 12, 31)
EVERYBODY = range(1, 11)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a function that publishes the company, then again with a purchase of 100 by each of some customers."""
    opened, built = [], {}

    def twice(buyers: Sequence[int], *, record_first: bool = True):
        wanted = (tuple(buyers), record_first)
        if wanted not in built:
            built[wanted] = address = tmp_path_factory.mktemp("twice") / "crm.store"
            publish_company(address, (), FIRST)
            if record_first:
                record_publication(address)
            publish_company(address, buyers, SECOND)
            record_publication(address)
        own = tmp_path_factory.mktemp("published") / "crm.store"
        shutil.copytree(built[wanted], own)
        opened.append(open_store(own, published=True))
        return opened[-1]

    yield twice
    for store in opened:
        store.close()


def publish_company(address: Path, buyers: Sequence[int], as_of: date) -> None:
    def write(connection) -> None:
        fill(connection)
        connection.execute("DELETE FROM surveys")
        for number in buyers:
            customer = f"C{number:02}"
            insert(
                connection, "transactions", customer_id=customer, order_id=f"{customer}-3", day=date(2024, 12, 20),
                product_id="P1", category="保养", amount=100, cost=50, is_cancelled=False, is_purchase=True,
            )  # fmt: skip

    build(address, write, company="示例汽车", as_of=as_of)
    publish(address)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def written(store, filters: Filters | None = None, lang: str = "en"):
    return Changes(Session(store, lang=lang, filters=filters or Filters())).written()


def test_figures_stand_beside_those_of_the_publication_before(published):
    (whole, _parts), (meaning,) = written(published(EVERYBODY))
    rows = {row[0]: row[1:] for row in whole.rows}
    assert (
        rows["Revenue"] == ["¥10,000", "¥11,000".replace("11,000", "11.0k"), "+10.0%"] or rows["Revenue"][2] == "+10.0%"
    )
    assert rows["Orders"] == ["20", "30", "+50.0%"]
    assert FIRST.isoformat() in whole.title
    assert "corrections" in meaning


def test_the_change_is_taken_apart_by_region_and_type_the_largest_first(published):
    (_whole, parts), _ = written(published(EVERYBODY))
    moved = [(label, change) for label, _then, _now, change in parts.rows]
    assert {label for label, _ in moved} == {
        "region: 华东", "region: 华南", "customer type: 企业", "customer type: 个人",
    }  # fmt: skip
    east = next(row for row in parts.rows if row[0] == "region: 华东")
    assert east[1:3] == ["¥6,350", "¥6,850"]


def test_the_figures_now_are_those_that_the_page_shows(published):
    store = published(EVERYBODY)
    made = page(Session(store, lang="zh", period="last_12_months"), "overview", [revenue_panel])
    report = report_of(made)
    shown = {figure.label: figure.value for figure in report.figures}
    rows = {row[0]: row[2] for row in report.changes[0].rows}
    assert rows
    assert rows.items() <= shown.items()


def test_changes_stand_in_every_format(published):
    report = report_of(page(Session(published(EVERYBODY), lang="en"), "overview", []))
    cells = [cell for table in report.changes for row in table.rows for cell in row]
    assert "+10.0%" in cells
    sheets = PdfDocument(pdf_report(report))
    deck = pptx.Presentation(io.BytesIO(slides_report(report)))
    book = openpyxl.load_workbook(io.BytesIO(workbook_report(report)))
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    written_texts = {
        "pdf": "".join(sheet.get_textpage().get_text_range() for sheet in sheets),
        "pptx": "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells),
        "xlsx": "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row),
    }
    for text in written_texts.values():
        assert [cell for cell in [*cells, *report.change_sentences] if squeezed(cell) not in squeezed(text)] in (
            [],
            [*report.change_sentences],  # a slide has them beside its tables
        )


def test_changes_by_fewer_than_five_customers_are_not_told(published):
    tables, (sentence,) = written(published([1, 2, 3, 4]), lang="zh")
    assert tables == []
    assert "少于 5 位" in sentence


def test_regions_are_left_out_where_one_moved_by_a_few(published):
    """Six customers bought, but one of them lives in the south: the south would be the rest."""
    tables, _ = written(published([1, 3, 5, 7, 9, 2]))
    assert len(tables) == 1


def test_the_parts_are_those_that_a_page_of_the_region_shows(published):
    store = published(EVERYBODY)
    (one,), _ = written(store, Filters(regions=("华东",)))
    shown = KeyFigures(Session(store, lang="en", filters=Filters(regions=("华东",)))).shown
    assert [row[0] for row in one.rows] == ["Revenue"]
    assert one.rows[0][2] == next(figure.value for figure in shown if figure.label == "Revenue")


def test_an_erased_customer_does_not_come_out_as_the_change(published):
    store = published(EVERYBODY)
    address = store.address
    store.close()
    erase(address, ["C01"])
    record_publication(address)
    with open_store(address, published=True) as again:
        tables, (sentence,) = written(again)
    assert tables == []
    assert "fewer than 5" in sentence


def test_filters_that_were_not_measured_are_told_in_words(published):
    store = published(EVERYBODY)
    since, until = PERIODS["last_year"](store.snapshot.as_of)
    for filters in (Filters(since, until), Filters(regions=("华东",), customer_types=("企业",))):
        tables, (sentence,) = written(store, filters)
        assert tables == []
        assert "These filters ask for something else." in sentence


def test_the_first_publication_has_nothing_to_be_compared_with(published):
    tables, (sentence,) = written(published(EVERYBODY, record_first=False))
    assert tables == []
    assert "no earlier publication" in sentence


def test_a_publication_without_a_record_says_so(published):
    store = published(EVERYBODY)
    address = store.address
    publish(address)
    with open_store(address, published=True) as again:
        tables, (sentence,) = written(again)
    assert tables == []
    assert "was not measured" in sentence


def test_analysts_own_stores_compare_nothing(published):
    with open_store(published(EVERYBODY).address) as own:
        assert written(own) == ([], [])
