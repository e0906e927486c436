"""Exports of survey tools and call centres, invented in the form in which each tool writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.load.survey_exports import Answers, SurveyExport, rated, worded

ROWS = 40
SATISFIED = {"非常满意": 5, "满意": 4, "一般": 3, "不满意": 2, "非常不满意": 1}
AGREED = {"Strongly agree": 5, "Agree": 4, "Neutral": 3, "Disagree": 2, "Strongly disagree": 1}
TEN = [str(mark) for mark in range(11)]
FROM_ONE = [str(mark) for mark in range(1, 11)]

EXPORTS: dict[str, Callable[[], SurveyExport]] = {}


def export(drawn: Callable[[Random], SurveyExport]) -> Callable[[Random], SurveyExport]:
    """Register an export under its own name; its answers are drawn from a seed of that name."""
    EXPORTS[drawn.__name__] = lambda: drawn(Random(drawn.__name__))
    return drawn


def draw(dice: Random, *texts: str, rows: int = ROWS) -> list[str]:
    """Draw a column in which each text occurs."""
    cells = [dice.choice(texts) for _ in range(rows)]
    for place, text in enumerate(texts):
        cells[place * 3 % rows] = text
    return cells


def first_word(text: str) -> str:
    """The number in `10 - Extremely likely`."""
    return text.split(" ")[0]


def but_last(text: str) -> str:
    """The number in 10分 and 80%."""
    return text[:-1]


def turned(words: Mapping[str, int]) -> dict[str, float]:
    """The scores of words under a statement of something bad."""
    return {word: 6 - score for word, score in words.items()}


def numbers(rows: int = ROWS) -> list[str]:
    """A column of numbers from 1."""
    return [str(place + 1) for place in range(rows)]


def moments(written: str = "2024-03-{:02} 10:{:02}:00") -> list[str]:
    """A column of moments in March."""
    return [written.format(place % 28 + 1, place % 60) for place in range(ROWS)]


def days(month: int = 3) -> list[str]:
    """A column of days of a month."""
    return [f"2024-{month:02}-{place % 28 + 1:02}" for place in range(ROWS)]


def texts(written: str) -> list[str]:
    """A column of texts that are all different."""
    return [written.format(place) for place in range(ROWS)]


def same(text: str) -> list[str]:
    """A column that says the same everywhere."""
    return [text] * ROWS


@export
def wjx_text(dice: Random) -> SurveyExport:
    """问卷星 by text: choices with ┋, (空), (跳过), two hasty answers and a sum of points."""
    secs = [f"{90 + i}秒" for i in range(ROWS)]
    secs[5], secs[9] = "4秒", "6秒"
    return SurveyExport(
        "12345_按文本_售后满意度_40_40.csv",
        [
            Answers("序号", numbers()),
            Answers("提交答卷时间", moments("2024/3/{} 10:{:02}:00")),
            Answers("所用时间", secs),
            Answers("来源", draw(dice, "微信", "手机提交", "链接")),
            Answers("来源详情", same("N/A")),
            Answers("来自IP", texts("1.2.3.{}(广东-深圳)")),
            Answers("1、您的性别：", draw(dice, "男", "女")),
            worded("2、您对我们的总体满意度：", draw(dice, *SATISFIED, "(空)"), "csat", SATISFIED, 1, 5),
            worded("3、请评价以下各项—服务态度", draw(dice, *SATISFIED), "csat", SATISFIED, 1, 5),
            worded("3、请评价以下各项—等候时间", draw(dice, *SATISFIED, "(跳过)"), "csat", SATISFIED, 1, 5),
            Answers(
                "4、您从哪里知道我们？【多选题】",
                draw(dice, "抖音┋朋友", "朋友", "路过┋抖音"),
                choices=["抖音", "朋友", "路过"],
            ),
            rated("5、您有多大可能将我们推荐给朋友？", draw(dice, *TEN), "nps", 0, 10),
            Answers("6、您的建议", [f"建议{i}" if i % 2 else "(空)" for i in range(ROWS)]),
            Answers("总分", [str(20 + i % 15) for i in range(ROWS)]),
        ],
        left_out=frozenset({5, 9}),
    )


@export
def wjx_codes(dice: Random) -> SurveyExport:
    """问卷星 by the number of the option: 1 is the first, which is the best; -3 was skipped."""
    return SurveyExport(
        "12345_按序号_售后满意度_40_40.csv",
        [
            Answers("序号", numbers()),
            Answers("提交答卷时间", moments("2024/3/{} 10:{:02}:00")),
            Answers("所用时间", [f"{90 + i}秒" for i in range(ROWS)]),
            Answers("来自IP", texts("1.2.3.{}(广东-深圳)")),
            Answers("1、您的性别：", draw(dice, "1", "2")),
            rated(
                "2、您对我们的总体满意度：",
                draw(dice, *"12345", "1", "2", "-3"),
                "csat",
                1,
                5,
                lowest_best=True,
                missing=["-3"],
            ),
            rated("3、请评价以下各项—服务态度", draw(dice, *"12345", "1", "2"), "csat", 1, 5, lowest_best=True),
            rated("3、请评价以下各项—等候时间", draw(dice, *"12345", "1", "2"), "csat", 1, 5, lowest_best=True),
            Answers("4、您从哪里知道我们？(抖音)", draw(dice, "0", "1")),
            Answers("4、您从哪里知道我们？(朋友)", draw(dice, "0", "1")),
        ],
    )


@export
def tencent(dice: Random) -> SurveyExport:
    """腾讯问卷: full-width digits, 5分, 五颗星, and answers that its cleaning calls invalid."""
    return SurveyExport(
        "腾讯问卷_服务评价.csv",
        [
            Answers("编号", numbers()),
            Answers("开始答题时间", moments()),
            Answers("结束答题时间", moments("2024-03-{:02} 10:{:02}:55")),
            Answers("答题时长", [f"{1 + i % 2}分{i % 60}秒" for i in range(ROWS)]),
            Answers("清洗数据结果", ["无效" if i in (3, 4) else "有效" for i in range(ROWS)]),
            rated("1.服务态度（1-5分）", draw(dice, *"１２３４５"), "csat", 1, 5),
            rated("2.响应速度", draw(dice, "1分", "2分", "3分", "4分", "5分"), "other", 1, 5, written=but_last),
            worded(
                "3.产品质量",
                draw(dice, "一颗星", "二颗星", "三颗星", "四颗星", "五颗星"),
                "other",
                {"一颗星": 1, "二颗星": 2, "三颗星": 3, "四颗星": 4, "五颗星": 5},
                1,
                5,
            ),
            Answers("地理位置国家和地区", same("中国")),
            Answers("地理位置省", draw(dice, "广东", "北京")),
        ],
        left_out=frozenset({3, 4}),
    )


@export
def wenjuan(dice: Random) -> SurveyExport:
    """问卷网: drawn stars, half stars and unfinished answers."""
    return SurveyExport(
        "问卷网_门店体验.csv",
        [
            Answers("序号", numbers()),
            Answers("答题状态", ["未完成" if i in (3, 4) else "已完成" for i in range(ROWS)]),
            Answers("结束时间", moments()),
            Answers("答题用时", [str(60 + i) for i in range(ROWS)]),
            worded(
                "Q1 门店环境",
                draw(dice, "★★★★★", "★★★★☆", "★★★☆☆", "★★☆☆☆", "★☆☆☆☆"),
                "csat",
                {"★★★★★": 5, "★★★★☆": 4, "★★★☆☆": 3, "★★☆☆☆": 2, "★☆☆☆☆": 1},
                1,
                5,
            ),
            rated("Q2 服务评分（0.5-5星）", draw(dice, "5", "4.5", "4", "3.5", "3", "2.5", "1.5", "1"), "csat", 1, 5),
            rated("Q3 推荐度 NPS", draw(dice, *TEN), "nps", 0, 10),
            Answers("Q4 年龄", draw(dice, "18-25岁", "26-30岁", "31-40岁")),
        ],
        left_out=frozenset({3, 4}),
    )


@export
def half_stars(dice: Random) -> SurveyExport:
    """Reviews with half stars, more of them than whole ones."""
    return SurveyExport(
        "门店评价.csv",
        [
            Answers("评价编号", numbers()),
            Answers("评价时间", moments()),
            rated(
                "评分", draw(dice, "5.0", "4.5", "4.0", "3.5", "3.0", "2.5", "1.5", "1.0", "4.5", "3.5"), "csat", 1, 5
            ),
            rated("口味", draw(dice, "5", "4.5", "4", "3.5", "3", "1"), "csat", 1, 5),
            Answers("评价内容", texts("内容{}")),
        ],
    )


@export
def jinshuju(dice: Random) -> SurveyExport:
    """金数据: choices with full-width commas, 10分 under 0-10."""
    return SurveyExport(
        "金数据_客户反馈.csv",
        [
            Answers("序号", numbers()),
            rated("您对本次体验的评分", draw(dice, *"12345"), "csat", 1, 5),
            rated("请为客服评分 - 专业性", draw(dice, *"12345"), "csat", 1, 5),
            rated("请为客服评分 - 及时性", draw(dice, *"12345"), "csat", 1, 5),
            Answers("您喜欢的产品", draw(dice, "轿车，SUV", "SUV", "MPV，轿车", "MPV"), choices=["轿车", "SUV", "MPV"]),
            rated(
                "您向朋友推荐的可能性 (0-10)",
                draw(dice, "10分", "9分", "8分", "7分", "6分", "5分", "3分", "0分"),
                "nps",
                0,
                10,
                written=but_last,
            ),
            Answers("提交人", same("微信用户")),
            Answers("提交时间", moments()),
            Answers("修改时间", moments("2024-04-{:02} 10:{:02}:00")),
            Answers("填写设备", draw(dice, "iPhone", "Android")),
            Answers("IP", texts("1.2.3.{}")),
        ],
    )


@export
def credamo(dice: Random) -> SurveyExport:
    """见数: rejected answers, a question that is marked as reversed, coded headers."""
    return SurveyExport(
        "credamo_data.csv",
        [
            Answers("answerId", texts("A{:04}")),
            Answers("答题状态", ["已拒绝" if i in (3, 4) else "已采纳" for i in range(ROWS)]),
            Answers("提交时间", moments()),
            Answers("总时长", [str(100 + i) for i in range(ROWS)]),
            rated("Q1_1", draw(dice, *"1234567"), "other", 1, 7, name="Q1_1"),
            rated("Q1_2", draw(dice, *"1234567"), "other", 1, 7),
            rated("Q1_3_R", draw(dice, *"1234567"), "other", 1, 7, lowest_best=True),
            Answers("Q3_年龄", [str(20 + i % 30) for i in range(ROWS)]),
        ],
        left_out=frozenset({3, 4}),
    )


@export
def surveymonkey(dice: Random) -> SurveyExport:
    """SurveyMonkey: two header rows, N/A, numbers with words at the ends of a scale."""
    w = {
        "Very satisfied": 5,
        "Satisfied": 4,
        "Neither satisfied nor dissatisfied": 3,
        "Dissatisfied": 2,
        "Very dissatisfied": 1,
    }
    return SurveyExport(
        "Customer Survey.csv",
        [
            Answers("Respondent ID", [str(11400000000 + i) for i in range(ROWS)]),
            Answers("Collector ID", same("42")),
            Answers("Start Date", moments("03/{:02}/2024 10:{:02}:00 AM")),
            Answers("End Date", moments("03/{:02}/2024 10:{:02}:59 AM")),
            Answers("IP Address", same("1.1.1.1")),
            worded(
                "How satisfied are you with",
                draw(dice, *w, "N/A", ""),
                "csat",
                w,
                1,
                5,
                name="How satisfied are you with—Our staff",
            ),
            worded("", draw(dice, *w, "N/A"), "csat", w, 1, 5, name="How satisfied are you with—Our prices"),
            rated(
                "How likely is it that you would recommend us to a friend or colleague?",
                draw(dice, *TEN[1:9], "0 - Not at all likely", "10 - Extremely likely", "9"),
                "nps",
                0,
                10,
                written=first_word,
                name="How likely is it that you would recommend us to a friend or colleague?—Response",
            ),
            Answers("Any comments?", texts("fine {}")),
        ],
        below_header=[["", "", "", "", "", "Our staff", "Our prices", "Response", "Open-Ended Response"]],
    )


@export
def qualtrics(dice: Random) -> SurveyExport:
    """Qualtrics: three header rows, a preview, an unfinished answer, 1 the best."""
    st = ["Survey Preview" if i in (0,) else "IP Address" for i in range(ROWS)]
    fin = ["False" if i in (0, 7) else "True" for i in range(ROWS)]
    q1 = draw(dice, *TEN)
    grp = ["Promoter" if int(x) > 8 else "Passive" if int(x) > 6 else "Detractor" for x in q1]
    return SurveyExport(
        "Survey_March 5, 2024.csv",
        [
            Answers("StartDate", moments()),
            Answers("EndDate", moments("2024-03-{:02} 10:{:02}:55")),
            Answers("Status", st),
            Answers("Finished", fin),
            Answers("Duration (in seconds)", [str(100 + i) for i in range(ROWS)]),
            Answers("ResponseId", texts("R_{:05}")),
            rated("Q1", q1, "nps", 0, 10, name="How likely are you to recommend us to a friend?"),
            Answers("Q1_NPS_GROUP", grp),
            rated(
                "Q2_1",
                draw(dice, *"12345"),
                "csat",
                1,
                5,
                lowest_best=True,
                name="How satisfied are you with (1 = extremely satisfied, 5 = extremely dissatisfied) - Staff",
            ),
            rated(
                "Q2_2",
                draw(dice, *"12345"),
                "csat",
                1,
                5,
                lowest_best=True,
                name="How satisfied are you with (1 = extremely satisfied, 5 = extremely dissatisfied) - Price",
            ),
            Answers("Q3", draw(dice, "1", "2")),
            rated(
                "Q4",
                draw(dice, *"1234567"),
                "ces",
                1,
                7,
                name="How easy was it to get help? (1 = very difficult, 7 = very easy)",
            ),
        ],
        left_out=frozenset({0, 7}),
        below_header=[
            [
                "Start Date",
                "End Date",
                "Response Type",
                "Finished",
                "Duration (in seconds)",
                "Response ID",
                "How likely are you to recommend us to a friend?",
                "How likely are you to recommend us to a friend? - Group",
                "How satisfied are you with (1 = extremely satisfied, 5 = extremely dissatisfied) - Staff",
                "How satisfied are you with (1 = extremely satisfied, 5 = extremely dissatisfied) - Price",
                "What is your gender?",
                "How easy was it to get help? (1 = very difficult, 7 = very easy)",
            ],
            [f'{{"ImportId":"{letter}"}}' for letter in "abcdefghijkl"],
        ],
    )


@export
def google_forms(dice: Random) -> SurveyExport:
    """Google Forms: a grid in four words, 1 the best in the header, choices with commas."""
    w = {"Excellent": 4, "Good": 3, "Fair": 2, "Poor": 1}
    return SurveyExport(
        "Feedback (Responses).csv",
        [
            Answers("时间戳记", [f"2024/3/{i % 28 + 1} 下午 3:{i % 60:02}:33 GMT+8" for i in range(ROWS)]),
            worded("Please rate our [Staff]", draw(dice, *w), "other", w, 1, 4),
            worded("Please rate our [Rooms]", draw(dice, *w), "other", w, 1, 4),
            rated(
                "Overall, how was your stay? (1 = excellent, 5 = poor)",
                draw(dice, *"12345"),
                "other",
                1,
                5,
                lowest_best=True,
            ),
            Answers(
                "What did you use?", draw(dice, "Pool, Spa", "Spa", "Bar", "Bar, Pool"), choices=["Pool", "Spa", "Bar"]
            ),
            Answers("Your age", [str(20 + i % 40) for i in range(ROWS)]),
        ],
    )


@export
def typeform(dice: Random) -> SurveyExport:
    """Typeform: a column for each choice, moments in UTC."""
    return SurveyExport(
        "responses-AbC.csv",
        [
            Answers("#", [f"{i:032x}" for i in range(10**6, 10**6 + ROWS)]),
            rated("How likely are you to recommend Acme to a friend or colleague?", draw(dice, *TEN), "nps", 0, 10),
            rated("How would you rate our support?", draw(dice, *FROM_ONE), "other", 1, 10),
            Answers("Price", draw(dice, "Price", "")),
            Answers("Quality", draw(dice, "Quality", "")),
            Answers("Would you buy again?", draw(dice, "1", "0")),
            Answers("Response Type", same("completed")),
            Answers("Start Date (UTC)", moments()),
            Answers("Submit Date (UTC)", moments("2024-03-{:02} 10:{:02}:55")),
            Answers("Network ID", texts("n{}")),
            Answers("Tags", same("")),
        ],
    )


@export
def ms_forms_zh(dice: Random) -> SurveyExport:
    """Microsoft Forms in Chinese: points and feedback for every question, days like 3/14/24."""
    return SurveyExport(
        "客户满意度调查(1-40).csv",
        [
            Answers("ID", numbers()),
            Answers("开始时间", [f"3/{i % 28 + 1}/24 15:{i % 60:02}:33" for i in range(ROWS)]),
            Answers("完成时间", [f"3/{i % 28 + 1}/24 15:{i % 60:02}:50" for i in range(ROWS)]),
            Answers("电子邮件", same("anonymous")),
            Answers("名称", same("")),
            Answers("总点数", [str(i % 10) for i in range(ROWS)]),
            Answers("测验反馈", same("")),
            worded(
                "您对我们的服务满意吗？",
                draw(dice, "非常满意", "有点满意", "既没有满意也没有不满意", "有点不满意", "非常不满意"),
                "csat",
                {"非常满意": 5, "有点满意": 4, "既没有满意也没有不满意": 3, "有点不满意": 2, "非常不满意": 1},
                1,
                5,
            ),
            Answers("积分 - 您对我们的服务满意吗？", [str(i % 3) for i in range(ROWS)]),
            Answers("反馈 - 您对我们的服务满意吗？", same("")),
            Answers(
                "您最看重什么？", draw(dice, "价格;服务;", "服务;", "价格;质量;"), choices=["价格", "服务", "质量"]
            ),
            rated("您有多大可能会将我们推荐给朋友或同事？", draw(dice, *TEN), "nps", 0, 10),
        ],
    )


@export
def ms_forms_en(dice: Random) -> SurveyExport:
    """Microsoft Forms in English: agreement with something bad, choices that end in a semicolon."""
    w = AGREED
    neg = turned(w)
    return SurveyExport(
        "Employee pulse(1-40).csv",
        [
            Answers("ID", numbers()),
            Answers("Start time", [f"3/{i % 28 + 1}/24 15:{i % 60:02}:33" for i in range(ROWS)]),
            Answers("Completion time", [f"3/{i % 28 + 1}/24 15:{i % 60:02}:50" for i in range(ROWS)]),
            Answers("Email", same("anonymous")),
            Answers("Name", same("")),
            Answers("Department", draw(dice, "Sales", "Service", "IT")),
            worded("My manager listens to me", draw(dice, *w, "Not applicable"), "other", w, 1, 5),
            worded("I often feel frustrated at work", draw(dice, *w), "other", neg, 1, 5),
            rated("How likely are you to recommend us as a place to work?", draw(dice, *TEN), "nps", 0, 10),
            Answers(
                "Which tools do you use?", draw(dice, "Excel;Teams;", "Teams;", "Excel;"), choices=["Excel", "Teams"]
            ),
        ],
    )


@export
def limesurvey(dice: Random) -> SurveyExport:
    """LimeSurvey by codes: A1 the best, N/A, -oth-, answers that were never submitted."""
    c = {"A1": 5, "A2": 4, "A3": 3, "A4": 2, "A5": 1}
    return SurveyExport(
        "results-survey123456.csv",
        [
            Answers("id. Response ID", numbers()),
            Answers("submitdate. Date submitted", ["" if i in (3, 4) else x for i, x in enumerate(moments())]),
            Answers("lastpage. Last page", same("2")),
            Answers("startlanguage. Start language", draw(dice, "en", "de")),
            worded("G1Q1[SQ001]. How satisfied are you with: [Staff]", draw(dice, *c, "N/A"), "csat", c, 1, 5),
            worded("G1Q1[SQ002]. How satisfied are you with: [Price]", draw(dice, *c), "csat", c, 1, 5),
            Answers("G2Q1. How did you find us?", draw(dice, "A1", "A2", "-oth-")),
            Answers("G2Q1[other]. How did you find us? [Other]", same("")),
            rated("G3Q1. Overall satisfaction (1-10)", draw(dice, *FROM_ONE, "N/A"), "csat", 1, 10, missing=["N/A"]),
            Answers("interviewtime. Total time", [f"{100 + i}.5" for i in range(ROWS)]),
        ],
        left_out=frozenset({3, 4}),
    )


@export
def delighted(dice: Random) -> SurveyExport:
    """Delighted: a score that only the type of the survey calls an NPS."""
    return SurveyExport(
        "delighted_export.csv",
        [
            Answers("Response ID", texts("d{}")),
            Answers("Person ID", texts("p{}")),
            Answers("Person Email", texts("p{}@x.com")),
            Answers("Survey Sent At (UTC)", moments()),
            Answers("Responded At (UTC)", moments("2024-03-{:02} 11:{:02}:55")),
            Answers("Survey Type", same("nps")),
            rated("Score", draw(dice, *TEN), "nps", 0, 10),
            Answers("Comment", texts("c{}")),
            Answers("Permalink", texts("https://d.com/r/{}")),
        ],
    )


@export
def delighted_no_type(dice: Random) -> SurveyExport:
    """A feed of scores that nothing calls an NPS but the file's name."""
    return SurveyExport(
        "nps_responses.csv",
        [
            Answers("Response ID", texts("d{}")),
            Answers("Person Email", texts("p{}@x.com")),
            Answers("Responded At", moments("2024-03-{:02} 11:{:02}:55")),
            rated("Score", draw(dice, *TEN), "nps", 0, 10),
            Answers("Comment", texts("c{}")),
        ],
    )


