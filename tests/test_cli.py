"""What a person types, what comes back, and the exit status."""

import json
import os
import subprocess
import sys

import pytest

from hairtrack.imaging import codec


@pytest.fixture
def photo(course):
    return min(course.glob("*.jpg"))


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.jpg"
    path.write_bytes(b"hello")
    return path


def test_measure_gives_the_promised_json(hairtrack, photo, bad, tmp_path):
    status, out, _ = hairtrack("measure", bad, photo, "--out", tmp_path, "--json")
    refused, found = json.loads(out)
    assert status == 1
    assert refused.keys() == {"photo", "error"}
    assert set(found) == {
        "photo",
        "view",
        "visible_scalp",
        "standard_error",
        "zones",
        "flags",
        "method",
    }
    assert (found["photo"], found["view"]) == (str(photo), "vertex")
    assert found["zones"][0]["zone"] == "scalp"
    assert found["zones"][0]["visible_scalp"] == found["visible_scalp"]
    assert {"zone", "visible_scalp", "standard_error"} < set(found["zones"][0])
    assert set(found["method"]) == {"name", "version"}
    assert len(list(tmp_path.glob("*.png"))) == 3


def test_measure_for_people(hairtrack, photo, bad):
    status, out, err = hairtrack("measure", photo, bad)
    assert status == 1
    assert "scalp" in out
    assert " % ± " in out
    assert str(bad) in err
    assert "Traceback" not in err
    status, out, err = hairtrack()
    assert status == 2
    assert "measure" in out + err


