"""Access to the app: what is refused, what is admitted; memory given back."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from hairtrack.app import server

KEY = "the key of this launch"
KEYS = server.Keys(token=KEY, host="hairtrack-1.localhost")
PORT = 8501
COOKIE = f"hairtrack_key_{PORT}={KEY}"
HOME = {"host": f"127.0.0.1:{PORT}", "cookie": COOKIE}


HEARD: list[str | None] = []
"""The cookies that the listener on another port was sent."""


async def behind(scope, receive, send) -> None:
    """Stand in for the app: let everybody in."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a photograph"})


def ask(
    path="/media/1.jpg", *, kind="http", method="GET", keys=None, **headers
) -> list[dict]:
    """Ask through the middleware; return the messages of the answer."""
    place, _, query = path.partition("?")
    pairs = [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
    scope = {
        "type": kind,
        "path": place,
        "query_string": query.encode(),
        "headers": pairs,
        "server": ("127.0.0.1", PORT),
        "scheme": "http" if kind == "http" else "ws",
    }
    if kind == "http":
        scope["method"] = method
    said: list[dict] = []

    async def receive() -> dict:
        return {"type": f"{kind}.connect" if kind == "websocket" else "http.request"}

    async def send(message: dict) -> None:
        said.append(message)

    opened = server.AccessMiddleware(behind, keys=keys or KEYS)(scope, receive, send)
    with ThreadPoolExecutor(1) as pool:  # the browser tests leave a loop in this thread
        pool.submit(asyncio.run, opened).result()
    return said


def headers_of(said: list[dict]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in said[0]["headers"]}


def test_the_apps_own_page_is_let_in_behind_its_walls() -> None:
    said = ask(**HOME, origin=f"http://127.0.0.1:{PORT}", sec_fetch_site="same-origin")
    assert said[0]["status"] == 200
    walls = headers_of(said)
    assert walls["x-frame-options"] == "DENY"
    assert walls["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'self'" in walls["content-security-policy"]
    assert "http" not in walls["content-security-policy"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"cookie": ""}, server.NO_TOKEN),
        ({"cookie": f"hairtrack_key_{PORT}=another"}, server.NO_TOKEN),
        ({"cookie": f"hairtrack_key_{PORT + 1}={KEY}"}, server.NO_TOKEN),
        ({"host": "elsewhere.example"}, server.FOREIGN_HOST),
        ({"host": f"elsewhere.example:{PORT}"}, server.FOREIGN_HOST),
        ({"host": f"127.0.0.1.elsewhere.example:{PORT}"}, server.FOREIGN_HOST),
        ({"host": ""}, server.FOREIGN_HOST),
        ({"origin": "http://elsewhere.example"}, server.FOREIGN_ORIGIN),
        ({"origin": f"http://127.0.0.1:{PORT + 1}"}, server.FOREIGN_ORIGIN),
        ({"origin": f"https://127.0.0.1:{PORT}"}, server.FOREIGN_ORIGIN),
        ({"origin": "null"}, server.FOREIGN_ORIGIN),
        # A page on another port of this machine: the browser would send the cookie along.
        ({"sec_fetch_site": "same-site"}, server.FOREIGN_ORIGIN),
        ({"sec_fetch_site": "cross-site"}, server.FOREIGN_ORIGIN),
        (
            {
                "sec_fetch_site": "cross-site",
                "sec_fetch_mode": "navigate",
                "sec_fetch_dest": "iframe",
            },
            server.FOREIGN_ORIGIN,
        ),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_is_not_the_apps_own_is_refused(changed, reason, kind) -> None:
    said = ask(kind=kind, **(HOME | changed))
    if kind == "websocket":
        assert [message["type"] for message in said] == ["websocket.close"]
        return
    assert said[0]["status"] == 403
    assert said[1]["body"].decode() == reason
    assert b"photograph" not in said[1]["body"]


def test_a_link_from_elsewhere_opens_the_window_but_needs_the_key() -> None:
    link = {
        "sec_fetch_site": "cross-site",
        "sec_fetch_mode": "navigate",
        "sec_fetch_dest": "document",
    }
    assert ask("/", **HOME, **link)[0]["status"] == 200
    assert ask("/", **(HOME | link | {"cookie": ""}))[0]["status"] == 403
    assert ask("/", method="POST", **HOME, **link)[0]["status"] == 403


def test_the_key_moves_from_the_address_into_a_closed_cookie() -> None:
    said = ask("/compare?token=" + urllib.parse.quote(KEY) + "&a=b", host=HOME["host"])
    assert said[0]["status"] == 200
    assert b'content="0;url=/compare?a=b"' in said[1]["body"]
    told = headers_of(said)
    cookie = told["set-cookie"]
    assert cookie.startswith(f"hairtrack_key_{PORT}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


@pytest.mark.parametrize("path", ["//elsewhere.example/?token=", "/\\elsewhere/?token="])
def test_the_key_leads_nowhere_else(path) -> None:
    said = ask(path + urllib.parse.quote(KEY), host=HOME["host"])
    assert re.search(rb'content="0;url=/[^/\\]', said[1]["body"])


@pytest.mark.parametrize("given", ["", "another", KEY[:-1], "ключ"])
def test_a_wrong_key_opens_nothing(given) -> None:
    said = ask("/?token=" + urllib.parse.quote(given), host=HOME["host"])
    assert said[0]["status"] == 403


def test_every_launch_has_another_key_and_another_name(monkeypatch) -> None:
    monkeypatch.delenv(server.ENVIRONMENT, raising=False)
    launches = [server.Keys() for _ in range(20)]
    assert len({keys.token for keys in launches}) == 20
    assert len({keys.host for keys in launches}) == 20
    assert min(len(keys.token) for keys in launches) >= 32
    monkeypatch.setenv(server.ENVIRONMENT, KEY)
    assert server.Keys().token == KEY


def test_the_name_of_another_launch_is_foreign() -> None:
    own = HOME | {"host": f"{KEYS.host}:{PORT}"}
    assert ask(**own)[0]["status"] == 200
    said = ask(**(own | {"host": f"hairtrack-2.localhost:{PORT}"}))
    assert said[1]["body"].decode() == server.FOREIGN_HOST


@pytest.mark.parametrize("home", [".", "no home"])
def test_the_address_on_the_command_line_holds_no_key(tmp_path, monkeypatch, home) -> None:
    """A file that only its owner reads leads to the app, once."""
    opened = []
    monkeypatch.setattr(server.webbrowser, "open", opened.append)
    monkeypatch.setattr(server.Path, "home", lambda: tmp_path / home)
    keys = server.Keys(token=KEY, host=KEYS.host)
    server.open_browser(f"http://{keys.host}:{PORT}/?token=", keys)
    ((key, file),) = keys.once.items()
    assert opened == [file.as_uri()]
    assert key not in opened[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert key in file.read_text()
    assert KEY not in file.read_text()
    assert ask(f"/?token={key}", keys=keys, host=HOME["host"])[0]["status"] == 200
    assert not file.exists()
    assert ask(f"/?token={key}", keys=keys, host=HOME["host"])[0]["status"] == 403


@pytest.mark.browser
def test_the_browser_comes_in_by_the_file_and_gives_its_cookie_to_nobody_else(
    serve_app, served_library, chromium, neighbour, tmp_path
) -> None:
    """Another account may listen on any port of 127.0.0.1, and of every other name."""
    note = tmp_path / "browser"
    note.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    note.chmod(0o700)
    environment = {"BROWSER": f"{note} %s", "HOME": str(tmp_path)}
    context = chromium.new_context()
    with serve_app(served_library.parent, **environment):
        (file,) = tmp_path.glob("hairtrack-open-*.html")
        assert (tmp_path / "opened").read_text().strip() == file.as_uri()
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("text=It gives no diagnosis", timeout=120_000)
        host = urllib.parse.urlsplit(page.url).hostname
        assert re.fullmatch(r"hairtrack-[0-9a-f]{16}\.localhost", host)
        cookies = {one["name"][:9]: one for one in context.cookies()}
        assert {one["domain"] for one in cookies.values()} == {host}
        assert cookies["hairtrack"]["sameSite"] == "Strict"
        assert not file.exists()
        for name in ("127.0.0.1", "localhost", "elsewhere.localhost"):
            page.goto(neighbour.replace("127.0.0.1", name))
        assert HEARD == [None] * len(HEARD) != []
    context.close()


@pytest.mark.browser
def test_without_the_key_nothing_is_reached(app, open_page) -> None:
    page = open_page("compare", key=False)
    assert page.inner_text("body") == server.NO_TOKEN
    # The browser's own socket, without the cookie.
    opened = page.evaluate(
        "at => new Promise(r => { const s = new WebSocket(at);"
        "s.onopen = () => r(true); s.onerror = () => r(false); })",
        app.replace("http", "ws") + "/_stcore/stream",
    )
    assert opened is False


@pytest.mark.browser
def test_another_port_of_this_machine_reaches_nothing(app, open_page, neighbour) -> None:
    """The browser holds the key and sends it along; only the gate stands in between."""
    page = open_page("compare")
    answer = page.request.get(f"{app}/_stcore/health")
    assert answer.text() == "ok", "the same path is open to the app's own pages"
    elsewhere = page.context.new_page()
    elsewhere.goto(neighbour)
    found = elsewhere.evaluate(
        """async at => {
        const picture = await new Promise(r => { const i = new Image();
            i.onload = () => r(true); i.onerror = () => r(false);
            i.src = at + "/favicon.png"; });
        const text = await fetch(at + "/_stcore/health", {credentials: "include"})
            .then(() => true, () => false);
        const blind = await fetch(at + "/favicon.png",
            {mode: "no-cors", credentials: "include"}).then(() => true, () => false);
        const socket = await new Promise(r => {
            const s = new WebSocket(at.replace("http", "ws") + "/_stcore/stream");
            s.onopen = () => r(true); s.onerror = () => r(false); });
        const frame = await new Promise(r => { const f = document.createElement("iframe");
            f.onload = () => { try { r(f.contentDocument !== null); }
                               catch { r(false); } };
            f.src = at; document.body.append(f); });
        return {picture, text, blind, socket, frame};
        }""",
        app,
    )
    assert json.dumps(found) == json.dumps(dict.fromkeys(found, False))


@pytest.fixture
def neighbour(tmp_path):
    """Serve an empty page on another port of this machine, as any program could."""
    import functools
    import http.server
    import threading

    HEARD.clear()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            HEARD.append(self.headers.get("cookie"))
            super().do_GET()

        def log_message(self, *_: object) -> None:
            pass

    (tmp_path / "index.html").write_text("<!doctype html><title>elsewhere</title><p>hello")
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


PROBE = """
import re, sys, threading
from pathlib import Path
from hairtrack.app.server import release_freed_memory

def resident():
    told = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\\s+(\\d+)", told)[1]) // 1024

def work(kept):
    # Large blocks with small ones between them that stay, as pages leave them.
    large = []
    for size in (24_000_000, *[3_000_000] * 60):
        large.append(bytearray(size))
        kept.append(bytearray(40_000))
    del large[0]

assert release_freed_memory()
kept = []
before = resident()
for _ in range(4):
    thread = threading.Thread(target=work, args=(kept,))
    thread.start()
    thread.join()
print(resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a setting of glibc")
def test_large_blocks_are_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True
    )
    # 180 MB are taken four times and freed; what stays is 244 blocks of 40 kB.
    assert 5 <= int(done.stdout) <= 30
