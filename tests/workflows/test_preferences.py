"""What a person prefers: kept beside the library, and gone with the subject."""

import datetime as dt
from dataclasses import replace

import pytest

from hairtrack.errors import LibraryError
from hairtrack.workflows import Library
from hairtrack.workflows.editing import rename_subject
from hairtrack.workflows.importing import Filing, import_photo
from hairtrack.workflows.library import (
    PREFERENCES_FILE,
    Preferences,
    Units,
    erase,
    read_preferences,
    save_preferences,
)

SOME = Preferences(language="de", units=Units.IMPERIAL, folders={"A": "/photos/a"})


def test_what_is_kept_is_read_again(tmp_path) -> None:
    assert read_preferences(tmp_path) == Preferences()
    save_preferences(tmp_path, SOME)
    assert read_preferences(tmp_path) == SOME


@pytest.mark.parametrize("damage", ["", "[]", '{"units": "ells"}', '{"folders": 3}'])
def test_a_damaged_file_stands_for_the_defaults(tmp_path, damage) -> None:
    (tmp_path / PREFERENCES_FILE).write_text(damage)
    assert read_preferences(tmp_path) == Preferences()


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path) -> None:
    with pytest.raises(LibraryError, match="cannot be used"):
        save_preferences(tmp_path / "gone", SOME)


def test_folders_follow_a_new_name_and_leave_with_the_subject(tmp_path, draw_photo) -> None:
    with Library.create(tmp_path / "library") as library:
        data, _ = draw_photo(1)
        day = dt.date(2025, 3, 3)
        import_photo(library, data, name="a.jpg", filing=Filing(subject="A", date=day))
        save_preferences(library.folder, SOME)
        rename_subject(library, "A", to="B")
        assert read_preferences(library.folder).folders == {"B": "/photos/a"}
        erase(library, "B")
        assert read_preferences(library.folder) == replace(SOME, folders={})
        assert b"photos" not in (library.folder / PREFERENCES_FILE).read_bytes()
