"""Add photographs: offered, checked by the person, taken in, measured, judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import streamlit as st

from hairtrack.app import verdicts, words
from hairtrack.app.frame import on_library
from hairtrack.app.pictures import show_picture
from hairtrack.app.adding.sources import collect
from hairtrack.app.adding.uploads import (
    Candidate,
    Taken,
    file_under,
    look_at,
    measure_pending,
    take_in,
)
from hairtrack.records import Photo, View
from hairtrack.workflows import Filing, Library
from hairtrack.workflows.importing import DEFAULT_SUBJECT
from hairtrack.workflows.showing import Preview, find_known, preview

__all__ = ["PATH", "show"]

PATH = "add-photographs"

_COLUMNS = 3


@on_library
def show(library: Library) -> None:
    """Take photographs in and say at once what can be read from them."""
    st.title("Add photographs")
    _show_advice()
    subject = _ask_subject(library)
    batch = st.session_state.setdefault("round", 0)
    offered = collect(library, subject=subject, batch=batch)
    if offered:
        with st.spinner("Looking at the photographs"):
            candidates = look_at(offered, look=_look_once)
        _check(library, candidates, subject=subject)
    elif "taken" in st.session_state:
        verdicts.show(library, st.session_state["taken"])
        if st.button("See the progress", type="primary", icon=":material/show_chart:"):
            _open_progress()


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _look_once(content: str, name: str, _data: bytes) -> Preview:
    """Look at a photograph once for each content and name."""
    return preview(_data, name=name)


def _open_progress() -> None:
    from hairtrack.app import page_progress

    st.switch_page(st.Page(page_progress.show, url_path=page_progress.PATH))


def _show_advice() -> None:
    with st.expander("How to take photographs that can be compared"):
        st.markdown(
            "- Three photographs of each view, **combing anew between them**.\n"
            "- The same lamp, the same place, the same distance as last time.\n"
            "- The head fills most of the picture; hair dry and clean.\n"
            "- Just before a treatment session, not in the days after it."
        )


def _ask_subject(library: Library) -> str:
    known = library.catalog.subjects() or [DEFAULT_SUBJECT]
    last = st.session_state.get("subject")
    chosen = st.selectbox(
        "Whose photographs",
        known,
        index=known.index(last) if last in known else 0,
        accept_new_options=True,
        help="Any name of your choice, real or not. Type a new one to add it.",
        width=320,
    )
    return " ".join((chosen or DEFAULT_SUBJECT).split()) or DEFAULT_SUBJECT


def _check(library: Library, candidates: Sequence[Candidate], *, subject: str) -> None:
    """Let the person correct view and day, then take in what can be taken."""
    usable = [c for c in candidates if c.found is not None]
    known = find_known(library, (c.found.digest for c in usable if c.found))
    for candidate in candidates:
        if candidate.refused is not None:
            _show_refused(candidate)
    if not usable:
        return
    st.subheader("Check view and day", anchor=False)
    _offer_one_view(usable)
    filings = _ask_filings(usable, known, subject=subject)
    ready = [(c, filing) for c, filing in filings if filing is not None]
    if _confirm(len(ready), missing=len(filings) - len(ready)):
        refused = [Taken(name=c.name, refused=c.refused) for c in candidates if c.refused]
        _take(library, ready, refused=refused)


def _show_refused(candidate: Candidate) -> None:
    with st.container(border=True):
        st.badge("Cannot be taken", color="orange", icon=":material/block:")
        st.text(candidate.name)
        st.markdown(words.escape(candidate.refused or ""))


def _offer_one_view(candidates: Sequence[Candidate]) -> None:
    if len(candidates) < 2:
        return

    def spread() -> None:
        view = st.session_state["view_of_all"]
        if view is not None:
            for candidate in candidates:
                st.session_state[f"view_{candidate.key}"] = view

    st.selectbox(
        "View of all of them",
        list(View),
        index=None,
        format_func=words.tell_view,
        placeholder="as suggested for each",
        key="view_of_all",
        on_change=spread,
        width=320,
    )


def _ask_filings(
    candidates: Sequence[Candidate], known: Mapping[str, Photo], *, subject: str
) -> list[tuple[Candidate, Filing | None]]:
    filings: list[tuple[Candidate, Filing | None]] = []
    for start in range(0, len(candidates), _COLUMNS):
        row = candidates[start : start + _COLUMNS]
        for column, candidate in zip(st.columns(_COLUMNS), row, strict=False):
            with column.container(border=True):
                filings.append((candidate, _ask(candidate, known, subject=subject)))
    return filings


def _ask(
    candidate: Candidate, known: Mapping[str, Photo], *, subject: str
) -> Filing | None:
    """Show one photograph and ask for its view and day; `None` while a day is missing."""
    found = candidate.found
    if found is None:
        return None
    show_picture(found.picture, alt="The photograph as it will be added")
    st.text(candidate.name)
    if found.digest in known:
        photo = known[found.digest]
        where = f"{words.tell_view(photo.view)}, {words.tell_day(photo.visit)}"
        st.badge("Already in the library", color="gray", icon=":material/check:")
        st.caption(f"Filed as {where}. It is not added twice.")
        return Filing(subject=photo.subject, view=photo.view)
    said = found.suggestion
    view: View | None = st.selectbox(
        "View",
        list(View),
        index=list(View).index(said.view),
        format_func=words.tell_view,
        key=f"view_{candidate.key}",
    )
    today = dt.date.today()
    day = st.date_input(
        "Day",
        said.visit,
        min_value=min(dt.date(1950, 1, 1), said.visit or today),
        max_value=max(today, said.visit or today),
        format="YYYY-MM-DD",
        key=f"day_{candidate.key}",
    )
    st.caption(_DAY_FROM[said.taken_from.value])
    if view is None or not isinstance(day, dt.date):
        return None
    return file_under(found, subject=subject, view=view, day=day)


_DAY_FROM = {
    "exif": "Day as the camera noted it.",
    "file name": "Day as in the file's name.",
    "unknown": "The photograph does not say its day: please choose it.",
    "person": "",
}


def _confirm(ready: int, *, missing: int) -> bool:
    if missing:
        told = words.tell_count(missing, "photograph has", "photographs have")
        st.warning(f"{told} no day yet: please choose it.", icon=":material/event:")
    label = f"Add and measure {words.tell_count(ready, 'photograph')}"
    return st.button(label, type="primary", disabled=bool(missing) or not ready)


def _take(
    library: Library,
    ready: Sequence[tuple[Candidate, Filing]],
    *,
    refused: Sequence[Taken],
) -> None:
    """File and measure, with a bar; what became of everything is shown next."""
    bar = st.progress(0.0, text="Adding photographs")

    def tell_adding(done: int, of: int) -> None:
        bar.progress(0.2 * done / of, text=f"Adding {done + 1} of {of}")

    def tell_measuring(done: int, of: int) -> None:
        bar.progress(0.2 + 0.8 * done / max(1, of), text=f"Measured {done} of {of}")

    taken = take_in(library, ready, on_progress=tell_adding)
    st.session_state["taken"] = [*taken, *refused]
    measure_pending(library, on_progress=tell_measuring)
    st.session_state["subject"] = ready[0][1].subject
    st.session_state.pop(f"shots_{st.session_state['round']}", None)
    st.session_state["round"] += 1
    st.rerun()
