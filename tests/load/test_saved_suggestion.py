"""Whatever is answered, a saved suggestion is read back and ends in a report, a question or a clear refusal."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.load.exports import drawn_export, drawn_ready, drawn_visits
from tests.load.invented_surveys import EXPORTS
from workbench.errors import LoadError
from workbench.load import Mapping, Question, check, suggest_mapping
from workbench.terminal import Interview

MOST_ROUNDS = 6
"""So often may the answers of a load ask for more."""

CIRCLES = ("nothing_mapped", "mapping_lacks_columns", "required_not_mapped", "one_of_not_mapped")
"""Refusals that send back to the suggestion from which the mapping came."""

WAYS = ("first", "last", "random")
EXPORTED = ("wjx_codes", "car_callback", "call_centre", "positions_of_ten")
SURVEYS = {
    "words.csv": "编号,日期,整体满意度\n" + "1,2024-01-01,满意\n2,2024-01-02,非常满意\n3,2024-01-03,不满意\n" * 4,
    "numbers.csv": "Timestamp,How likely are you to recommend us?,Waiting time\n"
    + "".join(f"2024-01-{day:02} 10:00,{day % 11},{(day * 3) % 11}\n" for day in range(1, 29)),
    "choices.csv": "序号,提交答卷时间,您通过哪些渠道了解我们?\n"
    + "1,2024-01-01 10:00,抖音┋美团\n2,2024-01-02 11:00,美团\n3,2024-01-03 9:00,抖音┋美团┋路过\n" * 5,
    "tickets.csv": "编号,客户,日期,类型\n1,a,2024-01-01,投诉\n2,b,2024-01-02,咨询\n3,c,2024-01-03,投诉\n" * 3,
    "contacts.csv": "member,when\n1,2024-05-01\n2,2024-05-02\n1,2024-05-07\n",
    "unknown.csv": "a,b,c\nx,1,y\nz,2,w\n",
}


def written(name: str, folder: Path) -> Path:
    """Write one of the small files, or an export that is drawn."""
    if name in SURVEYS:
        (folder / name).write_text(SURVEYS[name], encoding="utf-8")
        return folder / name
    if name in EXPORTS:
        return EXPORTS[name]().write(folder)
    dice = Random(name)
    if name == "visits":
        return drawn_visits(dice, lang="zh").write(folder)
    if name == "ready":
        return drawn_ready(dice, lang="en").write(folder)
    export = drawn_export(dice, amounts="total on every line", refunds="in rows above zero", lang="zh", in_utc=True)
    return export.write(folder)


def outcome(path: Path, way: str, folder: Path) -> str:
    """Answer all that is asked, each time saved and read back; say how it ends."""
    dice = Random(f"{path.name}{way}")

    def answer(question: Question) -> str | None:
        choices = list(question.choices)
        return {"first": choices[0], "last": choices[-1], "random": dice.choice(choices)}[way] if choices else None

    interview = Interview([path], answer)
    try:
        rules = suggest_mapping(path)
        for _ in range(MOST_ROUNDS):
            rules = saved(interview.rules(rules, rules.questions), folder)
            if rules.questions:
                return "question"
            report = check(path, mapping=rules)
            if not report.questions:
                return "report"
            rules = Mapping(rules.sources, rules.company, report.questions, rules.left_out)
    except LoadError as refusal:
        return f"circle: {refusal.key}" if refusal.key in CIRCLES else "refusal"
    return "circle: asked again and again"


def saved(rules: Mapping, folder: Path) -> Mapping:
    """Save a mapping and read it back: the same, with the same questions open but for those that have a suggestion."""
    rules.save(folder / "m.toml")
    back = Mapping.read(folder / "m.toml")
    if not rules.questions:
        assert back == rules
    assert {one.key for one in back.questions} <= {one.key for one in rules.questions}
    return back


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*SURVEYS, *EXPORTED, "visits", "ready", "orders"])
def test_whatever_is_answered_ends_in_no_circle(name: str, way: str, tmp_path):
    assert outcome(written(name, tmp_path), way, tmp_path) in ("report", "refusal", "question")


def test_no_answers_to_the_cases_that_people_reported_end_in_a_circle(shared_data, trials, tmp_path):
    files = sorted(
        path
        for path in (shared_data / "real_cases").rglob("*")
        if path.is_file() and path.suffix not in (".toml", ".md") and "monthly" not in path.parent.name
    )
    dice, circles = Random(7), []
    for path in dice.sample(files, min(trials(10 * len(files)) // 5, len(files))):
        end = outcome(path, dice.choice(WAYS), tmp_path)
        circles += [f"{path.parent.name}/{path.name}: {end}"] if end.startswith("circle") else []
    assert circles == []


def test_a_survey_without_any_question_offers_to_be_left_out_and_says_so(tmp_path):
    path = written("words.csv", tmp_path)
    asked: list[str] = []

    def no(question: Question) -> str | None:
        asked.append(question.key)
        return "leave" if question.key == "which_item" else "no"

    rules = suggest_mapping(path)
    rules = saved(Interview([path], no).rules(rules, rules.questions), tmp_path)
    assert asked[-1] == "which_item"
    assert [one.files for one in rules.left_out] == [("words.csv",)]
    with pytest.raises(LoadError) as refusal:
        check(path, mapping=rules)
    assert refusal.value.key == "left_out_by_mapping"
    (tmp_path / "visits.csv").write_text("会员号,到店日期\n1,2024-01-01\n", encoding="utf-8")
    both = Mapping((*suggest_mapping(tmp_path / "visits.csv").sources,), left_out=rules.left_out)
    report = check([path, tmp_path / "visits.csv"], mapping=both)
    assert [one.facts["file"] for one in report.problems if one.key == "left_out_by_mapping"] == ["words.csv"]


def test_what_nobody_answered_stays_open_in_the_saved_mapping(tmp_path):
    path = tmp_path / "订单.csv"
    header = "订单号,会员号,下单日期,金额,退款状态\n"
    path.write_text(header + "A1,K1,2024-05-01,100,退款成功\nA2,K2,2024-05-02,50,\n", encoding="utf-8")
    suggest_mapping(path).save(tmp_path / "m.toml")
    report = check(path, mapping=tmp_path / "m.toml")
    assert [one.facts["value"] for one in report.questions if one.key == "status_value"] == ["退款成功"]
    text = (tmp_path / "m.toml").read_text(encoding="utf-8")
    (tmp_path / "m.toml").write_text(text.replace('answer = ""', 'answer = "refund"'), encoding="utf-8")
    assert Mapping.read(tmp_path / "m.toml").sources[0].meanings["退款状态"]["退款成功"] == "refund"
    (tmp_path / "m.toml").write_text(text.replace('answer = ""', 'answer = "refunded"'), encoding="utf-8")
    with pytest.raises(LoadError) as refusal:
        Mapping.read(tmp_path / "m.toml")
    assert refusal.value.facts["near"] == "refund"


def test_a_correction_by_hand_counts_more_than_the_suggested_answer(tmp_path):
    path = tmp_path / "订单.csv"
    path.write_text("订单号,会员号,下单日期,实付金额,订单金额\nA1,K1,2024-05-01,90,100\n", encoding="utf-8")
    rules = suggest_mapping(path)
    (asked,) = [one for one in rules.questions if one.key == "two_candidates"]
    other = next(header for header in asked.choices if header != asked.facts["suggested"])
    text = rules.text().replace(f'"{other}" = {{name = "{other}", publish = false}}', "")
    text = text.replace(f'"{asked.facts["suggested"]}" = "amount"', f'"{other}" = "amount"')
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    assert Mapping.read(tmp_path / "m.toml").sources[0].header_of("amount") == other
