"""What customers answer: satisfaction by touchpoint after a visit, recommendation and effort, service quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.samples.dice import Dice
from workbench.samples.model import (
    AS_OF,
    CHECKOUT_CHANGE,
    LEAVING_FROM,
    LEAVING_REGION,
    REGIONS,
    Customer,
    Employee,
    SurveyAnswer,
)

TOUCHPOINTS = ("预约", "接待", "维修质量", "等候休息", "结算取车")
BAD_TOUCHPOINT = "结算取车"
GREY_TOUCHPOINT, GREY_ANSWERS = "上门取送车", 18
HIDDEN_TOUCHPOINT, HIDDEN_ANSWERS = "道路救援", 4
WEAK_ADVISOR = "G004"
NEWCOMER_SCORES = (1, 2, 2)

CSAT_ITEM, CSAT_REFUSED = "满意度", "9"
NPS_ITEM, NPS_REFUSED = "推荐意愿", "99"
CES_ITEM = "费力程度"
SERVQUAL_MISSING = "-99"
RECOMMENDATIONS_FROM = date(2023, 1, 1)

_MOODS = {
    "great": (2, 3, 10, 38, 47),
    "good": (3, 5, 13, 41, 38),
    "fair": (6, 9, 20, 38, 27),
    "poor": (17, 24, 25, 22, 12),
}
"""How often the scores 1 to 5 are given."""

_MOOD_OF = {"预约": "good", "接待": "great", "维修质量": "great", "等候休息": "fair", BAD_TOUCHPOINT: "good"}

_RECOMMEND = {"城东": (54, 33, 13), "城西": (46, 37, 17), "城南": (39, 39, 22), "滨江": (42, 38, 20)}
_RECOMMEND_LEAVING = (14, 36, 50)
"""How often customers of a region are promoters, passives, detractors."""

SERVQUAL_DIMENSIONS = (("有形性", 4), ("可靠性", 5), ("响应性", 4), ("保证性", 4), ("移情性", 5))
_GAPS = {"有形性": 30, "可靠性": 75, "响应性": 160, "保证性": 55, "移情性": 90}
"""By how many hundredths perception stays below expectation, about."""


@dataclass(frozen=True)
class Occasion:
    """A visit somebody may be asked about."""

    customer: Customer
    day: date
    region: str
    advisor: str


def follow_ups(dice: Dice, occasions: Sequence[Occasion], newcomer: Employee) -> list[SurveyAnswer]:
    """Return the satisfaction calls: about one visit in six, two or three touchpoints each."""
    answers: list[SurveyAnswer] = []
    number = 0
    for occasion in occasions:
        day = occasion.day + timedelta(days=dice.between(2, 4))
        if not dice.chance(0.17) or day > AS_OF:
            continue
        number += 1
        for touchpoint in dice.some(TOUCHPOINTS, dice.between(2, 3)):
            score = _satisfaction(dice, occasion, touchpoint)
            answers.append(_follow_up(number, occasion, day, touchpoint, _spoil(dice, score, CSAT_REFUSED, 3)))
    for touchpoint, count in ((GREY_TOUCHPOINT, GREY_ANSWERS), (HIDDEN_TOUCHPOINT, HIDDEN_ANSWERS)):
        recent = [one for one in occasions if one.day >= date(2025, 2, 1) and one.day <= AS_OF - timedelta(days=4)]
        for occasion in dice.some(recent, count):
            number += 1
            score = str(dice.weighted(tuple(enumerate(_MOODS["good"], start=1))))
            answers.append(_follow_up(number, occasion, occasion.day + timedelta(days=3), touchpoint, score))
    own = [
        one
        for one in occasions
        if one.region == newcomer.region and newcomer.hired_on <= one.day < AS_OF - timedelta(3)
    ]
    for occasion, bad in zip(dice.some(own, len(NEWCOMER_SCORES)), NEWCOMER_SCORES, strict=True):
        number += 1
        answer = _follow_up(number, occasion, occasion.day + timedelta(days=3), "接待", str(bad))
        answer.employee_id = newcomer.employee_id
        answers.append(answer)
    return answers


def _follow_up(number: int, occasion: Occasion, day: date, touchpoint: str, score: str) -> SurveyAnswer:
    scores = {CSAT_ITEM: score}
    return SurveyAnswer(f"HF{number:05d}", occasion.customer, day, touchpoint, scores, employee_id=occasion.advisor)


def _satisfaction(dice: Dice, occasion: Occasion, touchpoint: str) -> str:
    late = touchpoint == BAD_TOUCHPOINT and occasion.day >= CHECKOUT_CHANGE
    score = dice.weighted(tuple(enumerate(_MOODS["poor" if late else _MOOD_OF[touchpoint]], start=1)))
    annoyed = occasion.region == LEAVING_REGION and occasion.day >= LEAVING_FROM and dice.chance(0.25)
    weak = occasion.advisor == WEAK_ADVISOR and dice.chance(0.55)
    return str(max(1, score - annoyed - weak))


def recommendations(dice: Dice, occasions: Sequence[Occasion]) -> list[SurveyAnswer]:
    """Return the yearly round: would you recommend us (0 to 10), how much effort was it (1 to 7).

    The leaving region was asked twice as often as the others; weights repair that.
    """
    answers: list[SurveyAnswer] = []
    for occasion in occasions:
        often = 0.2 if occasion.region == LEAVING_REGION else 0.1
        if occasion.day < RECOMMENDATIONS_FROM or not dice.chance(often):
            continue
        leaving = occasion.region == LEAVING_REGION and occasion.day >= LEAVING_FROM
        shares = _RECOMMEND_LEAVING if leaving else _RECOMMEND[occasion.region]
        mood = dice.weighted(tuple(zip(("promoter", "passive", "detractor"), shares, strict=True)))
        low, high = {"promoter": (9, 10), "passive": (7, 8), "detractor": (0, 6)}[mood]
        score = dice.middling(low, high) if mood == "detractor" else dice.between(low, high)
        ease = {"promoter": (5, 7), "passive": (4, 7), "detractor": (1, 5)}[mood]
        scores = {
            NPS_ITEM: _spoil(dice, str(score), NPS_REFUSED, 7),
            CES_ITEM: "" if dice.chance(0.03) else str(dice.middling(*ease)),
        }
        answers.append(SurveyAnswer(f"TJ{len(answers) + 1:05d}", occasion.customer, occasion.day, "", scores))
    return answers


def weigh(answers: list[SurveyAnswer], occasions: Sequence[Occasion]) -> None:
    """Give each answer the weight that restores the regions' shares of the visits, with four decimals."""
    since = [one for one in occasions if one.day >= RECOMMENDATIONS_FROM]
    for region in REGIONS:
        own = [answer for answer in answers if answer.customer.region == region]
        visits = sum(1 for one in since if one.region == region)
        weight = round(visits * len(answers) * 10_000 / (len(since) * max(1, len(own))))
        for answer in own:
            answer.weight = f"{weight // 10_000}.{weight % 10_000:04d}"


