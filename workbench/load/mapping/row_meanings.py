"""What the values of a status mean for the money of their rows: the dictionary `statuses.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from workbench.load.mapping.header_dictionary import BRACKETS, comparison_key
from workbench.load.mapping.source_mapping import RowMeaning

ANY_VALUE = "*"
"""In a mapping's meanings: whatever else stands under the header."""

FLAGS = ("no_sale", "refund", "sale", "unsure")

SHORTEST_REFUND_HEADER = 2
"""A known header of no more letters (退款) is not looked for at the end of a longer one."""


def certain_meaning(value: str, *, has_sales: bool) -> RowMeaning | None:
    """Return what a value of a status says for certain; None where it has to be asked.

    Parameters
    ----------
    has_sales : whether a row with the value has an amount above zero. A "refunded" with such an amount may be money
        paid back, or the order that was sold and is refunded by another row; without one it is a refund.

    >>> certain_meaning("交易关闭", has_sales=True), certain_meaning("退款", has_sales=False)
    ('no_sale', 'refund')
    >>> certain_meaning("已退款", has_sales=True) is certain_meaning("状态 7", has_sales=True) is None
    True
    """
    meaning = known_meanings().get(comparison_key(value))
    return None if meaning == "refund" and has_sales else meaning


def supposed_meaning(value: str) -> RowMeaning | None:
    """Return what a value most likely says, to be preselected where it is asked.

    >>> [supposed_meaning(value) for value in ("销售退货单", "(删除)等待付款", "无退款", "退款关闭", "A/R Credit Note")]
    ['refund', 'no_sale', None, None, 'refund']
    """
    key = comparison_key(value)
    if key in known_meanings():
        return known_meanings()[key]
    if any(
        word in key.replace("note", "").replace("nota", "") for word in _keys("denied")
    ):  # a credit note denies nothing
        return None
    within: tuple[tuple[RowMeaning, str], ...] = (("refund", "within_refund"), ("no_sale", "within_no_sale"))
    held = [meaning for meaning, name in within if any(word in key for word in _keys(name))]
    return held[0] if len(held) == 1 else None


def flag_meaning(header: str, value: str) -> tuple[RowMeaning | None, bool] | None:
    """Return what a yes or no under a header says, and whether it is certain; None where it is no such flag.

    A row that is said to be refunded is the sale that was: together they come to nothing.

    >>> flag_meaning("是否退款", "是"), flag_meaning("is_cancelled", "0"), flag_meaning("备注", "是")
    (('no_sale', False), ('sale', True), None)
    """
    key, said = comparison_key(header), value.strip().lower()
    name = next((one for one in FLAGS if key in _keys(f"flags_{one}")), None)
    is_yes, is_no = (said in words for words in flag_words())
    if name is None or not (is_yes or is_no):
        return None
    if is_yes is (name == "sale"):
        return "sale", True
    return (None if name == "unsure" else "no_sale"), False