@export
def medallia(dice: Random) -> SurveyExport:
    """Medallia: words at the ends of 0 to 10, 0 for no answer, percentages."""
    return SurveyExport(
        "medallia_feed.csv",
        [
            Answers("Survey ID", numbers()),
            Answers("Response Date", moments()),
            Answers("Unit", draw(dice, "Berlin", "Paris")),
            rated(
                "Likelihood to Recommend (LTR)",
                draw(
                    dice, "10 - Extremely likely", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0 - Not at all likely"
                ),
                "nps",
                0,
                10,
                written=first_word,
            ),
            Answers("LTR Segment", draw(dice, "Promoter", "Passive", "Detractor")),
            rated("Overall Satisfaction", draw(dice, *FROM_ONE, "0", "0"), "csat", 1, 10, missing=["0"]),
            rated(
                "Cleanliness (%)",
                draw(dice, "100%", "80%", "60%", "40%", "20%", "0%"),
                "csat",
                0,
                100,
                written=but_last,
            ),
            Answers("Comments", texts("c{}")),
        ],
    )


@export
def zendesk(dice: Random) -> SurveyExport:
    """Zendesk: good and bad, in whole sentences, among ratings that were only offered."""
    w = {"Good, I'm satisfied": 2, "Bad, I'm unsatisfied": 1}
    return SurveyExport(
        "zendesk_csat.csv",
        [
            Answers("Ticket ID", numbers()),
            Answers("Requester", texts("R{}")),
            Answers("Rated at", moments()),
            Answers("Assignee", draw(dice, "Ann", "Bob")),
            worded("Satisfaction rating", draw(dice, *w, "Offered"), "csat", w, 1, 2),
            Answers("Satisfaction comment", texts("c{}")),
        ],
    )


