"""Reports of changes, to a real server and into a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kit.conftest import Feed
from lastgood_kit.changes import Change, Reporter
from outcomes import outcome
from sites import says, site

AT = datetime(2026, 11, 22, 14, 41, tzinfo=UTC)
DEPLOY = Change(
    "deploy", AT, service="payments", version="v2", previous_version="v1", attributes={"commit": "abc"}
)


def test_a_change_reaches_the_server_with_the_key(feed: Feed) -> None:
    """As the feed's documented object; what is empty is not sent."""
    assert Reporter(feed.url, "lgi_secret").report(DEPLOY)
    assert [{"kind": "deploy", "time": "2026-11-22T14:41:00+00:00", "service": "payments", "version": "v2",
             "previous_version": "v1", "commit": "abc"}] == feed.got  # fmt: skip
    assert ["Bearer lgi_secret"] == feed.keys


def test_a_file_of_changes_is_read_by_lastgood(tmp_path: Path) -> None:
    """Every field in its column."""
    file = tmp_path / "changes.ndjson"
    reporter = Reporter(file=file)
    reporter.report(DEPLOY)
    with reporter.running("cron", "ledger-export", clock=iter([AT, AT + timedelta(minutes=2)]).__next__):
        pass
    deploy, cron = outcome(file.read_bytes()).rows["lg_changes"]

    assert ("deploy", "payments", "v2", "v1") == (
        deploy["Kind"], deploy["Service"], deploy["Version"], deploy["PreviousVersion"],
    )  # fmt: skip
    assert ("cron", "succeeded", timedelta(minutes=2)) == (
        cron["Kind"], cron["State"], cron["EndTimestamp"] - cron["Timestamp"],
    )  # fmt: skip


def test_a_run_that_fails_is_reported_as_failed(feed: Feed) -> None:
    """And its error goes on."""
    with pytest.raises(ZeroDivisionError), Reporter(feed.url).running("migration", "add index"):
        raise ZeroDivisionError

    assert [("migration", "failed")] == [(change["kind"], change["state"]) for change in feed.got]


def test_a_server_that_is_down_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """A warning, and False."""
    assert not Reporter("http://127.0.0.1:9").report(DEPLOY)
    assert "was not reported" in caplog.text


def test_a_server_that_refuses_is_a_failure(feed: Feed) -> None:
    """So is any status that is an error."""
    feed.status = 401

    assert not Reporter(feed.url).report(DEPLOY)


def test_without_a_destination_nothing_is_delivered() -> None:
    """It does not claim to have been."""
    assert not Reporter().report(DEPLOY)


def test_the_key_goes_nowhere_else() -> None:
    """A redirect is a failure."""
    seen: list[bytes] = []
    with site(lambda client: seen.append(client.recv(65_536))) as other:
        leads = f"HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:{other}/\r\nContent-Length: 0\r\n\r\n"
        with site(says(leads.encode())) as port:
            assert not Reporter(f"http://127.0.0.1:{port}", "lgi_secret").report(DEPLOY)

    assert not seen


def test_whatever_goes_wrong_stops_nothing(tmp_path: Path) -> None:
    """A server that speaks something else, an address that is none, a file that cannot be written."""
    with site(says(b"hello\r\n\r\n")) as port:
        assert not Reporter(f"http://127.0.0.1:{port}").report(DEPLOY)
    assert not Reporter("nowhere").report(DEPLOY)
    assert not Reporter(file=tmp_path).report(DEPLOY)
    assert Reporter(file=tmp_path / "a").report(replace(DEPLOY, title="\ud800"))
