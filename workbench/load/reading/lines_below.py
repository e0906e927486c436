"""Lines that reports write below their rows: totals, who made them and when, how many rows there were.

The patterns read alike in Python and in DuckDB (RE2); a line counts only where it leaves a cell blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

TOTAL_WORDS = ("合计", "总计", "小计", "累计", "汇总", "total", "subtotal", "grandtotal", "sum")
"""What the first filled cell of a total row says; blanks, colons and case do not matter."""

TOTAL_OF_GROUP = r"(?i)(合计|总计|小计)\s*$|(^|\s)(汇总|total|subtotal|grand total)\s*$"
"""How a spreadsheet names the subtotal of a group (`C1 汇总`, `红星小计`, `C1 Total`), in a row with a blank cell."""

TOTAL_FOR = r"(?i)^total for .+$"
"""How a ledger names the total of a group, in the first filled cell of a row with a blank one (`Total for Acme`)."""

_COUNT = r"[¥￥$€£]?-?[0-9][0-9,.]*(?:元|笔|条|行|单|人|个|件|户|项)?"
_BEHIND_TOTAL = rf"(?:[(（\[【].*|{_COUNT})?"
TOTAL_LINE = (
    rf"(?:[本当全各总][页日月季期年部店单]?)?(?:合计|总计|小计|累计|汇总|共计|合計|總計|小計)(?:金额|数量|笔数)?{_BEHIND_TOTAL}"
    rf"|(?:grand|sub|page|report|overall)?-?totals?{_BEHIND_TOTAL}"
    r"|summe|gesamt|gesamtsumme|zwischensumme|endsumme|totalgénéral|total(?:e)?general(?:e)?|sous-?total|somme|suma|sum"
)
"""The first filled cell of a row of totals, without blanks and colons, in lower case: 本页合计, 总计（元）, 合计3笔."""

_BY = (
    "制表|制单|填表|填报|审核|复核|审批|经办|导出|打印|制作|编制|统计|查询|报表|生成|下载|出表|报送|主管|会计"
    "|财务主管|单位负责人|部门负责人"
)
_ABOUT = "人|员|人员|时间|日期|单位|部门|者|条件|区间|范围|人签字|人签名|签字"
_MADE = "generated|exported|printed|produced|downloaded|prepared|reviewed|approved|compiled|extracted"
_ROWS = "rows?|records?|lines?|items?|results?|entries|transactions|orders"
_BLANK = r"[ \t　]*"
_FIGURE = r"-?[0-9][0-9,]*(?:\.[0-9]+)?(?:[%％分])?"
_NO_WHOLE_FIGURE = r"-?[0-9][0-9,]*(?:\.[0-9]+(?:[%％分])?|[%％])"
STATISTIC_LINE = (
    rf"(?:总体|整体|各[题项])?(?:平均(?:值|分|数|得分)?|均值|均分|总平均(?:值|分)?|标准差|方差|中位数|众数|样本[量数]|有效样本[量数]?)"
    rf"(?:\|{_FIGURE})+"
    r"|(?:overall)?(?:average|avg\.?|mean|median|std\.?(?:dev\.?|deviation)?|stdev\.?|standarddeviation|variance"
    r"|durchschnitt|mittelwert|moyenne|promedio)(?:score|rating)?"
    rf"(?:\|{_FIGURE})*\|{_NO_WHOLE_FIGURE}(?:\|{_FIGURE})*"
    r"|(?:samplesize|validn|respondents|responses|validresponses)(?:\|[0-9,]+)+"
)
"""A row of averages, spreads or bases: its filled cells without blanks and colons, in lower case, with `|` between.

