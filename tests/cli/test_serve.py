"""The app starts closed to all but this computer, from wherever it is started."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hairtrack.app.server import NO_TOKEN
from hairtrack.cli import serve


def flags(command):
    """Return every flag with all its values."""
    found = {}
    names, values = command[5::2], command[6::2]
    for name, value in zip(names, values, strict=True):
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return probe.getsockname()[1]


def test_the_safe_settings_hold_whatever_the_file_says(monkeypatch, tmp_path):
    script, settings = tmp_path / "app.py", tmp_path / "config.toml"
    script.write_text("")
    settings.write_text(
        '[server]\naddress = "0.0.0.0"\nmaxUploadSize = 60\n'
        "[browser]\ngatherUsageStats = true\n"
        '[theme.light]\nprimaryColor = "#000000"\n'
    )
    command = serve.build_command(port=8501)
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert Path(command[4]).is_file()
    monkeypatch.setattr(serve, "_find_app", lambda: (script, settings))
    found = flags(serve.build_command(port=1234))
    assert found["--server.address"] == ["127.0.0.1"]
    assert found["--server.allowedHosts"] == ["127.0.0.1", "localhost", "*.localhost"]
    assert "--server.headless" not in found
    found = flags(serve.build_command(port=1234, browser=False))
    for name, value in {
        "--server.headless": "true",
        "--browser.gatherUsageStats": "false",
        "--server.showEmailPrompt": "false",
        "--server.port": "1234",
        "--server.maxUploadSize": "60",
        "--theme.light.primaryColor": "#000000",
    }.items():
        assert found[name] == [value]


def test_the_app_answers_on_loopback_from_a_strange_folder(tmp_path, free_port):
    """Every setting of the file must be one that Streamlit takes as a flag."""
    command = serve.build_command(port=free_port, browser=False)
    environment = os.environ | {"HAIRTRACK_LIBRARY": str(tmp_path / "library")}
    environment.pop("HAIRTRACK_TOKEN", None)
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            answer = wait_for(f"http://{serve.HOST}:{free_port}/_stcore/health", process)
        finally:
            process.terminate()
            told = process.communicate(timeout=30)[0]
    assert answer == NO_TOKEN, told
    assert re.search(rf"http://hairtrack-\w+\.localhost:{free_port}/\?token=", told)
    assert f"http://{serve.HOST}:{free_port}/?token=" in told
    assert "not a valid config option" not in told


def wait_for(url, process, *, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.3)
    return None
