"""Answers in words, stars, faces or labelled numbers, and the scores they could stand for on a usual scale."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_SCALE_WORDS = 15
SAID_IN_PARTS = re.compile(r"[\u4e00-\u9fff]+|[a-z][a-z' ]*")
SPOKEN = re.compile(r"\b(?:i'm|i am|i was|we are) ")
STRONG, PLAIN, MILD, SLIGHT = 3.0, 2.0, 1.0, 0.5

ZH_DEGREES = (
    ("非常|十分|极其|极为|极度|极|特别|完全|强烈|最|相当|绝对", STRONG),
    ("很", 2.6),
    ("比较|较为|较|基本上|基本|还算", MILD),
    ("有点|有些|稍微|略微|略", SLIGHT),
    ("", PLAIN),
)
ZH_GOOD = "满意|同意|认同|赞同|赞成|愿意|可能|容易|方便|便捷|重要|符合|清楚|了解|喜欢|合理|及时|专业|舒适|快|好"
ZH_BAD = "差劲|差|糟糕|糟|困难|难|慢|贵|失望|反对|麻烦|讨厌|坏"
EN_DEGREES = (
    ("extremely|very|completely|totally|strongly|highly|absolutely|really", STRONG),
    ("somewhat|fairly|rather|moderately|mostly|partly|tend to", MILD),
    ("slightly|a little|mildly|a bit", SLIGHT),
    ("", PLAIN),
)
EN_GOOD = "satisfied|agree|likely|easy|good|great|happy|important|helpful|pleased|willing|clear"
EN_BAD = (
    "dissatisfied|unsatisfied|disagree|unlikely|difficult|hard|bad|poor|unhappy|unimportant|unhelpful|displeased|"
    "unwilling|unclear|terrible|awful"
)
DENIALS = (
    (f"(?:不太|不大|不怎么|不是很)(?:{ZH_GOOD})", -MILD),
    (f"(?:一点也不|一点都不|根本不|完全不|not at all )(?:{ZH_GOOD}|{EN_GOOD})", -STRONG),
    (f"(?:not very|not so|not) (?:{EN_GOOD})", -PLAIN),
)
NEUTRAL = (
    "一般|一般般|普通|中立|中等|不确定|说不清|无所谓|还行|还可以|尚可|既不.*也不.*|既没有?.*也没有?.*|既非.*也非.*|"
    "neutral|neither.*|undecided|unsure|average|ok|okay|so-so|acceptable|mixed|indifferent"
)
NO_ANSWERS = re.compile(
    r"n\.?/?a\.?|none|not applicable|does not apply|not asked|no (?:answer|opinion|response)|don'?t know"
    r"|prefer not to (?:say|answer)"
    r"|refused|other|(?:un|not )?offered|unrated|not rated|blank|-+|/+"
    r"|不适用|不涉及|无|没有|未(?:作?答|填写?|评价?|评分|使用过?|体验过?|接触过?|回答)|没(?:用过|有?体验过?|有?接触过?)"
    r"|不(?:知道|清楚|了解)|拒(?:答|访|绝回答)|其[他它]"
    r"|(?:系统|自动|默认).*"
)
"""What stands where somebody said nothing of how content they are."""

UNRATED = re.compile(r"(?:un|not )?offered|unrated|not rated|未评[价分]?|未打分")
"""What systems write, often for most, where nobody rated."""

CSAT_WORDS = re.compile("满意|失望|评$|satisf|happy|pleased")

SCALE_WORDS = re.compile(
    "满意|同意|愿意|可能|推荐|重要|容易|困难|费力|很好|很差|非常|完全|"
    "satisf|agree|likely|recommend|important|easy|difficult|effort|excellent|poor|very|not at all|extremely"
)
LABELLED = (
    r"(?P<number>\d{1,3})\s*分?\s*[-–—:.、,(=\s]?\s*(?P<label>[^\d\s].*)",
    r"(?P<label>[^\d]*[^\d\s])\s*[-–—:=(]\s*(?P<number>\d{1,3})\s*(?:分|星|points?)?\s*\)?",
)
"""A number with its words before or behind it: 5 非常满意, 非常满意(5分)."""

FACES = {
    "😡🤬😠👿💢😤": -STRONG,
    "😞🙁☹😟😢😭😣😔👎": -PLAIN,
    "😕": -MILD,
    "😐😑😶": 0.0,
    "🙂😊☺😀👍😌": PLAIN,
    "😄😃😁😍🤩🥰😆😻": STRONG,
}

ORDERED_WORDS = (
    ("poor", "fair", "good", "very good", "excellent"),
    ("very poor", "poor", "fair", "good", "very good"),
    ("very poor", "poor", "fair", "good", "excellent"),
    ("poor", "fair", "good", "excellent"),
    ("very bad", "bad", "fair", "good", "very good"),
    ("terrible|awful|horrible", "bad|poor", "ok|okay|average", "good|great", "amazing|awesome|excellent|outstanding"),
    ("terrible|awful|horrible", "poor|bad", "average|ok|okay", "good", "great|excellent"),
    ("never", "rarely|seldom", "sometimes|occasionally", "often|frequently|usually", "always"),
    ("从不|从未|从来不", "很少|偶尔", "有时|有时候", "经常|常常", "总是|一直"),
    ("差评", "中评", "好评"),
    ("不及格|不合格", "及格|合格", "中|中等", "良|良好", "优|优秀"),
    ("不合格|差", "合格|中", "良|良好|好", "优|优秀"),
    ("差", "中", "好"),
    ("不满意", "基本满意", "满意"),
    ("不满意", "基本满意", "满意", "非常满意|很满意"),
    ("非常不满意|很不满意", "不满意", "基本满意", "满意", "非常满意|很满意"),
    ("not at all satisfied", "slightly satisfied", "moderately satisfied", "very satisfied", "extremely satisfied"),
    ("not at all likely", "slightly likely", "moderately likely", "very likely", "extremely likely"),
    ("not so easy|not at all easy", "slightly easy", "moderately easy", "very easy", "extremely easy"),
)
"""Scales whose words have no middle, lowest first; `|` parts words for the same level."""

YES_OR_NO = ("否|不是|没有|no|n|false", "是|是的|有|yes|y|true")
"""Words of a question that is answered by yes or no: a scale only where the question asks how content people are."""

OPTION_CODE = re.compile(r"([a-z]{1,2})0*([1-9]\d?)")
FEWEST_CODES, MOST_CODES = 3, 11
"""Codes of options (A1, A2, …): so many, numbered from 1, may be the marks of a scale."""

OF_MOST = re.compile(r"(\d{1,2})\s*(?:/|out of|of)\s*(5|7|10)")
"""A mark with the highest there is: 4/5, 8 out of 10."""

STARS, EMPTY_STARS = "★⭐🌟", "☆✩"
CHINESE_NUMBERS = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}


@dataclass(frozen=True)
class WordScale:
    """What words could stand for: a scale, and the score of each word as it is written."""

    low: int
    high: int
    scores: Mapping[str, int]
    is_satisfaction: bool
    """True where the words themselves say that they measure satisfaction."""

    @property
    def key(self) -> str:
        """What the scale is called among the choices of a question."""
        return f"{self.low}-{self.high}"

    def turned(self) -> WordScale:
        """The same words with the lowest score for the best."""
        return WordScale(
            self.low,
            self.high,
            {word: self.low + self.high - score for word, score in self.scores.items()},
            self.is_satisfaction,
        )

    def lines(self) -> tuple[str, ...]:
        """Each word with its score, the best first; plain numbers need no line."""
        best_first = sorted(self.scores.items(), key=lambda pair: -pair[1])
        return tuple(f"{word} = {score}" for word, score in best_first if not word.strip().isdigit())


def word_scales(words: Iterable[str], stated: tuple[int, int] | None = None) -> list[WordScale]:
    """Return the scales that words could be of, the likeliest first; words that belong to none have no score.

    `stated` is the scale the question itself names.

    >>> [(scale.key, scale.scores["满意"]) for scale in word_scales(["非常满意", "满意", "一般"])]
    [('1-5', 4)]
    >>> [scale.key for scale in word_scales(["满意", "一般", "不满意"])]
    ['1-3', '1-5']
    """
    plain = {word: _plain(word) for word in words}
    numbers = {word: number for word, text in plain.items() if (number := _labelled_number(text)) is not None}
    if numbers:
        numbers |= {word: int(text) for word, text in plain.items() if text.isdigit()}
    if len(numbers) >= 2 or (numbers and len(numbers) == len(plain)):
        return [_of_numbers(numbers, plain, stated)]
    if codes := _option_codes(plain):
        return [WordScale(1, max(codes.values()), codes, False)]
    ordered = [scale for levels in (*ORDERED_WORDS, YES_OR_NO) if (scale := _of_ordered(plain, levels)) is not None]
    degrees = {word: degree for word, text in plain.items() if (degree := _degree(text)) is not None}
    most = max([len(degrees), *(len(scale.scores) for scale in ordered)])
    if most < 2:
        return []
    scales = sorted((scale for scale in ordered if len(scale.scores) == most), key=lambda scale: not _is_exact(scale))
    scales += [_as_many_as_seen(scale) for scale in scales[:1] if not _is_exact(scale)]
    if len(degrees) == most and not (scales and _is_exact(scales[0])):
        scales = _of_degrees(degrees) + scales
    first_of_key: dict[str, WordScale] = {}
    for scale in scales:
        first_of_key.setdefault(scale.key, scale)
    return _stated_first(list(first_of_key.values()), stated)


def is_scale_word(word: str) -> bool:
    """Return whether a text can be an answer on a scale in words: 满意, ★★★, 😐, 5 very good."""
    text = _plain(word)
    listed = any(text in names.split("|") for levels in ORDERED_WORDS for names in levels)
    return listed or _degree(text) is not None or _labelled_number(text) is not None


def is_unrated(word: str) -> bool:
    """Return whether a word says that nobody rated: it tells nothing against the words beside it."""
    return UNRATED.fullmatch(_plain(word)) is not None


def is_no_answer(word: str) -> bool:
    """Return whether a word says that somebody did not answer.

    >>> is_no_answer("N/A"), is_no_answer("不适用"), is_no_answer("马马虎虎")
    (True, True, False)
    """
    return NO_ANSWERS.fullmatch(_plain(word)) is not None


def may_be_word_of(word: str) -> bool:
    """Return whether a word beside those of a scale may be one of them that nobody knows: the middle, most likely."""
    return re.search(r"[^\W\d_]", word) is not None and not is_no_answer(word) and not is_scale_word(word)


def is_yes_or_no(words: Iterable[str]) -> bool:
    """Return whether all answers are yes or no, both of them given.

    >>> is_yes_or_no(["是", "否"]), is_yes_or_no(["Yes"]), is_yes_or_no(["是", "不一定"])
    (True, False, False)
    """
    scale = _of_ordered({word: _plain(word) for word in words}, YES_OR_NO)
    return scale is not None and len(scale.scores) == len({*words})


def are_option_codes(words: Iterable[str]) -> bool:
    """Return whether answers are the codes of options numbered from 1: A1, A2, A3.

    >>> are_option_codes(["A1", "A3", "A2"]), are_option_codes(["A1", "B2", "A3"]), are_option_codes(["A1", "A7", "A9"])
    (True, False, False)
    """
    return bool(_option_codes({word: _plain(word) for word in words}))


def _option_codes(plain: Mapping[str, str]) -> dict[str, int]:
    """The number of each code, where several begin alike and hardly a number is left out."""
    codes = {word: code for word, text in plain.items() if (code := OPTION_CODE.fullmatch(text))}
    numbers = {word: int(code[2]) for word, code in codes.items()}
    alike = len({code[1] for code in codes.values()}) == 1
    highest = max(numbers.values(), default=0)
    is_scale = len(numbers) >= FEWEST_CODES and highest <= min(MOST_CODES, len(numbers) + 1)
    return numbers if alike and is_scale and len(codes) >= len(plain) - 1 else {}


def _as_many_as_seen(scale: WordScale) -> WordScale:
    """The words on a scale of no more levels than occur: those seen may be all there are."""
    seen = sorted(set(scale.scores.values()))
    scores = {word: seen.index(score) + 1 for word, score in scale.scores.items()}
    return WordScale(1, len(seen), scores, scale.is_satisfaction)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).replace("\ufe0f", "").strip().casefold()


def _labelled_number(text: str) -> int | None:
    """The number in 5 非常满意, 非常满意(5分), 4星, 五星, ★★★☆☆, 3 stars; None where there is none."""
    stars = sum(text.count(star) for star in STARS)
    if stars and not re.sub(f"[{STARS}{EMPTY_STARS}\\s]", "", text):
        return stars
    if match := re.fullmatch(r"([零一二两三四五六七八九十])\s*(?:颗)?(?:星级?|分|级)", text):
        return CHINESE_NUMBERS[match[1]]
    if match := OF_MOST.fullmatch(text):
        return int(match[1]) if int(match[1]) <= int(match[2]) else None
    if match := re.fullmatch(r"(\d{1,3})\s*(?:颗)?(?:星级?|分|级|stars?|points?|点)", text):
        return int(match[1])
    match = next((one for pattern in LABELLED if (one := re.fullmatch(pattern, text))), None)
    if match is None or int(match["number"]) > 100 or not _says_how_much(match["label"]):
        return None
    return int(match["number"])


def _says_how_much(label: str) -> bool:
    """Whether the words beside a number are those of a scale, and not 男 or 次以上."""
    bare = label.strip("()（）[]【】,，.。:：;；-–— ")
    return _degree(bare) is not None or bool(SCALE_WORDS.search(bare))


def _of_numbers(numbers: Mapping[str, int], plain: Mapping[str, str], stated: tuple[int, int] | None) -> WordScale:
    low, high = min(numbers.values()), max(numbers.values())
    drawn = max((sum(text.count(star) for star in STARS + EMPTY_STARS) for text in plain.values()), default=0)
    usual = next((end for end in (3, 5, 7, 10, 100) if max(high, drawn) <= end), 100)
    ends = {int(match[2]) for text in plain.values() if (match := OF_MOST.fullmatch(text))}
    usual = max(ends) if ends else usual
    scale = stated or ((0 if low == 0 or usual == 100 else 1), 5 if usual == 3 else usual)
    satisfied = bool(drawn) or any(CSAT_WORDS.search(text) for text in plain.values())
    return WordScale(min(scale[0], low), max(scale[1], high), dict(numbers), satisfied)


def _of_ordered(plain: Mapping[str, str], levels: Sequence[str]) -> WordScale | None:
    """The words as levels of a known scale without a middle; None where fewer than two are."""
    scores = {
        word: level for word, text in plain.items() for level, names in enumerate(levels, 1) if text in names.split("|")
    }
    if len(set(scores.values())) < 2:
        return None
    return WordScale(1, len(levels), scores, any(CSAT_WORDS.search(plain[word]) for word in scores))


def _is_exact(scale: WordScale) -> bool:
    """Whether every level of a scale occurs."""
    return len(set(scale.scores.values())) == scale.high


def _degree(text: str) -> float | None:
    """How far a word is from the middle, above it or below: 非常满意 3, 不满意 -2, 一般 0; None for other words."""
    if re.fullmatch(NEUTRAL, text):
        return 0.0
    for faces, degree in FACES.items():
        if text and all(character in faces for character in text):
            return degree
    for pattern, degree in DENIALS:
        if re.fullmatch(pattern, text):
            return degree
    in_chinese = _degree_in(text, ZH_DEGREES, ZH_GOOD, f"{ZH_BAD}|不(?:{ZH_GOOD})")
    in_english = _degree_in(text, EN_DEGREES, EN_GOOD, EN_BAD)
    return in_chinese or in_english or _degree_said_twice(text)


def _degree_said_twice(text: str) -> float | None:
    """The degree of a word with the same in another language or in other words: 满意 satisfied; good, i'm satisfied."""
    parts = [part.strip(" '") for part in SAID_IN_PARTS.findall(text)]
    parts = [SPOKEN.sub("", part) for part in parts if part]
    is_twice = len(parts) == 2 and (parts[0].isascii() != parts[1].isascii() or SPOKEN.search(text))
    if not is_twice or re.search(r"\d", text):
        return None
    first, second = (_degree(part) for part in parts)
    if first is None or second is None or (first > 0) - (first < 0) != (second > 0) - (second < 0):
        return None
    return first


