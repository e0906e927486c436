"""Make `static/vega.js`, the charts' runtime for the browser: `python -m workbench.widgets.build`.

Vega, Vega-Lite and Vega-Embed come from vl-convert, which carries them and bundles them without a network.
The bundle holds Vega's expression interpreter, so pages need no `unsafe-eval`.
"""

from __future__ import annotations

import vl_convert

from workbench.widgets.assets import VEGA

VEGA_LITE = "6.4"
"""The version Altair 6.3 writes."""


def versions() -> str:
    """Name what vl-convert would bundle now."""
    return (
        f"vega {vl_convert.get_vega_version()}, vega-lite {VEGA_LITE}, vega-embed {vl_convert.get_vega_embed_version()}"
    )


def bundle() -> str:
    """Return the module; its default export is `embed` of Vega-Embed, which carries the others."""
    # The snippet may not export, so it leaves the function on the page's global and the last line takes it from there.
    code = vl_convert.javascript_bundle("globalThis.workbenchEmbed = vegaEmbed;", vl_version=VEGA_LITE)
    return f"/* {versions()}. Licences: vega.LICENSE.txt */\n{code}\nexport default globalThis.workbenchEmbed;\n"


if __name__ == "__main__":
    VEGA.write_text(bundle(), encoding="utf-8")
