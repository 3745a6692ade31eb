"""The Bland-Altman figure of repeated photographs, as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

from hairtrack.change.repeatability import Agreement

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 522, 34, 370
_INK, _BLUE = "#1c2430", "#2b80b6"


def draw_agreement(
    found: Agreement, *, title: str = "Two photographs of one visit"
) -> bytes:
    """Draw differences over means, with bias, limits of agreement and their intervals.

    Parameters
    ----------
    found : Agreement
        What `hairtrack.change.repeatability.bland_altman` gives.
    title : str
        Heading.

    Returns
    -------
    bytes
        SVG, UTF-8.
    """
    svg = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        fill=_INK,
    )
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "12")
    low, high = found.limits_pp
    _add(svg, "title", title)
    told = (
        f"Bland-Altman plot of {found.n} pairs: bias {found.bias_pp:.1f} points, 95 % "
        f"limits of agreement {low:.1f} to {high:.1f} points"
    )
    _add(svg, "desc", told)
    _add(svg, "rect", width=_WIDTH, height=_HEIGHT, fill="white")
    _add(svg, "text", f"{title} (n = {found.n})", x=_LEFT, y=20)
    x = _Axis([mean for mean, _ in found.points], _LEFT, _RIGHT, least=2.5)
    limits = [*found.lower_pp, *found.upper_pp, *(one for _, one in found.points)]
    y = _Axis([*limits, *(-end for end in limits)], _BOTTOM, _TOP, least=1.0)
    for name, value, interval, dash in (
        ("bias", found.bias_pp, found.bias_interval_pp, "none"),
        ("-1.96 SD", low, found.lower_pp, "6 4"),
        ("+1.96 SD", high, found.upper_pp, "6 4"),
    ):
        bottom, top, at = (y.place(one) for one in (*interval, value))
        box = {"x": _LEFT, "y": top, "width": _RIGHT - _LEFT, "height": bottom - top}
        _add(svg, "rect", fill=_BLUE, opacity=0.12, **box)
        ends = {"x1": _LEFT, "x2": _RIGHT, "y1": at, "y2": at}
        _add(svg, "line", stroke=_BLUE, stroke_dasharray=dash, **ends)
        _add(svg, "text", f"{name}: {value:+.1f}", x=_RIGHT + 6, y=at + 4)
    _add_axes(svg, x, y)
    for mean, difference in found.points:
        at_x, at_y = x.place(mean), y.place(difference)
        _add(svg, "circle", cx=at_x, cy=at_y, r=4, fill="none", stroke=_INK)
    written: bytes = ElementTree.tostring(svg)
    return written


def _add_axes(svg: ElementTree.Element, x: _Axis, y: _Axis) -> None:
    """Add frame, ticks and names of the axes."""
    frame = f"M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"
    _add(svg, "path", d=frame, fill="none", stroke=_INK)
    middle = {"text_anchor": "middle"}
    for value in x.list_ticks():
        _add(svg, "text", f"{value:g}", x=x.place(value), y=_BOTTOM + 18, **middle)
    for value in y.list_ticks():
        _add(svg, "text", f"{value:g}", x=_LEFT - 20, y=y.place(value) + 4, **middle)
    below, beside = "visible scalp, mean of both (%)", "second minus first (points)"
    _add(svg, "text", below, x=(_LEFT + _RIGHT) / 2, y=_HEIGHT - 10, **middle)
    turned = f"translate(16 {(_TOP + _BOTTOM) / 2}) rotate(-90)"
    _add(svg, "text", beside, transform=turned, **middle)


def _add(
    svg: ElementTree.Element, tag: str, text: str = "", /, **attributes: str | float
) -> None:
    """Add an element; an underscore in the name of an attribute stands for a hyphen."""
    named = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
    ElementTree.SubElement(svg, tag, named).text = text


class _Axis:
    """A span of values, with a margin, between two ends in px."""

    def __init__(self, values: list[float], start: int, end: int, *, least: float) -> None:
        low, high = min(values), max(values)
        half = max(least, 0.55 * (high - low))
        self.low, self.high = (low + high) / 2 - half, (low + high) / 2 + half
        self.start, self.end = start, end

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def list_ticks(self) -> list[float]:
        """Return round values, eight at most."""
        for step in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0):
            if (self.high - self.low) / step <= 8:
                break
        first, last = -(-self.low // step), self.high // step
        return [step * (first + number) for number in range(int(last - first) + 1)]
