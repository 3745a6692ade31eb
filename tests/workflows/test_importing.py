"""Photographs come in dated and filed, once, without what is private."""

import datetime as dt
import errno
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from factories import make_photo
from hypothesis import given
from hypothesis import strategies as st

from hairtrack.errors import LibraryError, PhotoError
from hairtrack.imaging import codec
from hairtrack.records import HairState, TakenFrom, View
from hairtrack.store import digest_of, files
from hairtrack.workflows import (
    Filing,
    Library,
    default_view,
    import_photo,
    import_photos,
    importing,
)
from hairtrack.workflows.editing import redate_visit, update_photo
from hairtrack.workflows.importing import count_shots, suggest_view

DAY = dt.date(2024, 1, 31)


@pytest.fixture(scope="module")
def undated():
    """Return a photograph, of no matter what, that does not say when it was taken."""
    return codec.encode_jpeg(np.random.default_rng(1).integers(0, 255, (80, 100, 3), "u1"))


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        ("IMG_20240131_142233.jpg", (14, 22, 33)),
        ("PXL_20240131_142233123.jpg", (14, 22, 33)),
        ("20240131142233.jpg", (14, 22, 33)),
        ("Screenshot 2024-01-31 at 14.22.33.png", (14, 22, 33)),
        ("2024-01-31T14:22:33.heic", (14, 22, 33)),
        ("IMG-20240131-WA0001.jpg", None),
        ("2024.01.31 crown.jpg", None),
        ("crown_2024_01_31.webp", None),
        ("2024-01-31_99.99.99.jpg", None),
    ],
)
def test_names_of_files_tell_the_day(name, clock):
    taken_at = clock and dt.datetime.combine(DAY, dt.time(*clock))
    assert importing.find_date(name) == (DAY, taken_at)
    for other in ("DSC_0815.jpg", "20240231.jpg", "1234202401319.jpg", "2024-0131.jpg", ""):
        assert importing.find_date(other) is None


@given(
    day=st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
    before=st.text("abc_- ", max_size=5),
    after=st.text("abc_- ", max_size=5),
    form=st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d"]),
)
def test_any_day_is_found_in_any_common_form(day, before, after, form):
    assert importing.find_date(f"{before}{day:{form}}{after}.jpg") == (day, None)


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("2025-03-03_vertex_1.jpg", View.VERTEX),
        ("Midline.JPG", View.MIDLINE),
        ("temporal-left 2.jpg", View.TEMPORAL_LEFT),
        ("TEMPORAL_RIGHT.png", View.TEMPORAL_RIGHT),
        ("frontal.heic", View.FRONTAL),
        ("IMG_0815.jpg", None),
    ],
)
def test_names_of_files_tell_the_view(name, view):
    assert importing.find_view(name) == view


def test_a_course_comes_in_with_its_dates_once_and_stripped(library, course):
    done = import_photos(library, [course])
    assert [str(photo.visit) for photo in done.added] == ["2025-03-03"] * 2 + ["2025-06-02"]
    assert {photo.taken_from for photo in done.added} == {TakenFrom.EXIF}
    assert {(p.view, p.subject, p.width, p.height) for p in done.added} == {
        (View.VERTEX, "me", 480, 480)
    }
    assert (done.known, done.refused, done.skipped) == ((), (), 1)
    assert library.catalog.photos() == list(done.added)
    kept = library.originals.get(done.added[0].digest)
    assert kept == codec.strip(min(course.glob("*.jpg")).read_bytes())
    assert done.added[0].digest == digest_of(kept)
    elsewhere = Filing(subject="other", view=View.FRONTAL)
    again = import_photos(library, [course], filing=elsewhere)
    assert again.added == ()
    assert [photo for _, photo in again.known] == list(done.added)
    assert library.catalog.photos() == list(done.added)


def test_the_camera_knows_better_than_the_name_and_the_name_than_the_person(
    library, draw_photo, undated
):
    data, _ = draw_photo(0, taken_at=dt.datetime(2025, 5, 5, 7))
    filing = Filing(date=dt.date(2020, 1, 1))
    photo, _ = import_photo(library, data, name="2021-01-01.jpg", filing=filing)
    assert (str(photo.visit), photo.taken_from) == ("2025-05-05", TakenFrom.EXIF)
    # A hostile name is no path.
    name = "../../etc/IMG_20240131_142233<img src=x>\x1b[31m.jpg"
    photo, _ = import_photo(library, undated, name=name, filing=filing)
    assert (photo.visit, photo.taken_from) == (DAY, TakenFrom.FILE_NAME)
    assert photo.taken_at == dt.datetime(2024, 1, 31, 14, 22, 33)
    assert "img" not in repr(photo)


