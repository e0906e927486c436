"""The command `python -m workbench.new_topic NAME`: says in the reader's language what was written, or why not."""

from __future__ import annotations

import sys

from workbench.errors import WorkbenchError
from workbench.i18n import t, usual_language
from workbench.new_topic import PROJECT, new_topic


def main(names: list[str]) -> int:
    """Write the topic and list its files."""
    lang = usual_language()
    if len(names) != 1:
        sys.stderr.write(t("new_topic.usage", lang) + "\n")
        return 2
    try:
        written = new_topic(names[0])
    except WorkbenchError as error:
        sys.stderr.write(error.words(lang) + "\n")
        return 2
    lines = [str(path.relative_to(PROJECT)) for path in written]
    sys.stdout.write("\n".join([t("new_topic.written", lang), *lines, t("new_topic.next", lang)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
