"""What a survey question says of itself: whether it asks for NPS, satisfaction or effort, its scale, its good end."""

from __future__ import annotations

import re
import unicodedata

WORDS_OF_KIND = {
    "nps": r"推荐|介绍给|recommend|refer (?:us|a friend)|promoter|\bnps\b",
    "ces": r"费力|省力|轻松|容易|便捷|\beffort|how easy|easy to|\bces\b",
    "csat": r"满意|satisf|\bcsat\b|\bosat\b",
}
"""Words that only one kind of question has, the surest first."""

RATING_WORDS = (
    r"\brat(?:e|es|ed|ing)\b|\bscore\b|评分|打分|评价|评级|打几分|几颗星|满意|\bhow (?:would|do|did|was|were|well)\b"
)
"""Words of a question that is answered by a mark."""

DERIVED = re.compile(
    r"[ _.-]nps[ _]?group$|\bnps[ _-]*(?:group|category|segment|class|type)$"
    r"|(?:nps|推荐者|净推荐值?)[ _-]*(?:分组|分类|类型|类别|人群)$"
)
"""What tools call a column that they compute from an answer: promoter, passive or detractor, in words or as 1, 2, 3."""

SCALE_NUMBER = r"(\d{1,3})"
RANGE = re.compile(SCALE_NUMBER + r"\s*分?\s*(?:[-~–—〜到至]|to|through)\s*" + SCALE_NUMBER + r"(?!\d)")
OUT_OF = re.compile(r"(?:满分|out of|最高)\s*(?:为|是)?\s*" + SCALE_NUMBER + r"|" + SCALE_NUMBER + r"\s*分制")
USUAL_SCALES = ((0, 5), (0, 10), (0, 100), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 9), (1, 10), (1, 100))

BEST = (
    r"(?:非常|十分|最|很|极)(?:满意|好|愿意|同意|可能|容易|轻松|重要)|最优|优秀|"
    r"(?:very|extremely|completely|most|highly) (?:satisfied|good|likely|easy|important)|strongly agree|excellent|best"
)
WORST = (
    r"(?:非常|十分|最|很|极)(?:不满意|差|不愿意|不同意|不可能|困难|不重要)|很不满意|最低|"
    r"(?:very|extremely|completely|most|highly) (?:dissatisfied|bad|unlikely|difficult|unimportant)|"
    r"strongly disagree|very poor|worst|not at all \w+|完全不\w{2}|一点也不\w{2}"
)
AS = r"\s*分?\s*(?:[=:：.、－\-–—]|为|是|代表|表示|is|means|stands for)?\s*[“\"'(（]?\s*"
AGAINST = (
    r"太(?:长|久|慢|贵|差|吵|麻烦|难)|过(?:长|久|慢|高)|困难|麻烦|不便|投诉|糟糕|失望|"
    r"too (?:long|slow|expensive|difficult|noisy|complicated)|difficult|hard to|problem|disappoint|frustrat|annoy"
)
"""Words of statements that are better denied: who agrees that the wait was too long is not content."""


def question_kind(text: str) -> str | None:
    """Return nps, ces or csat where the words of a question say so, else None.

    >>> question_kind("您有多大可能向朋友推荐我们？（0-10 分）"), question_kind("您对等候时间打几分")
    ('nps', None)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return next((kind for kind, words in WORDS_OF_KIND.items() if re.search(words, plain)), None)


def asks_for_rating(text: str) -> bool:
    """Say whether the words of a question ask for a mark.

    >>> asks_for_rating("Rate our service"), asks_for_rating("服务态度打分"), asks_for_rating("Household size")
    (True, True, False)
    """
    return re.search(RATING_WORDS, unicodedata.normalize("NFKC", text).casefold()) is not None


def is_derived(header: str) -> bool:
    """Say whether a column holds what a tool made of another one's answers: it is no question of its own.

    >>> is_derived("Q1_NPS_GROUP"), is_derived("NPS 分组"), is_derived("NPS")
    (True, True, False)
    """
    return DERIVED.search(unicodedata.normalize("NFKC", header).casefold()) is not None


def stated_scale(text: str) -> tuple[int, int] | None:
    """Return the scale a question names, where it is a usual one.

    >>> stated_scale("打分（0-10）"), stated_scale("1分到5分"), stated_scale("满分100"), stated_scale("2023-2024 年")
    ((0, 10), (1, 5), (0, 100), None)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    scales = {(min(int(low), int(high)), max(int(low), int(high))) for low, high in RANGE.findall(plain)}
    scale = next((one for one in USUAL_SCALES if one in scales), None)
    worst, best = _number_of(plain, WORST), _number_of(plain, BEST)
    if scale is None and worst is not None and best is not None:
        scale = next((one for one in USUAL_SCALES if one == (min(worst, best), max(worst, best))), None)
    if scale is None and (end := OUT_OF.search(plain)):
        high = int(end[1] or end[2])
        scale = {100: (0, 100), 10: (0, 10), 5: (1, 5), 7: (1, 7)}.get(high)
    return scale


def lowest_is_best(text: str) -> bool | None:
    """Return whether a question says that its lowest number is the best answer; None where it does not say.

    >>> lowest_is_best("满意度（1=非常满意，5=非常不满意）"), lowest_is_best("1 very dissatisfied - 5 very satisfied")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    best = _number_of(plain, BEST)
    worst = _number_of(plain, WORST)
    if best is not None and worst is not None and best != worst:
        return best < worst
    if best is not None:
        return best <= 1
    return None if worst is None else worst > 1


def is_better_denied(text: str) -> bool:
    """Return whether a statement is one that content customers deny: “the wait was too long”."""
    return bool(re.search(AGAINST, unicodedata.normalize("NFKC", text).casefold()))


def _number_of(plain: str, words: str) -> int | None:
    """The number a question gives for its best or its worst answer."""
    before = re.search(SCALE_NUMBER + AS + f"(?:{words})", plain)
    if before:
        return int(before[1])
    after = re.search(
        f"(?:{words})" + r"[”\"')）]?\s*(?:[=:：(（]|为|是|打|给|is)\s*" + SCALE_NUMBER + r"\s*分?", plain
    )
    return int(after[1]) if after else None
