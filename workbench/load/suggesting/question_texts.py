"""What a survey question says of itself: whether it asks for NPS, satisfaction or effort, its scale, its good end."""

from __future__ import annotations

import re
import unicodedata

RANKED = re.compile(r"排序|排名|名次|\brank(?:s|ed|ing)?\b")
"""Words of a question that is answered by a place: the first is no lowest mark."""

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
    r"|^(?:average|avg|mean)\b|[ _](?:average|avg|mean)$|^total (?:score|points?|marks?)$"
    r"|^平均|(?:平均分|平均值|平均得分|均分|均值)$|^总(?:分|得分|点数|积分)$|^(?:积分|反馈|得分|points|feedback) - "
)
"""What tools call a column that they compute from answers: promoter, passive or detractor, in words or as 1, 2, 3; the
average or the sum of a person's marks; the points of a quiz.
"""

SCALE_NUMBER = r"(\d{1,3})"
RANGE = re.compile(SCALE_NUMBER + r"\s*分?\s*(?:[-~–—〜到至]|to|through)\s*" + SCALE_NUMBER + r"(?!\d)")
OUT_OF = re.compile(r"(?:满分|out of|最高)\s*(?:为|是)?\s*" + SCALE_NUMBER + r"|" + SCALE_NUMBER + r"\s*分制")
USUAL_SCALES = ((0, 5), (0, 10), (0, 100), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 9), (1, 10), (1, 100))

BEST = (
    r"(?:非常|十分|最|很|极)(?:满意|好|愿意|同意|可能|容易|轻松|重要)|最优|优秀|"
    r"(?:very|extremely|completely|most|highly) (?:satisfied|good|likely|easy|important)|strongly agree|excellent|best|"
    r"totally agree|outstanding|perfect|sehr (?:zufrieden|gut)|ausgezeichnet|très (?:satisfait|bon|bien)\w*|"
    r"muy (?:satisfech[oa]s?|buen[oa]?|bien)|excelente"
)
WORST = (
    r"(?:非常|十分|最|很|极)(?:不满意|差|不愿意|不同意|不可能|困难|不重要)|很不满意|最低|"
    r"(?:very|extremely|completely|most|highly) (?:dissatisfied|bad|unlikely|difficult|unimportant)|"
    r"sehr (?:unzufrieden|schlecht)|ungenügend|mangelhaft|(?:très|pas du tout) (?:insatisfait|satisfait|mauvais)\w*|"
    r"muy (?:insatisfech[oa]s?|mal[oa]?)|"
    r"strongly disagree|totally disagree|(?:very )?poor|terrible|worst|not at all \w+|完全不\w{2}|一点也不\w{2}"
)
AS = r"\s*分?\s*(?:[=:：.、－\-–—]|为|是|代表|表示|is|means|stands for)?\s*[“\"'(（]?\s*"
QUESTION_NUMBER = re.compile(r"^\s*[a-z]{0,3}\d+(?:[._-]\d+)*(?![\d\s]*(?:[=分为是]|is\b|means\b))")
"""What numbers a question in front of it: Q1, 1., E1, 3_2."""

AGAINST = (
    r"(?<!会)不会|不愿|不想|不再|(?<!有)没有|无法|缺乏|缺少|难以|\b(?:wo|would|do|does|did|could|can|is|was|were)n['’]t\b|\bcannot\b|"
    r"\b(?:would|will|do|does|did|could|can|is|was|were) not\b|\bnever\b|\bunable\b|"
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
    """Say whether a column holds what a tool made of another one's answers, or places: it is no rating of its own.

    >>> is_derived("Q1_NPS_GROUP"), is_derived("NPS 分组"), is_derived("NPS")
    (True, True, False)
    >>> is_derived("Rank: price"), is_derived("排序题：价格"), is_derived("Frankly, how was it?")
    (True, True, False)
    >>> is_derived("平均分"), is_derived("Average satisfaction"), is_derived("积分 - 您满意吗"), is_derived("总评分")
    (True, True, True, False)
    """
    plain = unicodedata.normalize("NFKC", header).casefold()
    return DERIVED.search(plain) is not None or RANKED.search(plain) is not None


def stated_scale(text: str) -> tuple[int, int] | None:
    """Return the scale a question names, where it is a usual one.

    >>> stated_scale("打分（0-10）"), stated_scale("1分到5分"), stated_scale("满分100"), stated_scale("2023-2024 年")
    ((0, 10), (1, 5), (0, 100), None)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    scales = {(min(int(low), int(high)), max(int(low), int(high))) for low, high in RANGE.findall(plain)}
    scale = next((one for one in USUAL_SCALES if one in scales), None)
    best, worst = _ends(plain)
    if scale is None and worst is not None and best is not None:
        scale = next((one for one in USUAL_SCALES if one == (min(worst, best), max(worst, best))), None)
    if scale is None and (end := OUT_OF.search(plain)):
        high = int(end[1] or end[2])
        scale = {100: (0, 100), 10: (0, 10), 5: (1, 5), 7: (1, 7)}.get(high)
    return scale


def names_zero(text: str) -> bool:
    """Say whether a question names 0 as a mark.

    >>> names_zero("满意度（0-10）"), names_zero("0分=很不满意"), names_zero("满意度（10分制）")
    (True, True, False)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.search(r"(?<![\d.])0\s*(?:分|[-~–—〜到至=:]|to\b|through\b|is\b)", plain) is not None


def lowest_is_best(text: str) -> bool | None:
    """Return whether a question says that its lowest number is the best answer; None where it does not say.

    >>> lowest_is_best("满意度（1=非常满意，5=非常不满意）"), lowest_is_best("1 very dissatisfied - 5 very satisfied")
    (True, False)
    >>> lowest_is_best("Q1 非常满意我们的服务"), lowest_is_best("1. Excellent staff"), lowest_is_best("1=excellent")
    (None, None, True)
    """
    best, worst = _ends(unicodedata.normalize("NFKC", text).casefold())
    if best is not None and worst is not None and best != worst:
        return best < worst
    if best is not None:
        return best <= 1
    return None if worst is None else worst > 1


def is_better_denied(text: str) -> bool:
    """Return whether a statement is one that content customers deny: “the wait was too long”."""
    return bool(re.search(AGAINST, unicodedata.normalize("NFKC", text).casefold()))


def _ends(plain: str) -> tuple[int | None, int | None]:
    """The numbers a question gives for its best and its worst answer; its own number is neither, unless it has both."""
    without = QUESTION_NUMBER.sub("", plain)
    both = ((_number_of(text, BEST), _number_of(text, WORST)) for text in (without, plain))
    own = (_number_of(without, BEST), _number_of(without, WORST))
    return next((ends for ends in both if None not in ends and ends[0] != ends[1]), own)


def _number_of(plain: str, words: str) -> int | None:
    """The number a question gives for its best or its worst answer."""
    before = re.search(SCALE_NUMBER + AS + f"(?:{words})", plain)
    if before:
        return int(before[1])
    after = re.search(
        f"(?:{words})" + r"[”\"')）]?\s*(?:[=:：(（]|为|是|打|给|is)\s*" + SCALE_NUMBER + r"\s*分?", plain
    )
    return int(after[1]) if after else None
