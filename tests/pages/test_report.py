"""A page's report says what the page says, number by number, with its filters on every sheet, and never more."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from html import unescape
from itertools import chain

import openpyxl
import pandas as pd
import pptx
import pytest
from pypdfium2 import PdfDocument

from tests.company import crowd
from workbench.errors import InstallError
from workbench.export import pdf_report, slides_report, workbook_report
from workbench.export.report import Report
from workbench.pages import page, segments_board
from workbench.pages.address import PageAddress, wished_parts
from workbench.pages.one_page import Page
from workbench.pages.report import REPORT_WRITERS, report_file, report_name, report_of, shown_panels
from workbench.panels import Session
from workbench.panels.downloads import filter_lines
from workbench.panels.worded_rows import worded_rows
from workbench.topics.pareto import pareto_panel
from workbench.topics.revenue import revenue_panel
from workbench.topics.rfm import rfm_panel
from workbench.topics.satisfaction import satisfaction_panel

OVERVIEW = [revenue_panel, *(partial(panel, brief=True) for panel in (pareto_panel, rfm_panel, satisfaction_panel))]
PAGES = {
    "overview": OVERVIEW,
    "pareto": [pareto_panel],
    "satisfaction": [satisfaction_panel],
    "segments": [segments_board],
}
SETTINGS = [
    ("public", "overview", "lang=zh"),
    ("public", "overview", "lang=en&period=last_12_months&region=华东"),
    ("public", "pareto", "lang=en&pareto.by=margin&pareto.a_share=0.7"),
    ("public", "satisfaction", "lang=zh&satisfaction.measure=csat&customer_type=个人"),
    ("public", "segments", "lang=en&section=movement"),
    ("public", "segments", "lang=zh&section=profile"),
    ("small", "overview", "lang=zh&region=华南&customer_type=企业"),
    ("small", "pareto", "lang=zh"),
    ("small", "segments", "lang=zh"),
    ("small", "segments", "lang=en&section=movement&region=华东"),
    ("small", "segments", "lang=zh&section=overlap&grouping=abc"),
    ("small", "segments", "lang=en&section=rfm"),
]
"""A company, a page, and what its address asks for; of the small company groups are hidden on every page."""
NUMBER = re.compile(r"[−+-]?\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def public(make_store):
    return make_store(*crowd(seed=1, customers=400), published=True)


@pytest.fixture(scope="module")
def small(make_store):
    """A company so small that groups are hidden on every page."""
    return make_store(*crowd(seed=2, customers=60), published=True)


def opened(store, name: str, query: str) -> Page:
    made = page(Session(store, lang="zh"), name, PAGES[name])
    address = PageAddress(made)
    address.open(wished_parts(query))
    assert address.unmet(wished_parts(query)) == []
    return made


@pytest.fixture(scope="module", params=SETTINGS, ids=["-".join(setting) for setting in SETTINGS])
def seen(request) -> tuple[Page, Report]:
    """A page at one of the settings, and its report: opened once for all tests that look at it."""
    store, name, query = request.param
    made = opened(request.getfixturevalue(store), name, query)
    return made, report_of(made)


def squeezed(text: str) -> str:
    """Leave out what breaks lines, and the marks that a PDF has where it breaks a word."""
    return re.sub(r"[\s\ufffe\x02-]", "", text)  # a hyphen that ends a line is read as such a mark


def html_texts(html: str) -> list[str]:
    return [words for words in map(str.strip, map(unescape, re.split(r"<[^>]*>", html))) if words]


def page_texts(made: Page) -> list[str]:
    """What a reader of the page reads: everything between its tags, and the words of its charts."""
    head = made.key_figures
    texts = html_texts(head.figures.value) + html_texts(head.message.value) if head else []
    for panel in shown_panels(made):
        if panel.error:
            texts += html_texts(panel.widget.message.value)
            continue
        below = "" if panel._brief else panel.widget.summary.value
        texts += html_texts(panel.widget.figures.value) + html_texts(below)
        for view in panel.views.values():
            texts += [view.title, *re.split(r"\n| · ", view.subtitle)]
    return texts


def pdf_pages(content: bytes) -> list[str]:
    return [squeezed(sheet.get_textpage().get_text_range()) for sheet in PdfDocument(content)]


def slide_texts(slide) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def charts_of(deck) -> list:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def numbers_behind(made: Page) -> list[float]:
    """Every number of every table that the answers of the page's panels hold."""
    frames = []
    for panel in shown_panels(made):
        if not panel.error:
            answer = panel.answer
            frames += [getattr(answer, one.name) for one in fields(answer)]
    numeric = [frame.select_dtypes("number") for frame in frames if isinstance(frame, pd.DataFrame)]
    return [float(value) for frame in numeric for value in frame.to_numpy().ravel() if not pd.isna(value)]


