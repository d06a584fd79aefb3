"""Sinks made from settings: the file, the signed webhook, and what is found out about each without a message."""

from pathlib import Path

import pytest

from contracts.test_sink_contract import OUT
from lastgood.config import FileSink, Mail, Slack, WebhookSink
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.made import ByApi, IntoFile, made
from lastgood.outside.sinks.mail import ByMail
from records import ticking
from webhooks import SECRET, receiver


def test_a_section_makes_its_sink() -> None:
    """By its kind."""
    slack = Slack(name="s", channel="#x", token="$T")  # noqa: S106 - the name of a variable
    mail = Mail(name="m", host="h", sender="a@b.example", to=("c@d.example",))

    assert isinstance(made(slack, ticking()), ByApi)
    assert isinstance(made(mail, ticking()), ByMail)
    assert "s" == made(slack, ticking()).name


def test_a_file_grows(tmp_path: Path) -> None:
    """As it was shown; its doctor writes nothing."""
    path = tmp_path / "new" / "u.md"
    sink = made(FileSink(name="f", path=str(path)), ticking())

    assert "it can be written" == sink.reach()
    assert not path.parent.exists()
    assert (f"to the file {path}\n## x",) == sink.planned(OUT)
    assert ["written", "written"] == [sink.send(OUT).detail, sink.send(OUT).detail]
    assert "## x\n\n## x\n\n" == path.read_text()


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A folder in its place."""
    sink = IntoFile("f", tmp_path)

    for ask in (lambda: sink.send(OUT), sink.reach):
        with pytest.raises(NotSentError, match="cannot be written"):
            ask()


def test_a_webhook_is_shown_without_an_address_that_may_be_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the name of its variable, where it has one; connecting to it sends nothing."""
    with receiver() as other:
        monkeypatch.setenv("HOOK", SECRET)
        hook = WebhookSink(name="w", url=f"{other.url}/secret", secret="$HOOK", allow=("127.0.0.1",))  # noqa: S106
        sink = made(hook, ticking())

        assert ("POST its address\n{}",) == sink.planned(OUT)
        assert "it can be connected to" in sink.reach()
        assert [] == other.got
        assert "answered 204" == sink.send(OUT).detail
    with pytest.raises(NotSentError, match="cannot be reached"):
        sink.reach()
