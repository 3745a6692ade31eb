"""The capture guide to print: how to photograph each view, with drawings."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from html import escape

from hairtrack.app.formatting import APPEARANCE_ONLY, format_length, format_view
from hairtrack.app.i18n import N_, _, current_language
from hairtrack.records import View
from hairtrack.workflows.library import Units

__all__ = ["DISTANCE_MM", "build_page", "build_sheet", "draw_setting", "draw_view"]

DISTANCE_MM = 600.0

_INTRODUCTION = N_(
    "Change nothing but the day. The first photograph of a view is the model for all later "
    "ones."
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
    N_("Hold still, or use the timer. Blur hides hair and skin alike."),
)
_HAIR = (
    N_("**Dry**, washed the same number of hours before. No gel, fibre, powder or spray."),
    N_("Same comb, same part, same direction."),
    N_(
        "**Three photographs of each view. Comb again between them.** Three of one combing "
        "count like one."
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
    "72 hours: this project's own margin; the Vizox Clinique guide to mesotherapy and PRP "
    "speaks of one to two days of redness and swelling. Combing: the same head, combed "
    "again in the same minute, was read up to one grade of five apart (Van Neste, PAR "
    "2020, as reported in an excerpt)."
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
    distance = format_length(DISTANCE_MM, units=units)
    title = _safe(_("Photographs that can be compared"))
    views = "".join(_show_view(view) for view in View)
    setting = _list_rules(_("Setting"), _SETTING, level=level, distance=distance)
    hair = _list_rules(_("Hair"), _HAIR, level=level)
    when = _list_rules(_("When"), _WHEN, level=level)
    drawn = _embed(
        draw_setting(escape(distance)),
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
    drawn = _embed(draw_view(view), alt=_("Drawing: {view}", view=name))
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


SIZE = 200
_STEP, _LENGTH = 6.0, 7.0
_SHAKE = (0.754878, 0.569840)
"""Of the plane's counterpart to the golden ratio: even, and never in rows."""

Inside = Callable[[float, float], bool]
Angle = Callable[[float, float], float]

_PROFILE = (
    '<path d="M66 50C52 64 48 80 49 94L36 116Q38 121 46 121L45 128Q41 132 46 135Q42 139 47 '
    "143Q45 157 58 160Q80 164 97 148M96 150L96 190M146 190Q141 158 149 140C168 118 168 80 "
    '152 60C132 34 88 30 66 50"/>'
    '<ellipse cx="111" cy="112" rx="9" ry="14"/><path d="M108 104q7 2 4 10q-4 3-2 8"/>'
    '<path d="M55 100q6-4 11 0M57 92q6-5 13-2"/>'
)


def draw_view(view: View) -> str:
    """Return how a photograph of a view should look: SVG."""
    return _picture(_FRAME + _DRAWINGS[view](), SIZE, SIZE)


def draw_setting(distance: str) -> str:
    """Return a head, the camera at a distance and the lamp above: SVG.

    Parameters
    ----------
    distance : str
        Such as "60 cm"; already safe in markup.
    """
    head = (
        f'<g transform="translate(150 28) scale(-0.72 0.72)">{_PROFILE}{_side_hair()}</g>'
    )
    phone = (
        '<rect x="292" y="64" width="12" height="52" rx="3" fill="#fff"/>'
        '<circle cx="292" cy="74" r="2.5" fill="#111"/>'
        '<path d="M288 74L130 46M288 74L130 118" stroke-dasharray="2 5" stroke-width="1"/>'
    )
    lamp = (
        '<path d="M208 4v12M190 30a18 14 0 0 1 36 0z"/>'
        '<path d="M194 38l-6 12M208 38v13M222 38l6 12" stroke-width="1.2"/>'
    )
    arrow = (
        '<path d="M128 146H290M128 146l8-4M128 146l8 4M290 146l-8-4M290 146l-8 4"/>'
        '<text x="209" y="164" font-size="16" font-family="sans-serif" fill="#111" '
        f'text-anchor="middle" stroke="none">{distance}</text>'
    )
    return _picture(head + phone + lamp + arrow, 330, 172)


_FRAME = (
    '<rect x="6" y="6" width="188" height="188" rx="12" stroke-width="1.5" '
    'stroke-dasharray="7 5" fill="#fff"/>'
)


def _picture(content: str, width: int, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" fill="none" stroke="#111" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{content}</svg>'
    )


