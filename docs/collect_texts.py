"""Every text that the app can show, and which of them a language lacks.

    python docs/collect_texts.py de          what is missing or stale in German
    python docs/collect_texts.py de --write  add what is missing, empty; drop what is stale

Texts of the app's own are the literals given to `_` and `N_`, and the nouns given to
`tell_count`. Sentences of the layers below are collected from their modules: each literal
of two words or more, and each f-string with its places numbered. The facts of the
treatment course come from their file.
"""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from hairtrack.course.entries import Kind, Mark, Severity, Status
from hairtrack.course.facts import packaged_facts
from hairtrack.course.timeline import PhaseName
from hairtrack.imaging import zones
from hairtrack.records import GRID, View

PACKAGE = Path(__file__).parents[1] / "src" / "hairtrack"
LANGUAGES = PACKAGE / "app" / "languages"

BELOW = (
    "change",
    "course",
    "imaging/codec",
    "imaging/outline.py",
    "imaging/pipeline.py",
    "imaging/quality.py",
    "imaging/region.py",
    "imaging/registration",
    "imaging/video.py",
    "report",
    "store",
    "workflows",
    "records.py",
)
"""Where sentences come from that a page may show."""

NOT_SHOWN = (
    "change/lives.py",
    "store/migrations",
    "store/schema.py",
    "store/course_tables.py",
    "store/sealed.py",
    "workflows/exporting.py",
    "workflows/files.py",
)
"""What nobody reads in the app: simulations, tables, files for other programs."""

SILENT = {
    "AssertionError",
    "KeyError",
    "TypeError",
    "ValueError",
    "compile",
    "debug",
    "exec_driver_sql",
    "execute",
    "log.append",
    "_log",
    "text",
}
"""Calls whose words no person reads: wrong use of a function, SQL, logs."""

NUMBERED = ("{0} (planned)", "square {0}")
"""Names of one word and a number, too short to be told from code."""

ACTIONS = (
    "Premature end",
    "bad Huffman code",
    "instead of RST",
    "premature end",
    "baseline chosen",
    "file name",
    "hairtrack backup",
    "hairtrack library",
    "outline drawn",
    "outline taken back",
    "photo added",
    "photo assigned elsewhere",
    "photo assigned here",
    "photo changed",
    "photo deleted",
    "photo purged",
    "photo restored",
    "subject changed",
    "visit changed",
)
"""Words of decoders, of the change log and of file formats."""

JOINTS = ("and", "or")
WORD = re.compile(r"[A-Za-z]{2,}")


def main() -> None:
    """Tell, or write, what a language lacks."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("code", help="of the language, such as de")
    asked.add_argument("--write", action="store_true", help="bring the file up to date")
    given = asked.parse_args()
    path = LANGUAGES / f"{given.code}.po"
    catalog = read(path)
    wanted = collect()
    known = {str(one.id) for one in catalog if one.id}
    empty = [str(one.id) for one in catalog if one.id and not one.string]
    missing = [text for text in wanted if text not in known]
    stale = sorted(known - set(wanted))
    print(f"{len(wanted)} texts; {len(missing)} missing, {len(empty)} empty, ", end="")
    print(f"{len(stale)} stale")
    if given.write:
        write(path, catalog, wanted)
        return
    for text in [*missing, *empty]:
        print("-", text)
    for text in stale:
        print("stale:", text)


def read(path: Path) -> Catalog:
    """Return what a language's file holds."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def write(path: Path, catalog: Catalog, wanted: dict[str, str]) -> None:
    """Write the file with all wanted texts, in the order of the code."""
    new = Catalog(
        locale=path.stem, project="hairtrack", header_comment=catalog.header_comment
    )
    new.mime_headers = catalog.mime_headers
    for text, place in wanted.items():
        found = catalog.get(text)
        new.add(text, found.string if found else "", auto_comments=[place])
    with path.open("wb") as file:
        write_po(file, new, width=92, omit_header=False)


