"""Photographs before they are added: quality, whose, view and day."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from hairtrack import batch
from hairtrack.app.edits import thumbnail
from hairtrack.app.formatting import (
    capitalize,
    day_input,
    escape,
    format_flag,
    format_view,
)
from hairtrack.app.i18n import N_, _, format_day, ngettext
from hairtrack.app.pictures import data_uri, show_picture
from hairtrack.errors import LibraryError, PhotoError
from hairtrack.records import SHOTS, Photo, QualityFlag, TakenFrom, View
from hairtrack.workflows import Filing, Library, Refusal
from hairtrack.workflows.importing import (
    DEFAULT_SUBJECT,
    EARLIEST_DAY,
    ImportResult,
    ImportRun,
    ViewShots,
    count_shots,
    import_sources,
    suggest_view,
)
from hairtrack.workflows.previews import FlagPicture, PhotoCheck, Preview
from hairtrack.workflows.samples import SUBJECT as SAMPLE
from hairtrack.workflows.series import find_existing
from hairtrack.workflows.sources import Source

__all__ = [
    "DATE_FROM",
    "Candidate",
    "add_photos",
    "ask_filings",
    "describe_shots",
    "file_under",
    "list_candidates",
    "list_refused",
    "show_check",
    "show_example",
    "show_flags",
    "show_refused",
]

_COLUMNS = 3

DATE_FROM = {
    TakenFrom.EXIF: N_("Date from the camera."),
    TakenFrom.FILE_NAME: N_("Date from the file name."),
    TakenFrom.PERSON: N_("Date entered by hand."),
    TakenFrom.UNKNOWN: N_("No date found: please choose it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One offered file: what it shows, or why it cannot be added.

    Attributes
    ----------
    key : str
        Tells this file's widgets from those of the others.
    source : Source
        The file's name, as the person knows it, and how it is read.
    found : Preview or None
        What it shows and says.
    refused : str or None
        Why it cannot be added.
    same_as : str or None
        Name of an earlier one of the same offer that is the same photograph.
    """

    key: str
    source: Source
    found: Preview | None = None
    refused: str | None = None
    same_as: str | None = None

    @property
    def unusable(self) -> bool:
        """Whether it is clear already that it cannot be measured."""
        return self.found is not None and self.found.check.unusable is not None


def list_candidates(
    sources: Iterable[tuple[str, Source]],
    *,
    look: Callable[[str, Source], Preview],
    usual: View,
    on_progress: batch.Progress | None = None,
) -> list[Candidate]:
    """Look at each offered photograph; one that is bad does not stop the others.

    Parameters
    ----------
    sources : iterable of (str, Source)
        What was offered, each with a key of its own.
    look : callable
        Called with key and source; see `preview`.
    usual : View
        Suggested where neither the name nor the folder tells the view.
    on_progress : callable, optional
        Called with (finished, all).
    """
    candidates: list[Candidate] = []
    first: dict[str, str] = {}
    offered = list(sources)
    for number, (key, source) in enumerate(offered):
        if on_progress:
            on_progress(number, len(offered))
        candidate = Candidate(key=key, source=source)
        try:
            found = look(key, source)
        except PhotoError as error:
            candidates.append(replace(candidate, refused=error.message))
            continue
        view = suggest_view(source.file_name, folder=source.folder, usual=usual)
        found = replace(found, suggestion=replace(found.suggestion, view=view))
        same_as = first.get(found.digest)
        first.setdefault(found.digest, source.name)
        candidates.append(replace(candidate, found=found, same_as=same_as))
    return candidates


def file_under(found: Preview, *, subject: str, view: View, day: dt.date) -> Filing:
    """Return how a photograph is filed under a view and day that a person has seen.

    A day that differs from the photograph's own overrules it; the time of day stays.
    """
    said = found.suggestion
    if said.visit is None:
        return Filing(subject=subject, view=view, date=day)
    if said.visit == day:
        return Filing(subject=subject, view=view)
    clock = said.taken_at.timetz() if said.taken_at else dt.time()
    return Filing(subject=subject, view=view, taken_at=dt.datetime.combine(day, clock))