Nothing but figures stands beside the word; beside an English one, which is an answer too (`average`), one of them at
least is no whole number.
"""

FOOTER_LINE = (
    rf"(?i)^(?:{_BY})(?:{_ABOUT})?{_BLANK}(?:[:：].*)?$"
    rf"|^共{_BLANK}(?:计|有)?{_BLANK}[0-9,]+{_BLANK}[条笔行个页单人件].*$|^第{_BLANK}[0-9]+{_BLANK}页.*$"
    r"|^[-—=*#_~.<（( 　]*(?:以下空白|以下无正文|报表结束|列表结束|数据结束|文件结束|明细结束|结束"
    r"|end|end of (?:the )?(?:report|file|list|data|export|document|statement)|eof)[-—=*#_~.>）) 　]*$"
    rf"|^[-—=*#_~]{{3,}}.*$|^(?:已|未|待|总)?(?:收入|支出|退款|付款|其他|不计收支|还款)[:：]?{_BLANK}[0-9]+{_BLANK}笔.*$"
    rf"|^(?:(?:report|data|file|list) )?(?:{_MADE})(?: (?:on|at|by|from|with|date|time|for))?{_BLANK}:.*$"
    rf"|^(?:(?:report|data|file|list) )?(?:{_MADE}) (?:on|at|by|from|with) .+$"
    rf"|^(?:report|run|print|export) (?:date|time|run|created|generated|name|id|period){_BLANK}:.*$"
    rf"|^(?:total|number of|no\. of|count of)(?: number of)? ?(?:{_ROWS})(?: [a-z]+)?{_BLANK}[:=]?{_BLANK}"
    r"(?:[0-9][0-9,]*)?$"
    rf"|^[0-9,]+ (?:{_ROWS})(?: (?:selected|exported|returned|in set|in total|total|found|shown))?\.?$"
    r"|^page [0-9]+(?: of [0-9]+)?$|^copyright\b.*$|^confidential information\b.*$|^(?:erstellt|exportiert|gedruckt) "
    r"(?:am|von)\b.*$"
)
"""The first filled cell of a line that says who made the report, when, how many rows it has, or where it ends."""

NOTE_LINE = (
    r"(?i)^(?:数据来源|资料来源|来源|注|备注|说明|附注|提示|注意|温馨提示)[0-9一二三]?[:：].*$"
    r"|^(?:评分|打分|量表|选项|分值|赋值|满意度)(?:说明|标准|规则|含义|方式)?[:：].*$"
    r"|^[（(]?[0-9]{1,3}[ 　]*分?[ 　]*[=＝].+$|^(?:(?:rating )?scale|legend|key|scoring|codes?)\b[ \t]*[:：].*$"
    r"|^#.*[:：].*$|^(?:source|notes?|disclaimer|as of|data as of)\b[ \t]*[:：].*$|^\* .+$"
)
"""A line that says something of the whole table, where no other cell of it is filled."""


NAME_OF_LIST = (
    r"(?i)(?:一览表|明细表|汇总表|统计表|资料表|登记表|信息表|档案表|对账单|清单|名单|名册|报表|台账)$"
    r"|\b(?:list|report|statement|register|directory|listing|summary|roster)$"
)
"""How the name of a list ends, where it stands alone below its rows."""

MAY_BE_BELOW = (
    r"$|[本当全各总合總小累汇共第制填审复经导打编统查报生下出主会财单部以列数文明结平均标方众样有整]"
    r"|[评打量选赋满(（]|[0-9]{1,3}[ 　]*分?[ 　]*[=＝]|rating|scale|legend|key|scoring|code|中位"
    r"|av|mean|med|st[da]|variance|valid|sample|resp|durchschnitt|mittelwert|moyenne|promedio"
    r"|[已未待收支退付其不还资来注备说附提温操\-—=*#_~.<（(]"
    r"|grand|sub|page|report|overall|total|sum|gesamt|zwischen|end|sous|somme|eof|generated|exported|printed|produced"
    r"|downloaded|prepared|reviewed|approved|compiled|extracted|data|file|list|run|print|export|number of|no\. of"
    r"|count of|copyright|confidential|erstellt|gedruckt|source|note|disclaimer|as of|[0-9,]+ [a-z]"
)
"""How all of these begin, and a blank cell: one look that spares most rows the patterns above."""


def is_below_rows(cells: Sequence[str | None]) -> bool:
    """Say whether a row is a total or another line below the rows, and no data.

    >>> is_below_rows(["合计", None, "170"]), is_below_rows(["制表人：张三", ""]), is_below_rows(["C1", "2024-01-05"])
    (True, True, False)
    >>> is_below_rows(["平均分", "4.31"]), is_below_rows(["Average", "", "4.3"]), is_below_rows(["Average", "", "1001"])
    (True, True, False)
    """
    texts = [(cell or "").strip() for cell in cells]
    first = next(filter(None, texts), "")
    if re.fullmatch(STATISTIC_LINE, "|".join(map(plain_cell, filter(None, texts)))):
        return True
    if "" not in texts:
        return False
    return bool(
        re.fullmatch(TOTAL_LINE, plain_cell(first))
        or re.search(TOTAL_OF_GROUP, first)
        or re.search(TOTAL_FOR, first)
        or re.search(FOOTER_LINE, first)
        or (sum(map(bool, texts)) == 1 and re.search(NOTE_LINE, first))
    )


def plain_cell(text: str) -> str:
    """Write a cell without blanks and colons, in lower case.

    >>> plain_cell("合 计：")
    '合计'
    """
    return re.sub(r"[\s:：]", "", text).lower()
