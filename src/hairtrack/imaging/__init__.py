"""Arrays in, arrays out: the measurement itself. No clock, settings or logging.

OpenCV is imported here first. If the system lacks a library that it needs, the person
gets one sentence instead of a traceback.
"""

from __future__ import annotations

from hairtrack.errors import SystemLibrariesMissing

try:
    import cv2  # noqa: F401
except ImportError as error:
    raise SystemLibrariesMissing(
        "OpenCV cannot start ({error}). On Debian or Ubuntu run `apt-get install "
        "libxcb1 libgl1 libglib2.0-0`; anywhere else, install opencv-python-headless "
        "instead of opencv-python.",
        error=str(error),
    ) from error
