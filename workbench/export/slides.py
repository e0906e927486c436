"""A report as PowerPoint: a slide for every chart, drawn by the program itself from the numbers behind it."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

from workbench.export.cells import width
from workbench.export.extra import check_extra
from workbench.export.images import chart_image
from workbench.export.report import (
    CategoryChart,
    CurveChart,
    GridChart,
    Report,
    ReportChart,
    ReportFigure,
    ReportSheet,
    ReportTable,
)
from workbench.i18n import t

Deck: TypeAlias = Any
Slide: TypeAlias = Any
"""What python-pptx gives; its types are not ours to check."""

SLIDE_WIDTH, SLIDE_HEIGHT = 13.333, 7.5
"""A wide slide, in inches."""
SLIDE_EDGE, BODY_TOP, BODY_BOTTOM = 0.5, 1.45, 6.75
MOST_LINES = 14
"""Rows of a table on one slide; the others follow on further slides."""
TEXT_INK, QUIET_INK, LINE_INK, PAPER_INK = "1F2933", "52606D", "E4E7EB", "FFFFFF"
LONGEST_TITLE = 64
"""In columns, a Chinese character taking two; longer ones are written smaller."""
BLANK_LAYOUT = 6
"""The empty layout of the default template."""


def slides_report(report: Report) -> bytes:
    """Write a report as a PowerPoint file; raises InstallError where the extra is not installed.

    Bars and lines are charts whose numbers can be edited, matrices are tables, what has neither form is a picture.
    Every slide says company, filters, day and snapshot; its notes have the definition.
    """
    check_extra("pptx")
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(SLIDE_WIDTH), Inches(SLIDE_HEIGHT)
    deck.core_properties.title, deck.core_properties.author = report.title, report.company
    writer = _Writer(deck, report)
    writer.front()
    for words in report.changes:
        writer.table(words.title, words, report.change_sentences)
    for sheet in report.sheets:
        writer.sheet(sheet)
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


class _Writer:
    """Puts slides into a deck."""

    def __init__(self, deck: Deck, report: Report) -> None:
        self.deck, self.report = deck, report

    def front(self) -> None:
        """Write the first slide: the page's title and key figures."""
        report = self.report
        slide = self.slide(report.title, [report.company, *report.facts])
        if report.message:
            self.words(slide, report.message, SLIDE_EDGE, BODY_TOP, SLIDE_WIDTH - 2 * SLIDE_EDGE, 0.6, size=16)
        self.figures(slide, report.figures, SLIDE_EDGE, BODY_TOP + 0.1, SLIDE_WIDTH - 2 * SLIDE_EDGE, across=4)
        self.words(
            slide,
            "\n".join([*report.sentences, *report.foot]),
            SLIDE_EDGE,
            5.2,
            SLIDE_WIDTH - 2 * SLIDE_EDGE,
            1.1,
            size=10,
            ink=QUIET_INK,
        )

    def sheet(self, sheet: ReportSheet) -> None:
        """Write what a panel shows: its charts, then its tables; or why it shows nothing."""
        if sheet.message or not sheet.charts:
            slide = self.slide(sheet.title, [sheet.chosen], sheet.definition)
            self.words(slide, sheet.message, SLIDE_EDGE, BODY_TOP, SLIDE_WIDTH - 2 * SLIDE_EDGE, 1.5, size=18)
            self.figures(slide, sheet.figures, SLIDE_EDGE, BODY_TOP, SLIDE_WIDTH - 2 * SLIDE_EDGE, across=4)
        for place, chart in enumerate(sheet.charts):
            self.chart(sheet, chart, sheet.figures if place == 0 else ())
        for table in sheet.tables:
            self.table(table.title or sheet.title, table, sheet.sentences, sheet.definition)
        if sheet.sentences and not sheet.tables:
            slide = self.slide(sheet.title, [sheet.chosen], sheet.definition)
            self.words(
                slide, "\n".join(sheet.sentences), SLIDE_EDGE, BODY_TOP, SLIDE_WIDTH - 2 * SLIDE_EDGE, 4, size=12
            )

    def chart(self, sheet: ReportSheet, chart: ReportChart, figures: Sequence[ReportFigure]) -> None:
        """Write a slide with one chart, and the panel's figures beside it."""
        under = [" · ".join([sheet.title, *chart.subtitle]), sheet.chosen]
        slide = self.slide(chart.title or sheet.title, under, sheet.definition)
        room = 3.1 if figures else 0.0
        wide, high = SLIDE_WIDTH - 2 * SLIDE_EDGE - room, BODY_BOTTOM - BODY_TOP
        if isinstance(chart.native, CategoryChart):
            self.category_chart(slide, chart.native, SLIDE_EDGE, BODY_TOP, wide, high)
        elif isinstance(chart.native, CurveChart):
            self.curve(slide, chart.native, SLIDE_EDGE, BODY_TOP, wide, high)
        elif isinstance(chart.native, GridChart):
            self.grid(slide, chart.native, SLIDE_EDGE, BODY_TOP, wide, high)
        else:
            self.picture(slide, chart, SLIDE_EDGE, BODY_TOP, wide, high)
        self.figures(slide, figures, SLIDE_WIDTH - SLIDE_EDGE - room + 0.2, BODY_TOP, room - 0.2, across=1)

    # Parts ------------------------------------------------------------------------------------------------------

    def slide(self, title: str, under: Sequence[str], notes: str = "") -> Slide:
        """Add a slide with its title, what stands under it, and the report's lines at its foot."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[BLANK_LAYOUT])
        size = 24 if width(title) <= LONGEST_TITLE else 18
        self.words(slide, title, SLIDE_EDGE, 0.3, SLIDE_WIDTH - 2 * SLIDE_EDGE, 0.55, size=size, bold=True)
        said = "\n".join(words for words in under if words)
        self.words(slide, said, SLIDE_EDGE, 0.85, SLIDE_WIDTH - 2 * SLIDE_EDGE, 0.5, size=11, ink=QUIET_INK)
        foot = " · ".join(self.report.lines)
        self.words(slide, foot, SLIDE_EDGE, 6.9, SLIDE_WIDTH - 2 * SLIDE_EDGE, 0.45, size=9, ink=QUIET_INK)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def words(
        self, slide: Slide, text: str, x: float, y: float, width: float, height: float, *, size: float,
        bold: bool = False, ink: str = TEXT_INK,
    ) -> None:  # fmt: skip
        """Write text into a box."""
        if not text:
            return
        from pptx.util import Inches

        box = slide.shapes.add_textbox(Inches(x), Inches(y), Inches(width), Inches(height))
        box.text_frame.word_wrap = True
        for place, line in enumerate(text.split("\n")):
            paragraph = box.text_frame.paragraphs[0] if place == 0 else box.text_frame.add_paragraph()
            _run(paragraph, line, size=size, bold=bold, ink=ink)

    def figures(
        self, slide: Slide, figures: Sequence[ReportFigure], x: float, y: float, width: float, *, across: int
    ) -> None:
        """Write figures in rows of so many, closer where there are more."""
        from pptx.util import Inches

        step = min(1.25, (BODY_BOTTOM - y) / max(math.ceil(len(figures) / across), 1))
        for place, one in enumerate(figures):
            box = slide.shapes.add_textbox(
                Inches(x + place % across * width / across), Inches(y + place // across * step),
                Inches(width / across), Inches(step),
            )  # fmt: skip
            box.text_frame.word_wrap = True
            first = box.text_frame.paragraphs[0]
            _run(first, one.label, size=11, ink=QUIET_INK)
            _run(box.text_frame.add_paragraph(), f"{one.value}  {one.change}".strip(), size=20, bold=True)
            _run(box.text_frame.add_paragraph(), one.note, size=10, ink=QUIET_INK)

    def category_chart(
        self, slide: Slide, chart: CategoryChart, x: float, y: float, width: float, height: float
    ) -> None:
        """Draw bars or lines from their numbers."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_AXIS_CROSSES, XL_CHART_TYPE

        data = CategoryChartData(number_format=chart.number_format)
        data.categories = list(chart.categories)
        for one in chart.series:
            data.add_series(one.name, list(one.values))
        kind = {
            ("bar", False): XL_CHART_TYPE.BAR_CLUSTERED,
            ("bar", True): XL_CHART_TYPE.BAR_STACKED,
            ("column", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
            ("column", True): XL_CHART_TYPE.COLUMN_STACKED,
        }.get((chart.kind, chart.is_stacked), XL_CHART_TYPE.LINE_MARKERS)
        drawn = _placed(slide, kind, data, x, y, width, height)
        _style(drawn, chart.number_format, has_legend=len(chart.series) > 1)
        if chart.kind == "bar":
            drawn.category_axis.reverse_order = True  # the first on top, as on the page
            drawn.category_axis.crosses = XL_AXIS_CROSSES.MAXIMUM  # and the numbers at the foot all the same
        for plotted, one in zip(drawn.plots[0].series, chart.series, strict=True):
            _paint(plotted, one.colour, is_line=chart.kind == "line")
            for place, colour in enumerate(one.colours):
                if colour and one.values[place] is not None:
                    point = plotted.points[place].format.fill
                    point.solid()
                    point.fore_color.rgb = _rgb(colour)
        if len(chart.categories) * len(chart.series) <= MOST_LABELLED:
            labels = drawn.plots[0]
            labels.has_data_labels = True
            labels.data_labels.number_format, labels.data_labels.number_format_is_linked = chart.number_format, False
            labels.data_labels.font.size = _points(10)

    def curve(self, slide: Slide, chart: CurveChart, x: float, y: float, width: float, height: float) -> None:
        """Draw lines through points from their numbers."""
        from pptx.chart.data import XyChartData
        from pptx.enum.chart import XL_CHART_TYPE

        data = XyChartData(number_format=chart.number_format)
        for one, places in zip(chart.series, chart.places, strict=True):
            series = data.add_series(one.name)
            for place, value in zip(places, one.values, strict=True):
                series.add_data_point(place, value)
        drawn = _placed(slide, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data, x, y, width, height)
        _style(drawn, chart.number_format, has_legend=len(chart.series) > 1)
        for axis, title in zip((drawn.category_axis, drawn.value_axis), chart.titles, strict=True):
            axis.has_title = bool(title)
            if title:
                axis.axis_title.text_frame.text = title
                axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = _points(11)
            axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0%", False
            axis.minimum_scale, axis.maximum_scale = 0, 1
        for plotted, one in zip(drawn.plots[0].series, chart.series, strict=True):
            _paint(plotted, one.colour, is_line=True)
            plotted.smooth = False

    def grid(self, slide: Slide, chart: GridChart, x: float, y: float, width: float, height: float) -> None:
        """Lay a matrix out as a table with the colours of its cells."""
        rows = [
            [chart.corner, *chart.columns],
            *([name, *line] for name, line in zip(chart.rows, chart.words, strict=True)),
        ]
        colours = [[PAPER_INK] * len(rows[0]), *([PAPER_INK, *line] for line in chart.colours)]
        self.cells(slide, rows, colours, x, y, width, min(height, 0.42 * len(rows)), size=11, first=0.22)

    def table(self, title: str, table: ReportTable, sentences: Sequence[str], notes: str = "") -> None:
        """Write a table on as many slides as it takes, and what must be said of it below the last."""
        parts = [table.rows[first : first + MOST_LINES] for first in range(0, len(table.rows), MOST_LINES)] or [[]]
        for place, part in enumerate(parts, start=1):
            facts = {"title": title, "part": place, "parts": len(parts)}
            slide = self.slide(
                title if len(parts) == 1 else t("export.report.continued", self.report.lang, **facts), [], notes
            )
            rows = [list(table.headings), *(list(row) for row in part)]
            colours = [[PAPER_INK] * len(table.headings) for _ in rows]
            height = 0.3 * len(rows)
            across = SLIDE_WIDTH - 2 * SLIDE_EDGE
            self.cells(slide, rows, colours, SLIDE_EDGE, 1.0, across, height, size=11, numeric=table.numeric)
            if place == len(parts):
                self.words(
                    slide,
                    "\n".join(sentences),
                    SLIDE_EDGE,
                    1.15 + height,
                    SLIDE_WIDTH - 2 * SLIDE_EDGE,
                    1,
                    size=10,
                    ink=QUIET_INK,
                )

    def cells(
        self, slide: Slide, rows: Sequence[Sequence[str]], colours: Sequence[Sequence[str]], x: float, y: float,
        width: float, height: float, *, size: float, first: float = 0.0, numeric: Sequence[bool] = (),
    ) -> None:  # fmt: skip
        """Write cells with their words on their colours; `first` is the share of the first column."""
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Inches

        across = len(rows[0])
        shape = slide.shapes.add_table(len(rows), across, Inches(x), Inches(y), Inches(width), Inches(height))
        table = shape.table
        table.horz_banding, table.first_row = False, False
        share = first or 1 / across
        for place, column in enumerate(table.columns):
            column.width = Inches(width * (share if place == 0 else (1 - share) / max(across - 1, 1)))
        for line, row in enumerate(rows):
            for place, words in enumerate(row):
                cell, colour = table.cell(line, place), colours[line][place]
                cell.fill.solid()
                cell.fill.fore_color.rgb = _rgb(colour)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                paragraph = cell.text_frame.paragraphs[0]
                _run(paragraph, words, size=size, bold=line == 0, ink=PAPER_INK if _is_dark(colour) else TEXT_INK)
                if (first and place) or (place < len(numeric) and numeric[place]):
                    paragraph.alignment = PP_ALIGN.CENTER if first else PP_ALIGN.RIGHT

    def picture(self, slide: Slide, chart: ReportChart, x: float, y: float, width: float, height: float) -> None:
        """Put a picture where there are no plain numbers to draw from."""
        from pptx.util import Inches

        image = chart_image(chart.spec, format="png", lang=self.report.lang)
        shape = slide.shapes.add_picture(io.BytesIO(image), Inches(x), Inches(y), width=Inches(width))
        if shape.height > Inches(height):
            shape.width, shape.height = int(shape.width * Inches(height) / shape.height), Inches(height)


MOST_LABELLED = 40
"""More values than this and labels cover each other."""


def _placed(slide: Slide, kind: Any, data: Any, x: float, y: float, width: float, height: float) -> Any:
    from pptx.util import Inches

    return slide.shapes.add_chart(kind, Inches(x), Inches(y), Inches(width), Inches(height), data).chart


def _style(chart: Any, number_format: str, *, has_legend: bool) -> None:
    """Give a chart the look of the house: quiet axes, no title of its own, its legend on top."""
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION

    chart.has_title, chart.has_legend = False, has_legend
    if has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = _points(11)
    for axis in (chart.category_axis, chart.value_axis):
        axis.tick_labels.font.size = _points(11)
        axis.format.line.color.rgb = _rgb(LINE_INK)
    chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(LINE_INK)
    chart.value_axis.tick_labels.number_format = number_format
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _paint(series: Any, colour: str, *, is_line: bool) -> None:
    if not colour:
        return
    if is_line:
        series.format.line.color.rgb = _rgb(colour)
        return
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _rgb(colour)


def _run(paragraph: Any, words: str, *, size: float, bold: bool = False, ink: str = TEXT_INK) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.color.rgb = _points(size), bold, _rgb(ink)


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())


def _is_dark(colour: str) -> bool:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
