"""The Bland-Altman figure of repeated photographs, as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from hairtrack.change.repeatability import Agreement

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 118, 34, 50
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
    plot = _Plot(found)
    summary = (
        f"Bland-Altman plot of {found.n} pairs: bias {found.bias_pp:.1f} points, 95 % "
        f"limits of agreement {found.limits_pp[0]:.1f} to {found.limits_pp[1]:.1f} points"
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'role="img" font-family="sans-serif" font-size="12" fill="{_INK}">',
        f"<title>{escape(title)}</title><desc>{escape(summary)}</desc>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(title)} (n = {found.n})</text>',
        *plot.draw_levels(found),
        *plot.draw_axes(),
        *(plot.draw_point(mean, difference) for mean, difference in found.points),
        "</svg>",
    ]
    return "\n".join(lines).encode()


class _Plot:
    """Scales of the plot: per cent across, points upwards."""

    def __init__(self, found: Agreement) -> None:
        means = [mean for mean, _ in found.points]
        middle, half = (
            (max(means) + min(means)) / 2,
            max(2.5, (max(means) - min(means)) * 0.55),
        )
        self.x_span = middle - half, middle + half
        ends = [*found.lower_pp, *found.upper_pp, *(d for _, d in found.points)]
        most = 1.1 * max(abs(end) for end in ends) or 1.0
        self.y_span = -most, most

    def x(self, mean: float) -> float:
        low, high = self.x_span
        return _LEFT + (mean - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, difference: float) -> float:
        low, high = self.y_span
        return _TOP + (high - difference) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    def draw_levels(self, found: Agreement) -> Iterator[str]:
        """Yield bias and limits, each with the band of its interval."""
        low, high = found.limits_pp
        levels = (
            ("bias", found.bias_pp, found.bias_interval_pp, ""),
            ("-1.96 SD", low, found.lower_pp, ' stroke-dasharray="6 4"'),
            ("+1.96 SD", high, found.upper_pp, ' stroke-dasharray="6 4"'),
        )
        right = _WIDTH - _RIGHT
        for name, value, (least, most), dash in levels:
            top, tall = self.y(most), self.y(least) - self.y(most)
            yield (
                f'<rect x="{_LEFT}" y="{top:.1f}" width="{right - _LEFT}" '
                f'height="{tall:.1f}" fill="{_BLUE}" opacity="0.12"/>'
            )
            at = self.y(value)
            yield (
                f'<line x1="{_LEFT}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}" '
                f'stroke="{_BLUE}" stroke-width="1.5"{dash}/>'
            )
            yield f'<text x="{right + 6}" y="{at + 4:.1f}">{name}: {value:+.1f}</text>'

    def draw_axes(self) -> Iterator[str]:
        """Yield frame, ticks and names of the axes."""
        right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
        yield (f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" fill="none" stroke="{_INK}"/>')
        for value in _ticks(*self.x_span):
            yield (
                f'<text x="{self.x(value):.1f}" y="{bottom + 18}" '
                f'text-anchor="middle">{value:g}</text>'
            )
        for value in _ticks(*self.y_span):
            yield (
                f'<text x="{_LEFT - 8}" y="{self.y(value) + 4:.1f}" '
                f'text-anchor="end">{value:g}</text>'
            )
        middle = (_LEFT + right) / 2
        yield (
            f'<text x="{middle}" y="{_HEIGHT - 10}" text-anchor="middle">'
            "visible scalp, mean of both (%)</text>"
        )
        yield (
            f'<text transform="translate(16 {(_TOP + bottom) / 2}) rotate(-90)" '
            'text-anchor="middle">second minus first (points)</text>'
        )

    def draw_point(self, mean: float, difference: float) -> str:
        return (
            f'<circle cx="{self.x(mean):.1f}" cy="{self.y(difference):.1f}" r="4" '
            f'fill="none" stroke="{_INK}" stroke-width="1.4"/>'
        )


def _ticks(low: float, high: float) -> list[float]:
    """Return round values inside a span, four to eight of them."""
    for step in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0):
        if (high - low) / step <= 8:
            break
    first = -(-low // step)
    return [step * (first + k) for k in range(int(high // step - first) + 1)]
