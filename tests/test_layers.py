"""House rules that no linter knows: start-up, sizes and names.

Who may import whom is held by import-linter (`[tool.importlinter]` in pyproject.toml).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = sorted([*(ROOT / "src" / "hairtrack").rglob("*.py"), *ROOT.glob("app.py")])
HEAVY = ["altair", "cv2", "numpy", "onnx", "pandas", "pi_heif", "PIL", "scipy", "skimage"]
HEAVY += ["rich.progress", "sqlalchemy", "streamlit", "torch"]

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


def test_start_up_loads_nothing_heavy() -> None:
    """The promise is 0.3 s; what can be held on a busy machine is what is loaded."""
    code = "import sys, hairtrack, hairtrack.records; sys.argv[1:] = ['--help']"
    assert list_loaded(code + "; from hairtrack.cli import main; main()") == []


def test_every_module_keeps_the_house_rules() -> None:
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 600, path
        assert [(name, n) for name, n in list_functions(path) if n > 60] == [], path
        assert "mask" not in list_names(path), f"{path}: name it by what True means"
