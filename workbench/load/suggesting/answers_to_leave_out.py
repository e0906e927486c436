"""Answers of a survey that are none: previews, tests and unfinished ones, and those given too fast to be read."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from workbench.load.cleaning.durations import seconds_of
from workbench.load.mapping.header_dictionary import comparison_key
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.suggesting.proposal_draft import ProposalDraft

STATE_HEADERS = (
    "status", "response type", "finished", "complete", "completed", "completion status", "response status", "is test",
    "状态", "答卷状态", "答题状态", "完成状态", "是否完成", "是否有效", "数据状态", "是否测试", "填写状态", "审核状态",
)  # fmt: skip
NO_ANSWERS_STATES = (
    "survey preview", "preview", "survey test", "test", "spam", "false", "no", "0", "incomplete", "partial",
    "disqualified", "screened out", "in progress", "unfinished", "started", "offline survey preview",
    "预览", "测试", "未完成", "部分完成", "进行中", "无效", "否", "未提交", "中途退出", "被筛选", "甄别", "废卷",
)  # fmt: skip
DURATION_HEADERS = (
    "duration (in seconds)", "duration", "time taken", "time spent", "total time", "interview time", "seconds",
    "所用时间", "答题时长", "用时", "作答时长", "答题用时", "填写时长", "耗时", "时长(秒)", "答题时间(秒)",
)  # fmt: skip
FAST_SHARE = 1 / 3
"""Who took less than this share of the usual time did not read the questions."""

FEWEST_DURATIONS = 10


def ask_about_unfinished(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out the rows whose state says that they are no answers, header by header, and ask."""
    if source.table != "surveys":
        return source
    known = {comparison_key(header) for header in STATE_HEADERS}
    for header, shape in draft.shapes.items():
        if comparison_key(header) not in known or not shape.few:
            continue
        states = {text: times for text, times in shape.commonest if text.casefold() in NO_ANSWERS_STATES}
        if states and len(states) < shape.distinct:
            lines = tuple(f"{text}: {times}×" for text, times in states.items())
            facts = {"header": header, "values": list(states), "count": sum(states.values())}
            draft.ask("left_out_rows", {"yes": lines, "no": ()}, **facts, suggested="yes")
            source = replace(source, leave_out={**source.leave_out, header: tuple(states)})
    return source


def ask_about_fast(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out the answers given in less than a third of the usual time, and ask."""
    if source.table != "surveys":
        return source
    known = {comparison_key(header) for header in DURATION_HEADERS}
    for header in draft.sample.header:
        if comparison_key(header) not in known:
            continue
        texts = draft.sample.values[header]
        seconds = [one for one in seconds_of(texts) if one is not None]
        if len(seconds) < FEWEST_DURATIONS:
            continue
        least = float(int(median(seconds) * FAST_SHARE))
        fast = [one for one in seconds if one < least]
        if fast:
            facts = {"header": header, "seconds": least, "count": len(fast)}
            lines = tuple(f"{one:g} s" for one in sorted(fast)[:3])
            draft.ask("too_fast_rows", {"yes": lines, "no": ()}, **facts, suggested="yes")
            return replace(source, least_seconds={header: least})
    return source
