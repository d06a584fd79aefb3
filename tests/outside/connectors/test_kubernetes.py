"""A kubectl that plays a cluster: objects, events, and the lines of pods in trouble only."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastgood.decoding.input import Input
from lastgood.errors import NotFetchedError
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window
from lastgood.outside.connectors import kubernetes as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ASKING = Asking(Window(START, START + timedelta(hours=2)), target="prod", parts=("shop",))


def pod(name: str, *, ready: bool, restarts: int) -> object:
    """A pod as the API writes it."""
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop"},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": str(ready)}],
                   "containerStatuses": [{"name": "app", "restartCount": restarts}]},
    }  # fmt: skip


def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A kubectl that is a shell script; gives where it writes its arguments."""
    pods = [
        pod("well", ready=True, restarts=0),
        pod("ill", ready=False, restarts=0),
        pod("again", ready=True, restarts=3),
    ]
    event = {"apiVersion": "v1", "kind": "Event", "reason": "BackOff", "involvedObject": {"kind": "Pod", "name": "again"},
             "metadata": {"name": "e", "namespace": "shop"}, "lastTimestamp": "2026-11-30T02:00:00Z"}  # fmt: skip
    for name, items in (("objects", pods), ("events", [event])):
        (tmp_path / name).write_text(json.dumps({"kind": "List", "apiVersion": "v1", "items": items}))
    program = tmp_path / "kubectl"
    program.write_text(f'#!/bin/sh\nhere={tmp_path}\necho "$@" >> $here/asked\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "asked"


PLAYED = """
case "$*" in
*"get events"*) cat $here/events ;;
*" get "*) cat $here/objects ;;
*"logs again"*--previous*) echo "[pod/again/app] 2026-11-30T01:59:00Z panic: out of memory" ;;
*"logs again"*) echo "[pod/again/app] 2026-11-30T02:01:00Z started" ;;
*) echo "container is waiting to start" >&2; exit 1 ;;
esac"""


def fetched() -> list[Document | Limit]:
    """What the connector gives."""
    with Wire("http://localhost") as wire:
        return list(connector.fetch(wire, ASKING))


def test_pods_in_trouble_are_asked_for_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of the container before; what cannot be had is said, and nothing but get and logs is run."""
    asked = cluster(tmp_path, monkeypatch, PLAYED)

    found = fetched()

    documents = {one.name: one.content for one in found if isinstance(one, Document)}
    assert {"objects-shop.json", "events-shop.json", "shop_again.log", "shop_again-previous.log"} == set(
        documents
    )
    assert ["the lines of pod ill did not come: kubectl logs: container is waiting to start"] == [
        one.sentence for one in found if isinstance(one, Limit)
    ]
    runs = [line.split() for line in asked.read_text().splitlines()]
    assert {"get", "logs"} == {next(word for word in run if word in {"get", "logs"}) for run in runs}
    assert all("--context=prod" == run[1] for run in runs)
    claims = {name: best_claim(Input(None, name, content)) for name, content in documents.items()}
    assert {"kubernetes", "logs"} == {claim[0].name for claim in claims.values() if claim}


@pytest.mark.parametrize(
    ("script", "said"),
    [("echo 'error: context \"prod\" does not exist' >&2; exit 1", 'context "prod" does not exist')],
)
def test_a_cluster_that_cannot_be_asked_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    """With what kubectl said."""
    cluster(tmp_path, monkeypatch, script)
    with pytest.raises(NotFetchedError, match=said):
        fetched()

    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(NotFetchedError, match="no kubectl"):
        fetched()
