from __future__ import annotations

import re

import pytest

from hairtrack import errors


def read_drawn_tree() -> dict[str, str]:
    """Return child -> parent as the module's docstring draws it."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ((?:[|`\-]|\s)*)([A-Z]\w+)", line)
        if found:
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            if depth:
                parents[found[2]] = path[depth - 1]
    return parents


def test_docstring_draws_the_tree() -> None:
    classes = [getattr(errors, name) for name in errors.__all__]
    real = {cls.__name__: cls.__base__.__name__ for cls in classes}
    del real["HairtrackError"]
    assert read_drawn_tree() == real


def test_all_is_exact() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and value.__module__ == errors.__name__
    }
    assert set(errors.__all__) == defined


@pytest.mark.parametrize("name", errors.__all__)
def test_text_comes_back_as_given(name: str) -> None:
    assert str(getattr(errors, name)("The photo is empty.")) == "The photo is empty."
