"""The pages under a base path, in a browser behind a reverse proxy of two kinds, and with TLS."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from playwright.sync_api import Browser, Page

from intake.otlp.test_requests import request as exported
from senders import alert, grpc_spans, send, shop
from servers import INGEST, PASSWORD, TOKEN, Server, now, serving
from sites import authority

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60_000.0  # milliseconds
BASE = "/lastgood"
PLACES = ("/", "/logs", "/changes", "/services", "/compare", "/incidents/1/update", "/incidents/1")


@contextmanager
def proxy(port: int, *, strips: bool) -> Iterator[tuple[str, list[str]]]:
    """A reverse proxy that passes only what is under the base path, whole or without it; its URL, and what it refused."""
    refused, ready, loop = list[str](), threading.Event(), asyncio.new_event_loop()
    where = list[int]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, rest = head.split(b" ", 2)
        if not path.startswith(BASE.encode()):
            refused.append(path.decode())
            writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            writer.close()
            return
        path = (path.removeprefix(BASE.encode()) or b"/") if strips else path
        lines = [line for line in rest.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        there, back = await asyncio.open_connection("127.0.0.1", port)
        back.write(
            b" ".join((method, path, lines[0] + b"\r\nConnection: close\r\n" + b"\r\n".join(lines[1:])))
        )
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
        sink.close()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        where.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    loop.set_exception_handler(lambda *_: None)  # a browser that goes away is no fault
    thread.start()
    assert ready.wait(10)
    yield f"http://127.0.0.1:{where[0]}{BASE}", refused


def log_in(page: Page, url: str, path: str) -> None:
    page.goto(f"{url}{path}")
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.go")
    page.wait_for_url(f"{url}{path}")


def filled(server: Server) -> None:
    end = now()
    spans = shop(end - timedelta(minutes=30), end, end - timedelta(minutes=5), every=2.0)
    send(grpc_spans(server.grpc, INGEST), spans)
    fired = alert("CheckoutErrorRate", "checkout", end - timedelta(minutes=3))
    url = f"http://127.0.0.1:{server.http}/api/alerts"
    assert httpx.post(url, json=fired, headers={"authorization": f"Bearer {INGEST}"}).is_success


def addresses(page: Page, url: str) -> set[str]:
    """The addresses of this server on a page; all of them have the prefix."""
    page.goto(url)
    names = ["href", "src", "action", "data-check"]
    found = page.eval_on_selector_all(
        ",".join(f"[{name}]" for name in names),
        "(all, names) => all.flatMap(one => names.map(name => one.getAttribute(name)))",
        names,
    )
    own = {one for one in found if one and one.startswith("/")}
    assert own
    assert set() == {one for one in own if not one.startswith(BASE)}
    return own


@pytest.mark.parametrize("strips", [False, True], ids=["passes the prefix on", "takes it away"])
def test_everything_stays_under_the_base_path(browser: Browser, tmp_path: Path, *, strips: bool) -> None:
    """Every address on every page, styles, scripts, forms, keys, live events and cookies; nothing is asked for beside it."""
    with (
        serving(tmp_path, None, "--base-path", BASE) as server,
        proxy(server.http, strips=strips) as (url, refused),
    ):
        filled(server)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page, wrong = context.new_page(), list[str]()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        log_in(page, url, "/incidents/1")
        page.wait_for_selector(".answer .v.yes", timeout=PATIENCE)  # by live events
        assert [] == wrong
        assert {BASE} == {cookie["path"] for cookie in context.cookies()}
        page.goto(f"{url}/")
        page.fill("input[name=title]", "opened by hand")
        page.click("text=Open an incident")
        page.wait_for_url(f"{url}/incidents/2")
        seen = set[str]().union(*(addresses(page, f"{url}{path}") for path in PLACES))
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.wait_for_url(f"{url}/changes**")
        for one in sorted(seen):
            answer = context.request.get(url.removesuffix(BASE) + one, max_redirects=5)
            assert answer.url.startswith(url)
            assert answer.status != 500, one
        page.click("text=log out")
        page.wait_for_url(f"{url}/login")
        assert [] == refused
        described = httpx.get(f"{url}/api/openapi.json", headers={"authorization": f"Bearer {TOKEN}"}).json()
        assert [{"url": BASE}] == described["servers"]


def test_tls_on_all_ports(tmp_path: Path) -> None:
    """By a certificate of your own; cookies are then for TLS alone. Over plain HTTP nothing is answered."""
    own = authority(tmp_path)
    own.context("127.0.0.1")
    pem = str(tmp_path / "127.0.0.1.pem")
    with serving(tmp_path, None, "--tls-cert", pem, "--tls-key", pem) as server:
        assert server.url.startswith("https://")
        with httpx.Client(verify=ssl.create_default_context(cafile=own.file), timeout=30) as client:
            assert 200 == client.get(f"{server.url}/readyz").status_code
            assert all(
                "Secure" in one for one in client.get(f"{server.url}/login").headers.get_list("set-cookie")
            )
            body = exported(3).SerializeToString()
            sent = {"x-lastgood-key": INGEST, "content-type": "application/x-protobuf"}
            assert (
                200
                == client.post(
                    f"https://127.0.0.1:{server.otlp}/v1/traces", content=body, headers=sent
                ).status_code
            )
        credentials = grpc.ssl_channel_credentials(own.file.read_bytes())
        with grpc.secure_channel(f"127.0.0.1:{server.grpc}", credentials) as channel:
            export: Any = channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
            assert b"" == export(
                exported(4).SerializeToString(), metadata=(("x-lastgood-key", INGEST),), timeout=30
            )
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{server.http}/healthz", timeout=10)
        assert 0 == server.ended()
