"""A file without a header: its columns are known by their values alone, so the analyst is asked about everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from workbench.load.mapping.source_mapping import SourceMapping, Suggestion
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.file_proposal import FileProposal, with_attributes
from workbench.load.suggesting.proposal_draft import ProposalDraft
from workbench.load.suggesting.table_doubts import table_choices

NEARLY_ALL = 0.9
LARGEST_QUANTITY = 10_000
GUESSED_CONFIDENCE = 0.4


def has_no_header(sample: RowSample) -> bool:
    """True where the reader had to number the columns itself."""
    return bool(sample.header) and all(re.fullmatch(r"column_\d+", header) for header in sample.header)


def propose_by_shape(sample: RowSample, shapes: Mapping[str, ColumnShape]) -> FileProposal:
    """Propose transactions: a column of days, one of amounts with cents, small counts, and ids that repeat."""
    draft = ProposalDraft(sample, shapes)
    free = dict(shapes)
    chosen = {
        "day": _take_first(free, lambda shape: shape.share(shape.dates) >= NEARLY_ALL),
        "amount": _take_first(
            free, lambda shape: shape.share(shape.numbers) >= NEARLY_ALL and shape.whole < NEARLY_ALL * shape.filled
        ),
        "quantity": _take_first(free, _is_count),
    }
    ids = [header for header, shape in free.items() if shape.share(shape.whole) >= NEARLY_ALL and shape.distinct > 1]
    chosen["customer_id"] = ids[0] if ids else None
    if chosen["day"] is None:
        draft.ask("which_table", table_choices([], shapes), because="no_header")
        return FileProposal(sample, shapes, None, tuple(draft.questions))
    columns = {header: column for column, header in chosen.items() if header is not None}
    for header, column in columns.items():
        facts = {"header": header, "table": "transactions", "column": column}
        draft.suggestions.append(Suggestion(header, column, f"shape_{column}", GUESSED_CONFIDENCE, False, facts))
    examples = draft.examples(sample.header)
    draft.ask(
        "no_header",
        {"yes": tuple(f"{header}: {'  '.join(lines)}" for header, lines in examples.items())},
        columns=[f"{header} = {column}" for header, column in columns.items()],
        suggested="yes",
    )
    if len(ids) > 1:
        draft.ask("two_candidates", draft.examples(ids), table="transactions", column="customer_id", suggested=ids[0])
    source = SourceMapping(
        files=(sample.file,),
        table="transactions",
        sheet=sample.sheet,
        header_row=0,
        columns={header: columns[header] for header in sample.header if header in columns},
    )
    for column in source.lacking():
        choices = draft.examples(dict.fromkeys((*free, *sample.header)))
        draft.ask("which_column", choices, table="transactions", column=column)
    source = replace(with_attributes(sample, source), suggestions=tuple(draft.suggestions))
    return FileProposal(sample, shapes, source, tuple(draft.questions))


def _take_first(free: dict[str, ColumnShape], is_wanted: Callable[[ColumnShape], bool]) -> str | None:
    """Take the first column that is as wanted out of those still free."""
    first = next((header for header, shape in free.items() if is_wanted(shape)), None)
    if first is not None:
        del free[first]
    return first


def _is_count(shape: ColumnShape) -> bool:
    """Whole numbers, not large, written without zeros in front."""
    whole = shape.share(shape.whole) >= NEARLY_ALL and not shape.padded
    return whole and shape.high is not None and shape.high <= LARGEST_QUANTITY