@export
def zendesk_short(dice: Random) -> SurveyExport:
    """Zendesk: half of the tickets were never rated."""
    w = {"Good": 2, "Bad": 1}
    return SurveyExport(
        "zendesk_tickets.csv",
        [
            Answers("Ticket ID", numbers()),
            Answers("Status", same("Solved")),
            Answers("Requester", texts("R{}")),
            Answers("Created at", moments()),
            Answers("Solved at", moments("2024-04-{:02} 10:{:02}:00")),
            worded("Satisfaction Score", draw(dice, *w, "Offered", "Not Offered"), "csat", w, 1, 2),
        ],
    )


@export
def intercom(dice: Random) -> SurveyExport:
    """Intercom: amazing to terrible."""
    w = {"Amazing": 5, "Great": 4, "OK": 3, "Bad": 2, "Terrible": 1}
    return SurveyExport(
        "conversation_ratings.csv",
        [
            Answers("Conversation ID", numbers()),
            Answers("Rating requested at", moments()),
            Answers("Rating", draw(dice, *w), "other", 1, 5, lambda t: {k: (v - 1) / 4 for k, v in w.items()}.get(t)),
            Answers("Teammate", draw(dice, "Ann", "Bob")),
            Answers("Remark", texts("c{}")),
        ],
    )