def service_quality(dice: Dice, customers: Sequence[Customer], count: int) -> list[SurveyAnswer]:
    """Return SERVQUAL questionnaires: 22 expectations (E01…) and 22 perceptions (P01…) from 1 to 7."""
    answers = []
    for number, customer in enumerate(dice.some(customers, count), start=1):
        day = date(2025, 9, 1) + timedelta(days=dice.between(0, 29))
        scores: dict[str, str] = {}
        item = 0
        for dimension, items in SERVQUAL_DIMENSIONS:
            for _ in range(items):
                item += 1
                expected = dice.weighted(((7, 46), (6, 34), (5, 15), (4, 5)))
                drop = _GAPS[dimension] // 100 + dice.chance(_GAPS[dimension] % 100 / 100) + dice.pick((-1, 0, 0, 1))
                perceived = max(1, min(7, expected - drop))
                scores[f"E{item:02d}"] = SERVQUAL_MISSING if dice.chance(0.01) else str(expected)
                scores[f"P{item:02d}"] = SERVQUAL_MISSING if dice.chance(0.02) else str(perceived)
        answers.append(SurveyAnswer(f"SQ{number:04d}", customer, day, "", scores))
    return answers


def _spoil(dice: Dice, score: str, refused: str, percent: float) -> str:
    """Return the score, or in so many of a hundred calls the code for a refusal, or now and then nothing at all."""
    return dice.weighted(((score, 98.5 - percent), (refused, percent), ("", 1.5)))