def collect() -> dict[str, str]:
    """Return every text -> the module where it stands first."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / "app").rglob("*.py")):
        for text in list_own(parse(path)):
            found.setdefault(text, name(path))
    for place in BELOW:
        top = PACKAGE / place
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            if not name(path).startswith(NOT_SHOWN):
                for text in list_sentences(parse(path)):
                    if text not in ACTIONS:
                        found.setdefault(text, name(path))
    for text in list_facts(PACKAGE / "course" / "facts.toml"):
        found.setdefault(text, "course/facts.toml")
    for text, place in list_single():
        found.setdefault(text, place)
    for text in JOINTS:
        found.setdefault(text, "app/i18n.py")
    return found


def list_single() -> Iterator[tuple[str, str]]:
    """Yield single words that are shown: of enums, zones, numbered names, sources."""
    for kind in (Severity, Status, Mark, Kind, PhaseName):
        for one in kind:
            yield str(one).replace("_", " "), "course/entries.py"
    square = np.ones((60, 60), np.bool_)
    for view in View:
        yield str(view), "records.py"
        for zone in zones.draw(square, view=view).names:
            if not zone.startswith(GRID):
                yield zone.replace("_", " ").capitalize(), "imaging/zones.py"
    for source in packaged_facts().sources:
        yield source.kind, "course/facts.toml"
    yield from dict.fromkeys(NUMBERED, "course/words.py").items()
    for template in packaged_facts().templates:
        for text in (*template.every, *template.maintenance_every):
            yield text, "course/facts.toml"


def called(node: ast.Call) -> str:
    """Return the name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def name(path: Path) -> str:
    """Return a module as it is named in the files."""
    return path.relative_to(PACKAGE).as_posix()


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def list_own(tree: ast.Module) -> Iterator[str]:
    """Yield the literals given to `_`, `N_` and `say`, and the nouns of `tell_count`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = [
            arg.value
            for arg in node.args
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if called(node) in ("_", "N_", "translate"):
            yield from words[:1]
        elif called(node) == "format_count" and words:
            one = words[0]
            yield f"{{0}} {one}"
            yield f"{{0}} {words[1] if len(words) > 1 else one + 's'}"


def list_sentences(tree: ast.Module) -> Iterator[str]:
    """Yield what a module may say: literals and f-strings of two words or more."""
    silent = set(list_silent(tree))
    for node in ast.walk(tree):
        if node in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            yield from list_inner(node, silent)
            silent.update(one for one in ast.walk(node) if one is not node)
            text = fill(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if is_speech(text):
            yield text


def list_silent(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what is no speech: docstrings, wrong use of a function, keys, SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.Call) and {called(node), ast.unparse(node.func)} & SILENT:
            yield from ast.walk(node)
        if isinstance(node, ast.Subscript):
            yield node.slice


def list_inner(node: ast.JoinedStr, silent: set[ast.AST]) -> Iterator[str]:
    """Yield the words that fill places of an f-string, such as "less" and "more"."""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            for one in ast.walk(part.value):
                if one in silent:
                    continue
                if isinstance(one, ast.JoinedStr):
                    text = fill(one)
                elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                    text = one.value
                else:
                    continue
                if WORD.search(text) and "_" not in text:
                    yield text


def fill(node: ast.JoinedStr) -> str:
    """Return an f-string with its places numbered."""
    parts = []
    count = 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def is_speech(text: str) -> bool:
    """Say whether a literal is meant for a person: two words at least, no code."""
    if "\n" in text or '="' in text or text.startswith(("<", "/", "%", "#", "hairtrack_")):
        return False
    if re.fullmatch(r"\{0\} [a-z]{3,}|[A-Za-z]{3,} \{0\}", text):
        return True
    words = WORD.findall(text)
    return len(words) > 1 and " " in text.strip() and not re.search(r"[=;]$|==|\|", text)


def list_facts(path: Path) -> Iterator[str]:
    """Yield the sentences of the fact file, but for the titles of studies."""
    for group, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        rows = entries.values() if isinstance(entries, dict) else entries
        for row in rows:
            for key in (
                "title",
                "says",
                "asks",
                "case",
                "note",
                "week",
                "treatment",
                "unit",
            ):
                value = row.get(key)
                study = group == "sources" and row.get("kind") != "own"
                if isinstance(value, str) and WORD.search(value) and not study:
                    yield value


if __name__ == "__main__":
    main()
