"""Two pictures of one frame: slider, side by side with linked zoom, blink, overlay.

For mouse, touch, keyboard and screen reader. A component without a frame, a build step
or a request: markup, style and script lie beside this file, the pictures come as data
URIs.
"""

from __future__ import annotations

import enum

from hairtrack.app.components import make_component
from hairtrack.app.language import _
from hairtrack.app.pictures import data_uri

__all__ = ["Mode", "show_viewer"]


class Mode(enum.StrEnum):
    """How two pictures are held against each other."""

    SLIDER = "slider"
    BESIDE = "beside"
    BLINK = "blink"
    OVERLAY = "overlay"


def show_viewer(
    first: bytes,
    last: bytes,
    *,
    mode: Mode,
    labels: tuple[str, str],
    size: tuple[int, int],
    key: str,
) -> None:
    """Show two pictures of one frame.

    Parameters
    ----------
    first, last : bytes
        JPEG of the same size.
    mode : Mode
        How.
    labels : (str, str)
        What each is, a date for instance.
    size : (int, int)
        Width and height of the pictures, px.
    key : str
        Identity of this viewer on its page.
    """
    make_component("viewer")(
        key=key,
        data={
            "mode": mode.value,
            "first": data_uri(first),
            "last": data_uri(last),
            "first_label": labels[0],
            "last_label": labels[1],
            "first_alt": _("The head on {day}, laid over the baseline", day=labels[0]),
            "last_alt": _("The head on {day}, laid over the baseline", day=labels[1]),
            "width": size[0],
            "height": size[1],
            "label": _(
                "How much of the picture shows the earlier visit; arrow keys move it"
            ),
            "stage_label": _(
                "Both visits; plus and minus change the size of both, arrow keys move both"
            ),
            "share": _("left {share} per cent: {first}; the rest: {last}"),
            "mix": _("{share} per cent of the later visit"),
            "mix_label": _("Later visit shows through"),
            "larger": _("Show larger"),
            "smaller": _("Show smaller"),
            "start": _("Start blinking"),
            "stop": _("Stop blinking"),
        },
    )
