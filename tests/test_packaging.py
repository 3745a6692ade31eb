"""The built wheel carries all that an installed hairtrack needs, and nothing else.

`.ci/run` installs the same wheel and runs the demo from it; here its content is checked.
"""

from __future__ import annotations

import email
import importlib.metadata
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FORCED = {
    "hairtrack/app/main.py": ROOT / "app.py",
    "hairtrack/app/config.toml": ROOT / ".streamlit" / "config.toml",
}


def list_package_files() -> dict[str, Path]:
    """Return what the wheel must hold: name in the wheel -> file in the checkout."""
    files = {
        path.relative_to(ROOT / "src").as_posix(): path
        for path in (ROOT / "src" / "hairtrack").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    samples = {
        f"hairtrack/{path.relative_to(ROOT).as_posix()}": path
        for path in (ROOT / "sample_images").rglob("*")
        if path.is_file()
    }
    return files | samples | FORCED


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    built = subprocess.run(
        [*command, "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the wheel as pip would lay it out."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def read_metadata(site: Path) -> email.message.Message:
    (path,) = site.glob("*.dist-info/METADATA")
    return email.message_from_string(path.read_text(encoding="utf-8"))


def test_wheel_holds_exactly_the_package_and_its_data(wheel: Path, site: Path) -> None:
    expected = list_package_files()
    inside = {
        path.relative_to(site).as_posix()
        for path in (site / "hairtrack").rglob("*")
        if path.is_file()
    }
    assert inside == set(expected)
    for name, source in expected.items():
        assert (site / name).read_bytes() == source.read_bytes(), name
    (info,) = site.glob("*.dist-info")
    assert {path.name for path in site.iterdir()} == {"hairtrack", info.name}
    # 15 MB of sample photographs (JPEG, they do not shrink) and some models and code.
    assert wheel.stat().st_size < 25e6


def test_wheel_holds_what_a_person_needs(site: Path) -> None:
    for pattern, at_least in (
        ("hairtrack/imaging/models/*.onnx", 1),
        ("hairtrack/sample_images/**/*.jpg", 12),
        ("hairtrack/sample_images/truth.csv", 1),
        ("hairtrack/sample_images/README.md", 1),
        ("hairtrack/py.typed", 1),
        ("*.dist-info/licenses/LICENSE", 1),
    ):
        assert len(list(site.glob(pattern))) >= at_least, pattern


def test_metadata_says_what_pyproject_says(site: Path) -> None:
    metadata = read_metadata(site)
    assert metadata["Name"] == "hairtrack"
    assert metadata["Version"] == PROJECT["version"]
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.11"
    required = [r for r in metadata.get_all("Requires-Dist", []) if "extra ==" not in r]
    assert len(required) == len(PROJECT["dependencies"])
    (path,) = site.glob("*.dist-info/entry_points.txt")
    (entry,) = importlib.metadata.PathDistribution(path.parent).entry_points
    assert (entry.group, entry.name) == ("console_scripts", "hairtrack")
    assert entry.value == PROJECT["scripts"]["hairtrack"]


def test_installed_program_measures_one_of_its_samples(site: Path, tmp_path: Path) -> None:
    """With the unpacked wheel first on its path, outside the checkout."""
    photo = min((site / "hairtrack" / "sample_images").rglob("*.jpg"))
    code = "import hairtrack; print(hairtrack.__file__, hairtrack.__version__, flush=True)"
    code += "; from hairtrack.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "measure", str(photo), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    place, version, *told = done.stdout.split(maxsplit=2)
    assert Path(place) == site / "hairtrack" / "__init__.py"
    assert version == PROJECT["version"]
    assert '"visible_scalp"' in told[0]
    assert '"error"' not in told[0]
