from . import course, editing, overview, series
from .archive import Archived, back_up, export, restore
from .comparison import Comparison, choose_subject, compare, draw_comparison
from .files import FileResult, measure_files, register_files, write_file
from .importing import (
    Filing,
    ImportRun,
    Suggestion,
    default_view,
    import_photo,
    import_photos,
)
from .library import Library, default_folder, erase
from .measuring import RunSummary, count_pending, run_pending
from .salvage import Salvaged, salvage
from .samples import Demo, default_demo_folder, demo, find_samples
from .series import Series, VisitSummary, progress
from .sources import Refusal, read_file
from .verdicts import Declaration, assess_series, draw_agreement
from .verification import Verified, verify

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
    "Salvaged",
    "Series",
    "Suggestion",
    "Verified",
    "VisitSummary",
    "assess_series",
    "back_up",
    "choose_subject",
    "compare",
    "count_pending",
    "course",
    "default_demo_folder",
    "default_folder",
    "default_view",
    "demo",
    "draw_agreement",
    "draw_comparison",
    "editing",
    "erase",
    "export",
    "find_samples",
    "import_photo",
    "import_photos",
    "measure_files",
    "overview",
    "progress",
    "read_file",
    "register_files",
    "restore",
    "run_pending",
    "salvage",
    "series",
    "verify",
    "write_file",
]