@pytest.mark.one_in(2)
def test_a_pdf_says_all_that_the_page_says_with_its_filters_on_every_sheet(seen):
    made, report = seen
    sheets = pdf_pages(pdf_report(report))
    whole = "".join(sheets)
    assert [words for words in page_texts(made) if squeezed(words) not in whole] == []
    for sheet in sheets:
        assert [line for line in filter_lines(made.session) if squeezed(line) not in sheet] == []


@pytest.mark.one_in(2)
def test_slides_say_what_the_page_says_and_their_charts_hold_its_numbers(seen):
    made, report = seen
    deck = pptx.Presentation(io.BytesIO(slides_report(report)))
    shown = [list(slide_texts(slide)) for slide in deck.slides]
    whole = squeezed("\n".join(chain.from_iterable(shown)))
    assert [words for words in page_texts(made) if squeezed(words) not in whole] == []
    for slide in shown:
        assert [line for line in filter_lines(made.session) if squeezed(line) not in squeezed("".join(slide))] == []
    behind = pd.Series(numbers_behind(made), dtype=float)
    for chart in charts_of(deck):
        for series in chart.plots[0].series:
            for value in series.values:
                assert value in (None, 0) or min((behind - value).abs().min(), (behind + value).abs().min()) < 1e-9


@pytest.mark.one_in(2)
def test_every_number_of_the_slides_is_on_the_page(seen):
    """A small group that the page hides could come out by any other way than these texts only through a chart."""
    made, report = seen
    deck = pptx.Presentation(io.BytesIO(slides_report(report)))
    drawn = [str(row) for panel in shown_panels(made) if not panel.error for view in panel.views.values()
             for rows in view.rows.values() for row in rows]  # fmt: skip
    around = [
        made.head.value,
        made.foot.value,
        made.on_paper.value,
        *(p.widget.heading.value for p in shown_panels(made)),
    ]
    chosen = [panel.widget.chosen.value for panel in shown_panels(made)]
    allowed = set(NUMBER.findall("\n".join([*page_texts(made), *drawn, *around, *chosen])))
    numbered = {f"{place}" for place in range(1, 30)}  # segments of a matrix are numbered, and parts of a table
    for slide in deck.slides:
        for words in slide_texts(slide):
            assert set(NUMBER.findall(words)) - allowed - numbered == set(), words