@export
def car_callback(dice: Random) -> SurveyExport:
    """Calls three days after a repair: 99 refused, 0 does not apply, not reached, averages below."""
    res = ["未接通" if i in (3, 4) else "拒访" if i == 8 else "成功" for i in range(ROWS)]

    def cells(*marks: str) -> list[str]:
        column = draw(dice, *marks)
        column[3] = column[4] = ""
        column[8] = "99"
        return column

    t = [str(i) for i in range(4, 11)]
    return SurveyExport(
        "三天回访记录.csv",
        [
            Answers("序号", numbers()),
            Answers("车牌号", texts("粤B{:05}")),
            Answers("客户姓名", texts("张{}")),
            Answers("维修日期", days(3)),
            Answers("回访日期", days(4)),
            Answers("回访结果", res),
            rated("服务态度(10分制)", cells(*t, "1"), "csat", 0, 10, missing=["99"]),
            rated("维修质量(10分制)", cells(*t, "1", "0"), "csat", 1, 10, missing=["99", "0"]),
            rated("总体满意度(10分制)", cells(*t, "1"), "csat", 0, 10, missing=["99"]),
            worded("是否满意", cells("是", "是", "否"), "csat", {"是": 2, "否": 1}, 1, 2),
            Answers("不满意原因", ["等待久" if i % 9 == 0 else "" for i in range(ROWS)]),
        ],
        below=[["平均分", "", "", "", "", "", "8.3", "7.9", "8.1", "", ""]],
    )


