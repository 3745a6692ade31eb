"""Photographs before they are added: quality, view and day; what a visit still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from hairtrack.app.formatting import capitalize, escape, format_flag, format_view
from hairtrack.app.i18n import N_, _, format_day, ngettext
from hairtrack.app.pictures import show_picture
from hairtrack.app.upload.intake import Candidate, file_under
from hairtrack.records import SHOTS, Photo, QualityFlag, TakenFrom, View
from hairtrack.workflows import Filing, Library, Refusal
from hairtrack.workflows.importing import EARLIEST_DAY, ImportResult, ViewShots, count_shots
from hairtrack.workflows.previews import FlagPicture, PhotoCheck, Preview
from hairtrack.workflows.series import find_existing

__all__ = [
    "ask_filings",
    "list_refused",
    "show_check",
    "show_completeness",
    "show_flag",
    "show_flags",
]

_COLUMNS = 3

_DAY_FROM = {
    TakenFrom.EXIF: N_("Day as the camera noted it."),
    TakenFrom.FILE_NAME: N_("Day as in the file's name."),
    TakenFrom.UNKNOWN: N_("The photograph does not say its day: please choose it."),
}

_Choice = tuple[Candidate, Filing]


def ask_filings(
    library: Library,
    candidates: Sequence[Candidate],
    refused: Sequence[Refusal],
    *,
    subject: str,
) -> list[_Choice]:
    """Let the person correct view and day; return what is to be added, once confirmed."""
    usable = [c for c in candidates if c.found is not None]
    known = find_existing(library, (c.found.digest for c in usable if c.found))
    chosen: list[_Choice] = []
    missing = 0
    if usable:
        st.subheader(_("Check view and day"), anchor=False)
        _offer_for_all([c for c in usable if c.found and c.found.digest not in known])
        chosen, missing = _ask_each(usable, known, subject=subject)
    for one in list_refused(candidates, refused):
        _show_refused(one)
    if not usable:
        return []
    _predict(library, chosen, known=known, subject=subject)
    return chosen if _confirm(len(chosen), missing=missing) else []


def list_refused(
    candidates: Sequence[Candidate], refused: Sequence[Refusal]
) -> list[ImportResult]:
    """Return the files that cannot be taken, with the reason."""
    return [
        *(ImportResult(name=c.name, refused=c.refused) for c in candidates if c.refused),
        *(ImportResult(name=one.photo, refused=one.reason) for one in refused),
    ]


def _show_refused(one: ImportResult) -> None:
    with st.container(border=True):
        st.badge(_("Cannot be taken"), color="orange", icon=":material/block:")
        st.text(one.name)
        st.markdown(escape(one.refused or ""))


def _offer_for_all(candidates: Sequence[Candidate]) -> None:
    """Offer one view, and one day, for all photographs at once."""
    if len(candidates) < 2:
        return

    def spread(what: str) -> None:
        value = st.session_state[f"{what}_of_all"]
        if value is not None:
            for candidate in candidates:
                st.session_state[f"{what}_{candidate.key}"] = value

    with st.container(horizontal=True):
        st.selectbox(
            _("View of all of them"),
            list(View),
            index=None,
            format_func=format_view,
            placeholder=_("as suggested for each"),
            key="view_of_all",
            on_change=spread,
            args=("view",),
            width=320,
        )
        st.date_input(
            _("Day of all of them"),
            None,
            min_value=EARLIEST_DAY,
            max_value=dt.date.today(),
            format="YYYY-MM-DD",
            help=_("Left empty, each keeps the day that it tells."),
            key="day_of_all",
            on_change=spread,
            args=("day",),
            width=320,
        )


def _ask_each(
    candidates: Sequence[Candidate], known: Mapping[str, Photo], *, subject: str
) -> tuple[list[_Choice], int]:
    """Show a card for each; return what is to be added, and how many lack a day."""
    chosen: list[_Choice] = []
    missing = 0
    for start in range(0, len(candidates), _COLUMNS):
        row = candidates[start : start + _COLUMNS]
        for column, candidate in zip(st.columns(_COLUMNS), row, strict=False):
            with column.container(border=True):
                wanted, filing = _ask_one(candidate, known, subject=subject)
            missing += wanted and filing is None
            if wanted and filing is not None:
                chosen.append((candidate, filing))
    return chosen, missing


def _ask_one(
    candidate: Candidate, known: Mapping[str, Photo], *, subject: str
) -> tuple[bool, Filing | None]:
    """Show one photograph and ask for view and day: is it wanted, and filed where.

    The filing is `None` while a day is missing.
    """
    found = candidate.found
    if found is None:
        return False, None
    show_picture(found.picture, alt=_("The photograph as it will be added"))
    st.text(candidate.name)
    if candidate.same_as is not None:
        st.badge(_("Offered twice"), color="gray", icon=":material/content_copy:")
        st.caption(_("The same photograph as the one named:"))
        st.text(candidate.same_as)
        return False, None
    if found.digest in known:
        return True, _show_known(known[found.digest])
    view: View | None = st.selectbox(
        _("View"),
        list(View),
        index=list(View).index(found.suggestion.view),
        format_func=format_view,
        key=f"view_{candidate.key}",
    )
    day = _ask_day(found, key=f"day_{candidate.key}")
    wanted = st.checkbox(_("Add this one"), value=True, key=f"add_{candidate.key}")
    show_check(found.check)
    if view is None or not isinstance(day, dt.date):
        return wanted, None
    return wanted, file_under(found, subject=subject, view=view, day=day)


def _show_known(photo: Photo) -> Filing:
    where = f"{format_view(photo.view)}, {format_day(photo.visit)}"
    st.badge(_("Already in the library"), color="gray", icon=":material/check:")
    st.caption(_("Filed as {where}. It is not added twice.", where=where))
    return Filing(subject=photo.subject, view=photo.view)


def _ask_day(found: Preview, *, key: str) -> dt.date | None:
    said = found.suggestion
    today = dt.date.today()
    day: dt.date | None = st.date_input(
        _("Day"),
        said.visit,
        min_value=EARLIEST_DAY,
        max_value=max(today, said.visit or today),
        format="YYYY-MM-DD",
        key=key,
    )
    st.caption(_(_DAY_FROM[said.taken_from]))
    return day


def _predict(
    library: Library,
    chosen: Sequence[_Choice],
    *,
    known: Collection[str],
    subject: str,
) -> None:
    """Say whether the visits will be complete with what is chosen."""
    offered: dict[dt.date, list[View]] = {}
    for candidate, filing in chosen:
        if candidate.found is None or candidate.found.digest in known:
            continue
        told = candidate.found.suggestion.visit
        day = filing.taken_at.date() if filing.taken_at else filing.date or told
        if day is not None and filing.view is not None:
            usable = candidate.found.check.unusable is None
            offered.setdefault(day, []).extend([filing.view] if usable else [])
    show_completeness(library, offered, subject=subject)


def _confirm(ready: int, *, missing: int) -> bool:
    if missing:
        told = ngettext("{count} photograph has", "{count} photographs have", missing)
        st.warning(
            _("{told} no day yet: please choose it.", told=told), icon=":material/event:"
        )
    count = ngettext("{count} photograph", "{count} photographs", ready)
    label = _("Add and measure {count}", count=count)
    return st.button(label, type="primary", disabled=bool(missing) or not ready)


_SHOWN = {
    QualityFlag.BLURRED: N_("Right: the sharpest part of the head, pixel by pixel."),
    QualityFlag.DARK: N_(
        "Right: black parts in magenta, and below how many pixels are how bright."
    ),
    QualityFlag.BRIGHT: N_(
        "Right: parts brighter than the camera could tell in magenta, and below how many "
        "pixels are how bright."
    ),
    QualityFlag.GLARE: N_("Right: what shines, in magenta."),
    QualityFlag.CROPPED: N_("Right: the edge where the scalp is cut off, in magenta."),
    QualityFlag.FAR: N_("Right: what the whole photograph should show, in a white frame."),
    QualityFlag.LOW_RESOLUTION: N_("Right: part of the head, pixel by pixel."),
    QualityFlag.LOW_CONTRAST: N_("Right: the colour of the hair above that of the skin."),
    QualityFlag.GREY: N_("Right: the colours of the scalp; all of them are grey."),
    QualityFlag.SATURATED: N_(
        "Right: parts that lost their colour in magenta, and below how many pixels are "
        "how bright."
    ),
    QualityFlag.COLOUR_CAST: N_(
        "Right: the same photograph in white light, only to be looked at."
    ),
    QualityFlag.DAMAGED: N_("Right: what repeats itself exactly, in magenta."),
}
"""What the picture of each doubt shows; the photograph is always on its left."""


def show_check(check: PhotoCheck) -> None:
    """Say at once how a photograph is that is not measured yet."""
    if check.unusable is not None:
        st.badge(_("No head found"), color="orange", icon=":material/block:")
        st.markdown(escape(check.unusable))
    elif not check.flags:
        st.badge(_("Looks good"), color="blue", icon=":material/check_circle:")
    show_flags(check.flags)


def show_flags(doubts: Sequence[FlagPicture]) -> None:
    """Show each doubt: what it is, what to do better, and a picture of it."""
    for doubt in doubts:
        show_flag(doubt.flag)
        shown = _(_SHOWN[doubt.flag])
        alt = _("The photograph on the left. {shown}", shown=shown)
        show_picture(doubt.picture, alt=alt)
        st.caption(shown)


def show_flag(flag: QualityFlag) -> None:
    """Say a doubt in a word, and what to do better."""
    from hairtrack.imaging.quality import ADVICE

    told = format_flag(flag)
    st.badge(capitalize(told), color="orange", icon=":material/warning:")
    st.markdown(escape(str(ADVICE[flag])))


_MAX_VISITS = 4


def show_completeness(
    library: Library,
    offered: Mapping[dt.date, Sequence[View]],
    *,
    subject: str,
    refused: Collection[str] = (),
) -> None:
    """Say for each of some visits which views have how many of their photographs.

    Parameters
    ----------
    library : Library
        Open library.
    offered : mapping
        Visit -> views of photographs that are not in the library yet; of many visits
        the latest are told.
    subject : str
        Whose visits.
    refused : collection of str
        Digests of photographs that cannot be measured.
    """
    photos = library.catalog.photos(subject=subject) if offered else []
    for day in sorted(offered)[-_MAX_VISITS:]:
        counts = count_shots(photos, day, refused=refused, offered=offered[day])
        if counts:
            _show_visit(day, counts)


def _show_visit(day: dt.date, counts: Sequence[ViewShots]) -> None:
    missing = [one for one in counts if one.missing]
    with st.container(border=True):
        told = _("Visit of {day}", day=format_day(day))
        st.markdown(f"**{escape(told)}**")
        with st.container(horizontal=True, gap="small"):
            for one in counts:
                _show_view(one)
        if not missing:
            st.caption(_("Complete: three photographs of each view."))
            return
        wanted = "; ".join(_describe_missing(one) for one in missing)
        st.markdown(
            escape(_("Still wanted, combed anew before each: {wanted}.", wanted=wanted))
        )


def _show_view(one: ViewShots) -> None:
    view = escape(format_view(one.view))
    told = _("{view}: {shots} of {wanted}", view=view, shots=one.shots, wanted=SHOTS)
    if one.shots > SHOTS:
        told = _(
            "{view}: {shots}, more than {wanted}", view=view, shots=one.shots, wanted=SHOTS
        )
    if one.missing:
        icon = f":material/{_PART[min(one.shots, SHOTS)]}:"
        st.badge(told, color="orange", icon=icon)
    else:
        st.badge(told, color="blue", icon=":material/check_circle:")


_PART = ("circle", "clock_loader_40", "clock_loader_60", "check_circle")


def _describe_missing(one: ViewShots) -> str:
    return _("{view}: {count} more", view=format_view(one.view), count=one.missing)
