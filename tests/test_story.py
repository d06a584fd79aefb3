"""The shop's incident played from the page to the postmortem, on the command line; what is said is what was measured."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from examples.shop.story import story, write_until

from commands import lastgood
from scenario_language.world import World

pytestmark = pytest.mark.slow

SETTINGS = """
[[action]]
kind = "flag_off"
command = ["echo", "flagctl", "off", "--", "{flag}"]
minutes = 1
"""
Play = Callable[..., str]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Everything that happened that afternoon."""
    return story(tmp_path)


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Runs a command at a time of that day; gives what it said, having ended as it should."""
    settings = tmp_path / "lastgood.toml"
    settings.write_text(SETTINGS)
    monkeypatch.setenv("LASTGOOD_CONFIG", str(settings))
    monkeypatch.setenv("LASTGOOD_ACTOR", "kim")

    def played(time: str, *words: str, status: int = 0) -> str:
        done = lastgood(tmp_path / "home", *words, "--now", f"2026-11-20T{time}Z")
        assert status == done.returncode, done.stdout + done.stderr
        return done.stdout + done.stderr

    return played


def at(time: str) -> datetime:
    """A time of that day."""
    return datetime.fromisoformat(f"2026-11-20T{time}").replace(tzinfo=UTC)


def checkouts(world: World, start: datetime, end: datetime) -> tuple[int, int]:
    """Requests to the checkout in a window, and how many of them failed, counted from the spans themselves."""
    spans = [
        row
        for row in world["otel_traces"]
        if row["SpanName"] == "POST /api/checkout"
        and not row["ParentSpanId"]
        and start <= row["Timestamp"] < end
    ]
    return len(spans), sum(row["StatusCode"] == "Error" for row in spans)


def test_from_the_page_to_the_postmortem(play: Play, world: World, tmp_path: Path) -> None:
    """Page, sitrep, hypothesis, act, verify, updates, resolve, postmortem, closed; and the record holds."""
    shop = tmp_path / "shop"
    write_until(world, at("15:16"), shop)
    assert "#1 SEV2 proposed" in play("15:16", "incident", "open", "Checkout failing", str(shop))
    understood(play)
    action = acted(play)
    write_until(world, at("16:40"), shop)
    assert "RECOVERED" in play("16:40", "verify", action)
    closed(play)
    reported_as_measured(play, world)
    assert "1 of 1 incidents hold" in lastgood(tmp_path / "home", "incident", "verify-record").stdout


def understood(play: Play) -> None:
    """Taken on, decided, a hypothesis that is tested, an update that says something."""
    play("15:17", "incident", "acknowledge")
    play("15:17", "incident", "severity", "SEV2", "--because", "orders are lost")

    predictions = ("fails(issuer=ANZ) > 50%", "fails(issuer!=ANZ) at baseline", 'metric("pool.wait") rises')
    words = [word for text in predictions for word in ("--predict", text)]
    play("15:18", "hypothesis", "add", "stripe changed 3DS for ANZ", *words)
    board = play("15:18", "hypothesis", "check")
    assert "SUPPORTED, checked 15:18:00 · stripe changed 3DS for ANZ" in board
    assert "untestable" in board

    assert "vague" in play("15:19", "update", "-m", "We are looking into it", status=1)
    sent = play("15:19", "update", "-m", "Doing now: turning off anz-3ds to see whether the 402 answers stop")
    assert "Next update: 15:49 UTC" in sent


def acted(play: Play) -> str:
    """The number of an action that was done; a second one is refused until its effect is known."""
    ended = re.search(r"action (\d+) succeeded", play("15:21", "act", "flag_off", "anz-3ds", "--yes"))
    assert ended
    assert "no measured effect yet" in play("15:21", "act", "flag_off", "other", "--yes", status=2)
    assert "TOO EARLY" in play("15:21", "verify", ended[1], status=3)
    return ended[1]


def closed(play: Play) -> None:
    """Mitigated, resolved, learned from; a SEV2 is not closed without."""
    play("16:40", "incident", "mitigated", "anz-3ds is off", "--at", "2026-11-20T15:22Z")
    play("16:41", "incident", "assess")
    play("16:41", "update", "--status", "monitoring", "-m", "We turned anz-3ds off at 15:21 UTC.")
    assert "recovery measured" in play("16:42", "incident", "resolve", "stripe answers as before")
    assert "already resolved" in play("16:42", "incident", "resolve", "again", status=2)
    assert "closed with an accepted postmortem" in play("16:43", "incident", "close", "done", status=2)
    removes = ("--removes", "refusals of one issuer hidden in the average")
    owned = ("--owner", "kim", "--due", "2026-12-01", "--type", "detect")
    play(
        "16:43", "actions", "add", "Alert on the failing share of checkout per card issuer", *owned, *removes
    )
    play("16:44", "postmortem", "edit", "--section", "again", "--text", "Yes: nothing warns us beforehand.")
    play("16:44", "postmortem", "accept")
    play("16:45", "incident", "close", "nothing more to find out")


def reported_as_measured(play: Play, world: World) -> None:
    """The postmortem has the times of the record and the numbers of the telemetry."""
    state = json.loads(play("16:45", "incident", "show", "-o", "json"))
    assert ("closed", "2026-11-20T15:21:30.016048Z") == (state["status"], state["mitigated_at"])
    text = play("16:45", "postmortem").replace("\u00a0", " ")
    bad = state["triaged"]["comparison"]["bad"]
    start, end = (datetime.fromisoformat(bad[name]) for name in ("start", "end"))
    requests, failed = checkouts(world, start, end)
    onset = state["triaged"]["since"]

    assert failed > 100
    assert f"| {failed} failed of {requests:,} requests to web POST /api/checkout |".replace(",", " ") in text
    assert f'onset: "{onset}"' in text
    assert abs(datetime.fromisoformat(onset) - at("14:45:20")).total_seconds() < 60
    for time in ("15:16:00", "15:17:00", "15:19:00", "15:22:00", "16:42:00"):
        assert f"2026-11-20 {time}" in text
    assert "statuspage/stripe-3ds" in text
