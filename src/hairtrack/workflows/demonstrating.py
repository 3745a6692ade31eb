"""The whole way once, on the sample photographs that come with the package."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import hairtrack
from hairtrack import batch
from hairtrack.errors import LibraryError
from hairtrack.workflows.importing import Filing, Imported, import_photos
from hairtrack.workflows.library import Library, data_folder
from hairtrack.workflows.measuring import RunSummary, count_pending, run_pending
from hairtrack.workflows.progressing import ProgressRow, progress

SUBJECT = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demonstration did, and what came out."""

    folder: Path
    imported: Imported
    ran: RunSummary
    rows: tuple[ProgressRow, ...]


def find_samples() -> Path:
    """Return the folder of sample photographs, of the installed package or the checkout.

    Raises
    ------
    LibraryError
        The package was built without them.
    """
    package = Path(hairtrack.__file__).parent
    for folder in (package / "sample_images", package.parents[1] / "sample_images"):
        if folder.is_dir():
            return folder
    raise LibraryError("The sample photographs are missing from this installation.")


def default_demo_folder(samples: Path) -> Path:
    """Return where the demonstration lives: a library of its own for each set of samples.

    The same samples always give the same folder, so that a second run finds
    everything done; samples of another version do not mix with these.
    """
    names = sorted((file.name, file.stat().st_size) for file in samples.iterdir())
    return data_folder() / f"demo-{hashlib.sha256(repr(names).encode()).hexdigest()[:8]}"


def demo(
    folder: Path | None = None,
    *,
    samples: Path | None = None,
    workers: int | None = None,
    on_progress: batch.Progress | None = None,
) -> Demo:
    """Import the sample photographs into a library of their own and measure them.

    Running it again adds nothing and measures nothing.

    Parameters
    ----------
    folder : Path, optional
        Where the library goes; by default the place where the system keeps
        the data of programs.
    samples : Path, optional
        Folder of photographs; by default those of the package.
    workers : int, optional
        Number of processes; by default one for each core, 4 at most.
    on_progress : callable, optional
        Called with (finished, all) as photographs are measured.

    Returns
    -------
    Demo

    Raises
    ------
    LibraryError
        The folder holds something else, or the samples are missing.
    """
    samples = samples or find_samples()
    folder = folder or default_demo_folder(samples)
    with Library.create(folder) as library:
        imported = import_photos(library, [samples], filing=Filing(subject=SUBJECT))
        executor = batch.choose_executor(count_pending(library), workers=workers)
        ran = run_pending(library, executor=executor, on_progress=on_progress)
        rows = tuple(progress(library, subject=SUBJECT))
    return Demo(folder=folder, imported=imported, ran=ran, rows=rows)
