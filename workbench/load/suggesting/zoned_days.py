"""Columns of days whose moments carry a time zone: the company's own is asked for, never assumed."""

from __future__ import annotations

from dataclasses import replace

from workbench.load.cleaning.row_zones import CLOCK_ONLY
from workbench.load.mapping.analyst_answers import LEAVE_OUT
from workbench.load.mapping.row_meanings import is_zone
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.mapping.zone_choices import HAS_CLOCK, time_zone_question, time_zone_question_of_rows
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft, headers_of_type


def ask_time_zone(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask once for all columns of a file, with the first whose values carry a zone."""
    for header in headers_of_type(source, "date", "timestamp"):
        texts = list(dict.fromkeys(text for text in draft.sample.values[header] if text))
        facts = {"sheet": draft.sample.sheet, "header": header}
        question = time_zone_question(draft.sample.file, texts, **facts)
        if question is not None:
            draft.questions.append(question)
            draft.unsure(header)
            return source
    return source


def ask_zone_column(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether moments are brought from the zones that a column names to the company's, which is asked too.

    Where no time of day is known, neither with the day nor in a column of its own, days can only stay as written.
    """
    day = source.header_of("day") or source.header_of("occurred_at")
    header = next((one for one in draft.sample.header if is_zone(one) and draft.shapes[one].filled), None)
    if header is None or day is None or header in source.columns:
        return source
    texts, named = draft.sample.values[day], draft.sample.values[header]
    zones = list(dict.fromkeys(text.strip() for text in named if text and text.strip()))
    time = None if any(HAS_CLOCK.search(text) for text in texts if text) else _time_of_day(draft, source)
    clocks = draft.sample.values[time] if time else [""] * len(texts)
    moments = [
        (f"{text.strip()} {clock or ''}".strip(), zone.strip())
        for text, clock, zone in zip(texts, clocks, named, strict=True)
        if text and zone and zone.strip() and HAS_CLOCK.search(f"{text} {clock or ''}")
    ]
    facts = {"header": header, "zones": zones, "time": time or ""}
    if not moments:
        draft.ask("zone_column", {"as_written": (), LEAVE_OUT: ()}, **facts, suggested="as_written")
        return source
    shown = tuple(f"{moment} {zone}" for moment, zone in moments[:EXAMPLE_LINES])
    choices = {"convert": shown, "as_written": (), LEAVE_OUT: ()}
    draft.ask("zone_column", choices, **facts, suggested="convert")
    if not any(one.key == "time_zone" for one in draft.questions):
        question = time_zone_question_of_rows(draft.sample.file, moments, sheet=draft.sample.sheet, header=day)
        draft.questions += [question] if question else []
    return replace(source, zone_column=header, time_column=time)


def _time_of_day(draft: ProposalDraft, source: SourceMapping) -> str | None:
    """The column with nothing but times of day."""
    for header, shape in draft.shapes.items():
        texts = [text for text, _ in shape.commonest]
        if header not in source.columns and texts and all(CLOCK_ONLY.fullmatch(text) for text in texts):
            return header
    return None
