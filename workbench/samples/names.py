"""Invented names, telephone numbers and number plates that read like real ones and belong to nobody."""

from __future__ import annotations

from workbench.samples.dice import Dice

SURNAMES = (
    ("王", 7.2), ("李", 7.1), ("张", 6.8), ("刘", 5.4), ("陈", 4.5), ("杨", 3.1), ("黄", 2.3), ("赵", 2.1), ("吴", 2.0),
    ("周", 2.0), ("徐", 1.7), ("孙", 1.5), ("马", 1.3), ("朱", 1.3), ("胡", 1.2), ("郭", 1.2), ("何", 1.2), ("林", 1.1),
    ("高", 1.0), ("罗", 1.0), ("郑", 0.9), ("梁", 0.9), ("谢", 0.8), ("宋", 0.7), ("唐", 0.7), ("许", 0.7), ("韩", 0.7),
    ("邓", 0.6), ("冯", 0.6), ("曹", 0.6), ("彭", 0.6), ("曾", 0.6), ("肖", 0.6), ("田", 0.5), ("董", 0.5), ("潘", 0.5),
    ("袁", 0.5), ("蔡", 0.5), ("蒋", 0.5), ("余", 0.5), ("于", 0.5), ("杜", 0.5), ("叶", 0.5), ("程", 0.5), ("魏", 0.5),
    ("苏", 0.4), ("吕", 0.4), ("丁", 0.4), ("任", 0.4), ("卢", 0.4), ("姚", 0.4), ("沈", 0.4), ("钟", 0.4), ("姜", 0.3),
    ("欧阳", 0.1), ("上官", 0.02), ("司徒", 0.02),
)  # fmt: skip
"""Surnames with their approximate shares of the population, in percent."""

GIVEN = {
    "男": (
        *[
            "伟",
            "强",
            "磊",
            "军",
            "勇",
            "杰",
            "涛",
            "超",
            "明",
            "刚",
            "平",
            "辉",
            "鹏",
            "斌",
            "波",
            "浩",
            "宇",
            "峰",
            "建国",
            "建华",
            "志强",
            "志远",
            "俊杰",
        ],
        *["海涛", "文博", "子轩", "浩然", "天宇", "国栋", "家豪", "晓东", "立新", "永康", "振华"],
    ),
    "女": (
        *[
            "芳",
            "娜",
            "敏",
            "静",
            "丽",
            "艳",
            "娟",
            "霞",
            "燕",
            "玲",
            "婷",
            "雪",
            "琳",
            "洁",
            "倩",
            "颖",
            "欣",
            "蕾",
            "秀英",
            "桂兰",
            "玉梅",
            "晓燕",
            "雅琴",
        ],
        *["诗涵", "梦洁", "思琪", "佳怡", "海燕", "雨桐", "丽华", "春梅", "美玲", "淑珍", "若曦"],
    ),
}

COMPANY_HEADS = (
    "鸿远",
    "瑞和",
    "恒通",
    "诚达",
    "宏泰",
    "嘉源",
    "众合",
    "新晟",
    "博润",
    "金桥",
    "汇川",
    "华阳",
    "顺驰",
    "同兴",
)
COMPANY_TAILS = {
    "物流": ("物流有限公司", "货运有限公司", "供应链有限公司"),
    "出租车": ("出租汽车有限公司", "客运有限公司"),
    "制造": ("机械制造有限公司", "电子有限公司", "建材有限公司"),
    "商贸": ("商贸有限公司", "贸易有限公司"),
    "服务": ("物业服务有限公司", "餐饮管理有限公司", "咨询有限公司"),
}

PHONE_PREFIX = "154"
"""A range in which no number is known to be in use: all telephone numbers of the sample are invented."""


def person_name(dice: Dice, gender: str) -> str:
    """Return a surname, as often as in the population, and a given name."""
    return dice.weighted(SURNAMES) + dice.pick(GIVEN[gender])


def company_name(dice: Dice, industry: str, taken: set[str]) -> str:
    """Return a company's name that is not taken yet."""
    while True:
        name = dice.pick(COMPANY_HEADS) + dice.pick(COMPANY_HEADS) + dice.pick(COMPANY_TAILS[industry])
        if name not in taken:
            taken.add(name)
            return name


def phone_number(dice: Dice, taken: set[str]) -> str:
    """Return an invented mobile number that is not taken yet."""
    while True:
        number = PHONE_PREFIX + str(dice.between(10_000_000, 99_999_999))
        if number not in taken:
            taken.add(number)
            return number


def plate_number(dice: Dice, number: int) -> str:
    """Return a number plate of the invented province 启, different for each running number."""
    return f"启{dice.pick('ABCDEF')}{(number * 7919 + 13) % 90_000 + 10_000}"