def flag_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that affirm and those that deny, in lower case, wherever a file says yes or no.

    >>> "是" in flag_words()[0], "false" in flag_words()[1]
    (True, True)
    """
    return _dictionary()["yes"], _dictionary()["no"]


def is_refund_flag(header: str) -> bool:
    """Say whether the yes of a header says that a row was paid back.

    >>> is_refund_flag("是否退款"), is_refund_flag("Captured")
    (True, False)
    """
    return comparison_key(header) in _keys("flags_refund")


def is_sale_flag(header: str) -> bool:
    """Say whether the yes of a header says that a row was sold: where it is blank beside others, perhaps it was not.

    >>> is_sale_flag("审核标志"), is_sale_flag("is_paid"), is_sale_flag("是否退款")
    (True, True, False)
    """
    return comparison_key(header) in _keys("flags_sale")


def is_time_of_end(header: str) -> bool:
    """Say whether a day under a header says that the sale of its row came to nothing.

    >>> is_time_of_end("退款时间"), is_time_of_end("cancelled_at"), is_time_of_end("完成时间")
    (True, True, False)
    """
    return comparison_key(header) in _keys("times_no_sale") | _keys("times_refund")


def is_time_of_payment(header: str) -> bool:
    """Say whether a header names the moment of payment, which is blank where nobody paid.

    >>> is_time_of_payment("付款时间"), is_time_of_payment("Paid at"), is_time_of_payment("下单时间")
    (True, True, False)
    """
    return comparison_key(BRACKETS.sub("", header)) in _keys("times_paid")


def is_reason_of_end(header: str) -> bool:
    """Say whether a header names the reason why a sale came to nothing.

    >>> is_reason_of_end("订单关闭原因"), is_reason_of_end("Reason for Rejection"), is_reason_of_end("Reason")
    (True, True, False)
    """
    return any(comparison_key(header).endswith(known) for known in _keys("reasons_of_end"))


def is_reason_of_return(header: str) -> bool:
    """Say whether a header names the reason why something came back.

    >>> is_reason_of_return("退货原因"), is_reason_of_return("Return reason"), is_reason_of_return("取消原因")
    (True, True, False)
    """
    return any(comparison_key(header).endswith(known) for known in _keys("reasons_of_return"))


def tells_by_being_filled(header: str) -> bool:
    """Say whether whatever stands under a header says that its row came to nothing, came back, or is a part of a set.

    >>> tells_by_being_filled("取消原因"), tells_by_being_filled("Cancelled at"), tells_by_being_filled("订单状态")
    (True, True, False)
    """
    return is_reason_of_end(header) or is_reason_of_return(header) or names_set(header) or is_time_of_end(header)


def says_nothing(text: str) -> bool:
    """Say whether a text where a reason might stand says that there is none.

    >>> says_nothing("-"), says_nothing("订单未关闭"), says_nothing("N/A"), says_nothing("超时未付款")
    (True, True, True, False)
    """
    key = comparison_key(text)
    return not key or key in _keys("nothing") or any(word in key for word in _keys("denied_ends"))


def is_paid_out(header: str) -> bool:
    """Say whether a header names money that went out, beside another with what came in.

    >>> is_paid_out("支出（元）"), is_paid_out("Money out"), is_paid_out("退款金额")
    (True, True, False)
    """
    return comparison_key(BRACKETS.sub("", header)) in _keys("paid_out")


def is_nobody(text: str) -> bool:
    """Say whether a text in a customer's place names nobody in particular.

    >>> is_nobody("散客"), is_nobody("Walk-in Customer"), is_nobody("0000"), is_nobody("1000")
    (True, True, True, False)
    """
    return comparison_key(text) in _keys("nobody") or set(text.strip()) == {"0"}


def is_zone(header: str) -> bool:
    """Say whether a header names the time zone of its row.

    >>> is_zone("TimeZone"), is_zone("时区"), is_zone("地区")
    (True, True, False)
    """
    return comparison_key(header) in _keys("zones")


def is_row_mark(header: str) -> bool:
    """Say whether a header beside the status names something that decides what its rows mean.

    >>> is_row_mark("收/支"), is_row_mark("商品退款状态"), is_row_mark("商品名称")
    (True, True, False)
    """
    key = comparison_key(header)
    return key in _keys("directions") or any(key.endswith(known) for known in _keys("headers"))


def is_row_kind(header: str, values: Iterable[str]) -> bool:
    """Say whether a header names what kind of row it is, and some of its values are no sales.

    >>> is_row_kind("交易类型", ["充值", "消费", "退款"]), is_row_kind("订单类型", ["普通订单", "拼团订单"])
    (True, False)
    """
    key, values = comparison_key(header), [*values]
    is_state = key.endswith(("状态", "status")) and any(word in key for word in _keys("papers"))
    if is_state:  # 反结账: what nobody knows is asked
        return any(comparison_key(value) and supposed_meaning(value) != "sale" for value in values)
    if key in _keys("kinds_in_codes"):
        return len({comparison_key(value) for value in values} - {""}) > 1
    if key in _keys("kinds"):
        return any(map(_may_be_no_sale, values))
    return may_be_kind(header) and any(
        supposed_meaning(value) == "refund" or may_bring_nothing(value) for value in values
    )


def _may_be_no_sale(kind: str) -> bool:
    """Whether a kind of row may be no sale: it is known as none, brings no money, or is paid in points."""
    return supposed_meaning(kind) in ("no_sale", "refund") or may_bring_nothing(kind) or spends_points(kind)


def is_loose_kind(header: str) -> bool:
    """Say whether a header is none of the known ones of kinds: of its values only those that may be no sale are asked.

    >>> is_loose_kind("交易类型"), is_loose_kind("菜品类型")
    (False, True)
    """
    is_known = comparison_key(header) in _keys("kinds") | _keys("kinds_in_codes") or is_row_mark(header)
    return not is_known and may_be_kind(header)


def spends_points(kind: str) -> bool:
    """Say whether a kind of movement takes points away.

    >>> spends_points("积分兑换"), spends_points("Expired"), spends_points("消费赠送")
    (True, True, False)
    """
    return any(word in comparison_key(kind) for word in _keys("points_spent"))


def may_be_kind(header: str) -> bool:
    """Say whether a header may name what kind of row it is, whatever of: how it was paid, or to whom, is none.

    >>> may_be_kind("收款类型"), may_be_kind("Row Type"), may_be_kind("支付方式"), may_be_kind("Card Type")
    (True, True, False, False)
    """
    key = comparison_key(header)
    return key.endswith(tuple(_keys("kinds_by_end"))) and not any(word in key for word in _keys("no_kinds"))


def may_bring_nothing(value: str) -> bool:
    """Say whether a kind of row may bring no money of its own: what is sent once more, given away, a part of a set.

    >>> may_bring_nothing("换货订单"), may_bring_nothing("套餐明细"), may_bring_nothing("普通订单")
    (True, True, False)
    """
    return any(word in comparison_key(value) for word in _keys("within_unsure") | _keys("within_parts"))


def names_set(header: str) -> bool:
    """Say whether a header names the set that a row is a part of, which may have a row of its own.

    >>> names_set("所属套餐"), names_set("Parent SKU"), names_set("SKU")
    (True, True, False)
    """
    return any(comparison_key(header).endswith(known) for known in _keys("sets_of_parts"))


def names_gift(header: str) -> bool:
    """Say whether the yes of a header says that a row is given away, or is none of the shop's business with customers.

    >>> names_gift("是否赠品"), names_gift("is_gift"), names_gift("是否取消")
    (True, True, False)
    """
    return comparison_key(header) in _keys("flags_unsure")


def denies_return(value: str) -> bool:
    """Say whether a status of a return says that nothing came back.

    >>> denies_return("售后关闭"), denies_return("退款成功")
    (True, False)
    """
    return comparison_key(value) in _keys("no_returns")


def is_direction(header: str) -> bool:
    """Say whether a header names which way money went.

    >>> is_direction("收/支"), is_direction("退款状态")
    (True, False)
    """
    return comparison_key(header) in _keys("directions")


def is_refunded_amount(header: str) -> bool:
    """Say whether a header names money that was paid back.

    >>> is_refunded_amount("退款金额（元）"), is_refunded_amount("Amount Refunded"), is_refunded_amount("金额")
    (True, True, False)
    """
    return comparison_key(BRACKETS.sub("", header)) in _keys("refunded_amounts")


def ends_in_refunded_amount(header: str) -> bool:
    """Say whether a longer header ends in one that names money paid back; what is only asked for is not.

    >>> ends_in_refunded_amount("商品已退款金额"), ends_in_refunded_amount("申请退款金额")
    (True, False)
    """
    key = comparison_key(BRACKETS.sub("", header))
    if any(word in key for word in _dictionary()["not_refunded"]):
        return False
    return any(key.endswith(known) for known in _keys("refunded_amounts") if len(known) > SHORTEST_REFUND_HEADER)


def is_discount(header: str) -> bool:
    """Say whether a header names what is taken off a price, as a rate or in money.

    >>> is_discount("折扣率（%）"), is_discount("Coupon Amount"), is_discount("折后单价"), is_discount("Discount Code")
    (True, True, False, False)
    """
    return _names_change(header, "discounts")


def is_tax(header: str) -> bool:
    """Say whether a header names a tax, as a rate or in money.

    >>> is_tax("税率"), is_tax("Item Tax"), is_tax("含税单价"), is_tax("Tax ID")
    (True, True, False, False)
    >>> is_tax("IVA"), is_tax("Total IVA (21%)"), is_tax("Precio sin IVA"), is_tax("Privado")
    (True, True, False, False)
    """
    words = [comparison_key(word) for word in re.split(r"[\W\d_]+", header) if word]
    alone = [word for word in words if word in _keys("taxes_alone")]
    is_alone = bool(alone) and {*words} - {*alone} <= _keys("beside_taxes")
    return is_alone or _names_change(header, "taxes")


def adjusted_name(header: str) -> str | None:
    """Return what a header names that was changed later, without the word for the change; None for any other header.

    >>> adjusted_name("Adjusted Order Total"), adjusted_name("调整后金额（元）"), adjusted_name("Order Total")
    ('Order Total', '金额', None)
    """
    plain = BRACKETS.sub("", header).strip()
    words = "|".join(sorted(map(re.escape, _dictionary()["adjusted"]), key=len, reverse=True))
    rest = re.sub(rf"(?i)^(?:{words})[\s_-]*|[\s_-]*(?:{words})$", "", plain)
    return rest if rest and rest != plain else None


def is_returned_pieces(header: str) -> bool:
    """Say whether a header names how many pieces came back.

    >>> is_returned_pieces("退货数量"), is_returned_pieces("数量")
    (True, False)
    """
    return comparison_key(BRACKETS.sub("", header)) in _keys("returned_pieces")


def holds_discount(header: str) -> bool:
    """Say whether the header of a price or an amount says that it is what was paid.

    >>> holds_discount("实付金额"), holds_discount("Net Sales"), holds_discount("订单金额")
    (True, True, False)
    """
    return _contains(header, "paid_amounts")


def is_net(header: str) -> bool:
    """Say whether the header of an amount says that something was taken off it already.

    >>> is_net("净销售额"), is_net("Net Sales"), is_net("Magnetic strips"), is_net("销售额")
    (True, True, False, False)
    """
    return "净" in header or "net" in re.split("[^a-z]+", header.lower())


def holds_tax(header: str) -> bool | None:
    """Say whether the header of a price or an amount says that the tax is in it; None where it says nothing.

    >>> holds_tax("价税合计"), holds_tax("不含税单价"), holds_tax("金额")
    (True, False, None)
    """
    if _contains(header, "untaxed_amounts"):
        return False
    return True if _contains(header, "taxed_amounts") else None


def _names_change(header: str, name: str) -> bool:
    return _contains(header, name) and not _contains(header, "no_price_change")


def _contains(header: str, name: str) -> bool:
    key = comparison_key(header)
    return any(word in key for word in _keys(name))


def is_profit(header: str) -> bool:
    """Say whether a header names what a line earned.

    >>> is_profit("毛利（元）"), is_profit("Profit"), is_profit("利润率")
    (True, True, False)
    """
    return comparison_key(BRACKETS.sub("", header)) in _keys("profits")


def names_returns(name: str) -> bool:
    """Say whether the name of a file or a sheet says that it holds returns.

    >>> names_returns("退货明细"), names_returns("2024 Returns.csv"), names_returns("turnover.csv")
    (True, True, False)
    """
    words = re.split(r"[^a-z]+", name.lower())
    return any(word in words if word.isascii() else word in name for word in _dictionary()["returns"])


def is_currency(header: str) -> bool:
    """Say whether a header names the currency of its rows.

    >>> is_currency("币种"), is_currency("Currency Code"), is_currency("金额")
    (True, True, False)
    """
    return comparison_key(header) in _keys("currency")


def is_parent_order(header: str) -> bool:
    """Say whether a header names the order that a refund or a return is about.

    >>> is_parent_order("parent_id"), is_parent_order("原订单号"), is_parent_order("订单号")
    (True, True, False)
    """
    return comparison_key(header) in _keys("parents")


def written_forms(meaning: RowMeaning) -> tuple[str, ...]:
    """Return the ways in which the words of a meaning are written, in lower case, for SQL that compares plainly."""
    forms: dict[str, None] = {}
    for word in _dictionary()[meaning]:
        parts = re.split(r"[-_\s]+", word.lower())
        forms |= dict.fromkeys(sign.join(parts) for sign in (" ", "_", "-", ""))
        forms |= dict.fromkeys([word.lower(), word.lower().replace("，", ",")])
    return tuple(forms)


@cache
def known_meanings() -> Mapping[str, RowMeaning]:
    """Return the meaning of every known value, by its comparison key."""
    meanings: tuple[RowMeaning, ...] = ("sale", "no_sale", "refund")
    known = {comparison_key(word): meaning for meaning in meanings for word in _dictionary()[meaning]}
    return MappingProxyType(known)


@cache
def _keys(name: str) -> frozenset[str]:
    return frozenset(map(comparison_key, _dictionary()[name]))


@cache
def _dictionary() -> Mapping[str, tuple[str, ...]]:
    text = files("workbench.load.mapping").joinpath("statuses.toml").read_text(encoding="utf-8")
    return {name: tuple(words) for name, words in tomllib.loads(text).items()}
