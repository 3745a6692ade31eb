"""Kept photographs in another place than a disk of this computer: whatever fsspec reaches.

An object store such as S3 takes an object whole or not at all. Credentials come
from where its own library looks for them (environment, configuration), never
from the library's marker.

References
----------
https://filesystem-spec.readthedocs.io
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hairtrack.errors import HairtrackError, LibraryError
from hairtrack.messages import Message
from hairtrack.store.originals import LocalOriginals, Originals

PROBE = "hairtrack-probe"
"""Written and removed again to see that something can be added."""


class RemoteOriginals(Originals):
    """Photographs under a URL such as ``s3://bucket/photographs`` (extra `cloud`)."""

    def clean(self) -> None:
        """Do nothing: an object store keeps no half objects."""

    def _load(self, name: str) -> bytes:
        system, root = self._system()
        data: bytes = system.cat_file(f"{root}/{name}")
        return data

    def _save(self, name: str, data: bytes) -> None:
        system, root = self._system()
        path = f"{root}/{name}"
        try:
            system.pipe_file(path, data)
        except FileNotFoundError:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            system.pipe_file(path, data)
        if system.cat_file(path) != data:
            raise OSError(
                errno.EIO, Message("it does not give back what was written to it")
            )

    def _remove(self, name: str) -> None:
        system, root = self._system()
        if system.exists(f"{root}/{name}"):
            system.rm_file(f"{root}/{name}")

    def _list(self) -> Iterator[str]:
        system, root = self._system()
        for path in system.find(root):
            name = str(path).removeprefix(f"{root}/")
            if name != PROBE:
                yield name

    def _check_writable(self) -> None:
        self._save(PROBE, b"")
        self._remove(PROBE)

    def _system(self) -> tuple[Any, str]:
        """Return the file system, which fsspec makes once, and the path in it."""
        try:
            from fsspec.core import url_to_fs

            system, root = url_to_fs(self.place, use_listings_cache=False)
        except ImportError as error:
            raise LibraryError(
                Message(
                    "Photographs at {place} need more than is installed ({error}); pip "
                    "install 'hairtrack[cloud]'.",
                    place=self.place,
                    error=error,
                )
            ) from error
        return system, str(root).rstrip("/")

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn what any of the many libraries may raise into one plain sentence."""
        with super()._plain_errors():
            try:
                yield
            except (HairtrackError, OSError):
                raise
            except Exception as error:
                said = " ".join(str(error).split()) or type(error).__name__
                raise LibraryError(
                    Message(
                        "The photographs at {place} cannot be reached: {said}.",
                        place=self.place,
                        said=said,
                    )
                ) from error


def open_originals(place: Path | str, *, library_id: str) -> Originals:
    """Return the photographs at a folder or a URL; nothing is looked at yet.

    Examples
    --------
    >>> type(open_originals("s3://bucket/photographs", library_id="1")).__name__
    'RemoteOriginals'
    """
    if "://" in str(place):
        return RemoteOriginals(str(place), library_id)
    return LocalOriginals(str(place), library_id)
