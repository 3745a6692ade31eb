"""What the Markdown says is there is there, and what is there is said."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import typer.main

from hairtrack import cli, records
from hairtrack.change import records as change
from hairtrack.change import repeatability
from hairtrack.imaging import quality
from hairtrack.workflows import VisitSummary

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("sample_images/*.md")]
)
GUIDE = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


RECORDS = [
    records.ZoneMeasurement,
    records.Registration,
    VisitSummary,
    repeatability.Agreement,
    repeatability.IntraclassCorrelation,
    change.Change,
    change.Comparability,
    change.Assessment,
    change.Estimate,
    change.InterimAnalysis,
    change.Repeatability,
    change.Step,
    change.VisitValue,
]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def list_commands() -> Iterator[str]:
    """Yield every command of the program as a person types it."""
    group = typer.main.get_command(cli.app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        for inner in getattr(command, "commands", {}):
            yield f"hairtrack {name} {inner}"
        if not hasattr(command, "commands"):
            yield f"hairtrack {name}"


def make_anchor(heading: str) -> str:
    """Return the fragment under which a heading is reached, as GitHub forms it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def list_anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", read(page), flags=re.M | re.S)
    return {make_anchor(heading) for heading in HEADING.findall(text)}


def list_links(page: Path) -> list[str]:
    return LINK.findall(CODE.sub("", read(page)))


def list_explained() -> set[str]:
    """Return the names in the first column of the tables of numbers."""
    tables = read(ROOT / "docs" / "numbers.md")
    return set(re.findall(r"^\| `(\w+)`", tables, re.MULTILINE))


def list_modules_with_examples() -> list[str]:
    names = []
    for root in (ROOT / "src", ROOT / "phantom"):
        for path in sorted(root.rglob("*.py")):
            if ">>>" in read(path):
                name = ".".join(path.relative_to(root).with_suffix("").parts)
                names.append(name.removesuffix(".__init__"))
    return names


def test_every_command_is_documented_and_no_other() -> None:
    text = "\n".join(read(page) for page in GUIDE)
    commands = list(list_commands())
    untold = [one for one in commands if not re.search(rf"\b{re.escape(one)}\b", text)]
    assert not untold
    blocks = re.findall(r"^```.*?^```", text, re.M | re.S)
    typed = re.findall(r"^\s*\S*hairtrack ([a-z]+)", "\n".join(blocks), re.M)
    assert set(typed) <= {command.split()[1] for command in commands}


def test_every_number_of_a_record_is_explained() -> None:
    numbers = {"int", "float", "Interval", "Matrix", "tuple[float, float]"}
    names = {
        field.name
        for record in RECORDS
        for field in dataclasses.fields(record)
        if field.type.removesuffix(" | None") in numbers
    }
    assert names - list_explained() == set()


def test_every_number_on_quality_is_explained() -> None:
    y, x = np.mgrid[:120, :120]
    scalp = (x - 60) ** 2 + (y - 60) ** 2 < 50**2
    hair = (x % 8 < 4).astype(np.float32)
    image = np.where((hair > 0.5)[..., np.newaxis], (40, 30, 20), (200, 160, 140))
    given = quality.assess(image.astype(np.uint8), scalp, hair=hair * scalp)
    assert {name for name, _ in given.numbers} <= list_explained()
    assert "contrast" in dict(given.numbers)


def test_every_relative_link_resolves() -> None:
    dead = []
    for page in PAGES:
        for link in list_links(page):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or (anchor and anchor not in list_anchors(target)):
                dead.append((page.name, link))
    assert not dead


def test_the_checks_of_make_test_are_documented() -> None:
    readme = read(ROOT / "docs" / "install.md")
    makefile = read(ROOT / "Makefile")
    recipe = re.search(r"^test:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe is not None
    for line in recipe[1].splitlines():
        command = line.strip().removeprefix("$(BIN)/")
        assert f".venv/bin/{command}" in readme
        assert f".venv\\Scripts\\{command}" in readme


@pytest.mark.parametrize("name", list_modules_with_examples())
def test_examples_in_docstrings_run(name: str) -> None:
    done = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0
