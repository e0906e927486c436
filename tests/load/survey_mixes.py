"""Surveys with the traps of several tools at once, drawn with their truth and their honest answers.

A question is drawn with a form (numbers on a scale, words of a language, stars, percentages), a direction and where the
file says it, and what stands for no answer; the file with what tools and people add to it: states, ratings by default,
hasty answers, averages below, a legend above, a column of averages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from tests.load.survey_exports import Answers, SurveyExport, Worth, rated, worded

Language = Literal["zh", "en"]
Form = Literal[
    "five", "seven", "ten", "nps", "words", "both languages", "stars", "points", "percent", "full width", "halves"
]
"""How a question is answered."""

ROWS = 30
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

QUESTIONS: Mapping[Language, Sequence[str]] = {
    "zh": ("服务满意度", "价格满意度", "环境满意度", "物流满意度"),
    "en": ("Service satisfaction", "Price satisfaction", "Staff satisfaction", "Overall satisfaction"),
}
RECOMMEND: Mapping[Language, str] = {
    "zh": "您有多大可能推荐我们（0-10）",
    "en": "How likely are you to recommend us? (0-10)",
}
ENDS: Mapping[Language, str] = {
    "zh": "（1=非常满意，{high}=非常不满意）",
    "en": " (1 = very satisfied, {high} = very dissatisfied)",
}
LEGENDS: Mapping[Language, str] = {
    "zh": "评分说明：1=非常满意，5=非常不满意",
    "en": "Scale: 1 = very satisfied, 5 = very dissatisfied",
}
WORDS: Mapping[Language, Sequence[str]] = {
    "zh": ("非常不满意", "不满意", "一般", "满意", "非常满意"),
    "en": ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"),
}
NO_ANSWERS: Mapping[Language, Sequence[str]] = {
    "zh": ("(空)", "不适用", "(跳过)"),
    "en": ("N/A", "(skipped)", "Not applicable"),
}
STATES: Mapping[Language, tuple[str, str, str, str]] = {
    "zh": ("答题状态", "已采纳", "已拒绝", "待复核"),
    "en": ("Status", "complete", "incomplete", "needs a second look"),
}
"""A column of states: what says of an answer that it counts, that it does not, and what nobody knows."""

BY_WHOM: Mapping[Language, tuple[str, str, str]] = {
    "zh": ("评价方式", "用户评价", "系统默认"),
    "en": ("Rated by", "customer", "system default"),
}


@dataclass
class SurveySheet:
    """What is drawn so far: the questions, what stands beside them, and which rows do not count."""

    dice: Random
    lang: Language
    columns: list[Answers]
    silent: set[str] = field(default_factory=set)
    """The headers of marks from 1 to 5 that do not say which end is the good one."""

    left_out: set[int] = field(default_factory=set)
    above: list[list[str]] = field(default_factory=list)
    below: list[list[str]] = field(default_factory=list)

    def some_rows(self) -> list[int]:
        """A few rows that count so far, and never most of them."""
        return self.dice.sample([place for place in range(ROWS) if place not in self.left_out], 3)

    def row_of(self, first: str, *, under: Callable[[], str]) -> list[str]:
        """A row that says something of each question."""
        return [first, *(under() if column.kind else "" for column in self.columns[1:])]


def refused(sheet: SurveySheet) -> None:
    """Add states: of some the word says that they do not count, of others a person knows."""
    header, good, bad, unknown = STATES[sheet.lang]
    cells = [good] * ROWS
    for word in (bad, unknown):
        for place in sheet.some_rows():
            cells[place] = word
            sheet.left_out.add(place)
    sheet.columns.append(Answers(header, cells))


def rated_by_default(sheet: SurveySheet) -> None:
    """Add who rated: the system, in some rows, the best it can."""
    header, person, system = BY_WHOM[sheet.lang]
    places = sheet.some_rows()
    sheet.left_out |= {*places}
    sheet.columns.append(Answers(header, [system if place in places else person for place in range(ROWS)]))


def hasty(sheet: SurveySheet) -> None:
    """Add how long it took: some did not read the questions."""
    seconds = [f"{90 + place}" for place in range(ROWS)]
    for place in sheet.some_rows():
        seconds[place] = "5"
        sheet.left_out.add(place)
    sheet.columns.append(Answers("所用时间" if sheet.lang == "zh" else "Duration (in seconds)", seconds))


def averages_below(sheet: SurveySheet) -> None:
    """Add rows of averages and spreads below."""
    for word in ("平均分", "标准差") if sheet.lang == "zh" else ("Average", "Std. Dev."):
        sheet.below.append(sheet.row_of(word, under=lambda: f"{sheet.dice.randint(10, 49) / 10}1"))


def average_beside(sheet: SurveySheet) -> None:
    """Add each person's average, as people compute it."""
    cells = [f"{sheet.dice.randint(20, 100) / 20:.2f}" for _ in range(ROWS)]
    sheet.columns.append(Answers("平均分" if sheet.lang == "zh" else "Average score", cells))


