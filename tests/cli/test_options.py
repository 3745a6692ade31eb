"""Which library is meant, how a command ends, and wrong use."""

import sys

import pytest
import typer

from hairtrack import cli
from hairtrack.cli import options
from hairtrack.errors import LibraryError


def test_the_named_library_goes_before_that_of_the_environment(measured, monkeypatch):
    monkeypatch.setenv("HAIRTRACK_LIBRARY", str(measured / "nowhere"))
    with options.open_library(measured) as library:
        assert library.folder == measured
    with pytest.raises(LibraryError, match="nowhere"):
        options.open_library(None)


def test_what_is_not_complete_ends_with_status_1():
    assert options.exit_if(False) is None
    with pytest.raises(typer.Exit) as ended:
        options.exit_if(True)
    assert ended.value.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [["backup"], ["restore", "a.zip"], ["export"], ["verify", "x"]],
    ids=" ".join,
)
def test_wrong_use_is_status_2(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["hairtrack", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""