def add_photos(
    library: Library,
    chosen: Sequence[tuple[Candidate, Filing]],
    *,
    on_progress: batch.Progress,
) -> ImportRun:
    """Add photographs; where the library cannot take them, `stopped` says why."""
    sources = [(candidate.source, filing) for candidate, filing in chosen]
    try:
        return import_sources(library, sources, on_progress=on_progress)
    except LibraryError as error:
        return ImportRun(stopped=error.message)


# ---- the form -------------------------------------------------------------------------

_Choice = tuple[Candidate, Filing]


def ask_filings(
    library: Library,
    candidates: Sequence[Candidate],
    refused: Sequence[Refusal],
    *,
    subject: str,
) -> list[_Choice]:
    """Let the person correct whose, view and day; return what to add, once confirmed."""
    usable = [c for c in candidates if c.found is not None]
    known = find_existing(library, (c.found.digest for c in usable if c.found))
    chosen: list[_Choice] = []
    missing = 0
    if usable:
        st.subheader(_("Check before adding"), anchor=False)
        bar = st.container()
        with st.container(horizontal=True):
            subject = _ask_subject(library, subject)
            _offer_for_all([c for c in usable if c.found and c.found.digest not in known])
        chosen, missing = _ask_each(library, usable, known, subject=subject)
    for one in list_refused(candidates, refused):
        with st.container(border=True):
            show_refused(one)
    if not usable:
        return []
    with bar:
        return chosen if _confirm(len(chosen), missing=missing) else []


def list_refused(
    candidates: Sequence[Candidate], refused: Sequence[Refusal]
) -> list[ImportResult]:
    """Return the files that cannot be added, with the reason."""
    return [
        *(
            ImportResult(name=c.source.name, refused=c.refused)
            for c in candidates
            if c.refused
        ),
        *(ImportResult(name=one.photo, refused=one.error) for one in refused),
    ]


def show_refused(one: ImportResult) -> None:
    """Say which file cannot be added, and why."""
    st.badge(_("Cannot be added"), color="orange", icon=":material/block:")
    st.text(one.name)
    st.markdown(escape(one.refused or ""))


def _ask_subject(library: Library, subject: str) -> str:
    known = library.catalog.subjects() or [DEFAULT_SUBJECT]
    preset = DEFAULT_SUBJECT if subject == SAMPLE else subject
    options = list(dict.fromkeys([preset, *known]))
    chosen: str | None = st.selectbox(
        _("Whose photographs"),
        options,
        accept_new_options=True,
        help=_("Any name, real or not. Type a new one to add a person."),
        key="whose",
        width=220,
    )
    return " ".join((chosen or preset).split()) or preset


class _Dates(enum.StrEnum):
    """How all photographs get their days at once."""

    FOUND = N_("From each photograph")
    SAME = N_("The same day")
    WEEKLY = N_("One a week, from")
    FILE = N_("When the file was saved")


def _offer_for_all(candidates: Sequence[Candidate]) -> None:
    """Offer one view, and a rule for the days, for all photographs at once."""
    if len(candidates) < 2:
        return

    def set_views() -> None:
        if (view := st.session_state["view_of_all"]) is not None:
            for candidate in candidates:
                st.session_state[f"view_{candidate.key}"] = view

    def set_days() -> None:
        start = st.session_state.get("day_of_all") or dt.date.today()
        ordered = sorted(candidates, key=lambda one: one.source.file_name)
        for week, candidate in enumerate(ordered):
            day = _find_day(candidate, st.session_state["dates_of_all"], start, week)
            if day is not None:
                st.session_state[f"day_{candidate.key}"] = min(day, dt.date.today())

    st.selectbox(
        _("View of all"),
        list(View),
        index=None,
        format_func=format_view,
        placeholder=_("as suggested"),
        key="view_of_all",
        on_change=set_views,
        width=240,
    )
    saved = any(candidate.source.saved_on for candidate in candidates)
    dates = st.selectbox(
        _("Dates of all"),
        [one for one in _Dates if saved or one is not _Dates.FILE],
        format_func=_,
        key="dates_of_all",
        on_change=set_days,
        width=240,
    )
    if dates in (_Dates.SAME, _Dates.WEEKLY):
        day_input(
            _("Day of all") if dates is _Dates.SAME else _("First day"),
            dt.date.today(),
            earliest=EARLIEST_DAY,
            latest=dt.date.today(),
            key="day_of_all",
            on_change=set_days,
            width=200,
        )