@export
def call_centre(dice: Random) -> SurveyExport:
    """Tickets of a call centre: 1 is the best, the system rates where nobody does."""
    how = ["系统默认" if i % 5 == 0 else "客户评价" for i in range(ROWS)]
    sc = draw(dice, *"12345", "1", "2")
    sc = ["1" if h == "系统默认" else s for h, s in zip(how, sc, strict=True)]
    return SurveyExport(
        "客服工单满意度.csv",
        [
            Answers("工单编号", texts("GD{:05}")),
            Answers("客户编号", texts("C{}")),
            Answers("受理时间", moments()),
            Answers("首次响应时间", moments("2024-03-{:02} 11:{:02}:00")),
            Answers("解决时间", moments("2024-04-{:02} 11:{:02}:00")),
            Answers("工单类型", draw(dice, "咨询", "投诉", "报修")),
            Answers("坐席", draw(dice, "A01", "A02")),
            rated("满意度评价（1非常满意 2满意 3一般 4不满意 5非常不满意）", sc, "csat", 1, 5, lowest_best=True),
            Answers("评价方式", how),
        ],
        left_out=frozenset(i for i in range(ROWS) if i % 5 == 0),
    )


@export
def app_store(dice: Random) -> SurveyExport:
    """Reviews of an app: stars."""
    return SurveyExport(
        "reviews_202403.csv",
        [
            Answers("Package Name", same("com.acme")),
            Answers("App Version Name", same("1.2")),
            Answers("Reviewer Language", draw(dice, "en", "zh")),
            Answers("Device", draw(dice, "x1", "x2")),
            Answers("Review Submit Date and Time", [f"2024-03-{i % 28 + 1:02}T10:00:00Z" for i in range(ROWS)]),
            Answers("Review Submit Millis Since Epoch", [str(1709600000000 + i) for i in range(ROWS)]),
            rated("Star Rating", draw(dice, *"12345"), "csat", 1, 5),
            Answers("Review Title", same("")),
            Answers("Review Text", texts("t{}")),
            Answers("Developer Reply Date and Time", same("")),
        ],
    )