def test_what_the_person_overrules_counts(library, draw_photo):
    data, _ = draw_photo(0, taken_at=dt.datetime(2025, 5, 5, 7))
    told = {"subject": "anna", "view": View.OCCIPITAL, "hair_state": HairState.DRY}
    told |= {"taken_at": dt.datetime(2024, 1, 31, 8), "note": "before"}
    photo, new = import_photo(library, data, name="vertex.jpg", filing=Filing(**told))
    assert new
    assert (photo.visit, photo.taken_from) == (DAY, TakenFrom.PERSON)
    assert {name: getattr(photo, name) for name in told} == told


def test_without_a_date_a_photograph_is_refused_with_the_remedy(library, undated):
    with pytest.raises(PhotoError, match="--date YYYY-MM-DD"):
        import_photo(library, undated, name="a.jpg")
    assert library.catalog.photos() == []
    photo, _ = import_photo(library, undated, name="a.jpg", filing=Filing(date=DAY))
    assert (photo.visit, photo.taken_at, photo.taken_from) == (DAY, None, TakenFrom.PERSON)


@pytest.mark.parametrize(
    "taken_at",
    [
        dt.datetime(1, 1, 2, 3),
        dt.datetime(1970, 1, 1, 1),
        dt.datetime(2015, 1, 1, 0, 3),
        dt.datetime.now() + dt.timedelta(days=3),
    ],
)
def test_a_camera_whose_clock_was_not_set_is_asked_about(library, draw_photo, taken_at):
    """Such a photograph would be the earliest, and so the baseline for good."""
    data, _ = draw_photo(0, taken_at=taken_at)
    with pytest.raises(PhotoError, match="clock of the camera was not set"):
        import_photo(library, data, name="a.jpg")
    photo, _ = import_photo(library, data, name="a.jpg", filing=Filing(date=DAY))
    assert (photo.visit, photo.taken_at, photo.taken_from) == (DAY, None, TakenFrom.PERSON)


@pytest.mark.parametrize("day", [dt.date(1989, 12, 31), dt.date.max])
def test_a_day_that_cannot_be_is_refused_whoever_says_it(library, undated, day):
    with pytest.raises(PhotoError, match="cannot be"):
        import_photo(library, undated, name="a.jpg", filing=Filing(date=day))
    with pytest.raises(PhotoError, match="does not say when"):
        import_photo(library, undated, name="1985-03-03.jpg")
    photo, _ = import_photo(library, undated, name="a.jpg", filing=Filing(date=DAY))
    with pytest.raises(PhotoError, match="cannot be"):
        update_photo(library, photo.digest, visit=day)
    with pytest.raises(PhotoError, match="cannot be"):
        redate_visit(library, "me", DAY, to=day)
    assert library.catalog.photos() == [photo]


