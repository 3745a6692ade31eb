from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import hairtrack

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", hairtrack.__all__)
def test_every_public_name_loads_and_is_listed(name: str) -> None:
    value = getattr(hairtrack, name)
    assert getattr(hairtrack, name) is value
    assert name in dir(hairtrack)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="measure_everything"):
        hairtrack.measure_everything  # noqa: B018


def test_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    assert hairtrack.__version__ == project["version"]