def _find_day(
    candidate: Candidate, dates: _Dates, start: dt.date, week: int
) -> dt.date | None:
    if dates is _Dates.WEEKLY:
        return start + dt.timedelta(weeks=week)
    if dates is _Dates.SAME:
        return start
    if dates is _Dates.FILE:
        return candidate.source.saved_on
    return candidate.found.suggestion.visit if candidate.found else None


def _ask_each(
    library: Library,
    candidates: Sequence[Candidate],
    known: Mapping[str, Photo],
    *,
    subject: str,
) -> tuple[list[_Choice], int]:
    """Show a card for each; return what is to be added, and how many lack a day."""
    chosen: list[_Choice] = []
    missing = 0
    for start in range(0, len(candidates), _COLUMNS):
        row = candidates[start : start + _COLUMNS]
        for column, candidate in zip(st.columns(_COLUMNS), row, strict=False):
            with column.container(border=True):
                wanted, filing = _ask_one(library, candidate, known, subject=subject)
            missing += wanted and filing is None
            if wanted and filing is not None:
                chosen.append((candidate, filing))
    return chosen, missing


def _ask_one(
    library: Library, candidate: Candidate, known: Mapping[str, Photo], *, subject: str
) -> tuple[bool, Filing | None]:
    """Show one photograph; return whether it is wanted and how it is filed.

    The filing is `None` while a day is missing.
    """
    found = candidate.found
    if found is None:
        return False, None
    show_picture(found.picture, alt=_("The photograph to be added"))
    st.text(candidate.source.name)
    if candidate.same_as is not None:
        st.badge(_("Chosen twice"), color="gray", icon=":material/content_copy:")
        st.caption(_("The same photograph as:"))
        st.text(candidate.same_as)
        return False, None
    if found.digest in known:
        return True, _show_known(known[found.digest])
    wanted = st.checkbox(
        _("Add this one"), value=not candidate.unusable, key=f"add_{candidate.key}"
    )
    show_check(found.check)
    key = f"view_{candidate.key}"
    st.session_state.setdefault(key, found.suggestion.view)
    view: View | None = st.selectbox(
        _("View"), list(View), format_func=format_view, key=key
    )
    if candidate.unusable:
        show_example(library, subject, view or found.suggestion.view)
    day = _ask_day(found, key=f"day_{candidate.key}")
    if view is None or day is None:
        return wanted, None
    return wanted, file_under(found, subject=subject, view=view, day=day)


def _show_known(photo: Photo) -> Filing:
    where = f"{format_view(photo.view)}, {format_day(photo.visit)}"
    st.badge(_("Already added"), color="gray", icon=":material/check:")
    st.caption(_("It is under {where} and is not added twice.", where=where))
    return Filing(subject=photo.subject, view=photo.view)


def _ask_day(found: Preview, *, key: str) -> dt.date | None:
    said = found.suggestion
    today = dt.date.today()
    st.session_state.setdefault(key, said.visit)
    latest = max(today, said.visit or today)
    day = day_input(_("Day"), earliest=EARLIEST_DAY, latest=latest, key=key)
    st.caption(_(DATE_FROM[said.taken_from]))
    return day


