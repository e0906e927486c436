"""Planted facts about what customers say: satisfaction, recommendation, service quality, complaints, points."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean, median

from workbench.samples.contacts import SLOW_CATEGORY
from workbench.samples.model import CHECKOUT_CHANGE, REGIONS, SampleCompany, SurveyAnswer
from workbench.samples.surveys import (
    BAD_TOUCHPOINT,
    CES_ITEM,
    CSAT_ITEM,
    CSAT_REFUSED,
    GREY_TOUCHPOINT,
    HIDDEN_TOUCHPOINT,
    NPS_ITEM,
    NPS_REFUSED,
    SERVQUAL_DIMENSIONS,
    SERVQUAL_MISSING,
    WEAK_ADVISOR,
)


def bad_touchpoint(company: SampleCompany) -> dict[str, object]:
    """One touchpoint that drags the satisfaction of all down, since a certain day."""
    own = [one for one in company.follow_ups if one.touchpoint == BAD_TOUCHPOINT]
    others = [one for one in company.follow_ups if one.touchpoint != BAD_TOUCHPOINT]
    late = [one for one in own if one.day >= CHECKOUT_CHANGE]
    early = [one for one in own if one.day < CHECKOUT_CHANGE]
    return {
        "touchpoint": BAD_TOUCHPOINT,
        "since": CHECKOUT_CHANGE,
        "csat": satisfied_share(own),
        "base": len(scores_of(own)),
        "before": satisfied_share(early),
        "after": satisfied_share(late),
        "overall": satisfied_share(company.follow_ups),
        "without": satisfied_share(others),
    }


def small_groups(company: SampleCompany) -> dict[str, object]:
    """A touchpoint with too few answers to be shown, and one with too few to be believed."""
    counts = {
        touchpoint: len([one for one in company.follow_ups if one.touchpoint == touchpoint])
        for touchpoint in (HIDDEN_TOUCHPOINT, GREY_TOUCHPOINT)
    }
    return {
        "hidden": HIDDEN_TOUCHPOINT,
        "hidden_base": counts[HIDDEN_TOUCHPOINT],
        "grey": GREY_TOUCHPOINT,
        "grey_base": counts[GREY_TOUCHPOINT],
    }


def noisy_advisor(company: SampleCompany) -> dict[str, object]:
    """Three bad answers prove nothing; a hundred a little below the others do."""
    newcomer = company.employees[-1].employee_id
    few = scores_of(one for one in company.follow_ups if one.employee_id == newcomer)
    many = scores_of(one for one in company.follow_ups if one.employee_id == WEAK_ADVISOR)
    return {
        "newcomer": newcomer,
        "few": len(few),
        "newcomer_mean": mean(few),
        "weak": WEAK_ADVISOR,
        "many": len(many),
        "weak_mean": mean(many),
        "overall": mean(scores_of(company.follow_ups)),
    }


def nps_by_region(company: SampleCompany) -> dict[str, object]:
    """The net promoter score of each region."""
    facts: dict[str, object] = {}
    for number, region in enumerate(REGIONS, start=1):
        own = [one for one in company.recommendations if one.customer.region == region]
        facts |= {
            f"region_{number}": region,
            f"nps_{number}": net_promoter_score(own),
            f"base_{number}": len(recommended(own)),
        }
    return facts


def nps_overall(company: SampleCompany) -> dict[str, object]:
    """The net promoter score, honest and naive, plain and weighted."""
    answers = company.recommendations
    refused = [one for one in answers if one.scores[NPS_ITEM] == NPS_REFUSED]
    naive = [int(one.scores[NPS_ITEM]) for one in answers if one.scores[NPS_ITEM]]
    return {
        "base": len(recommended(answers)),
        "nps": net_promoter_score(answers),
        "weighted": weighted_nps(answers),
        "refused": len(refused),
        "naive": 100 * (sum(score >= 9 for score in naive) - sum(score <= 6 for score in naive)) / len(naive),
    }


def missing_answers(company: SampleCompany) -> dict[str, object]:
    """What is no answer: codes for a refusal, and blanks."""
    csat_scores = [one.scores[CSAT_ITEM] for one in company.follow_ups]
    nps_scores = [one.scores[NPS_ITEM] for one in company.recommendations]
    ces_scores = [one.scores[CES_ITEM] for one in company.recommendations]
    return {
        "csat_refused": csat_scores.count(CSAT_REFUSED),
        "csat_blank": csat_scores.count(""),
        "csat_words": 1,
        "nps_refused": nps_scores.count(NPS_REFUSED),
        "nps_blank": nps_scores.count(""),
        "ces_blank": ces_scores.count(""),
        "servqual_missing": sum(list(one.scores.values()).count(SERVQUAL_MISSING) for one in company.servqual),
    }


def largest_gap(company: SampleCompany) -> dict[str, object]:
    """The dimension of service quality whose perception stays farthest below the expectation."""
    gaps: list[tuple[float, str]] = []
    first = 1
    for dimension, items in SERVQUAL_DIMENSIONS:
        numbers = range(first, first + items)
        first += items
        perceived = mean(_answered(company.servqual, [f"P{number:02d}" for number in numbers]))
        expected = mean(_answered(company.servqual, [f"E{number:02d}" for number in numbers]))
        gaps.append((perceived - expected, dimension))
    gaps.sort()
    return {
        "respondents": len(company.servqual),
        "dimension": gaps[0][1],
        "gap": gaps[0][0],
        "next": gaps[1][1],
        "next_gap": gaps[1][0],
    }


def slow_complaints(company: SampleCompany) -> dict[str, object]:
    """Complaints of one category take weeks, all others days."""
    days: dict[str, list[int]] = {}
    for one in company.complaints:
        if one.closed_on:
            days.setdefault(one.category, []).append((one.closed_on - one.day).days)
    others = [median(own) for category, own in days.items() if category != SLOW_CATEGORY]
    return {
        "category": SLOW_CATEGORY,
        "median": median(days[SLOW_CATEGORY]),
        "closed": len(days[SLOW_CATEGORY]),
        "others": max(others),
        "open": sum(one.closed_on is None for one in company.complaints),
        "complaints": len(company.complaints),
    }


def points_balance(company: SampleCompany) -> dict[str, object]:
    """Points earned and not yet spent are a promise the company owes."""
    earned = sum(one.points for one in company.points if one.points > 0)
    spent = -sum(one.points for one in company.points if one.points < 0)
    members = {one.customer.customer_id for one in company.points}
    return {"earned": earned, "spent": spent, "open": earned - spent, "members": len(members)}


VOICE_FACTS = (
    *(bad_touchpoint, small_groups, noisy_advisor, nps_by_region, nps_overall, missing_answers),
    *(largest_gap, slow_complaints, points_balance),
)


def scores_of(answers: Iterable[SurveyAnswer]) -> list[int]:
    """Return the valid satisfaction scores, 1 to 5."""
    written = [one.scores[CSAT_ITEM] for one in answers]
    return [int(score) for score in written if score not in ("", CSAT_REFUSED)]


def satisfied_share(answers: Iterable[SurveyAnswer]) -> float:
    """Return the share of 4 and 5 among the valid scores."""
    scores = scores_of(answers)
    return sum(score >= 4 for score in scores) / len(scores)


def recommended(answers: Iterable[SurveyAnswer]) -> list[tuple[int, float]]:
    """Return the valid recommendations, 0 to 10, each with its weight."""
    written = [(one.scores[NPS_ITEM], one.weight) for one in answers]
    return [(int(score), float(weight)) for score, weight in written if score not in ("", NPS_REFUSED)]


def net_promoter_score(answers: Iterable[SurveyAnswer]) -> float:
    """Return promoters minus detractors in points."""
    scores = [score for score, _ in recommended(answers)]
    return 100 * (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores)


def weighted_nps(answers: Iterable[SurveyAnswer]) -> float:
    """Return promoters minus detractors in points, each answer counted with its weight."""
    pairs = recommended(answers)
    for_us = sum(weight for score, weight in pairs if score >= 9)
    against = sum(weight for score, weight in pairs if score <= 6)
    return 100 * (for_us - against) / sum(weight for _, weight in pairs)


def _answered(answers: Iterable[SurveyAnswer], items: list[str]) -> list[int]:
    written = [one.scores[item] for one in answers for item in items]
    return [int(score) for score in written if score != SERVQUAL_MISSING]