def _degree_in(text: str, degrees: Sequence[tuple[str, float]], good: str, bad: str) -> float | None:
    """How far a word of one language is from the middle."""
    for adverbs, degree in degrees:
        start = f"(?:{adverbs})\\s*" if adverbs else ""
        if re.fullmatch(f"{start}(?:{bad})", text):
            return -degree
        if re.fullmatch(f"{start}(?:{good})", text):
            return degree
    return None


def _of_degrees(degrees: Mapping[str, float]) -> list[WordScale]:
    """The scales with as many levels above the middle as below that hold the degrees seen."""
    above = sorted({degree for degree in degrees.values() if degree > 0})
    below = sorted({-degree for degree in degrees.values() if degree < 0})
    has_middle = 0.0 in degrees.values()
    sides = max(len(above), len(below), 1)
    is_strong = any(degree >= 2.5 for degree in (*above, *below))
    sides = max(sides, 2) if is_strong else sides
    wanted = [(sides, True)] if has_middle else [(sides, True), (sides, False)]
    if has_middle and sides == 1:
        wanted.append((2, True))
    if not has_middle and sides == 1:
        wanted = [(1, False), (1, True), (2, True)]
    if not has_middle and len(above) == len(below) == 2:
        wanted = [(2, False), (2, True)]
    satisfied = any(CSAT_WORDS.search(word.casefold()) or _is_face(word) for word in degrees)
    scales = []
    for levels, middle in wanted:
        scores = {}
        for word, degree in degrees.items():
            step = _step(abs(degree), above if degree > 0 else below, levels) if degree else 0
            below_middle = levels - step + 1
            scores[word] = levels + 1 if not degree else levels + middle + step if degree > 0 else below_middle
        scales.append(WordScale(1, 2 * levels + middle, scores, satisfied))
    seen = sorted(set(degrees.values()))
    if len(above) != len(below) and len(seen) > (
        2 if above and below else 3
    ):  # unlike above and below: the words seen may be all there are
        scales.append(WordScale(1, len(seen), {word: seen.index(one) + 1 for word, one in degrees.items()}, satisfied))
    return scales


def _step(degree: float, seen: Sequence[float], levels: int) -> int:
    """Which level away from the middle a degree is: by its order where all occur, else by how strong the word is."""
    if len(seen) == levels:
        return seen.index(degree) + 1
    nominal = {1: [], 2: [2.5], 3: [1.5, 2.5]}.get(levels, [1.5, 2.5, 2.8])
    steps = [sum(one > bound for bound in nominal) + 1 for one in seen]
    if len(set(steps)) == len(seen):
        return steps[seen.index(degree)]
    return levels - len(seen) + seen.index(degree) + 1


def _is_face(word: str) -> bool:
    return any(character in faces for faces in FACES for character in word)


def _stated_first(scales: list[WordScale], stated: tuple[int, int] | None) -> list[WordScale]:
    return sorted(scales, key=lambda scale: (scale.low, scale.high) != stated) if stated else scales
