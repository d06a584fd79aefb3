"""Containers of Docker, by a program that plays it: lines by service, and events."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.model.clock import system_clock
from lastgood.model.window import Window
from lastgood.outside.connectors import docker as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
EVENT = "2026-11-20T01:41:05.013621187+00:00 container die 29d72966e0be (exitCode=137, image=shop/web:2.4, name=shop-web-1)"
PLAYED = """#!/bin/sh
echo "$@" >> $here/asked
case "$*" in
*"events "*) cat $here/events ;;
*"ps --all"*) cat $here/containers ;;
*"logs "*" gone") echo "Error: No such container: gone" >&2; exit 1 ;;
*"logs "*) echo "2026-11-20T01:40:00.000000001Z started"; echo "2026-11-20T01:41:00.000000001Z ERROR no connection" >&2 ;;
esac
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Docker with a service of two containers and one that has gone; the file with what it was asked."""
    names = [("shop-web-1", "com.docker.compose.project=shop,com.docker.compose.service=web"),
             ("shop-web-2", "com.docker.compose.service=web"), ("gone", "")]  # fmt: skip
    rows = [
        {"Names": name, "Labels": labels, "State": "running", "Image": "shop/web:2.4"}
        for name, labels in names
    ]
    (tmp_path / "containers").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "events").write_text(EVENT + "\n")
    program = tmp_path / "docker"
    program.write_text(PLAYED.replace("$here", str(tmp_path)))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "asked"


def fetched(**asking: object) -> list[Document | Limit]:
    """What comes."""
    with Wire("http://localhost") as wire:
        return list(connector.fetch(wire, Asking(**{"window": WINDOW, **asking})))  # type: ignore[arg-type]


def test_lines_of_a_service_are_one_file(asked: Path) -> None:
    """Of all its containers, with what they print as errors; a container that fails costs only itself."""
    found = fetched(target="prod")
    documents = {one.name: one.content for one in found if isinstance(one, Document)}

    assert {"docker-events.log", "web.log"} == documents.keys()
    assert 2 == documents["web.log"].count(b"ERROR no connection")
    assert ["the lines of container gone did not come: docker logs: Error: No such container: gone"] == [
        one.sentence for one in found if isinstance(one, Limit)
    ]
    assert {"logs"} == {
        claim[0].name for name, body in documents.items() if (claim := best_claim(Input(None, name, body)))
    }
    assert "--context=prod logs --timestamps --since=1795136400 --until=1795143600" in asked.read_text()


def test_events_are_not_waited_for(asked: Path) -> None:
    """Of a window whose last minute has not ended, what there is now."""
    now = system_clock()
    fetched(window=Window(now - timedelta(minutes=5), now + timedelta(minutes=5)), parts=("shop-web-1",))
    first = asked.read_text().splitlines()[0]

    assert abs(now.timestamp() - float(first.rpartition("--until=")[2])) < 60


def test_lines_and_containers_that_are_too_many_are_said(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With how many are read."""
    monkeypatch.setattr(connector, "CONTAINER_LINES", 2)
    monkeypatch.setattr(connector, "LOG_PODS", 1)

    assert [
        "the lines of 2 containers were left out: 1 are read",
        "older lines of container shop-web-1 were left out: the newest 2 are read",
    ] == [one.sentence for one in fetched() if isinstance(one, Limit)]
    assert asked.exists()


def test_what_it_holds(asked: Path) -> None:
    """Containers, also those that have stopped."""
    with Wire("http://localhost") as wire:
        assert "3 containers" == connector.holds(wire, Asking(WINDOW)).sentence
    assert "ps --all" in asked.read_text()
