"""The account of an input: every line is counted once, and what it holds is summed."""

from datetime import UTC, datetime, timedelta

from lastgood.decoding.input import Batch, Claim, Input, Reject, Tally
from lastgood.intake._registry import sources
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.load_account import FIRST_REJECTS, Account, reported

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_every_line_is_accounted_for() -> None:
    """Events, lines that go on with one, blank ones and rejects; one too few is said."""
    account = Account()
    account.saw(Tally(lines=5, events=2, continuations=1, blanks=1))
    assert "5 lines read, 4 accounted for" in account.gap

    account.saw(Reject(3, "no time", "hello"))
    assert "" == account.gap


def test_only_the_first_rejects_are_shown() -> None:
    """All are counted."""
    account = Account()
    for line in range(FIRST_REJECTS + 2):
        account.saw(Reject(line, "no time", "hello"))

    shown = reported(Input(None, "a.log", b""), account, None, "")
    assert (FIRST_REJECTS + 2, list(range(FIRST_REJECTS))) == (
        shown.rejects,
        [one.line for one in shown.first_rejects],
    )


def test_services_and_times_are_those_of_all_pieces() -> None:
    """The window ends after the last event; without events there is none."""
    account = Account()
    assert reported(Input(None, "a.log", b""), account, None, "").window is None

    for minutes, service in ((5, "shop"), (0, ""), (9, "bank")):
        at = NOON + timedelta(minutes=minutes)
        account.saw(Batch(LOGS, LOGS.rows({"Timestamp": [at], "ServiceName": [service], "Body": ["hello"]})))
    source = sources()[0]
    found = reported(Input(None, "a.log", b""), account, (source, Claim("text", 0.9, "it says so")), "")

    assert found.window is not None
    assert (NOON, True) == (found.window.start, found.window.end > NOON + timedelta(minutes=9))
    assert (("bank", "shop"), {LOGS.name: 3}) == (found.services, found.rows)
    assert (source.name, "text", "it says so") == (found.source, found.format, found.because)
