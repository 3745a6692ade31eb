from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import hairtrack

ROOT = Path(__file__).parents[1]


def test_every_public_name_loads_and_is_listed() -> None:
    assert set(hairtrack.__all__) <= set(dir(hairtrack))
    for name in hairtrack.__all__:
        assert getattr(hairtrack, name) is getattr(hairtrack, name)
    with pytest.raises(AttributeError, match="measure_everything"):
        hairtrack.measure_everything  # noqa: B018


def test_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    assert hairtrack.__version__ == project["version"]
