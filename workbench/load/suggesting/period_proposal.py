"""A table with months, quarters or years as columns: asked about, and proposed as sales of each line and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbench.load.cleaning.sql_expressions import NO_FIGURE
from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.reading.header_periods import period_of
from workbench.load.reading.periods_as_rows import (
    PeriodColumns,
    long_rows,
    period_columns,
    period_header,
)
from workbench.load.suggesting.column_candidates import FITTING_SHARE
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample, column_shapes
from workbench.load.suggesting.file_proposal import FileProposal, propose_file
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft
from workbench.load.suggesting.table_doubts import table_choices

MOST_LONG_ROWS = 5_000
"""So many rows of the turned table are looked at."""

DASHES = ("-", "--", "—", "–", "/")
SALES_WORDS = (
    "销售",
    "金额",
    "消费",
    "营收",
    "营业额",
    "收入",
    "实收",
    "流水",
    "sales",
    "revenue",
    "amount",
    "spend",
    "turnover",
    "gmv",
)
OTHER_WORDS = (
    "目标", "预算", "计划", "预测", "数量", "销量", "件数", "次数", "人数", "客流",
    "积分", "库存", "余额", "应收", "欠款", "评分", "满意", "占比", "率",
    "target", "budget", "plan", "forecast", "quota", "qty", "quantity", "units", "count", "visits", "points", "stock",
    "balance", "receivable", "score", "rate", "%",
)  # fmt: skip
"""Words of a file, sheet, title or header that speaks of money earned, and of figures that are none."""

LARGEST_ANSWER = 10


def find_periods(sample: RowSample, shapes: Mapping[str, ColumnShape]) -> PeriodColumns | None:
    """Find the columns of a file that are periods with figures below them."""
    figures = {name for name in sample.header if _is_figure(shapes[name]) and not _is_rating(name, shapes[name])}
    filled = {name for name in sample.header if any(text.strip(NO_FIGURE) for text, _ in shapes[name].commonest)}
    periods = period_columns(sample.header, _said(sample), figures=figures, filled=filled)
    return periods if periods and any(shapes[name].numbers for name in periods.headers) else None


def propose_periods(
    sample: RowSample, shapes: Mapping[str, ColumnShape], periods: PeriodColumns, *, is_stated: bool
) -> FileProposal:
    """Propose sales of each line and period and ask whether they are; refuse what no day can be told of.

    Parameters
    ----------
    is_stated : the analyst has said that the file holds sales.
    """
    draft = ProposalDraft(sample, shapes)
    if periods.fault:
        choices = table_choices([], shapes)
        choices.pop("transactions")
        draft.ask("which_table", choices, because=periods.fault, suggested="")
        return FileProposal(sample, shapes, None, tuple(draft.questions))
    long = long_rows(sample.header, sample.values, periods, MOST_LONG_ROWS)
    turned = replace(sample, header=tuple(long), values=long, labels={}, extra_header_rows=0)
    proposal = propose_file(turned, column_shapes(turned), "transactions")
    source, questions = proposal.source, list(proposal.questions)
    if source is None:
        return proposal
    source = replace(source, periods_as_rows=True).with_column("day", period_header(turned.header))
    questions = [one for one in questions if one.facts.get("column") != "day"]
    if len(periods.measures) == 1:
        measure = periods.measures[0]
        if source.columns.get(measure) not in ("amount", "quantity"):
            source = source.with_column("amount", measure)
            questions = [one for one in questions if one.facts.get("column") != "amount"]
        else:
            questions = [one for one in questions if one.facts.get("suggested") != measure]
    attributes = {name: one for name, one in source.attributes.items() if name not in source.columns}
    source = replace(source, attributes=attributes)
    new = (period_header(turned.header), *periods.measures)
    questions = [
        replace(one, choices={choice: lines for choice, lines in one.choices.items() if choice not in new})
        if one.key == "which_customer"
        else one
        for one in questions
    ]
    if not is_stated:
        choices = table_choices([], shapes)
        shown = [name for name in turned.header if name in source.columns]
        lines = zip(*(turned.values[name] for name in shown), strict=True)
        filled = [" · ".join(cell or "" for cell in line) for line in lines if all(line)]
        choices = {
            "transactions": tuple(filled[:EXAMPLE_LINES]),
            **{k: v for k, v in choices.items() if k != "transactions"},
        }
        speaks = " ".join((*_said(sample), *periods.measures)).lower()
        is_money = any(word in speaks for word in SALES_WORDS) and not any(word in speaks for word in OTHER_WORDS)
        draft.ask("which_table", choices, because="periods", suggested="transactions" if is_money else "")
    return FileProposal(turned, proposal.shapes, source, (*draft.questions, *questions))


def leaving_out(proposal: FileProposal) -> FileProposal:
    """Suggest to leave a table of periods out, where another file has the sales: the same money, it seems."""
    questions = [
        replace(one, facts={**one.facts, "suggested": LEAVE_OUT}) if one.key == "which_table" else one
        for one in proposal.questions
    ]
    return replace(proposal, questions=tuple(questions))


def _said(sample: RowSample) -> tuple[str, ...]:
    return (sample.file, sample.sheet or "", *sample.titles)


def _is_figure(shape: ColumnShape) -> bool:
    """Whether a column holds numbers, or nothing at all; a dash is nothing."""
    dashes = sum(times for text, times in shape.commonest if text in DASHES)
    return not shape.filled or shape.share(shape.numbers + dashes) >= FITTING_SHARE


def _is_rating(header: str, shape: ColumnShape) -> bool:
    """Whether Q1, or Q1 text, is a question and no quarter: answers are small."""
    period = period_of(header)
    return period is not None and period.kind == "quarter" and not period.last and (shape.high or 0) <= LARGEST_ANSWER
