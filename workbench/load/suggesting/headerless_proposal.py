"""A file without a header: its columns are known by their values alone, so everything is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from workbench.load.mapping.source_mapping import SourceMapping, Suggestion
from workbench.load.suggesting.column_shapes import Sample, Shape
from workbench.load.suggesting.file_proposal import Proposal, with_attributes
from workbench.load.suggesting.proposal_draft import Draft

MOSTLY = 0.9
MOST_PIECES = 10_000
GUESS = 0.4


def has_no_header(sample: Sample) -> bool:
    """True where the reader had to number the columns itself."""
    return bool(sample.header) and all(re.fullmatch(r"column_\d+", header) for header in sample.header)


def propose_by_shape(sample: Sample, judged: Mapping[str, Shape]) -> Proposal:
    """Propose transactions: a column of days, one of amounts with cents, small counts, and ids that come again."""
    draft = Draft(sample, judged)
    free = dict(judged)
    chosen = {
        "day": _take(free, lambda shape: shape.share(shape.dates) >= MOSTLY),
        "amount": _take(
            free, lambda shape: shape.share(shape.numbers) >= MOSTLY and shape.whole < MOSTLY * shape.filled
        ),
        "quantity": _take(free, _is_count),
    }
    ids = [header for header, shape in free.items() if shape.share(shape.whole) >= MOSTLY and shape.distinct > 1]
    chosen["customer_id"] = ids[0] if ids else None
    if chosen["day"] is None:
        draft.ask("which_table", {})
        return Proposal(sample, judged, None, tuple(draft.questions))
    columns = {header: column for column, header in chosen.items() if header is not None}
    for header, column in columns.items():
        facts = {"header": header, "table": "transactions", "column": column}
        draft.suggestions.append(Suggestion(header, column, f"shape_{column}", GUESS, False, facts))
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
    if lacking := source.lacking():
        for column in lacking:
            draft.ask("which_column", draft.examples(free), table="transactions", column=column)
    source = replace(with_attributes(sample, source), suggestions=tuple(draft.suggestions))
    return Proposal(sample, judged, source, tuple(draft.questions))


def _take(free: dict[str, Shape], wanted: Callable[[Shape], bool]) -> str | None:
    """Take the first column that is as wanted out of those still free."""
    found = next((header for header, shape in free.items() if wanted(shape)), None)
    if found is not None:
        del free[found]
    return found


def _is_count(shape: Shape) -> bool:
    """Whole numbers, not large, written without zeros in front."""
    whole = shape.share(shape.whole) >= MOSTLY and not shape.padded
    return whole and shape.high is not None and shape.high <= MOST_PIECES
