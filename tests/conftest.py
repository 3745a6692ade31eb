"""A tiny course of drawn photographs, made once for all tests that need a disk."""

import dataclasses
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import hypothesis
import numpy as np
import pytest

hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")

FIRST, LATER = dt.date(2025, 3, 3), dt.date(2025, 6, 2)


@pytest.fixture(scope="session")
def draw_photo():
    """Return a function that draws one head on any day: JPEG and true visible scalp."""
    import hairtrack_phantom as phantom
    from hairtrack.imaging import codec

    head = phantom.random_head(
        np.random.default_rng(5),
        tone=1,
        colour="dark_brown",
        texture="straight",
        flow="whorl",
        length=0.16,
        width=0.002,
        coverage=0.9,
        thinning=phantom.Thinning(crown=0.9, front=0.4, diffuse=0.2),
    )

    def draw(seed, *, density=0.7, taken_at=None):
        shot = phantom.random_shot(np.random.default_rng(seed), size=(480, 480))
        light = dataclasses.replace(
            shot.light, ambient=0.7, exposure=0.1, gains=(1.0, 1.0, 1.0)
        )
        steady = {"motion": (0.0, 0.0), "haze": 0.0, "reduction": 1.0}
        sensor = dataclasses.replace(shot.sensor, **steady)
        shot = dataclasses.replace(shot, light=light, sensor=sensor)
        photo = phantom.photograph(head.with_density(density), shot)
        data = codec.encode_jpeg(photo.image, quality=90, taken_at=taken_at)
        return data, photo.visible_scalp

    return draw


@pytest.fixture(scope="session")
def course(tmp_path_factory, draw_photo):
    """Return a folder: two photographs of a first visit, one of a later, and a note."""
    folder = tmp_path_factory.mktemp("course")
    for number, (day, density) in enumerate([(FIRST, 0.3), (FIRST, 0.3), (LATER, 1.0)]):
        taken_at = dt.datetime.combine(day, dt.time(8, 30 + number))
        data, _ = draw_photo(number, density=density, taken_at=taken_at)
        (folder / f"{day}_vertex_{number}.jpg").write_bytes(data)
    (folder / "notes.txt").write_text("not a photograph")
    return folder


@pytest.fixture(scope="session")
def measured(tmp_path_factory, course):
    """Return the folder of a library with the course measured; only read it."""
    from hairtrack import workflows

    folder = tmp_path_factory.mktemp("measured") / "library"
    with workflows.Library.create(folder) as library:
        workflows.import_photos(library, [course])
        workflows.run_pending(library)
    return folder


@pytest.fixture(scope="session")
def without_colour(draw_photo):
    """Return the bytes of a photograph that is kept but cannot be measured."""
    from hairtrack.imaging import codec

    image = codec.decode(draw_photo(7)[0])
    grey = image.mean(axis=2).astype(np.uint8)
    return codec.encode_jpeg(grey, taken_at=dt.datetime(2025, 3, 3, 7))


@pytest.fixture(scope="session")
def without_head():
    """Return the bytes of a photograph of a wall."""
    from hairtrack.imaging import codec

    noise = np.random.default_rng(0).normal(0, 4, (240, 320, 3))
    wall = np.clip(noise + np.array((90, 140, 180)), 0, 255).astype(np.uint8)
    return codec.encode_jpeg(wall, taken_at=dt.datetime(2025, 3, 3, 9))


@pytest.fixture
def hairtrack(monkeypatch, capsys):
    """Return a function that runs a command: exit status, stdout and stderr."""
    from hairtrack import cli

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["hairtrack", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Return where a new catalogue goes: a file, and a database on a real server."""
    if request.param == "sqlite":
        return tmp_path / "catalog.sqlite"
    return request.getfixturevalue("postgres")


@pytest.fixture(scope="session")
def postgres():
    """Return the address of a PostgreSQL server of our own; skip where there is none."""
    programs = find_postgres()
    if programs is None:
        if os.environ.get("HAIRTRACK_TEST_POSTGRES"):
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="hairtrack-postgres-"))
    become = []
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        import pwd  # not on Windows

        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        become = ["runuser", "-u", "postgres", "--"]

    def call(program, *arguments):
        command = [*become, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    call("initdb", "--auth=trust", "--username=hairtrack", "--no-sync", "--encoding=UTF8")
    quick = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=200"
    call("pg_ctl", "--wait", "--silent", "-l", str(folder / "log"), "-o", quick, "start")
    try:
        yield f"postgresql://hairtrack@/postgres?host={folder}"
    finally:
        call("pg_ctl", "--mode=immediate", "--silent", "stop")
        shutil.rmtree(folder)


def find_postgres():
    """Return the folder of the server's programs, or None."""
    pytest.importorskip("psycopg")
    places = [Path(found).parent] if (found := shutil.which("initdb")) else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)
