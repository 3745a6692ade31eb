"""How the commands of keeping are asked; what they do is in tests/test_cli.py."""

import sys

import pytest

from hairtrack import cli


@pytest.mark.parametrize(
    "arguments",
    [["backup"], ["restore", "a.zip"], ["export"], ["verify", "--fresh", "x"]],
    ids=" ".join,
)
def test_wrong_use_is_status_2(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["hairtrack", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""