def _confirm(ready: int, *, missing: int) -> bool:
    if missing:
        told = ngettext(
            "{count} photograph has no date yet: please choose it.",
            "{count} photographs have no date yet: please choose it.",
            missing,
        )
        st.warning(told, icon=":material/event:")
    label = ngettext("Add {count} photograph", "Add {count} photographs", ready)
    return st.button(label, type="primary", disabled=bool(missing) or not ready)


# ---- what is said of a photograph -----------------------------------------------------

_SHOWN = {
    QualityFlag.BLURRED: N_("Right: the sharpest part of the head, pixel by pixel."),
    QualityFlag.DARK: N_("Right: black areas in magenta; below, the spread of brightness."),
    QualityFlag.BRIGHT: N_(
        "Right: areas too bright for the camera in magenta; below, the spread of "
        "brightness."
    ),
    QualityFlag.GLARE: N_("Right: shiny areas in magenta."),
    QualityFlag.CROPPED: N_("Right: the edge that cuts off the scalp in magenta."),
    QualityFlag.FAR: N_("Right: what should fill the picture, in a white frame."),
    QualityFlag.LOW_RESOLUTION: N_("Right: part of the head, pixel by pixel."),
    QualityFlag.LOW_CONTRAST: N_("Right: the colour of the hair above that of the skin."),
    QualityFlag.GREY: N_("Right: the colours of the scalp; all are grey."),
    QualityFlag.SATURATED: N_(
        "Right: areas that lost their colour in magenta; below, the spread of brightness."
    ),
    QualityFlag.COLOUR_CAST: N_("Right: the same photograph in white light."),
    QualityFlag.DAMAGED: N_("Right: areas that repeat exactly, in magenta."),
    QualityFlag.UNFAMILIAR: N_("Right: what was taken for scalp, in magenta."),
}
"""What the picture of each quality flag shows; the photograph is always on its left."""


def show_check(check: PhotoCheck) -> None:
    """Say how a photograph looks that is not measured yet."""
    if check.unusable is not None:
        st.badge(_("Cannot be measured"), color="orange", icon=":material/block:")
        st.markdown(escape(check.unusable))
    elif not check.flags:
        st.badge(_("Looks good"), color="blue", icon=":material/check_circle:")
    show_flags(check.flags)


def show_flags(flags: Sequence[FlagPicture]) -> None:
    """Show each quality flag: what it is, what to do better, and a picture of it."""
    from hairtrack.imaging.quality import ADVICE

    for one in flags:
        told = capitalize(format_flag(one.flag))
        st.badge(told, color="orange", icon=":material/warning:")
        st.markdown(escape(str(ADVICE[one.flag])))
        if one.picture:
            shown = _(_SHOWN[one.flag])
            alt = _("The photograph on the left. {shown}", shown=shown)
            show_picture(one.picture, alt=alt)
            st.caption(shown)


def show_example(library: Library, subject: str, view: View) -> None:
    """Say how to take a photograph again, with the first one of its view as the example."""
    digest = library.catalog.baselines().get((subject, view))
    picture = thumbnail(library, digest) if digest else None
    if picture is None:
        st.caption(_("Take it again with the whole top of the head in the picture."))
        return
    st.caption(_("Take it again from the same direction, as in this picture:"))
    st.image(data_uri(picture), alt=_("Example: {view}", view=format_view(view)), width=130)


def describe_shots(
    photos: Sequence[Photo], day: dt.date, *, refused: Iterable[str] = ()
) -> str:
    """Say which views of a visit are complete, and which are missing."""
    counts = count_shots(photos, day, refused=set(refused))
    parts = [_describe_view(one) for one in counts if one.shots]
    absent = [format_view(one.view) for one in counts if not one.shots]
    if absent:
        parts.append(_("Missing: {views}", views=", ".join(absent)))
    return " · ".join(parts)


def _describe_view(one: ViewShots) -> str:
    view = format_view(one.view)
    if one.missing:
        return _("{view} {shots} of {wanted}", view=view, shots=one.shots, wanted=SHOTS)
    return f"{view} {one.shots}"
