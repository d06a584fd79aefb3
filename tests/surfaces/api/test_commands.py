"""The routes that commands ask, through the guard, without a socket."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lastgood.model.access import KeyKind, Role
from lastgood.model.entry import Opened
from lastgood.surfaces.api.commands import ROUTES
from lastgood.surfaces.server.app import application
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from services import service_over
from surfaces.server.test_app import desk_over


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        opened.record.open(Opened("checkout fails"), actor="kim")
        yield opened


def answer(service: Service, path: str) -> httpx.Response:
    key = service.access.new_key("viewer", KeyKind.API, Role.VIEWER, actor="kim")[1]

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application(desk_over(service), ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
            return await client.get(path, headers={"authorization": f"Bearer {key}"})

    return asyncio.run(ask())


def test_a_command_gets_its_text_note_and_exit_status(service: Service) -> None:
    found = answer(service, "/api/commands/incident-list?output=json").json()
    assert "checkout fails" in found["text"]
    assert ("", 0) == (found["note"], found["exit_status"])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("incident-list?sql=1", 400, "usage"), ("incident-show?incident=7", 404, "no-incident"),
        ("ask?question=nothing", 400, "usage"), ("triage", 404, "no-data"),
    ],
)  # fmt: skip
def test_an_error_has_its_code(service: Service, path: str, status: int, code: str) -> None:
    """By it, the command ends as it would with its own store."""
    found = answer(service, f"/api/commands/{path}")
    assert (status, code) == (found.status_code, found.json()["error"])
