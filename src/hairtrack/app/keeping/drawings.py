"""Line drawings of the six views and of the setting, as SVG made by code.

Black on white and thin, so that they print on any printer. The nose points the way that
docs/conventions.md says, and the head fills two thirds of the picture's width.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from hairtrack.records import View

__all__ = ["draw_setting", "draw_view"]

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
