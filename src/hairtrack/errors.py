"""Everything that hairtrack raises on purpose.

::

    HairtrackError
    |-- PhotoError                 this photograph cannot be used; the others can
    |   |-- UnreadablePhoto        empty, truncated, damaged, or no image at all
    |   |-- UnsupportedFormat      an image, but not JPEG, PNG, WebP or HEIC; or animated
    |   |-- PhotoTooLarge          more bytes or pixels than the limits allow
    |   |-- PhotoTooSmall          too few pixels to see a scalp on
    |   |-- ColourMissing          a grey photograph: kept, but not measured
    |   |-- NoHeadFound            no head with enough scalp in view
    |   `-- RegistrationFailed     cannot be laid over its baseline with certainty
    |-- LibraryError               the library on disk cannot be used as asked
    |   |-- PhotoMissing           a kept photograph is not where it was put
    |   `-- PhotoDamaged           a kept photograph is no longer what was kept
    |-- FolderError                a folder of photographs cannot be looked into
    |-- CourseError                an entry, plan or fact file of the course is not usable
    `-- SystemLibrariesMissing     the operating system lacks what OpenCV needs

Wrong use of a function (a bad view name, an array of the wrong shape) is a
plain `ValueError`: a mistake of the programmer, not a problem of a photograph.

The text of every error is one plain sentence that a person can act on.
"""

from __future__ import annotations

from hairtrack.messages import Message

__all__ = [
    "ColourMissing",
    "CourseError",
    "FolderError",
    "HairtrackError",
    "LibraryError",
    "NoHeadFound",
    "PhotoDamaged",
    "PhotoError",
    "PhotoMissing",
    "PhotoTooLarge",
    "PhotoTooSmall",
    "RegistrationFailed",
    "SystemLibrariesMissing",
    "UnreadablePhoto",
    "UnsupportedFormat",
]


class HairtrackError(Exception):
    """Root of every error that hairtrack raises on purpose.

    Parameters
    ----------
    message : Message or str
        One plain sentence; a string is shown as it is, in every language.
    """

    def __init__(self, message: Message | str) -> None:
        super().__init__(message)

    @property
    def message(self) -> Message:
        """What is wrong, for the app to translate; ``str(error)`` says it in English."""
        given = self.args[0]
        return given if isinstance(given, Message) else Message("{text}", text=given)


class FolderError(HairtrackError):
    """A folder that a person named is not there or cannot be read."""


class PhotoError(HairtrackError):
    """One photograph cannot be used; the text says why in one sentence."""


class UnreadablePhoto(PhotoError):
    """The bytes are empty, truncated, damaged or not an image."""


class UnsupportedFormat(PhotoError):
    """The bytes are an image of a kind that hairtrack does not take."""


class PhotoTooLarge(PhotoError):
    """The photograph exceeds the limit on bytes or on pixels."""


class PhotoTooSmall(PhotoError):
    """The photograph has too few pixels to measure anything on."""


class ColourMissing(PhotoError):
    """The photograph is grey: it is kept but not measured."""


class NoHeadFound(PhotoError):
    """No head with enough scalp in view was found."""


class RegistrationFailed(PhotoError):
    """The photograph could not be laid over its baseline with certainty."""


class LibraryError(HairtrackError):
    """The library on disk cannot be used as asked."""


class PhotoMissing(LibraryError):
    """A kept photograph is not where it was put."""


class PhotoDamaged(LibraryError):
    """The bytes of a kept photograph are no longer those that were kept."""


class CourseError(HairtrackError):
    """An entry, a plan or a fact file of the treatment course cannot be used as it is."""


class SystemLibrariesMissing(HairtrackError):
    """The operating system lacks shared libraries that OpenCV needs."""