@pytest.mark.parametrize(
    "arguments",
    [
        ["measure"],
        ["measure", "a.jpg", "--view", "from above"],
        ["measure", "a.jpg", "b.jpg", "--region", "c.png"],
        ["register", "a.jpg"],
        ["import", "a.jpg", "--date", "yesterday"],
        ["compare", "--first", "2025-02-30"],
        ["progress", "--primary-zone", "moon/scalp"],
        ["progress", "--start", "spring"],
        ["run", "--jobs", "0"],
        ["measure", "a.jpg", "--no-such-option"],
        ["no-such-command"],
        ["backup"],
        ["restore", "a.zip"],
        ["export"],
        ["verify", "x"],
        ["photo", "move", "123456", "from above"],
        ["photo", "date", "123456", "yesterday"],
        ["photo", "purge", "--days", "-1"],
        ["visit", "set", "me", "2025-03-03", "--length-mm", "-1"],
        ["erase"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_status_2(hairtrack, arguments):
    status, out, err = hairtrack(*arguments)
    assert (status, out) == (2, "")
    assert err


def test_register_gives_matrix_and_evidence(hairtrack, course, bad, tmp_path):
    first, second, _ = sorted(course.glob("*.jpg"))
    picture = tmp_path / "both.png"
    status, out, _ = hairtrack("register", second, first, "--out", picture, "--json")
    found = json.loads(out)
    assert status == 0
    assert len(found["matrix"]) == 3
    assert {"model", "inliers", "rms_px", "scale", "overlap"} < set(found)
    assert codec.decode(picture.read_bytes()).shape == (480, 480, 3)
    status, out, _ = hairtrack("register", second, first)
    assert status == 0
    assert "by outline, rms" in out, "combed anew: no points agree"
    status, out, _ = hairtrack("register", bad, first, "--json")
    assert status == 1
    assert json.loads(out)["error"].endswith(".")
    status, out, err = hairtrack("register", bad, first)
    assert (status, out) == (1, "")
    assert err.startswith("hairtrack: ")
    assert err.count("\n") == 1


def test_from_import_to_picture(hairtrack, course, tmp_path):
    library = ["--library", tmp_path / "library"]
    status, out, _ = hairtrack("import", course, *library)
    assert status == 0
    assert "3 new, 0 known, 0 refused, 1 other file passed over" in out
    status, out, err = hairtrack("run", *library)
    assert (status, out) == (0, "3 photographs measured\n")
    assert "3/3" in err
    assert hairtrack("run", *library)[:2] == (0, "Nothing was pending.\n")
    status, out, _ = hairtrack("progress", *library, "--json")
    found = json.loads(out)
    assert status == 0
    assert [(row["visit"], row["shots"]) for row in found["visits"]] == [
        ("2025-03-03", 2),
        ("2025-06-02", 1),
    ]
    assert [course["verdict"] for course in found["courses"]] == ["not enough data"]
    picture = tmp_path / "both.png"
    status, out, _ = hairtrack("compare", *library, "--out", picture, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["delta_pp"] < 0  # the later photograph was drawn with more hair
    assert picture.is_file()


def test_people_read_the_same(hairtrack, measured, monkeypatch, tmp_path):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "nowhere"))
    library = ["--library", measured]
    status, out, _ = hairtrack("progress", *library)
    assert status == 0
    assert "2025-06-02" in out
    assert " % ± " in out
    status, out, _ = hairtrack("compare", *library, "--out", tmp_path / "both.png")
    assert status == 0
    assert "Between these two visits: less scalp shows: " in out
    assert hairtrack("progress")[0] == 1
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(measured))
    assert hairtrack("progress")[0] == 0


def test_import_says_what_it_did_not_take(hairtrack, bad, photo, tmp_path):
    library = ["--library", tmp_path / "library"]
    status, out, _ = hairtrack("import", bad, photo, *library, "--json")
    found = json.loads(out)
    assert status == 1
    assert [len(found[key]) for key in ("added", "known", "refused")] == [1, 0, 1]
    status, out, err = hairtrack("import", bad, photo, *library)
    assert status == 1
    assert "0 new, 1 known, 1 refused" in out
    assert str(bad) in err
    # A folder without photographs was not what was asked.
    (tmp_path / "empty").mkdir()
    assert hairtrack("import", tmp_path / "empty", *library)[0] == 1


def test_a_library_is_kept_over_the_years(hairtrack, course, tmp_path):
    """Import, verify, backup, restore, export: each says what it did and how it ended."""
    library = ["--library", tmp_path / "library"]
    hairtrack("import", course, *library)
    status, out, err = hairtrack("verify", *library)
    assert (status, out) == (0, "3 photographs read\nNo fault.\n")
    assert "3/3" in err
    archive, back = tmp_path / "b.zip", tmp_path / "back"
    status, out, _ = hairtrack("backup", archive, *library)
    assert (status, out) == (0, f"wrote {archive}: 3 photographs\n")
    status, out, _ = hairtrack("restore", archive, back)
    assert (status, out) == (0, f"wrote {back}: 3 photographs\n")
    first, second = (
        hairtrack("progress", "--library", folder, "--json")
        for folder in (tmp_path / "library", back)
    )
    assert first == second
    status, out, _ = hairtrack("export", "me", "--out", tmp_path / "me", *library, "--json")
    told = json.loads(out)
    assert (status, told["photos"], told["lost"]) == (0, 3, [])
    assert (tmp_path / "me" / "README.txt").is_file()


def test_faults_are_all_told_and_make_status_1(hairtrack, course, tmp_path):
    library = ["--library", tmp_path / "library"]
    hairtrack("import", course, *library)
    lost, damaged, _ = (p for p in (tmp_path / "library").rglob("*") if len(p.name) == 64)
    lost.unlink()
    damaged.write_bytes(b"")
    status, out, err = hairtrack("verify", *library)
    assert status == 1
    assert "2 faults" in out
    assert "missing: The bytes of the photograph of " in err
    assert "damaged: The bytes of the photograph of " in err
    status, out, _ = hairtrack("verify", *library, "--json")
    found = json.loads(out)
    assert status == 1
    assert sorted(fault["kind"] for fault in found["faults"]) == ["damaged", "missing"]
    for command in (
        ["backup", tmp_path / "b.zip"],
        ["export", "me", "--out", tmp_path / "me"],
    ):
        status, out, err = hairtrack(*command, *library)
        assert status == 1
        assert "1 photograph" in out
        assert lost.name[:12] in err
        assert damaged.name[:12] in err


def test_what_cannot_be_done_is_one_plain_line(hairtrack, course, tmp_path):
    library = ["--library", tmp_path / "library"]
    hairtrack("import", course, *library)
    (tmp_path / "letter").write_text("dear")
    for command in (
        ["restore", tmp_path / "letter", tmp_path / "back"],
        ["restore", tmp_path / "letter", tmp_path / "library"],
        ["backup", tmp_path / "letter", *library],
        ["export", "nobody", *library],
    ):
        status, out, err = hairtrack(*command)
        assert (status, out) == (1, "")
        assert "Traceback" not in err
        assert "hairtrack: " in err.splitlines()[-1]
        assert err.splitlines()[-1].endswith(".")


def test_a_refused_photograph_makes_run_status_1_once(hairtrack, without_colour, tmp_path):
    (tmp_path / "grey.jpg").write_bytes(without_colour)
    library = ["--library", tmp_path / "library"]
    hairtrack("import", tmp_path / "grey.jpg", *library)
    status, out, _ = hairtrack("run", *library, "--json")
    assert status == 1
    assert [len(json.loads(out)[key]) for key in ("refused", "failed")] == [1, 0]
    assert hairtrack("run", *library)[0] == 0


@pytest.mark.parametrize("command", ["run", "progress", "compare", "verify"])
def test_without_a_library_there_is_one_plain_line(hairtrack, command, tmp_path):
    status, out, err = hairtrack(command, "--library", tmp_path / "nothing")
    assert (status, out) == (1, "")
    assert err.startswith("hairtrack: There is no hairtrack library at ")
    assert err.count("\n") == 1
    assert not (tmp_path / "nothing").exists()


def test_demo_twice_is_harmless(hairtrack, course, tmp_path, monkeypatch):
    from hairtrack.workflows import samples

    monkeypatch.setattr(samples, "find_samples", lambda: course)
    arguments = ["demo", "--no-app", "--folder", tmp_path / "demo"]
    first, second = hairtrack(*arguments), hairtrack(*arguments)
    assert (first[0], second[0]) == (0, 0)
    assert "synthetic" in first[1]
    assert first[1] == second[1]
    rows = json.loads(hairtrack(*arguments, "--json")[1])
    assert [row["shots"] for row in rows] == [2, 1]


def test_a_taken_port_is_said_before_anything_is_measured(hairtrack, tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for command in (["app"], ["demo", "--folder", tmp_path / "demo"]):
            status, _, err = hairtrack(*command, "--port", port)
            assert status == 1
            assert f"Port {port} is in use" in err
    assert not (tmp_path / "demo").exists()


def test_version(hairtrack):
    from hairtrack import __version__

    assert hairtrack("version") == (0, f"{__version__}\n", "")


def test_missing_system_libraries_are_one_plain_line(tmp_path):
    """On a bare Debian cv2 cannot be loaded; here a broken one stands before it."""
    reason = "libGL.so.1: cannot open shared object file: No such file or directory"
    (tmp_path / "cv2.py").write_text(f"raise ImportError({reason!r})\n")
    code = "from hairtrack.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "measure", "a.jpg"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("hairtrack: ")
    assert done.stderr.count("\n") == 1
    assert "libGL.so.1" in done.stderr
    assert "apt-get install libxcb1 libgl1 libglib2.0-0" in done.stderr
    assert "opencv-python-headless" in done.stderr
