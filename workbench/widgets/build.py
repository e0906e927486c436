"""Make `static/vega.js`, the charts' runtime for the browser: `python -m workbench.widgets.build`.

Vega, Vega-Lite and Vega-Embed come from vl-convert, which carries them and bundles them without a network.
The bundle holds Vega's expression interpreter, so pages need no `unsafe-eval`.
"""

from __future__ import annotations

from pathlib import Path

import vl_convert

STATIC = Path(__file__).parent / "static"
VEGA = STATIC / "vega.js"
VEGA_LITE = "6.4"
"""The version Altair 6.3 writes."""


def stamp() -> str:
    """Name the versions in the bundle; its first line, and what tells a page whether it already has this one."""
    return (
        f"vega {vl_convert.get_vega_version()}, vega-lite {VEGA_LITE}, vega-embed {vl_convert.get_vega_embed_version()}"
    )


def bundle() -> str:
    """Return the module: its default export holds `embed` (vega-embed) and `vega`."""
    # The snippet may not export, so it leaves the parts on the page's global and the last line takes them from there.
    parts = "globalThis.workbenchVega = {embed: vegaEmbed, vega: vega};"
    code = vl_convert.javascript_bundle(parts, vl_version=VEGA_LITE)
    return f"/* {stamp()}. Licences: vega.LICENSE.txt */\n{code}\nexport default globalThis.workbenchVega;\n"


def built_stamp() -> str:
    """Return the versions that the committed bundle holds."""
    with VEGA.open(encoding="utf-8") as file:
        return file.readline().removeprefix("/* ").partition(". Licences")[0]


if __name__ == "__main__":
    VEGA.write_text(bundle(), encoding="utf-8")
