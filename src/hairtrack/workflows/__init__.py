"""Use cases: the only place where disk meets science.

`hairtrack.imaging.pipeline` measures one photo in memory; what is here is about
a library on disk, and about files that a person names.
"""

from __future__ import annotations

from hairtrack.workflows.archive import (
    Archived,
    back_up,
    export,
    restore,
)
from hairtrack.workflows.comparison import (
    Comparison,
    choose_subject,
    compare,
)
from hairtrack.workflows.importing import (
    Filing,
    ImportRun,
    Suggestion,
    default_view,
    import_photo,
    import_photos,
)
from hairtrack.workflows.library import Library, default_folder
from hairtrack.workflows.measuring import (
    FileResult,
    RunSummary,
    count_pending,
    measure_files,
    register_files,
    run_pending,
)
from hairtrack.workflows.samples import Demo, default_demo_folder, demo, find_samples
from hairtrack.workflows.series import Series, VisitSummary, progress
from hairtrack.workflows.sources import Refusal
from hairtrack.workflows.verdicts import Declaration, assess_series, draw_agreement
from hairtrack.workflows.verification import Verified, verify

__all__ = [
    "Archived",
    "Comparison",
    "Declaration",
    "Demo",
    "FileResult",
    "Filing",
    "ImportRun",
    "Library",
    "Refusal",
    "RunSummary",
    "Series",
    "Suggestion",
    "Verified",
    "VisitSummary",
    "assess_series",
    "back_up",
    "choose_subject",
    "compare",
    "count_pending",
    "default_demo_folder",
    "default_folder",
    "default_view",
    "demo",
    "draw_agreement",
    "export",
    "find_samples",
    "import_photo",
    "import_photos",
    "measure_files",
    "progress",
    "register_files",
    "restore",
    "run_pending",
    "verify",
]
