"""Rows that are not what their file is about: previews and hasty answers of a survey, tickets without a complaint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from functools import cache
from statistics import median

from workbench.load.cleaning.durations import seconds_of
from workbench.load.mapping.header_dictionary import comparison_key
from workbench.load.mapping.row_meanings import flag_words, spends_points
from workbench.load.mapping.source_mapping import SourceMapping
from workbench.load.suggesting.column_shapes import ColumnShape, RowSample
from workbench.load.suggesting.proposal_draft import EXAMPLE_LINES, ProposalDraft

STATE_HEADERS = (
    "status", "response type", "completion status", "response status",
    "状态", "答卷状态", "答题状态", "完成状态", "数据状态", "填写状态", "审核状态",
    "清洗数据结果", "数据清洗结果", "清洗结果", "作答状态", "采纳状态", "回收状态", "样本状态", "执行状态",
    "回访结果", "回访状态", "回访情况", "访问结果", "通话结果", "通话状态", "呼叫结果", "拨打结果", "接通状态",
    "接听状态",
    "call result", "call status", "call outcome", "disposition", "contact result",
)  # fmt: skip
WHOLE_HEADERS = ("finished", "is finished", "complete", "completed", "is complete", "submitted", "is submitted",
                 "valid", "is valid", "是否完成", "是否有效", "是否提交", "是否完整")  # fmt: skip
"""Headers of a column that says yes of an answer that counts."""
NO_ANSWER_HEADERS = ("is test", "is preview", "is spam", "is duplicate", "invalid", "disqualified",
                     "is default", "is auto", "是否默认", "是否默认评价", "是否默认好评", "是否系统评价",
                     "是否测试", "是否预览", "是否无效", "是否重复", "是否作废", "是否废卷")  # fmt: skip
"""Headers of a column that says yes of one that does not."""
NO_ANSWERS_STATES = (
    "survey preview", "preview", "survey test", "test", "spam", "incomplete", "partial",
    "disqualified", "screened out", "in progress", "unfinished", "started", "offline survey preview",
    "预览", "测试", "未完成", "部分完成", "进行中", "无效", "未提交", "中途退出", "被筛选", "甄别", "废卷",
    "rejected", "refused", "declined", "over quota", "quota full", "terminated", "timed out", "no answer",
    "not reached", "unreachable", "busy", "voicemail", "wrong number",
    "拒绝", "已拒绝", "未通过", "审核不通过", "不合格", "配额已满", "超时", "拒访", "拒答", "拒接", "未接", "未接通",
    "未接听",
    "无人接听", "空号", "关机", "停机", "占线", "忙线", "号码错误", "错号",
)  # fmt: skip
ANSWERED_STATES = (
    "ip address", "complete", "completed", "finished", "submitted", "valid", "done", "approved", "accepted", "success",
    "successful", "responded", "answered", "qualified", "reached", "closed", "ok", "yes", "true",
    "正常", "有效", "完成", "已完成", "完整", "提交", "已提交", "采纳", "已采纳", "通过", "已通过", "审核通过", "成功",
    "已回答", "已作答", "接通", "已接通", "已接听", "回访成功", "已回访", "访问成功", "合格", "是",
)  # fmt: skip
"""What says of a row that it is an answer like any other."""

MOST_STATES = 12
"""A column with more different texts than so many holds no states."""

GIVEN_BY_SYSTEM = re.compile(
    r"系统(?:自动)?(?:默认|评价|好评|代评)|(?:默认|自动)(?:好评|评价|五星|5星|满意)|未(?:及时)?(?:作出|做出|进行)?评价.*默认|超时.*默认"
    r"|\b(?:auto(?:matic(?:ally)?)?|default|system)[ -](?:rat(?:ed|ing)|review(?:ed)?|praise|score|default|generated)\b"
    r"|\brated by (?:the )?system\b",
    re.IGNORECASE,
)
"""What is written of a rating that the system gave because nobody else did."""

BY_WHOM_HEADERS = (
    "评价方式",
    "评价类型",
    "评价来源",
    "评价渠道",
    "评价人",
    "评价者",
    "rated by",
    "rating source",
    "rating type",
)
SYSTEM_WORDS = ("系统", "系统默认", "系统自动", "默认", "自动", "system", "default", "auto", "automatic")
"""Headers that say who rated, and what stands under them for the system."""
NO_STATE = "无"
"""What denies elsewhere, and in a column of states or of faults is nothing at all."""
QUALTRICS_STATES = ("1", "2", "8", "9", "12", "17", "40")
"""In numbers: previews, tests, spam, by whichever way they came; 0 is an answer."""
SUBMITTED_HEADERS = ("submitdate", "date submitted", "submit date", "submitted at", "submission date", "completed at",
                     "提交时间", "提交日期", "提交答卷时间", "完成时间")  # fmt: skip
DURATION_HEADERS = (
    "duration (in seconds)", "duration", "time taken", "time spent", "total time", "interview time", "seconds",
    "所用时间", "答题时长", "用时", "作答时长", "答题用时", "填写时长", "耗时", "时长(秒)", "答题时间(秒)",
)  # fmt: skip
TICKET_HEADERS = (
    "工单类型", "工单类别", "来电类型", "业务类型", "类型", "类别", "问题类型", "受理类型", "服务类型", "诉求类型",
    "ticket type", "case type", "request type", "issue type", "type", "record type", "call type", "category",
)  # fmt: skip
COMPLAINT_WORDS = ("投诉", "申诉", "信访", "举报", "complain", "grievance", "beschwerde", "reklamation", "réclamation",
                   "reclamation", "queja", "reclamo")  # fmt: skip
OTHER_TICKET_WORDS = (
    "咨询", "查询", "建议", "表扬", "感谢", "维修", "报修", "保养", "安装", "预约", "回访", "办理", "开票", "续费",
    "下单", "改签", "补办",
    "question", "how-to", "how to", "task", "feature", "request", "inquiry", "enquiry", "information", "praise",
    "compliment", "suggestion", "install", "maintenance", "repair", "booking", "appointment",
)  # fmt: skip
"""What says of a ticket that it is something else than a complaint; a fault or an incident may be either."""
SIGNS_BELOW_ZERO = ("-", "－", "−", "(", "（")
FAST_SHARE = 1 / 3
"""Who took less than this share of the usual time did not read the questions."""

FEWEST_DURATIONS = 10


def ask_about_unfinished(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out the rows whose state says that they are no answers, header by header, and ask."""
    if source.table != "surveys":
        return source
    keys = {comparison_key(header) for header in draft.shapes}
    for header, shape in draft.shapes.items():
        said = next(filter(None, (_states_of_no_answers(key, keys) for key in _keys_of(header))), ())
        states = {text: times for text, times in shape.commonest if text.casefold() in said and shape.few}
        if states and len(states) < shape.distinct:
            lines = tuple(f"{text}: {times}×" for text, times in states.items())
            facts = {"header": header, "values": list(states), "count": sum(states.values())}
            is_any = said is _any_state() and any(text.isdigit() for text in states)  # a number may mean anything
            draft.ask("left_out_rows", {"yes": lines, "no": ()}, **facts, suggested="" if is_any else "yes")
            source = replace(source, leave_out={**source.leave_out, header: tuple(states)})
        if any(key in _keys(STATE_HEADERS) for key in _keys_of(header)) and header not in source.items:
            _ask_unknown_states(draft, header, shape)
    return _ask_about_unsubmitted(draft, _ask_given_by_system(draft, source))


