"""Sinks: made from settings, each for its audiences."""

from dataclasses import replace
from pathlib import Path

import pytest

from lastgood.config import Config, FileSink, Settings, WebhookSink
from lastgood.model.message import Audience
from lastgood.workbench.sinks import Outgoing, sinks
from lastgood.workbench.webhook import NotSentError
from records import ticking
from rooms import config_in
from webhooks import receiver
from workbench.test_webhook import SECRET

OUT = Outgoing("msg_1", "text\n", "## text\n", b"{}")


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


def test_a_file_grows(tmp_path: Path) -> None:
    """Updates stand one after another."""
    (sink,) = sinks(
        configured(tmp_path, FileSink(name="f", path=f"{tmp_path}/new/u.md")), ticking(), Audience.TEAM
    )

    assert ["written", "written"] == [sink.send(OUT), sink.send(OUT)]
    assert "## text\n\n## text\n\n" == (tmp_path / "new" / "u.md").read_text()


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder in its place."""
    (sink,) = sinks(configured(tmp_path, FileSink(name="f", path=str(tmp_path))), ticking(), Audience.TEAM)

    with pytest.raises(NotSentError, match="cannot be written"):
        sink.send(OUT)


def test_a_secret_can_be_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`$NAME`; it is shown nowhere, and where it is missing nothing is sent."""
    with receiver() as other:
        hook = WebhookSink(name="w", url=other.url, secret="$HOOK", allow=("127.0.0.1",))  # noqa: S106 - no secret
        config = configured(tmp_path, hook)
        monkeypatch.setenv("HOOK", SECRET)
        (sink,) = sinks(config, ticking(), Audience.TEAM)
        assert "answered 204" == sink.send(OUT)
        assert SECRET not in repr(sink) + repr(config)
        assert SECRET not in repr(
            replace(config, settings=Settings(sink=(WebhookSink(name="w", url="u", secret=SECRET),))).settings
        )

        monkeypatch.delenv("HOOK")
        (sink,) = sinks(config, ticking(), Audience.TEAM)
        with pytest.raises(NotSentError, match="secret cannot be used"):
            sink.send(OUT)