@export
def wechat(dice: Random) -> SurveyExport:
    """Reviews of a mini program: 好评 by default, 0 for no stars."""
    w = {"好评": 3, "中评": 2, "差评": 1}
    g = draw(dice, *w, "好评", "系统默认好评")
    return SurveyExport(
        "小程序评价.csv",
        [
            Answers("订单号", texts("D{}")),
            Answers("评价时间", moments()),
            worded("评价等级", g, "csat", w, 1, 3),
            rated("描述相符", draw(dice, *"12345", "0"), "csat", 1, 5, missing=["0"]),
            rated("物流服务", draw(dice, *"12345", "0"), "csat", 1, 5, missing=["0"]),
            Answers("评价内容", texts("t{}")),
        ],
    )


@export
def auto_praise(dice: Random) -> SurveyExport:
    """Reviews of a shop: five stars by default, which only another column says."""
    auto = [i % 4 == 0 for i in range(ROWS)]
    return SurveyExport(
        "商品评价导出.csv",
        [
            Answers("评价ID", numbers()),
            Answers("订单编号", texts("D{}")),
            Answers("评价时间", moments()),
            rated("评分", ["5" if a else x for a, x in zip(auto, draw(dice, *"12345"), strict=True)], "csat", 1, 5),
            Answers("评价类型", ["默认好评" if a else "用户评价" for a in auto]),
            Answers("评价内容", ["系统默认好评" if a else f"t{i}" for i, a in enumerate(auto)]),
        ],
        left_out=frozenset(i for i, a in enumerate(auto) if a),
    )


@export
def servqual(dice: Random) -> SurveyExport:
    """SERVQUAL: what was expected (E) and what was found (P)."""
    s = [str(i) for i in range(1, 8)]
    return SurveyExport(
        "SERVQUAL问卷.csv",
        [
            Answers("问卷编号", numbers()),
            Answers("调查日期", days(3)),
            rated("E1 优秀的公司应有现代化的设备", draw(dice, *s), "servqual_expectation", 1, 7),
            rated("E2 优秀的公司员工应仪表整洁", draw(dice, *s), "servqual_expectation", 1, 7),
            rated("P1 本公司有现代化的设备", draw(dice, *s), "servqual_perception", 1, 7),
            rated("P2 本公司员工仪表整洁", draw(dice, *s), "servqual_perception", 1, 7),
        ],
    )


