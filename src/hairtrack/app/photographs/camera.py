"""The camera on a page: live picture, ghost of the baseline, hints, timer and keys.

Hints on light, sharpness, distance and level are worked out in the browser and are only
hints; the taken photograph is judged like any other.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from dataclasses import dataclass

from hairtrack.app.frame import make_component
from hairtrack.app.i18n import N_, _
from hairtrack.app.pictures import data_uri
from hairtrack.records import View

__all__ = ["CameraResult", "name_shot", "read_shot", "show_camera"]

_HEAD = "data:image/jpeg;base64,"

_TEXTS = {
    "start": N_("Start the camera"),
    "shoot": N_("Take the photograph"),
    "opacity": N_("First picture shows through"),
    "blink": N_("Blink"),
    "grid": N_("Grid"),
    "timer": N_("Timer"),
    "off": N_("off"),
    "three": N_("3 seconds"),
    "ten": N_("10 seconds"),
    "keys": N_(
        "Keys: Space takes the photograph, G shows the grid, B blinks the first picture."
    ),
    "taken": N_("Taken. Comb again before the next one."),
    "good": N_("Hold still: light, sharpness and position are good."),
    "dark": N_("Too dark: more light."),
    "bright": N_("Too bright: less light."),
    "blurred": N_("Not sharp: hold still, or move back a little."),
    "away": N_("Move the head onto the first picture."),
    "near": N_("Too close: move back a little."),
    "far": N_("Too far: move closer."),
    "turn_left": N_("Not level: tilt the camera left."),
    "turn_right": N_("Not level: tilt the camera right."),
    "NotAllowedError": N_("No camera: the browser was not allowed to use it."),
    "NotFoundError": N_("No camera was found."),
    "NotReadableError": N_("No camera: another program uses it."),
    "OverconstrainedError": N_("No suitable camera was found."),
    "SecurityError": N_("No camera: the browser does not trust this address."),
    "OtherError": N_("No camera: {error}."),
}
"""All that the camera says; those with capitals are named as the browser names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraResult:
    """What the camera gave in this run: a JPEG, a reason why not, or neither."""

    shot: bytes | None = None
    fault: str | None = None


def show_camera(*, ghost: bytes | None, key: str) -> CameraResult:
    """Show the camera; return what was taken just now.

    Parameters
    ----------
    ghost : bytes or None
        JPEG of the baseline that shines through.
    key : str
        Identity of the camera on its page.

    Returns
    -------
    CameraResult
    """
    given = make_component("photographs/camera")(
        key=key,
        data={
            "ghost": data_uri(ghost) if ghost else "",
            "texts": {name: _(text) for name, text in _TEXTS.items()},
        },
        on_shot_change=_note,
        on_fault_change=_note,
    )
    fault = given.fault
    return CameraResult(
        shot=read_shot(given.shot), fault=fault[:200] if isinstance(fault, str) else None
    )


def read_shot(address: object) -> bytes | None:
    r"""Return the JPEG in a data URI, or `None`: what a browser sends is not trusted.

    Examples
    --------
    >>> read_shot("data:image/jpeg;base64,/9j/")
    b'\xff\xd8\xff'
    >>> read_shot("file:///etc/passwd") is None
    True
    """
    if not isinstance(address, str) or not address.startswith(_HEAD):
        return None
    try:
        return base64.b64decode(address.removeprefix(_HEAD), validate=True)
    except binascii.Error:
        return None


def name_shot(view: View, at: dt.datetime) -> str:
    """Name a photograph so that its view and time can be read from the name.

    Examples
    --------
    >>> name_shot(View.VERTEX, dt.datetime(2025, 3, 3, 8, 30))
    '20250303_083000_vertex.jpg'
    """
    return f"{at:%Y%m%d_%H%M%S}_{view.value}.jpg"


def _note() -> None:
    """Tell Streamlit that the page wants to hear of this."""
