"""What the call centre hands over: calls after a visit, the yearly round, service quality, complaints, contacts."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.samples.dice import Dice
from workbench.samples.files import Sheet, SheetCell, text_table, workbook
from workbench.samples.mess import messy_day, slip_in, tidy_day
from workbench.samples.model import AS_OF, COMPANY, Complaint, Contact, SampleCompany, SurveyAnswer
from workbench.samples.surveys import CES_ITEM, CSAT_ITEM, NPS_ITEM

SERVQUAL_ITEMS = tuple(f"{side}{number:02d}" for side in "EP" for number in range(1, 23))


def call_centre(seed: int, company: SampleCompany) -> dict[str, bytes]:
    """Return the files by name: one workbook of two sheets, and text tables in GBK and UTF-8."""
    dice = Dice(seed, "call centre")
    return {
        "客服中心导出.xlsx": workbook([_round(dice, company.recommendations), _complaints(company.complaints)]),
        "满意度回访.csv": text_table(_follow_ups(dice, company.follow_ups), encoding="gbk"),
        "服务质量问卷.csv": text_table(list(map(_questionnaire, company.servqual)), encoding="gbk"),
        "互动记录.csv": text_table(_contacts(company.contacts), encoding="utf-8-sig"),
    }


def _round(dice: Dice, answers: Sequence[SurveyAnswer]) -> Sheet:
    """Return the sheet of the yearly round: recommendation and effort side by side, with weights."""
    rows: list[dict[str, SheetCell]] = [
        {
            "问卷编号": answer.response_id,
            "客户编号": answer.customer.customer_id,
            "访问日期": messy_day(dice, answer.day) if dice.chance(0.1) else answer.day,
            "区域": answer.customer.region,
            "客户类型": answer.customer.customer_type,
            NPS_ITEM: _number(answer.scores[NPS_ITEM]),
            CES_ITEM: _number(answer.scores[CES_ITEM]),
            "权重": float(answer.weight),
        }
        for answer in answers
    ]
    return Sheet(
        "推荐与费力",
        f"{COMPANY} 客户推荐意愿调查",
        f"导出日期：{AS_OF}　推荐意愿 0–10，99 为拒答；费力程度 1–7，7 为最省力；权重按区域校正",
        rows,
        {"问卷编号": "合计", "客户编号": f"{len(rows)} 份"},
    )


def _complaints(complaints: Sequence[Complaint]) -> Sheet:
    """Return the sheet of complaints, two wrong rows among them."""
    rows = [_complaint(complaint) for complaint in complaints]
    wrong: list[dict[str, SheetCell]] = [
        {**rows[0], "工单号": None},
        {**rows[1], "工单号": "TS9999", "受理日期": "2025-02-29"},
    ]
    return Sheet(
        "投诉工单",
        f"{COMPANY} 投诉工单",
        f"导出日期：{AS_OF}　办结日期为空表示仍在处理",
        slip_in(rows, wrong),
        {"工单号": "合计", "客户编号": f"{len(rows)} 件"},
    )


def _complaint(complaint: Complaint) -> dict[str, SheetCell]:
    return {
        "工单号": complaint.complaint_id,
        "客户编号": complaint.customer.customer_id,
        "受理日期": complaint.day,
        "办结日期": complaint.closed_on,
        "投诉类别": complaint.category,
        "触点": complaint.touchpoint,
        "渠道": complaint.channel,
        "区域": complaint.customer.region,
        "严重程度": complaint.severity,
        "状态": "已办结" if complaint.closed_on else "处理中",
        "责任人": complaint.employee_id,
        "投诉内容": complaint.narrative,
    }


def _follow_ups(dice: Dice, answers: Sequence[SurveyAnswer]) -> list[dict[str, str]]:
    """Return the calls after a visit, one row per touchpoint, two wrong rows among them."""
    rows = [
        {
            "回访编号": answer.response_id,
            "客户编号": answer.customer.customer_id,
            "回访日期": messy_day(dice, answer.day),
            "题目": CSAT_ITEM,
            "触点": answer.touchpoint,
            "评分": answer.scores[CSAT_ITEM],
            "区域": answer.customer.region,
            "客户类型": answer.customer.customer_type,
            "服务顾问": answer.employee_id,
        }
        for answer in answers
    ]
    wrong = [{**rows[5], "回访编号": ""}, {**rows[6], "回访编号": "HF99999", "评分": "很好"}]
    return slip_in(rows, wrong)


def _questionnaire(answer: SurveyAnswer) -> dict[str, str]:
    return {
        "问卷编号": answer.response_id,
        "客户编号": answer.customer.customer_id,
        "填写日期": tidy_day(answer.day),
        "区域": answer.customer.region,
        "客户类型": answer.customer.customer_type,
        **{item: answer.scores[item] for item in SERVQUAL_ITEMS},
    }


def _contacts(contacts: Sequence[Contact]) -> list[dict[str, str]]:
    """Return calls, messages and visits without a purchase, one of them without its day."""
    rows = [
        {
            "记录编号": contact.contact_id,
            "客户编号": contact.customer.customer_id,
            "日期": tidy_day(contact.day),
            "类型": contact.kind,
            "渠道": contact.channel,
            "触点": contact.touchpoint,
            "区域": contact.customer.region,
            "员工工号": contact.employee_id,
        }
        for contact in contacts
    ]
    return slip_in(rows, [{**rows[3], "记录编号": "HD99999", "日期": ""}])


def _number(score: str) -> SheetCell:
    return int(score) if score else None