@export
def servqual_zh(dice: Random) -> SurveyExport:
    """SERVQUAL: expectation and perception in brackets."""
    s = [str(i) for i in range(1, 8)]
    return SurveyExport(
        "服务质量调查.csv",
        [
            Answers("问卷编号", numbers()),
            Answers("调查日期", days(3)),
            rated("现代化设备（期望）", draw(dice, *s), "servqual_expectation", 1, 7),
            rated("现代化设备（感知）", draw(dice, *s), "servqual_perception", 1, 7),
            rated("员工整洁（期望）", draw(dice, *s), "servqual_expectation", 1, 7),
            rated("员工整洁（感知）", draw(dice, *s), "servqual_perception", 1, 7),
        ],
    )


@export
def employee(dice: Random) -> SurveyExport:
    """Employees: agreement with something bad, a percentage of satisfaction, years that are no rating."""
    pct = [f"{x}%" for x in (100, 90, 80, 60, 50, 30, 0)]
    w = {"完全同意": 5, "比较同意": 4, "说不清": 3, "不太同意": 2, "完全不同意": 1}
    neg = turned(w)
    return SurveyExport(
        "员工敬业度调查.csv",
        [
            Answers("答卷编号", numbers()),
            Answers("部门", draw(dice, "销售", "售后", "IT")),
            Answers("司龄", [str(i % 12) for i in range(ROWS)]),
            worded("我的直接上级能倾听我的意见", draw(dice, *w), "other", w, 1, 5),
            worded("流程过于麻烦", draw(dice, *w), "other", neg, 1, 5),
            rated("您愿意推荐朋友来公司工作吗(0-10)", draw(dice, *TEN), "nps", 0, 10),
            rated("对薪酬的满意度(%)", draw(dice, *pct), "csat", 0, 100, written=but_last),
        ],
    )


@export
def waves(dice: Random) -> SurveyExport:
    """Two waves in one file that number their people alike, with weights."""
    half = ROWS // 2
    idc = numbers(half) + numbers(half)
    w = ["第1波"] * half + ["第2波"] * half
    return SurveyExport(
        "两波满意度.csv",
        [
            Answers("受访者编号", idc),
            Answers("波次", w),
            Answers("调查日期", ["2024-03-05"] * half + ["2024-06-05"] * half),
            rated("总体满意度", draw(dice, *"12345"), "csat", 1, 5),
            rated("推荐意愿", draw(dice, *TEN), "nps", 0, 10),
            Answers("权重", draw(dice, "0.8", "1.0", "1.2")),
        ],
    )


@export
def waves_same_answers(dice: Random) -> SurveyExport:
    """Two waves in which everybody answered the same, without days."""
    half = ROWS // 2
    a = draw(dice, *"12345", rows=half)
    b = draw(dice, *TEN, rows=half)
    return SurveyExport(
        "满意度.csv",
        [
            Answers("受访者编号", numbers(half) + numbers(half)),
            Answers("季度", ["2024Q1"] * half + ["2024Q2"] * half),
            rated("总体满意度", a + a, "csat", 1, 5),
            rated("推荐意愿", b + b, "nps", 0, 10),
        ],
    )


@export
def bilingual(dice: Random) -> SurveyExport:
    """Each answer in two languages, and some people in one, some in the other."""
    both = {
        "非常满意 Very satisfied": 5,
        "满意 Satisfied": 4,
        "一般 Neutral": 3,
        "不满意 Dissatisfied": 2,
        "非常不满意 Very dissatisfied": 1,
    }
    mix = {**SATISFIED, "Very satisfied": 5, "Satisfied": 4, "Neutral": 3, "Dissatisfied": 2, "Very dissatisfied": 1}
    slash = {
        "Very satisfied/非常满意": 5,
        "Satisfied/满意": 4,
        "Neutral/一般": 3,
        "Dissatisfied/不满意": 2,
        "Very dissatisfied/非常不满意": 1,
    }
    return SurveyExport(
        "满意度 Satisfaction.csv",
        [
            Answers("Response ID", numbers()),
            Answers("提交时间", moments()),
            worded("服务 Service", draw(dice, *both), "csat", both, 1, 5),
            worded("价格 Price", draw(dice, *mix), "csat", mix, 1, 5),
            worded("环境 Ambience", draw(dice, *slash), "csat", slash, 1, 5),
        ],
    )


@export
def legend_above(dice: Random) -> SurveyExport:
    """A line above the table says that 1 is the best; averages below."""
    return SurveyExport(
        "门店满意度.csv",
        [
            Answers("序号", numbers()),
            Answers("日期", days(3)),
            Answers("门店", draw(dice, "一店", "二店")),
            rated("服务态度", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True),
            rated("环境", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True),
            rated("总体满意度", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True),
        ],
        above=[["评分说明：1=非常满意，2=满意，3=一般，4=不满意，5=非常不满意", "", "", "", "", ""]],
        below=[["平均分", "", "", "2.9", "3.0", "2.8"]],
    )


@export
def legend_below(dice: Random) -> SurveyExport:
    """A line below the table says that 1 is the best, under averages and bases."""
    return SurveyExport(
        "门店满意度.csv",
        [
            Answers("序号", numbers()),
            Answers("日期", days(3)),
            Answers("门店", draw(dice, "一店", "二店")),
            rated("服务态度", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True),
            rated("环境", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True),
            rated("总体满意度", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True),
        ],
        below=[
            ["平均值", "", "", "2.9", "3.0", "2.8"],
            ["样本量", "", "", "40", "40", "40"],
            ["注：1=非常满意，2=满意，3=一般，4=不满意，5=非常不满意", "", "", "", "", ""],
        ],
    )


