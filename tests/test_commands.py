"""Every command of the README and of docs/commands.md runs as it stands there."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from hairtrack import cli
from hairtrack.cli import serve

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/commands.md")
PHOTOS = (
    "2025-03-03_vertex_1.jpg",
    "2025-03-03_vertex_2.jpg",
    "2025-03-10_vertex_2.jpg",
    "2025-08-25_vertex_1.jpg",
)


def list_commands() -> list[str]:
    """Return the lines of all shell blocks that call hairtrack, without their comments."""
    text = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = (line for block in blocks for line in block.splitlines())
    return [line for line in lines if line.startswith("hairtrack ")]


def run(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", shlex.split(line, comments=True))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_every_command_runs_as_it_stands(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "sample_images").mkdir()
    for name in PHOTOS:
        shutil.copy(ROOT / "sample_images" / name, tmp_path / "sample_images")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(tmp_path / "library"))
    opened = []
    monkeypatch.setattr(serve, "serve", lambda folder, **_: opened.append(folder) or 0)
    printed = {}
    for line in list_commands():
        status = run(line, monkeypatch)
        out, err = capsys.readouterr()
        assert status == 0, f"{line}\n{out}{err}"
        printed[line.split("  ")[0]] = out
    assert opened == [tmp_path / "library"]
    assert (tmp_path / "before_after.png").is_file()
    assert (tmp_path / "me.zip").is_file()
    # Week 0 of the table is the start that was given: the first visit is a week before.
    table = printed["hairtrack progress --start 2025-03-10"]
    assert re.search(r"2025-03-03 +vertex +-1\.0 ", table)
    everything = "\n".join(printed.values())
    assert not re.search(r"\b0 inliers|\b1 (photographs|files|faults)\b", everything)


def test_the_readme_is_short_and_its_targets_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 90
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
