"""The journal of a host, by an ssh and a journalctl that play one."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastgood.decoding.input import Input
from lastgood.errors import NotFetchedError, UsageError
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window
from lastgood.outside.connectors import journald as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
ENTRY = {
    "__REALTIME_TIMESTAMP": "1796002200000000", "__CURSOR": "s=1", "_HOSTNAME": "h1", "SYSLOG_IDENTIFIER": "web", "PRIORITY": "3",
    "MESSAGE": "no connection", "_SYSTEMD_UNIT": "web.service", "_PID": "7",
}  # fmt: skip


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that print two entries, and the file with what they were asked."""
    (tmp_path / "entries").write_text(f"{json.dumps(ENTRY)}\n" * 2)
    for name in ("ssh", "journalctl"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/asked\ncat {tmp_path}/entries\n')
        program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "asked"


def fetched(**asking: object) -> list[Document | Limit]:
    """What comes."""
    with Wire("http://localhost") as wire:
        return list(connector.fetch(wire, Asking(WINDOW, **asking)))  # type: ignore[arg-type]


def test_a_host_is_asked_over_ssh(asked: Path) -> None:
    """For the window and the units, without a password; what comes is read as a log."""
    (found,) = fetched(target="kim@web-1", parts=("web.service",))

    assert isinstance(found, Document)
    claim = best_claim(Input(None, found.name, found.content))
    assert ("journal-web-1.json", "logs") == (found.name, claim[0].name if claim else "")
    said = asked.read_text()
    assert (
        "ssh -o BatchMode=yes -o ConnectTimeout=5 -- kim@web-1 journalctl --no-pager --utc --unit=web.service"
        in said
    )
    assert "--since=@1796000400 --until=@1796007600" in said


def test_this_machine_is_asked_directly(asked: Path) -> None:
    """Without a host."""
    (found,) = fetched()

    assert isinstance(found, Document)
    assert ("journal-here.json", True) == (found.name, asked.read_text().startswith("journalctl --no-pager"))


def test_lines_that_are_too_many_are_said(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest come."""
    monkeypatch.setattr(connector, "JOURNAL_LINES", 2)
    _, limit = fetched()

    assert isinstance(limit, Limit)
    assert ("older lines of the journal were left out: the newest 2 are read", True) == (
        limit.sentence, "--lines=2" in asked.read_text()
    )  # fmt: skip


@pytest.mark.parametrize(
    "asking", [{"target": "-oProxyCommand=x"}, {"target": "a;b"}, {"parts": ("a$(b)",)}, {"parts": ("a b",)}]
)
def test_what_is_no_name_is_never_run(asked: Path, asking: dict[str, object]) -> None:
    """The shell of the host would read it."""
    with pytest.raises(UsageError, match="is not the name of a"):
        fetched(**asking)
    assert not asked.exists()


def test_what_it_holds(asked: Path, tmp_path: Path) -> None:
    """A line is enough; a host that refuses is an error."""
    with Wire("http://localhost") as wire:
        assert not connector.holds(wire, Asking(WINDOW, target="web-1")).empty
        assert asked.exists()
        (tmp_path / "ssh").write_text("#!/bin/sh\necho Permission denied >&2\nexit 255\n")
        with pytest.raises(NotFetchedError, match="journalctl: Permission denied"):
            connector.holds(wire, Asking(WINDOW, target="web-1"))
