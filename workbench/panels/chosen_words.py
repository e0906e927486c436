"""What the controls of a panel are set to, in words: a file says it, for its figures cannot be read without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.i18n import t
from workbench.panels.controls import Choice, Control, Day, Slider, Switch, WholeSlider
from workbench.panels.multiple_choice import Several, TickedChoice


def chosen_words(controls: Mapping[str, Control], lang: str) -> str:
    """Say what each control is set to, as the page does; empty where there is none to say.

    Editors (rules, cut points) are no choice in one word, and are left out.

    >>> from workbench.panels.controls import share_slider
    >>> slider = share_slider(0.8, label="panels.pareto.a_share")
    >>> slider.say("en")
    >>> chosen_words({"a_share": slider}, "en")
    'A up to: 80%'
    """
    return t("panels.filters.and", lang).join(_said(controls, lang))


def _said(controls: Mapping[str, Control], lang: str) -> Iterator[str]:
    for control in controls.values():
        value = _value(control, lang)
        if value:
            label = control.description  # type: ignore[attr-defined]  # every control of `_value` has one
            yield t("panels.filters.stated", lang, name=label, values=value)


def _value(control: Control, lang: str) -> object:
    if isinstance(control, Choice):
        return control.label
    if isinstance(control, Several):
        return list(control.label)
    if isinstance(control, TickedChoice):
        return control.chosen
    if isinstance(control, (Slider, WholeSlider)):
        return format(control.value, control.readout_format)
    if isinstance(control, Switch):
        return t(f"panels.values.{'yes' if control.value else 'no'}", lang)
    return control.value.isoformat() if isinstance(control, Day) and control.value else ""
