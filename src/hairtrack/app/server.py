"""Access to the app, and its memory: what surrounds the pages.

Streamlit serves any picture on show to whoever knows its address, and other programs and
web pages on this computer can reach the port as well. So every path (pages, pictures,
uploads and the WebSocket) asks for

- a Host that is this computer (a foreign name that resolves to 127.0.0.1 is refused),
- an Origin, where the browser names one, that is the app itself,
- a request that no other site or port has caused (``Sec-Fetch-Site``),
- the cookie with the token of this launch.

The browser gets the cookie in exchange for a key in the address, under a name that only
this launch has (``*.localhost``): cookies know no ports, and one of 127.0.0.1 would go to
every program that listens there. docs/security.md says what this keeps out.
"""

from __future__ import annotations

import ctypes
import hmac
import html
import os
import secrets
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.websockets import WebSocket

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "ENVIRONMENT",
    "AccessMiddleware",
    "Keys",
    "release_freed_memory",
    "show_address",
]

ENVIRONMENT = "HAIRTRACK_TOKEN"
"""Environment variable that sets the token; otherwise it is random."""

HOSTS = ("127.0.0.1", "localhost")

FOREIGN_HOST = "This address is not one of the app's; use the one it printed at its start."
FOREIGN_ORIGIN = "Another page asked for this; only the app's own pages may."
NO_TOKEN = (
    "This window has no key to the app. Open it with the whole address that hairtrack "
    "printed when it was started; each start has a new one."
)

_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Even the app's own pages can ask nothing of the web, nor be shown in another page."""


def _choose_token() -> str:
    return os.environ.get(ENVIRONMENT) or secrets.token_urlsafe(24)


def _choose_host() -> str:
    return f"hairtrack-{secrets.token_hex(8)}.localhost"


@dataclass
class Keys:
    """What admits to one launch of the app.

    Attributes
    ----------
    token : str
        Value of the cookie, and the key in the printed address; from the environment or
        random.
    host : str
        Name under which only this launch is asked.
    once : dict of str to Path
        Keys that are good for one exchange, each with the file that leads to it.
    """

    token: str = field(default_factory=_choose_token)
    host: str = field(default_factory=_choose_host)
    once: dict[str, Path] = field(default_factory=dict)

    def accept(self, given: str) -> bool:
        """Return whether a key from the address opens the app; use up a one-time key."""
        file = self.once.pop(given, None)
        if file is None:
            return self.is_token(given)
        file.unlink(missing_ok=True)
        return True

    def is_token(self, given: str) -> bool:
        """Compare with the token, in the same time whatever is given."""
        return hmac.compare_digest(given.encode(), self.token.encode())


class AccessMiddleware:
    """ASGI middleware that admits only the app's own pages, with this launch's token.

    Parameters
    ----------
    app : ASGI application
        The app that is protected.
    keys : Keys
        Of this launch.
    """

    def __init__(self, app: ASGIApp, *, keys: Keys) -> None:
        self.app = app
        self.keys = keys
        self.hosts = frozenset((*HOSTS, keys.host))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, refuse, or move the token from the address into a cookie."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        reason = self.find_violation(asked)
        if reason is None and self._has_key_in_query(asked):
            await self._set_cookie(asked)(scope, receive, _add_headers(send))
        elif reason is None and self._has_token_cookie(asked):
            await self.app(scope, receive, _add_headers(send))
        elif scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close(1008)
        else:
            answer = PlainTextResponse(
                reason or NO_TOKEN, 403, {"cache-control": "no-store"}
            )
            await answer(scope, receive, _add_headers(send))

    def find_violation(self, asked: HTTPConnection) -> str | None:
        """Say why a request is refused whatever key it brings, or `None`."""
        host = asked.headers.get("host", "")
        if host.rpartition(":")[0] not in self.hosts and host not in self.hosts:
            return FOREIGN_HOST
        origin = asked.headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return FOREIGN_ORIGIN
        site = asked.headers.get("sec-fetch-site", "none")
        if site not in {"same-origin", "none"} and not _is_navigation(asked):
            return FOREIGN_ORIGIN
        return None

    def _has_key_in_query(self, asked: HTTPConnection) -> bool:
        given = asked.query_params.get("token", "")
        return asked.scope["type"] == "http" and self.keys.accept(given)

    def _has_token_cookie(self, asked: HTTPConnection) -> bool:
        return self.keys.is_token(asked.cookies.get(_name_cookie(asked), ""))

    def _set_cookie(self, asked: HTTPConnection) -> Response:
        """Put the token into a session cookie, and send the browser on to the same page.

        By a page and not by status 303: after a redirect from the file of `open_browser`
        the browser would keep a strict cookie back.
        """
        others = [
            (name, value)
            for name, value in asked.query_params.multi_items()
            if name != "token"
        ]
        place = (
            "/" + asked.url.path.lstrip("/\\") + ("?" + urlencode(others) if others else "")
        )
        answer = HTMLResponse(_redirect_to(place), headers={"cache-control": "no-store"})
        answer.set_cookie(
            _name_cookie(asked),
            self.keys.token,
            httponly=True,
            samesite="strict",
            path="/",
        )
        return answer


