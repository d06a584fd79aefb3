"""Sinks: made from settings, each for its audiences, with what was sent there before."""

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.test_sink_contract import OUT
from lastgood.config import Config, FileSink, Settings, Team, WebhookSink
from lastgood.model.message import Audience, Delivered, Occasion
from lastgood.workbench.case_file import exported, imported
from lastgood.workbench.room import enter
from lastgood.workbench.sinks import earlier, handed, link_to, sinks
from records import START, ticking
from rooms import config_in, room_in
from webhooks import SECRET, receiver


def configured(folder: Path, *sink: FileSink | WebhookSink) -> Config:
    """Settings with these sinks."""
    return replace(config_in(folder), settings=Settings(sink=sink))


def test_a_sink_takes_its_audiences_only(tmp_path: Path) -> None:
    """In the order of the settings."""
    config = configured(
        tmp_path,
        FileSink(name="all", path="a"),
        FileSink(name="public", path="b", audiences=(Audience.PUBLIC,)),
    )

    assert ["all"] == [sink.name for sink in sinks(config, ticking(), Audience.TEAM)]
    assert ["all", "public"] == [sink.name for sink in sinks(config, ticking(), Audience.PUBLIC)]


def test_a_secret_can_be_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`$NAME`; it is shown nowhere, and where it is missing nothing is sent."""
    with receiver() as other:
        hook = WebhookSink(name="w", url=other.url, secret="$HOOK", allow=("127.0.0.1",))  # noqa: S106 - no secret
        config = configured(tmp_path, hook)
        monkeypatch.setenv("HOOK", SECRET)
        (sink,) = sinks(config, ticking(), Audience.TEAM)
        assert "answered 204" == sink.send(OUT).detail
        assert SECRET not in repr(sink) + repr(config)
        assert SECRET not in repr(Settings(sink=(WebhookSink(name="w", url="u", secret=SECRET),)))

        monkeypatch.delenv("HOOK")
        failed = handed(sink, OUT, 3, "")
    assert (3, False, "the environment variable HOOK is not set") == (
        failed.update,
        failed.arrived,
        failed.detail,
    )


def test_what_was_sent_before_is_remembered(tmp_path: Path) -> None:
    """The last that arrived, of the same sink and occasion."""
    with room_in(tmp_path) as room:
        assert "" == earlier(room, "slack")
        for delivered in (
            Delivered(1, "slack", arrived=True, detail="", reference="first"),
            Delivered(2, "slack", arrived=True, detail="", what=Occasion.PAGE, reference="page"),
            Delivered(3, "page", arrived=True, detail="", reference="other"),
            Delivered(4, "slack", arrived=False, detail="", reference="failed"),
            Delivered(5, "slack", arrived=True, detail=""),
        ):
            room.append(delivered)

        assert "first" == earlier(room, "slack")


def test_a_link_leads_to_the_server_of_the_settings(tmp_path: Path) -> None:
    """Where they say where it is."""
    config = config_in(tmp_path)
    here = replace(config, settings=Settings(team=Team(url="https://lastgood.example.com/")))

    assert ("", "https://lastgood.example.com/incidents/12") == (link_to(config, 12), link_to(here, 12))


def test_what_an_imported_case_says_was_sent_does_not_count(tmp_path: Path) -> None:
    """It could lead the next update into another channel."""
    case = tmp_path / "case.lgcase"
    with room_in(tmp_path) as room:
        room.append(Delivered(1, "slack", arrived=True, detail="", reference="C666:1.1"))
        assert "C666:1.1" == earlier(room, "slack")
        exported(room, case, "")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    number = imported(config_in(elsewhere), ticking(), case)
    with enter(config_in(elsewhere), ticking(), actor="lee", now=START, incident=number) as room:
        assert "" == earlier(room, "slack")