@pytest.mark.one_in(2)
def test_a_workbook_holds_the_rows_of_every_panel_and_sums_them(seen):
    made, report = seen
    content = workbook_report(report)
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    lines = filter_lines(made.session)
    for sheet in book.worksheets[1:]:
        assert [row[0].value for row in sheet.iter_rows(max_row=len(lines))] == lines
    for panel, sheet, written in zip(shown_panels(made), book.worksheets[2:], formulas.worksheets[2:], strict=True):
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        if panel.error:
            assert html_texts(panel.widget.message.value)[0] in [row[0] for row in cells]
            continue
        rows = worded_rows(panel.rows, made.session.lang, panel.names)
        head = next(place for place, row in enumerate(cells) if row[: len(rows.columns)] == headings(made, rows))
        for place, (_, expected) in enumerate(rows.iterrows(), start=head + 1):
            assert all(map(same, cells[place], expected)), (cells[place], list(expected))
        for place, column in enumerate(rows.columns):
            total = cells[head + 1 + len(rows)][place] if panel.sums else None
            if column in panel.sums:
                assert total == pytest.approx(rows[column].sum())
                formula = written.cell(head + len(rows) + 2, place + 1).value
                assert formula.startswith("=SUBTOTAL(109,")
        data = [cell.value for row in written.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert sum(value.startswith("=") for value in data) == len([c for c in panel.sums if c in rows])


def headings(made: Page, rows: pd.DataFrame) -> list[str]:
    from workbench.panels.columns import column_words

    return [column_words(str(name), made.session.lang) for name in rows.columns]


def same(cell: object, value: object) -> bool:
    if value is None or value is pd.NaT or pd.isna(value):
        return cell in (None, "")
    if isinstance(value, (int, float)) and isinstance(cell, (int, float)):
        return math.isclose(float(cell), float(value), rel_tol=1e-12, abs_tol=1e-12)
    return str(cell) == str(pd.Timestamp(value)) if hasattr(value, "year") else str(cell) == str(value)


def test_groups_are_hidden_in_the_small_company_or_these_tests_see_nothing_hidden(small):
    hidden = [panel for name in PAGES for panel in shown_panels(opened(small, name, "lang=zh"))
              if panel.error or panel.rows.isna().any().any()]  # fmt: skip
    assert hidden


def test_a_hidden_group_is_a_gap_in_the_chart_and_no_nought(small):
    made = opened(small, "segments", "lang=zh")
    (panel,) = shown_panels(made)
    unknown = panel.rows["customer_count"].isna()
    assert unknown.any()
    (chart,) = charts_of(pptx.Presentation(io.BytesIO(slides_report(report_of(made)))))
    for series, column in zip(chart.plots[0].series, ("customer_share", "value_share"), strict=True):
        assert [value is None for value in series.values] == unknown.tolist()
        assert [value for value in series.values if value is not None] == panel.rows[column].dropna().tolist()


def test_charts_of_slides_are_native_and_their_numbers_are_those_drawn(public):
    made = opened(public, "overview", "lang=zh")
    revenue, ranking, _segments, scores = shown_panels(made)
    deck = pptx.Presentation(io.BytesIO(slides_report(report_of(made))))
    months, curve, segments, groups = charts_of(deck)
    assert list(months.plots[0].series[0].values) == [
        None if pd.isna(value) else value for value in revenue.rows["revenue"]
    ]
    assert len(months.plots[0].categories) == len(revenue.rows)
    assert list(curve.plots[0].series[0].values)[-1] == pytest.approx(ranking.answer.curve["cumulative_share"].max())
    assert len(segments.plots[0].series) == 2
    assert sorted(groups.plots[0].series[0].values) == sorted(scores.rows["nps"].dropna())
    assert not [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13], "no pictures"


def test_definitions_stand_in_the_notes_of_slides_and_at_the_end_of_the_pdf(public):
    report = report_of(opened(public, "pareto", "lang=zh"))
    definition = report.sheets[0].definition
    deck = pptx.Presentation(io.BytesIO(slides_report(report)))
    assert definition in [slide.notes_slide.notes_text_frame.text for slide in deck.slides if slide.has_notes_slide]
    whole = "".join(pdf_pages(pdf_report(report)))
    assert whole.index(squeezed(definition)) > whole.index(squeezed(report.sheets[0].sentences[-1]))


def test_what_may_not_be_shown_is_a_sentence_in_every_format(small):
    made = opened(small, "overview", "lang=zh&region=华东&customer_type=企业&period=last_30_days")
    report = report_of(made)
    sentences = [sheet.message for sheet in report.sheets if sheet.message]
    assert sentences
    texts = {
        "pdf": "".join(pdf_pages(pdf_report(report))),
        "pptx": squeezed("".join(chain.from_iterable(slide_texts(slide) for slide in decked(report)))),
        "xlsx": squeezed("".join(str(cell.value) for sheet in booked(report) for row in sheet for cell in row)),
    }
    for text in texts.values():
        assert [words for words in sentences if squeezed(words) not in text] == []
    assert all(not sheet.figures and not sheet.charts and sheet.rows.empty for sheet in report.sheets if sheet.message)


def decked(report: Report):
    return pptx.Presentation(io.BytesIO(slides_report(report))).slides


def booked(report: Report):
    return openpyxl.load_workbook(io.BytesIO(workbook_report(report)))


def test_a_report_is_of_the_moment_it_is_asked_for(public):
    made = opened(public, "pareto", "lang=zh")
    made.filters.region.value = ("华南",)
    made.session.lang = "en"
    name, content = report_file(made, "pdf")
    assert name == "pareto_2024-12-31_华南.pdf"
    assert "region:华南" in pdf_pages(content)[0].lower()
    assert [button.label for button in made.report.buttons.values()] == ["PDF", "PowerPoint", "Excel"]


def test_names_of_two_reports_of_different_filters_differ(public):
    queries = ("lang=zh", "region=华东", "region=华南", "period=last_12_months", "customer_type=企业")
    made = page(Session(public, lang="zh"), "pareto", [])  # its filters alone name it
    address, names = PageAddress(made), []
    for query in queries:
        address.open(wished_parts(query))
        assert address.unmet(wished_parts(query)) == []
        names.append(report_name(made))
    assert len(set(names)) == len(names)


def test_a_report_says_ones_own_months_the_regions_and_the_year_before(public):
    query = "lang=en&period=custom&since=2024-04-01&until=2024-09-30&region=华东,华南&year_before=true"
    made = opened(public, "overview", query)
    report = report_of(made)
    assert "Filter: 2024-04-01 – 2024-09-30; region: 华东, 华南; customer type: All" in report.lines
    assert "Compared with: the year before, 2023-04-01 – 2023-09-30" in report.lines
    assert report_name(made) == "overview_2024-04-01--2024-09-30_华东_华南_year-before"
    assert [figure.value for figure in report.figures] == [figure.value for figure in made.key_figures.shown]


def test_the_year_before_is_in_the_table_and_in_the_chart_that_can_be_edited(public):
    made = opened(public, "overview", "lang=en&period=last_12_months&year_before=true")
    (chart,) = report_of(made).sheets[0].charts
    now, then = chart.native.series
    assert (now.name, then.name) == ("revenue", "a year earlier")
    for series, column in ((now, "revenue"), (then, "revenue_year_before")):
        assert pd.Series(series.values).equals(made.panels[0].rows[column].astype(float))


@pytest.mark.parametrize(("kind", "package", "named"), [("pdf", "typst", "PDF"), ("pptx", "pptx", "PowerPoint")])
def test_without_the_extra_a_sentence_says_how_to_install_it_and_excel_works(public, monkeypatch, kind, package, named):
    monkeypatch.setattr("workbench.export.extra.find_spec", lambda name: None if name == package else object())
    made = opened(public, "pareto", "lang=zh")
    with pytest.raises(InstallError) as caught:
        report_file(made, kind)
    for lang in ("zh", "en"):
        assert "pip install 'crm-workbench[report]'" in caught.value.words(lang)
        assert named in caught.value.words(lang)
    _, complaint = made.report.buttons[kind].guarded(made.report.buttons[kind]._produce)
    assert complaint == caught.value.words("zh")
    assert report_file(made, "xlsx")[1][:2] == b"PK"
    assert set(REPORT_WRITERS) == {"pdf", "pptx", "xlsx"}


def test_a_machine_without_chinese_letters_says_so_before_it_writes_boxes(public, monkeypatch, tmp_path):
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f'<?xml version="1.0"?><fontconfig><dir>{tmp_path / "none"}</dir></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts))
    from workbench.errors import ExportError

    with pytest.raises(ExportError) as caught:
        pdf_report(report_of(opened(public, "pareto", "lang=zh")))
    assert "Noto Sans CJK" in caught.value.words("zh")


def test_a_company_of_one_customer_has_reports(make_store):
    others = [f"DELETE FROM {table} WHERE customer_id <> 'C01'" for table in ("customers", "transactions", "surveys")]  # noqa: S608  our own tables
    store = make_store(*others, published=True)
    for name in PAGES:
        report = report_of(opened(store, name, "lang=zh"))
        assert slides_report(report)[:2] == workbook_report(report)[:2] == b"PK"


def test_hostile_names_are_text_in_every_format(make_store):
    hostile = '=HYPERLINK("x") #panic() $x$ <b>*_`'
    store = make_store(
        f"UPDATE customers SET region = '{hostile}'",  # noqa: S608  our own text
        "UPDATE surveys SET touchpoint = NULL",
        published=True,
    )
    made = opened(store, "overview", "lang=zh")
    report = report_of(made)
    assert b"%PDF" in pdf_report(report)[:8]
    assert slides_report(report)[:2] == b"PK"
    formulas = [cell.value for sheet in booked(report) for row in sheet for cell in row if cell.data_type == "f"]
    assert all(value.startswith("=SUBTOTAL(") for value in formulas)