def _ask_unknown_states(draft: ProposalDraft, header: str, shape: ColumnShape) -> None:
    """Ask of each state that no tool is known to write whether such rows count as answers."""
    known = {*ANSWERED_STATES, *NO_ANSWERS_STATES, *_any_state()}
    unknown = {text: times for text, times in shape.commonest if text.casefold() not in known and not text.isdigit()}
    if 1 < shape.distinct <= MOST_STATES:
        for value, count in unknown.items():
            choices: dict[str, tuple[str, ...]] = {"answer": (), "other": ()}
            draft.ask("state_value", choices, header=header, value=value, values=[value], count=count, suggested="")


def _ask_given_by_system(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out the ratings that a system gave by default, once for the rows that say so, and ask."""
    known: set[int] = set()
    for header, shape in draft.shapes.items():
        if header in source.items or header in source.leave_out:
            continue
        is_of_raters = bool(_keys_of(header) & _keys(BY_WHOM_HEADERS))
        values = [
            text
            for text, times in shape.commonest
            if (times > 1 and GIVEN_BY_SYSTEM.search(text)) or (is_of_raters and text.casefold() in SYSTEM_WORDS)
        ]
        rows = {place for place, text in enumerate(draft.sample.values[header]) if (text or "").strip() in values}
        if values and len(rows) < draft.sample.row_count and not rows <= known:
            facts = {"header": header, "values": values, "count": len(rows)}
            draft.ask("default_ratings", {"yes": tuple(values), "no": ()}, **facts, suggested="yes")
            source = replace(source, leave_out={**source.leave_out, header: tuple(values)})
            known |= rows
    return source


@cache
def _keys(headers: tuple[str, ...]) -> Set[str]:
    return {comparison_key(header) for header in headers}


def _keys_of(header: str) -> set[str]:
    """A header for comparison, and its parts where a tool writes code and question: `submitdate. Date submitted`."""
    code, dot, text = header.partition(". ")
    return {comparison_key(one) for one in ((header, code, text) if dot else (header,))}


def _states_of_no_answers(key: str, keys: Set[str]) -> tuple[str, ...]:
    """The values by which a column says of a row that it is no answer; none for a column that speaks of other things.

    `keys` are those of all headers: by them an export is known whose states are numbers.
    """
    if key in _keys(NO_ANSWER_HEADERS):
        return (*NO_ANSWERS_STATES, *flag_words()[0])
    if key in _keys(WHOLE_HEADERS):
        return (*NO_ANSWERS_STATES, *flag_words()[1])
    if key not in _keys(STATE_HEADERS):
        return ()
    is_numbered = {"responseid", "finished"} <= keys
    return (*NO_ANSWERS_STATES, *QUALTRICS_STATES) if is_numbered else _any_state()


@cache
def _any_state() -> tuple[str, ...]:
    """What says of a row that it is no answer in a column of states that may be any tool's."""
    return (*NO_ANSWERS_STATES, *(word for word in flag_words()[1] if word != NO_STATE))


def _ask_about_unsubmitted(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out the answers that were never sent off: without a moment of it, where others have one."""
    for header in draft.sample.header:
        if not _keys_of(header) & _keys(SUBMITTED_HEADERS):
            continue
        texts = [(text or "").strip() for text in draft.sample.values[header]]
        rows = zip(*draft.sample.values.values(), strict=True)
        blank = sum(not text and any(map(str.strip, filter(None, row))) for text, row in zip(texts, rows, strict=True))
        if blank and any(texts):
            draft.ask("unsubmitted_rows", {"yes": (), "no": ()}, header=header, count=blank, suggested="yes")
            source = replace(source, leave_out={**source.leave_out, header: ("",)})
    return source


def ask_other_tickets(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out of a list of complaints the tickets whose type says that they are something else.

    Where no type says that a ticket is a complaint, each is asked about.
    """
    if source.table != "complaints":
        return source
    for header, shape in draft.shapes.items():
        types = {text: times for text, times in shape.commonest if text.strip()}
        others = {one: times for one, times in types.items() if not _is_complaint(one)}
        if comparison_key(header) not in _keys(TICKET_HEADERS) or not shape.few or not types:
            continue
        if len(others) < len(types) or not speaks_of_complaints(draft.sample):
            _ask_without_kind(draft, header)
        if len(others) == len(types):
            return _ask_each_kind(draft, source, header, types) if not speaks_of_complaints(draft.sample) else source
        source = replace(source, complaint_kinds={header: tuple(one for one in types if one not in others)})
        if not others:
            return source
        lines = tuple(f"{text}: {times}×" for text, times in others.items())
        facts = {"header": header, "values": list(others), "count": sum(others.values())}
        draft.ask("other_tickets", {"yes": lines, "no": ()}, **facts, suggested="yes")
        return replace(source, leave_out={**source.leave_out, header: tuple(others)})
    return source


def _ask_without_kind(draft: ProposalDraft, header: str) -> None:
    """Ask about tickets that have no kind, where others have one."""
    blank = sum(not (text or "").strip() for text in draft.sample.values[header])
    if blank:
        choices: dict[str, tuple[str, ...]] = {"complaint": (), "other": ()}
        draft.ask("blank_tickets", choices, header=header, value="", count=blank, suggested="")


def _ask_each_kind(draft: ProposalDraft, source: SourceMapping, header: str, types: Mapping[str, int]) -> SourceMapping:
    """Ask of each kind of ticket whether it is a complaint, with what its word says for it."""
    others = [value for value in types if are_other_tickets([value])]
    for value, count in types.items():
        choices: dict[str, tuple[str, ...]] = {"complaint": (), "other": ()}
        suggested = "other" if value in others else ""
        draft.ask("ticket_value", choices, header=header, value=value, count=count, suggested=suggested)
    kinds = {header: tuple(value for value in types if value not in others)}
    leave_out = {**source.leave_out, header: tuple(others)} if others else source.leave_out
    return replace(source, leave_out=leave_out, complaint_kinds=kinds)


def ask_points_spent(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Ask whether points are taken away on rows whose kind says so, where they are written above zero there."""
    points = source.header_of("points")
    if source.table != "interactions" or points is None:
        return source
    texts = [(text or "").strip() for text in draft.sample.values[points]]
    for header, shape in draft.shapes.items():
        if header == points or not shape.few:
            continue
        kinds = [(text or "").strip() for text in draft.sample.values[header]]
        rows = [place for place, kind in enumerate(kinds) if kind and spends_points(kind) and texts[place].strip("0.,")]
        spent = tuple(dict.fromkeys(kinds[place] for place in rows))
        if (
            not spent
            or len(spent) == shape.distinct
            or any(texts[place].startswith(SIGNS_BELOW_ZERO) for place in rows)
        ):
            continue
        lines = tuple(f"{kinds[place]} {texts[place]} → -{texts[place]}" for place in rows)[:EXAMPLE_LINES]
        facts = {"header": header, "values": list(spent), "count": len(rows)}
        draft.ask("points_spent", {"yes": lines, "no": ()}, **facts, suggested="yes")
        return replace(source, points_spent={header: spent})
    return source


def kinds_of_tickets(shapes: Mapping[str, ColumnShape]) -> tuple[str, ...]:
    """Return the values of the column that says of each ticket which kind it is; none where there is no such column."""
    for header, shape in shapes.items():
        if comparison_key(header) in _keys(TICKET_HEADERS) and shape.few:
            return tuple(text for text, _ in shape.commonest if text.strip())
    return ()


def are_other_tickets(kinds: Iterable[str]) -> bool:
    """Say whether every kind of ticket is known to be something else than a complaint."""
    kinds = [*kinds]
    return bool(kinds) and all(any(word in kind.lower() for word in OTHER_TICKET_WORDS) for kind in kinds)


def speaks_of_complaints(sample: RowSample) -> bool:
    """Say whether a file's name, sheet, titles or headers call its rows complaints."""
    spoken = " ".join((sample.file, sample.sheet or "", *sample.titles, *sample.header))
    return _is_complaint(spoken)


def says_complaint(kinds: Iterable[str]) -> bool:
    """Say whether one kind of ticket at least is a complaint."""
    return any(map(_is_complaint, kinds))


def ask_new_kinds(kinds: Mapping[str, int], explained: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return the kinds of tickets that nobody has explained and no word calls a complaint: how many, what is likely.

    >>> ask_new_kinds({"投诉": 3, "Outage": 2, "Question": 1}, ["投诉"])
    {'Outage': (2, ''), 'Question': (1, 'other')}
    """
    known = {one.strip().lower() for one in explained}
    unknown = {one: count for one, count in kinds.items() if one.lower() not in known and not _is_complaint(one)}
    return {one: (count, "other" if are_other_tickets([one]) else "") for one, count in unknown.items()}


def _is_complaint(text: str) -> bool:
    return any(word in text.lower() for word in COMPLAINT_WORDS)


def names_duration(header: str) -> bool:
    """Say whether a header names how long an answer took: no question, though 1分 is a mark elsewhere."""
    return bool(_keys_of(header) & _keys(DURATION_HEADERS))


def ask_about_fast(draft: ProposalDraft, source: SourceMapping) -> SourceMapping:
    """Propose to leave out the answers given in less than a third of the usual time, and ask."""
    if source.table != "surveys":
        return source
    for header in draft.sample.header:
        if not names_duration(header):
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
