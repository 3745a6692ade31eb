"""The capture guide to print: how to photograph each view, with drawings."""

from __future__ import annotations

import base64
from html import escape

from hairtrack.app.formatting import APPEARANCE_ONLY, format_length, format_view
from hairtrack.app.frame import read_asset
from hairtrack.app.i18n import N_, _, current_language
from hairtrack.records import View
from hairtrack.workflows.library import Units

__all__ = ["build_page", "build_sheet"]

_DISTANCE_MM = 600.0

_INTRODUCTION = N_(
    "Take all photographs of a view in the same way. The first one is the example for all "
    "later ones."
)

_HOW = {
    View.VERTEX: N_(
        "From straight above: the whole crown, both ears or the nose in sight."
    ),
    View.MIDLINE: N_("From straight above, parted in the middle, forehead to crown."),
    View.FRONTAL: N_("From in front and a little above, the chin lowered."),
    View.TEMPORAL_LEFT: N_("Beside the left temple: temple, ear and hairline."),
    View.TEMPORAL_RIGHT: N_("Beside the right temple: temple, ear and hairline."),
    View.OCCIPITAL: N_("From behind: the back of the head between the ears."),
}

_SETTING = (
    N_("**Same lamp**, same place; curtains closed, no flash, no sunlight."),
    N_(
        "**Same distance**: {distance}, about an arm and a half, from lens to head. Mark "
        "the floor or use a stand."
    ),
    N_("**Same phone**, back camera, lens wiped; no zoom, filter or portrait mode."),
    N_("The head fills two thirds of the picture's width; plain background."),
    N_("Hold still, or use the timer: a blurred photograph shows no single hairs."),
)
_HAIR = (
    N_("**Dry**, washed the same number of hours before. No gel, fibre, powder or spray."),
    N_("Same comb, same part, same direction."),
    N_(
        "**Three photographs of each view. Comb again before each.** Without combing they "
        "tell no more than one."
    ),
    N_("Note the day of a haircut or of dyeing."),
)
_WHEN = (
    N_("**Two visits in the first 14 days**, before the treatment starts."),
    N_("After that a visit every two to four weeks, always the same views."),
    N_("On the day of a session: **just before it**."),
    N_(
        "**Not within 72 hours after a session.** What the clinic says about washing and "
        "combing comes first."
    ),
)

_SOURCES = N_(
    "The 72 hours are this project's own choice: the Vizox Clinique guide to mesotherapy "
    "and PRP names one to two days of redness and swelling. Why comb again: the same head, "
    "combed twice within a minute, was graded up to one of five grades apart (Van Neste, "
    "PAR 2020, quoted from an excerpt)."
)

_STYLE = """
.capture-guide{background:#fff;color:#111;font:10pt/1.33 system-ui,"Segoe UI",Roboto,
Helvetica,Arial,sans-serif;max-width:186mm;margin:0 auto}
.capture-guide .heading{font-size:19pt;line-height:1.15;font-weight:700;margin:0 0 1mm;
padding:0;color:#111}
.capture-guide .part{font-size:11.5pt;font-weight:700;margin:0 0 1mm;padding:0;color:#111}
.capture-guide p{margin:0 0 2mm;color:#111}
.capture-guide ul{margin:0;padding-left:4.6mm}
.capture-guide li{margin:0 0 .6mm;color:#111}
.capture-guide img{display:block;width:100%;height:auto}
.capture-guide .views{display:grid;grid-template-columns:repeat(3,1fr);gap:3mm 6mm;
margin:2mm 0 3mm}
.capture-guide figure{margin:0;break-inside:avoid}
.capture-guide .view img{max-width:36mm;margin:0 auto}
.capture-guide figcaption{font-size:9pt;line-height:1.25;color:#111;text-align:center}
.capture-guide .rules{display:grid;grid-template-columns:1fr 1fr;gap:3mm 8mm}
.capture-guide section{break-inside:avoid}
.capture-guide .setting{align-self:center}
.capture-guide .setting img{max-width:62mm;margin:1mm auto 0}
.capture-guide .small{font-size:8pt;line-height:1.3;margin:3mm 0 0;
border-top:.3mm solid #111;padding-top:1.5mm}
@media screen{.capture-guide{padding:6mm;border-radius:3mm}}
@media screen and (max-width:640px){.capture-guide .views{grid-template-columns:1fr 1fr}
.capture-guide .rules{grid-template-columns:1fr}}
"""

_PAPER = """
@page{margin:10mm 12mm}
html,body{margin:0;background:#fff}
@media screen{body{padding:8mm}}
"""


def build_page(units: Units) -> str:
    """Return the guide as a file of its own: HTML that fetches nothing, ready to print.

    Parameters
    ----------
    units : Units
        Of its lengths. The language is that of the session.
    """
    title = escape(_("Photographs that can be compared"))
    return (
        f'<!doctype html><html lang="{current_language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_PAPER}</style></head>"
        f"<body><main>{build_sheet(units, level=1)}</main></body></html>"
    )


def build_sheet(units: Units, *, level: int = 2) -> str:
    """Return the guide as a part of a page, with its own style.

    Parameters
    ----------
    units : Units
        Of its lengths.
    level : int
        Of its heading.
    """
    distance = format_length(_DISTANCE_MM, units=units)
    title = _safe(_("Photographs that can be compared"))
    views = "".join(_show_view(view) for view in View)
    setting = _list_rules(_("Setting"), _SETTING, level=level, distance=distance)
    hair = _list_rules(_("Hair"), _HAIR, level=level)
    when = _list_rules(_("When"), _WHEN, level=level)
    drawn = _embed(
        read_asset("guide_pictures/setting.svg").replace("DISTANCE", escape(distance)),
        alt=_("A head, the camera {distance} before it, a lamp above", distance=distance),
    )
    return (
        f'<div class="capture-guide"><style>{_STYLE}</style>'
        f'<h{level} class="heading">{title}</h{level}>'
        f"<p>{_safe(_(_INTRODUCTION))}</p>"
        f'<div class="views">{views}</div>'
        f'<div class="rules">{setting}<figure class="setting">{drawn}</figure>{hair}{when}'
        f'</div><p class="small">{_safe(_(_SOURCES))} {_safe(_(APPEARANCE_ONLY))}</p>'
        "</div>"
    )


def _show_view(view: View) -> str:
    name, how = format_view(view), _(_HOW[view])
    picture = read_asset(f"guide_pictures/{view}.svg")
    drawn = _embed(picture, alt=_("Drawing: {view}", view=name))
    return (
        f'<figure class="view">{drawn}<figcaption><b>{_safe(name)}</b><br>{_safe(how)}'
        "</figcaption></figure>"
    )


def _list_rules(title: str, rules: tuple[str, ...], *, level: int, **places: str) -> str:
    items = "".join(f"<li>{_embolden(_(rule, **places))}</li>" for rule in rules)
    head = level + 1
    return (
        f'<section><h{head} class="part">{_safe(title)}</h{head}><ul>{items}</ul></section>'
    )


def _embed(svg: str, *, alt: str) -> str:
    """Return a drawing as a picture inside the page: where SVG may not stand, it may."""
    data = base64.b64encode(svg.encode()).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'


def _safe(text: str) -> str:
    return escape(text, quote=False)


def _embolden(text: str) -> str:
    """Make text safe, and what stands between pairs of stars bold."""
    parts = _safe(text).split("**")
    return "".join(f"<b>{p}</b>" if n % 2 else p for n, p in enumerate(parts))
