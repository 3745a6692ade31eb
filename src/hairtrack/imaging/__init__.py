"""Arrays in, arrays out: the measurement itself. No clock, settings or logging.

OpenCV is tried here, once, so that a computer without the system libraries that
it needs gets one sentence and not a traceback from the depths.
"""

from __future__ import annotations

from hairtrack.errors import SystemLibrariesMissing

try:
    import cv2  # noqa: F401
except ImportError as error:
    raise SystemLibrariesMissing(
        f"OpenCV cannot start ({error}): on Debian or Ubuntu run "
        "`apt-get install libxcb1 libgl1 libglib2.0-0`, or anywhere put the package "
        "opencv-python-headless in the place of opencv-python."
    ) from error
