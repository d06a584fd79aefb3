"""Pictures of pages: `make picture` serves the demo's incident and writes docs/room.jpg and docs/explore.jpg."""

import asyncio
import os
import shutil
import signal
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from examples.shop.demo import FOLDER
from playwright.async_api import async_playwright

from lastgood.config import configured
from lastgood.model.entry import Acknowledged, Opened
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.server.serving import Listening, Places, serve
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.surfaces.web.pages import failed
from lastgood.surfaces.web.routes import ROUTES
from lastgood.surfaces.wording import json_text
from lastgood.workbench.assess import assess
from lastgood.workbench.load import load
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service, service

FOLDER_OF_PICTURES = Path(__file__).parent
LOGS = "/logs?q=level%3A%3E%3Dwarn&from=2026-11-20T14:16:00Z&to=2026-11-20T15:16:00Z&view=patterns"
PICTURES = (("room.jpg", "/incidents/1", ".answer .v.yes"), ("explore.jpg", LOGS, ".histogram"))
NOW = datetime(2026, 11, 20, 15, 16, tzinfo=UTC)
FIRED = NOW.replace(minute=48, hour=14)
PASSWORD = "password-of-a-picture"  # noqa: S105 - of a server that lives for seconds


def clock() -> datetime:
    """The afternoon of the demo."""
    return NOW


def document(sitrep: Sitrep) -> bytes:
    """The sitrep as it is kept."""
    return json_text(sitrep_document(sitrep)).encode()


def prepared(opened: Service) -> None:
    """The demo's telemetry, and its incident with an answer."""
    load(opened.store, [FOLDER], now=NOW, zone=UTC)
    opened.access.first_admin(PASSWORD)
    opened.record.open(Opened("Checkout failing"), actor="alert CheckoutErrorRate", at=FIRED)
    room = Room(opened.record, opened.record.entries(1), "kim", NOW)
    room.append(Acknowledged("kim"))
    assess(room, opened.store.surveyed(), document)


async def drawn(where: Listening) -> None:
    """The first screens as a browser shows them."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(f"{where.url}/login")
        await page.fill("input[name=name]", "admin")
        await page.fill("input[name=password]", PASSWORD)
        await page.click("button.go")
        await page.wait_for_url(f"{where.url}/")
        for name, path, shown in PICTURES:
            await page.goto(where.url + path)
            await page.wait_for_selector(shown)
            await page.screenshot(path=FOLDER_OF_PICTURES / name, type="jpeg", quality=78)
        await browser.close()
    os.kill(os.getpid(), signal.SIGTERM)  # ends the server as a supervisor would


async def pictured(opened: Service) -> None:
    """Serve until the picture is taken."""
    tasks = list[asyncio.Task[None]]()
    places = Places(http_port=0, grpc_port=0, otlp_port=0)

    def ready(where: Listening) -> None:
        tasks.append(asyncio.create_task(drawn(where)))

    await serve(opened, places, ROUTES, failed, document, {}, ready)
    await asyncio.gather(*tasks)


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        config = replace(configured(f"chdb://{folder}/store"), record=f"sqlite:///{folder}/record.db")
        with service(config, clock, {}) as opened:
            prepared(opened)
            asyncio.run(pictured(opened))


if __name__ == "__main__":
    main()
