"""What is done with leaves the memory of the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROBE = """
import re, sys, threading
from pathlib import Path
from hairtrack.app.memory import return_at_once

def resident():
    told = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\\s+(\\d+)", told)[1]) // 1024

def work(kept):
    # Large blocks with small ones between them that stay, as pages leave them.
    large = []
    for size in (24_000_000, *[3_000_000] * 60):
        large.append(bytearray(size))
        kept.append(bytearray(40_000))
    del large[0]

assert return_at_once()
kept = []
before = resident()
for _ in range(4):
    thread = threading.Thread(target=work, args=(kept,))
    thread.start()
    thread.join()
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a setting of glibc")
def test_large_blocks_are_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True
    )
    # 180 MB are taken four times and freed; what stays is 244 blocks of 40 kB.
    assert 5 <= int(done.stdout) <= 30
