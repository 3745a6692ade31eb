"""Large pictures leave the memory of the app as soon as they are done with.

The C library of Linux keeps freed blocks of many megabytes for itself, in an arena for
each thread, and Streamlit runs every page in a thread of its own. Told to keep less, the
app held 0.29 GB where it had held 0.73 GB after 13 photographs of 12 megapixels
(benchmarks/session_memory.py).
"""

from __future__ import annotations

import ctypes
import sys

__all__ = ["return_at_once"]

_SETTINGS = {-8: 2, -3: 1_000_000, -1: 4_000_000}
"""M_ARENA_MAX; M_MMAP_THRESHOLD and M_TRIM_THRESHOLD in bytes (mallopt(3))."""


def return_at_once() -> bool:
    """Give freed blocks of a megabyte and more back to the system from now on.

    Returns
    -------
    bool
        False where the C library knows no such setting; nothing is lost then but memory.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(mallopt(name, value) for name, value in _SETTINGS.items())