def test_one_bad_photograph_stops_no_other_and_leaves_no_trace(library, course, tmp_path):
    bad = {
        "empty.jpg": b"",
        "text.jpg": b"hello",
        "cut.jpg": min(course.glob("*.jpg")).read_bytes()[:3000],
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    paths = [*(tmp_path / name for name in bad), tmp_path / "gone.jpg", course]
    done = import_photos(library, paths)
    assert len(done.added) == 3
    assert [refusal.photo for refusal in done.refused] == [str(path) for path in paths[:4]]
    assert all(refusal.error.endswith(".") for refusal in done.refused)
    files = [p for p in library.originals.folder.rglob("*") if len(p.name) == 64]
    assert len(files) == 3


def make_folder(folder, photos):
    """Write photographs, name -> content, below a folder."""
    for name, data in photos.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_files_folders_and_archives_come_in_alike(library, make_small, tmp_path):
    loose = make_folder(
        tmp_path / "a", {"1.jpg": make_small(1), "deep/2.jpg": make_small(2)}
    )
    with zipfile.ZipFile(tmp_path / "occipital.zip", "w") as archive:
        archive.writestr("x/3.jpg", make_small(3))
        archive.writestr("../../same as 1.jpg", make_small(1))
        archive.writestr("list.txt", "")
        archive.writestr("bad.jpg", "hello")
    told = []
    done = import_photos(
        library,
        [loose, tmp_path / "occipital.zip"],
        on_progress=lambda *state: told.append(state),
    )
    assert [photo.visit.day for photo in done.added] == [2, 3, 4]
    assert [name for name, _ in done.known] == [
        f"{tmp_path / 'occipital.zip'}: same as 1.jpg"
    ]
    assert [refusal.photo.rpartition(": ")[2] for refusal in done.refused] == ["bad.jpg"]
    assert (done.skipped, done.stopped) == (1, None)
    assert told == [(n, 5) for n in range(6)]
    assert done.added[-1].view == View.OCCIPITAL


def test_the_view_is_told_by_file_then_folder_then_series(library, make_small, tmp_path):
    photos = {
        "midline/1 frontal.jpg": make_small(1),
        "midline/2.jpg": make_small(2),
        "other/3.jpg": make_small(3),
    }
    folder = make_folder(tmp_path / "b", photos)
    done = import_photos(library, [folder])
    assert [p.view for p in done.added] == [View.FRONTAL, View.MIDLINE, View.VERTEX]
    assert default_view(library, "me") == View.VERTEX
    library.catalog.set_baseline(done.added[1].digest)
    assert default_view(library, "me") == View.MIDLINE
    assert default_view(library, "anna") == View.VERTEX
    photo, _ = import_photo(library, make_small(4), name="4.jpg")
    assert photo.view == View.MIDLINE
    library.catalog.set_baseline(done.added[0].digest)
    assert default_view(library, "me") == View.VERTEX
    assert suggest_view("x.jpg", usual=View.OCCIPITAL) == View.OCCIPITAL


def test_an_interrupted_import_goes_on_and_ends_as_one_that_was_not(
    library, make_small, tmp_path
):
    folder = make_folder(tmp_path / "a", {f"{n}.jpg": make_small(n) for n in range(6)})

    def interrupt(done, _):
        if done == 3:
            raise KeyboardInterrupt

    first = import_photos(library, [folder], on_progress=interrupt)
    assert len(first.added) == 3
    assert first.stopped.startswith("Interrupted")
    second = import_photos(library, [folder])
    assert (len(second.known), len(second.added), second.stopped) == (3, 3, None)
    with Library.create(tmp_path / "other") as other:
        import_photos(other, [folder])
        assert other.catalog.photos() == library.catalog.photos()


def test_a_disk_that_fills_up_ends_the_import_with_what_came_in(
    library, make_small, tmp_path, monkeypatch
):
    folder = make_folder(tmp_path / "a", {f"{n}.jpg": make_small(n) for n in range(4)})
    real, kept = files.sync_file, []

    def fill(handle):
        if len(kept) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        kept.append(handle)
        real(handle)

    monkeypatch.setattr(files, "sync_file", fill)
    done = import_photos(library, [folder])
    assert len(done.added) == len(library.catalog.photos()) == 2
    assert "is full" in done.stopped
    assert len(list(library.originals.names())) == 2
    with pytest.raises(LibraryError, match="is full"):
        import_photos(library, [make_folder(tmp_path / "b", {"new.jpg": make_small(9)})])
    monkeypatch.undo()
    assert len(import_photos(library, [folder]).added) == 2


def test_two_imports_at_once_lose_nothing(library, make_small, tmp_path):
    folder = make_folder(tmp_path / "a", {f"{n}.jpg": make_small(n) for n in range(8)})

    def take(_):
        with Library.open(library.folder) as beside:
            done = import_photos(beside, [folder])
            return len(done.added) + len(done.known)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, range(2))) == [8, 8]
    assert len(library.catalog.photos()) == 8
    assert len(list(library.originals.names())) == 8


# ---- visits ---------------------------------------------------------------------------

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)


EARLIER = [
    make_photo(f"{view} {n}", visit=FIRST, view=view)
    for view in (View.VERTEX, View.MIDLINE)
    for n in range(3)
]


def count(*args, **named):
    return {one.view: one.shots for one in count_shots(*args, **named)}


def test_views_of_earlier_visits_are_asked_for_again():
    photos = [*EARLIER, make_photo("vertex", visit=LATER)]
    found = count_shots(photos, LATER)
    assert [(one.view, one.shots, one.missing) for one in found] == [
        (View.VERTEX, 1, 2),
        (View.MIDLINE, 0, 3),
    ]
    assert count(EARLIER, FIRST) == {View.VERTEX: 3, View.MIDLINE: 3}
    later = make_photo("frontal", visit=LATER, view=View.FRONTAL)
    assert View.FRONTAL not in count([*EARLIER, later], FIRST)
    (first,) = count_shots([], FIRST, offered=[View.OCCIPITAL] * 4)
    assert (first.view, first.shots, first.missing) == (View.OCCIPITAL, 4, 0)


def test_what_is_offered_counts_and_what_is_refused_does_not():
    refused = {EARLIER[0].digest}
    found = count(EARLIER, FIRST, refused=refused, offered=[View.VERTEX, View.FRONTAL])
    assert found == {View.VERTEX: 3, View.MIDLINE: 3, View.FRONTAL: 1}
