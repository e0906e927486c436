"""Set a report in a process of its own: its content as JSON comes in on stdin, the PDF goes out on stdout.

`pdf_report.py` runs this file by its path, so that the process imports the typesetter and nothing else of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

NO_FONT = 3
"""Exit status: this machine has no font that holds Chinese letters."""
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
    "WenQuanYi Micro Hei", "SimHei",
)  # fmt: skip
"""Those that charts name, and those that systems bring along; the first that the machine has is taken."""


def main() -> int:
    """Read the report, set it, write the PDF."""
    import typst  # here, for whoever asks what the exit status means may be without it

    content = sys.stdin.buffer.read().decode("utf-8")
    known = set(typst.Fonts().families())
    fonts = [name for name in CHINESE_FONTS if name in known]
    if not fonts:
        return NO_FONT
    template = Path(__file__).with_name("report.typ").read_text(encoding="utf-8")
    source = template.replace("report.fonts", "(" + "".join(f'"{name}", ' for name in fonts) + ")")
    sys.stdout.buffer.write(typst.compile(source.encode("utf-8"), sys_inputs={"report": content}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
