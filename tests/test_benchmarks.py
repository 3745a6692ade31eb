"""Quick versions of the benchmarks of the library; each says what it promises."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
SKIPPED = 77

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks fork"),
]


def run(script, *arguments):
    """Return what a benchmark prints; it must end with status 0."""
    done = subprocess.run(
        [sys.executable, BENCHMARKS / script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    if done.returncode == SKIPPED:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_kill_loses_what_was_acknowledged(tmp_path):
    """With `--kills 100` by hand; here a few, and the clearing up must be seen at work."""
    commands = ["import", "backup", "restore", "erase"]
    told = run("kills.py", "--kills", 4, "--only", *commands, "--folder", tmp_path)
    assert "16 kills" in told
    counts = re.findall(r"^ +(\D+?) +(\d+)$", told, re.MULTILINE)
    total = Counter()
    for name, count in counts:
        total[name] += int(count)
    assert total["with leftovers"] > 0
    assert total["acknowledged"] > 0
    assert total["lost"] == total["untold"] == total["processes left"] == 0


def test_no_power_cut_breaks_a_promise_and_each_broken_order_does(tmp_path):
    told = run("crashes.py", "--folder", tmp_path)
    broken = {
        name.strip(): int(count)
        for name, count in re.findall(
            r"^(.+?) +\d+ crash states, +(\d+)", told, re.MULTILINE
        )
    }
    assert broken.pop("as it is") == 0
    assert set(broken) == {"no file fsync", "no folder fsync", "row first", "in place"}
    assert all(broken.values())


def test_verify_finds_every_fault_of_six_kinds(tmp_path):
    told = run("faults.py", "damage", "--faults", 60, "--folder", tmp_path)
    assert len(re.findall(r" 10 done +10 found", told)) == 6


def test_a_full_disk_is_said_and_the_rest_comes_in_later():
    told = run("faults.py", "full")
    assert "is full" in told
    assert "0 faults" in told


def test_a_backup_under_load_restores_equal(tmp_path):
    assert "as promised" in run("faults.py", "backup", "--rounds", 2, "--folder", tmp_path)