def legend(sheet: SurveySheet) -> None:
    """Say in a line above or below that 1 is the best of five: it goes for marks whose header says nothing of it."""
    for place, column in enumerate(sheet.columns):
        if column.header in sheet.silent:
            sheet.columns[place] = replace(column, is_lowest_best=True, worth=_turned(column.worth))
    (sheet.above if sheet.dice.random() < 0.5 else sheet.below).append([LEGENDS[sheet.lang]])


def _turned(worth: Worth) -> Worth:
    return lambda text: None if (share := worth(text)) is None else 1 - share


TRAPS: Mapping[str, Callable[[SurveySheet], None]] = {
    "refused": refused,
    "rated_by_default": rated_by_default,
    "hasty": hasty,
    "average_beside": average_beside,
    "averages_below": averages_below,
    "legend": legend,
}


def drawn_survey(
    dice: Random, *, lang: Language, forms: Sequence[Form], traps: Sequence[str], is_lowest_best: bool
) -> SurveyExport:
    """Draw a survey with a question of each form; with `is_lowest_best` headers of numbers say that 1 is the best."""
    numbered = "答卷编号" if lang == "zh" else "Response ID"
    moment = "提交时间" if lang == "zh" else "Submitted at"
    sheet = SurveySheet(dice, lang, [
        Answers(numbered, [str(place + 1) for place in range(ROWS)]),
        Answers(moment, [f"2024-03-{place % 28 + 1:02}" for place in range(ROWS)]),
    ])  # fmt: skip
    names = dice.sample(QUESTIONS[lang], len(forms))
    for name, form in zip(names, forms, strict=True):
        sheet.columns.append(_question(sheet, name, form, is_lowest_best=is_lowest_best))
    for trap in sorted(traps, key=[*TRAPS].index):
        TRAPS[trap](sheet)
    above, below = (
        [[*row, *[""] * (len(sheet.columns) - len(row))] for row in rows] for rows in (sheet.above, sheet.below)
    )
    return SurveyExport("survey.csv", sheet.columns, left_out=frozenset(sheet.left_out), above=above, below=below)


def _question(sheet: SurveySheet, name: str, form: Form, *, is_lowest_best: bool) -> Answers:
    """Draw a question of one form, with some who did not answer it."""
    lang, skipped = sheet.lang, sheet.dice.choice(NO_ANSWERS[sheet.lang])
    words = {text: score for score, text in enumerate(_texts_of(form, lang), 1)}
    if words:
        return worded(name, _cells(sheet, [*words, skipped]), "csat", words, 1, len(words))
    if form == "nps":
        return rated(RECOMMEND[lang], _cells(sheet, [*map(str, range(11)), ""]), "nps", 0, 10)
    if form == "percent":
        marks = [f"{share}%" for share in range(0, 101, 20)]
        return rated(name, _cells(sheet, [*marks, ""]), "csat", 0, 100, written=lambda text: text.rstrip("%"))
    high = {"seven": 7, "ten": 10}.get(form, 5)
    marks = ["1", "2.5", "3.5", "4.5", "5"] if form == "halves" else [str(mark) for mark in range(1, high + 1)]
    marks = [mark.translate(FULL_WIDTH) for mark in marks] if form == "full width" else marks
    turns = is_lowest_best and form in ("five", "seven", "full width")
    header = f"{name}{ENDS[lang].format(high=high)}" if turns else name
    if high == 5 and not turns:
        sheet.silent.add(header)
    missing = sheet.dice.choice(("99", NO_ANSWERS["zh"][0]))
    cells = _cells(sheet, [*marks, missing])
    return rated(header, cells, "csat", 1, high, lowest_best=turns, missing=[missing])


def _texts_of(form: Form, lang: Language) -> Sequence[str]:
    """The answers of a form in words, the worst first; none for forms in numbers."""
    match form:
        case "words":
            return WORDS[lang]
        case "both languages":
            return [" ".join(pair) for pair in zip(WORDS["zh"], WORDS["en"], strict=True)]
        case "stars":
            return ["★" * number + "☆" * (5 - number) for number in range(1, 6)]
        case "points":
            return [f"{number}分" if lang == "zh" else f"{number} stars" for number in range(1, 6)]
    return ()


def _cells(sheet: SurveySheet, texts: Sequence[str]) -> list[str]:
    """A column in which each text occurs, the last one seldom."""
    cells = [sheet.dice.choice(texts[:-1]) for _ in range(ROWS)]
    for place, text in zip(sheet.dice.sample(range(ROWS), len(texts)), texts, strict=True):
        cells[place] = text
    return cells
