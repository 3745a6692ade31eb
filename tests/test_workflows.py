"""The use cases that command line and app may call."""

import inspect

from hairtrack import workflows


def test_the_public_names_are_exact():
    found = {
        name
        for name, value in vars(workflows).items()
        if not name.startswith("_")
        and not inspect.ismodule(value)
        and name != "annotations"
    }
    assert found == set(workflows.__all__)
    assert list(workflows.__all__) == sorted(workflows.__all__)


def test_every_use_case_is_documented():
    for name in workflows.__all__:
        assert inspect.getdoc(getattr(workflows, name)), name
