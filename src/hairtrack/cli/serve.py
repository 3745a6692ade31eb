"""Starting the app: Streamlit in a process of its own, on this computer only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hairtrack
from hairtrack.errors import HairtrackError

HOST = "127.0.0.1"

SAFE: dict[str, object] = {
    "server.address": HOST,
    "server.allowedHosts": [HOST, "localhost", "*.localhost"],
    "server.showEmailPrompt": False,
    "server.enableXsrfProtection": True,
    "browser.gatherUsageStats": False,
}
"""Settings that hold wherever the app is started and whatever other files say."""


def serve(library: Path, *, port: int, browser: bool = True) -> int:
    """Run the app on a library until it is stopped; return its exit status.

    The app prints its address, which holds the key of this launch. Where the
    system can, it takes the place of this process, so that what stops one stops the
    other.

    Parameters
    ----------
    library : Path
        Folder of the library; the app may make a new one there.
    port : int
        On 127.0.0.1.
    browser : bool
        False only prints the address.

    Raises
    ------
    HairtrackError
        The port is taken, or the app is missing from this installation.
    """
    check_port(port)
    command = build_command(port=port, browser=browser)
    environment = os.environ | {"HAIRTRACK_LIBRARY": str(library.absolute())}
    if os.name == "posix":
        os.execve(command[0], command, environment)
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def build_command(*, port: int, browser: bool = True) -> list[str]:
    """Return the command line that starts the app with all its settings as flags.

    Streamlit looks for its settings in the folder where it is started; flags
    make the app the same, and as closed, from everywhere.
    """
    script, settings = _find_app()
    chosen = _flatten(tomllib.loads(settings.read_text(encoding="utf-8")))
    options = dict(chosen) | SAFE | {"server.port": port}
    if not browser:
        options["server.headless"] = True
    flags = [flag for name, value in options.items() for flag in _flags(name, value)]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags]


def check_port(port: int) -> None:
    """Refuse a port that another program listens on.

    Raises
    ------
    HairtrackError
        It is taken, or this account may not use it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise HairtrackError(
                f"Port {port} is in use already, perhaps by another hairtrack app; stop "
                f"that one, or choose another port, such as --port {port % 65535 + 1}."
            ) from None


def _find_app() -> tuple[Path, Path]:
    """Return script and settings, of the installed package or of the checkout."""
    package = Path(hairtrack.__file__).parent
    root = package.parents[1]
    for script, settings in (
        (package / "app" / "main.py", package / "app" / "config.toml"),
        (root / "app.py", root / ".streamlit" / "config.toml"),
    ):
        if script.is_file() and settings.is_file():
            return script, settings
    raise HairtrackError("The app is missing from this installation.")


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield ("server.address", value) for each setting of nested tables."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _flags(name: str, value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        yield f"--{name}"
        yield str(item).lower() if isinstance(item, bool) else str(item)
