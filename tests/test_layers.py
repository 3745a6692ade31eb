"""House rules that no linter knows: start-up, sizes and names.

Who may import whom is held by import-linter (`[tool.importlinter]` in pyproject.toml).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*(ROOT / "src" / "hairtrack").rglob("*.py"), *ROOT.glob("app.py")])
HEAVY = ["altair", "cv2", "numpy", "onnx", "pandas", "pi_heif", "PIL", "scipy", "skimage"]
HEAVY += ["sqlalchemy", "streamlit", "torch"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def list_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function with its length in lines, docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            docstring = ast.get_docstring(node, clean=False)
            prose = docstring.count("\n") + 1 if docstring else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - prose


def list_names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def list_loaded(code: str) -> list[str]:
    """Return the heavy libraries that a fresh interpreter has loaded after `code`."""
    tell = f"import sys; print(*[n for n in {HEAVY} if n in sys.modules], file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", f"try:\n {code}\nfinally:\n {tell}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stderr.split()


@pytest.mark.parametrize(
    "code",
    [
        "import hairtrack",
        "import hairtrack.records, hairtrack.errors",
        "import sys; sys.argv[1:] = ['--help']; from hairtrack.cli import main; main()",
    ],
)
def test_start_up_loads_nothing_heavy(code: str) -> None:
    assert list_loaded(code) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_keeps_the_house_rules(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600
    assert [(name, size) for name, size in list_functions(path) if size > 60] == []
    assert "mask" not in list_names(path), "name it by what True means"