@export
def legend_row(dice: Random) -> SurveyExport:
    """A row below the header says that 1 is the best."""
    return SurveyExport(
        "满意度.csv",
        [
            Answers("序号", numbers()),
            Answers("日期", days(3)),
            rated(
                "服务态度",
                draw(dice, *"12345", "1"),
                "csat",
                1,
                5,
                lowest_best=True,
                name="服务态度: 1=非常满意 5=非常不满意",
            ),
            rated(
                "环境", draw(dice, *"12345", "1"), "csat", 1, 5, lowest_best=True, name="环境: 1=非常满意 5=非常不满意"
            ),
        ],
        below_header=[["", "", "1=非常满意 5=非常不满意", "1=非常满意 5=非常不满意"]],
    )


@export
def mixed_matrix(dice: Random) -> SurveyExport:
    """One matrix with two questions to five and two to ten."""
    return SurveyExport(
        "matrix.csv",
        [
            Answers("答卷编号", numbers()),
            Answers("提交时间", moments()),
            rated("Q3_1 态度", draw(dice, *"12345"), "other", 1, 5),
            rated("Q3_2 速度", draw(dice, *"12345"), "other", 1, 5),
            rated("Q3_3 价格", draw(dice, *FROM_ONE), "other", 1, 10),
            rated("Q3_4 环境", draw(dice, *FROM_ONE), "other", 1, 10),
        ],
    )


@export
def yes_no(dice: Random) -> SurveyExport:
    """Content or not, yes or no."""
    return SurveyExport(
        "回访.csv",
        [
            Answers("回访编号", numbers()),
            Answers("回访日期", days(3)),
            worded("服务是否满意", draw(dice, "满意", "不满意", "满意"), "csat", {"满意": 2, "不满意": 1}, 1, 2),
            Answers("是否会员", draw(dice, "是", "否", "是")),
            worded("维修质量是否满意", draw(dice, "是", "否", "未答"), "csat", {"是": 2, "否": 1}, 1, 2),
        ],
    )


@export
def quality_check(dice: Random) -> SurveyExport:
    """Each person's average beside the marks, and averages, spreads and bases below."""
    a = draw(dice, *"12345")
    b = draw(dice, *"12345")
    return SurveyExport(
        "satisfaction.csv",
        [
            Answers("Respondent", numbers()),
            Answers("Date", days(3)),
            rated("Staff satisfaction", a, "csat", 1, 5),
            rated("Price satisfaction", b, "csat", 1, 5),
            Answers("Average satisfaction", [str((int(x) + int(y)) / 2) for x, y in zip(a, b, strict=True)]),
        ],
        below=[
            ["Average", "", "3.2", "3.1", "3.15"],
            ["Std. Dev.", "", "1.2", "1.1", "1.15"],
            ["N", "", "40", "40", "40"],
        ],
    )


@export
def positions_of_ten(dice: Random) -> SurveyExport:
    """问卷星 by the number of the option: 1 to 11 are the places of 0 to 10."""
    positions = draw(dice, *FROM_ONE, "11", "11", "10")
    header = "1、您有多大可能推荐我们？"
    return SurveyExport(
        "1_按序号_推荐.csv",
        [
            Answers("序号", numbers()),
            Answers("提交答卷时间", moments()),
            rated(header, positions, "nps", 0, 10, written=lambda text: str(int(text) - 1)),
        ],
        answers={"option_positions": "positions"},
    )


@export
def denied_statements(dice: Random) -> SurveyExport:
    """Agreement with statements, some of which deny or name something bad."""
    words = {"非常不同意": 1, "不同意": 2, "中立": 3, "同意": 4, "非常同意": 5}
    return SurveyExport(
        "问卷.csv",
        [
            Answers("序号", numbers()),
            Answers("提交时间", moments()),
            worded("服务人员态度好", draw(dice, *words), "other", words, 1, 5),
            worded("等待时间太长", draw(dice, *words), "other", turned(words), 1, 5),
            worded("我不会再来", draw(dice, *words), "other", turned(words), 1, 5),
        ],
    )


@export
def ranks(dice: Random) -> SurveyExport:
    """A rating among ranks and codes of who answered."""
    return SurveyExport(
        "调查.csv",
        [
            Answers("序号", numbers()),
            Answers("提交时间", moments()),
            rated("服务满意度", draw(dice, *"12345"), "csat", 1, 5),
            Answers("请按重要性排序：价格", draw(dice, *"123")),
            Answers("请按重要性排序：质量", draw(dice, *"123")),
            Answers("您的年龄段", draw(dice, *"12345")),
        ],
    )


@export
def keys_and_words(dice: Random) -> SurveyExport:
    """A hotline: the key that was pressed, and the same in words."""
    words = {"1": "非常满意", "2": "满意", "3": "一般", "4": "不满意", "5": "非常不满意"}
    keys = draw(dice, *words)
    return SurveyExport(
        "热线满意度.csv",
        [
            Answers("序号", numbers()),
            Answers("提交时间", moments()),
            rated("满意度按键", keys, "csat", 1, 5, lowest_best=True),
            worded("满意度评价", [words[key] for key in keys], "csat", SATISFIED, 1, 5),
        ],
    )