def show_address(keys: Keys) -> Any:
    """Return a lifespan for `streamlit.App` that prints and opens the whole address."""

    @asynccontextmanager
    async def tell(_app: object) -> AsyncIterator[None]:
        from streamlit import config

        address, port = (
            config.get_option("server.address"),
            config.get_option("server.port"),
        )
        url = f"http://{keys.host}:{port}/?token="
        print(f"The app opens at {url}{keys.token} (stop it with Ctrl+C).")
        print(
            "A browser that does not find that name finds "
            f"http://{address}:{port}/?token={keys.token}",
            flush=True,
        )
        if not config.get_option("server.headless"):
            open_browser(url, keys)
        yield
        for file in keys.once.values():
            file.unlink(missing_ok=True)

    return tell


def open_browser(url: str, keys: Keys) -> None:
    """Open a private file that leads to the app with a one-time key, as Jupyter does.

    The address itself would stand on the browser's command line, where every account of
    this computer can read it. On Linux the file lies in the home folder, the only place
    that a browser packed as a snap may read.
    """
    key = secrets.token_urlsafe(24)
    try:
        folder = Path.home() if sys.platform.startswith("linux") else None
        handle, name = tempfile.mkstemp(".html", "hairtrack-open-", folder)
    except (OSError, RuntimeError):  # no home folder, or one that is protected
        handle, name = tempfile.mkstemp(".html", "hairtrack-open-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_redirect_to(url + key))
    keys.once[key] = Path(name)
    webbrowser.open(keys.once[key].as_uri())


def _redirect_to(url: str) -> str:
    place = html.escape(url)
    return (
        '<!doctype html><meta charset="utf-8"><title>hairtrack</title>'
        f'<meta http-equiv="refresh" content="0;url={place}">'
        f'<a href="{place}">hairtrack</a>'
    )


def _name_cookie(asked: HTTPConnection) -> str:
    """Name the cookie by port: the browser does not keep ports apart, two apps must be."""
    server = asked.scope.get("server")
    return f"hairtrack_key_{server[1] if server else 0}"


def _is_navigation(asked: HTTPConnection) -> bool:
    """Return whether a person followed a link, rather than a page loading something."""
    wanted = asked.headers.get("sec-fetch-mode"), asked.headers.get("sec-fetch-dest")
    return wanted == ("navigate", "document") and asked.scope.get("method") == "GET"


def _add_headers(send: Send) -> Send:
    """Add the headers that keep the browser from the web to every answer."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_on


_MALLOPT = {-8: 2, -3: 1_000_000, -1: 4_000_000}
"""M_ARENA_MAX; M_MMAP_THRESHOLD and M_TRIM_THRESHOLD in bytes (mallopt(3))."""


def release_freed_memory() -> bool:
    """Give freed blocks of a megabyte and more back to the system from now on.

    The C library of Linux keeps freed blocks of many megabytes in an arena for each thread,
    and Streamlit runs every page in a thread of its own. With these settings the app held
    0.29 GB instead of 0.73 GB after 13 photographs of 12 megapixels
    (benchmarks/session_memory.py).

    Returns
    -------
    bool
        False where the C library knows no such setting; nothing is lost then but memory.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return all(mallopt(name, value) for name, value in _MALLOPT.items())
