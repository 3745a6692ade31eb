"""Everything that hairtrack raises on purpose, each with one sentence for the person.

Wrong use of a function (an unknown view, an array of the wrong shape) is a `ValueError`.
"""

from __future__ import annotations

from typing import Any

from hairtrack.messages import Message


class HairtrackError(Exception):
    """Root of every error that hairtrack raises on purpose.

    Parameters
    ----------
    message : str or Message
        One plain sentence, with places as in `Message`.
    **values
        One value for each place.
    """

    def __init__(self, message: str | Message, **values: Any) -> None:
        self.message = (
            message if isinstance(message, Message) else Message(message, **values)
        )
        """What is wrong, for the app to translate; ``str(error)`` says it in English."""
        super().__init__(self.message)


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