def _above(angle: Angle, *, bare: Inside) -> str:
    """Draw a head from above, the nose down."""
    head = _ellipse(100, 98, 60, 72)
    nose = '<path d="M92 169q2 12 8 12q6 0 8-12"/>'

    def inside(x: float, y: float) -> bool:
        front = 152 - 0.00175 * (x - 100) ** 2
        return _within(x, y, 100, 98, 57, 69) and y < front and not bare(x, y)

    return head + _ears(38, 108) + nose + _hair(inside, angle)


def _vertex() -> str:
    def whorl(x: float, y: float) -> float:
        return math.atan2(y - 76, x - 100) + 0.7

    return _above(whorl, bare=lambda x, y: math.hypot(x - 100, y - 76) < 7)


def _midline() -> str:
    def combed(x: float, y: float) -> float:
        return 0.35 if x > 100 else math.pi - 0.35

    part = '<path d="M100 46V152" stroke-width="1" stroke-dasharray="1 4"/>'
    return _above(combed, bare=lambda x, y: abs(x - 100) < 4 and y > 46) + part


def _frontal() -> str:
    face = (
        _ellipse(100, 102, 60, 78)
        + _ears(38, 128)
        + '<path d="M70 128q9 6 18 0M112 128q9 6 18 0M68 118q10-5 20-1M112 117q10-4 20 1"/>'
        + '<path d="M96 132q-6 14-2 18q6 4 12 0q4-4-2-18M88 163q12 6 24 0"/>'
    )

    def inside(x: float, y: float) -> bool:
        line = 88 + 0.0075 * (x - 100) ** 2
        return _within(x, y, 100, 102, 57, 75) and y < line

    return face + _hair(inside, lambda x, y: math.atan2(-40, (x - 100) * 0.5))


def _left() -> str:
    return _PROFILE + _side_hair()


def _right() -> str:
    return f'<g transform="translate({SIZE} 0) scale(-1 1)">{_left()}</g>'


def _side_hair() -> str:
    """Draw the hair of a head whose nose points to the left, without the ear."""

    def inside(x: float, y: float) -> bool:
        u, v = (x - 104) / 167, (y - 95) / 167
        front = u > -0.27 + 0.9 * max(v + 0.12, 0)
        below = v < 0.05 + 0.75 * min(max(u + 0.06, -0.2), 0.3)
        ear = _within(x, y, 111, 112, 12, 17)
        return _within(x, y, 106, 92, 57, 56) and front and below and not ear

    return _hair(inside, lambda x, y: 0.3 + 1.1 * min(max((x - 60) / 100, 0), 1))


def _occipital() -> str:
    neck = '<path d="M68 150q2 20-4 40M132 150q-2 20 4 40"/>'

    def inside(x: float, y: float) -> bool:
        nape = 146 + 4 * math.cos((x - 100) / 6)
        return _within(x, y, 100, 92, 57, 67) and y < nape

    def fall(x: float, y: float) -> float:
        return math.atan2(y - 20, (x - 100) * 0.7)

    return _ellipse(100, 92, 60, 70) + _ears(38, 102) + neck + _hair(inside, fall)


_DRAWINGS: dict[View, Callable[[], str]] = {
    View.VERTEX: _vertex,
    View.MIDLINE: _midline,
    View.FRONTAL: _frontal,
    View.TEMPORAL_LEFT: _left,
    View.TEMPORAL_RIGHT: _right,
    View.OCCIPITAL: _occipital,
}


def _within(x: float, y: float, cx: float, cy: float, rx: float, ry: float) -> bool:
    return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1


def _ellipse(cx: float, cy: float, rx: float, ry: float) -> str:
    return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="#fff"/>'


def _ears(left: float, y: float) -> str:
    return "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="6" ry="14"/>' for x in (left, SIZE - left)
    )


def _hair(inside: Inside, angle: Angle) -> str:
    """Return strokes wherever there is hair, on a grid shaken always alike."""
    strokes = []
    for row in range(int(SIZE / _STEP)):
        for column in range(int(SIZE / _STEP)):
            number = row * 37 + column
            x = (column + 0.8 * (number * _SHAKE[0] % 1)) * _STEP
            y = (row + 0.8 * (number * _SHAKE[1] % 1)) * _STEP
            turn = angle(x, y)
            dx, dy = _LENGTH * math.cos(turn), _LENGTH * math.sin(turn)
            if inside(x, y) and inside(x + dx, y + dy):
                strokes.append(f"M{x:.0f} {y:.0f}l{dx:.1f} {dy:.1f}")
    return f'<path d="{"".join(strokes)}" stroke-width="1"/>'
