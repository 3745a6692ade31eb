"""Nothing made to harm is taken for a photograph, and looking at it costs little."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attacks
import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
MAX_SECONDS, MAX_MEGABYTES = 2.0, 600

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

WATCH = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
import attacks, cv2, pi_heif
from hairtrack.errors import PhotoError
from hairtrack.imaging import codec
cv2.setNumThreads(1)

def enter(data):
    try:
        kept = codec.strip(data)
        picture = codec.read(data).image
        same = (codec.read(kept).image == picture).all() and codec.strip(kept) == kept
        return "taken" if same and attacks.PAYLOAD not in kept else "kept wrongly"
    except PhotoError as error:
        return str(error)

def watch(data, write):
    start = time.process_time()
    try:
        told = enter(data)
    except BaseException as error:
        told = f"raised {error!r}"
    os.write(write, json.dumps([told, time.process_time() - start]).encode())
    os._exit(0)

for name, data in getattr(attacks, sys.argv[2])():
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        watch(data, write)
    os.close(write)
    answer = os.read(read, 9999)
    os.close(read)
    _, status, used = os.wait4(child, 0)
    told, seconds = json.loads(answer) if answer else (f"died with {status}", 0.0)
    print(json.dumps([name, told, seconds, used.ru_maxrss]), flush=True)
"""
"""Each file in a process of its own, forked where the libraries are loaded already."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one file; seconds are those of the processor."""

    name: str
    told: str
    seconds: float
    megabytes: float


def watch(group: str) -> list[Outcome]:
    """Return what becomes of every file of a group."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(HERE), group],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(SOURCE), "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    unit = 1e6 if sys.platform == "darwin" else 1024
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [Outcome(*row[:3], megabytes=row[3] / unit) for row in rows]


def find(outcomes: list[Outcome], wrong: Callable[[Outcome], bool]) -> list[Outcome]:
    return [outcome for outcome in outcomes if wrong(outcome)]


def test_every_attack_is_refused_in_one_sentence_quickly_and_cheaply() -> None:
    outcomes = watch("list_attacks")
    assert len({outcome.name for outcome in outcomes}) == len(outcomes) >= 60
    sentence = re.compile(r"[A-Z][^\n]{14,150}\.")
    assert not find(outcomes, lambda o: not sentence.fullmatch(o.told))
    assert not find(outcomes, lambda o: o.seconds > MAX_SECONDS)
    assert not find(outcomes, lambda o: o.megabytes > MAX_MEGABYTES)


def test_what_is_foreign_in_a_photograph_is_left_out() -> None:
    outcomes = watch("list_polyglots")
    assert len(outcomes) >= 20
    assert not find(outcomes, lambda o: o.told != "taken")
    # Four times through the gate: as it came and as it is kept, to keep and to decode.
    assert not find(outcomes, lambda o: o.seconds > 2 * MAX_SECONDS)
    assert not find(outcomes, lambda o: o.megabytes > MAX_MEGABYTES)


def test_what_is_odd_and_still_a_photograph_is_taken() -> None:
    outcomes = watch("list_fine")
    assert len(outcomes) >= 40
    assert not find(outcomes, lambda o: o.told != "taken")


def test_polyglots_hold_what_they_are_named_for() -> None:
    # Else nobody would miss their payload. The packed ones hold it packed.
    held = [attacks.PAYLOAD in data for _, data in attacks.list_polyglots()]
    assert sum(held) >= len(held) - 3
