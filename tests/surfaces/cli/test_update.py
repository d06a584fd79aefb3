"""`lastgood update`: drafted, refused with a better sentence, overridden on the record, delivered."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lastgood.incidents.record import open_record
from lastgood.model.answers import Impact, ImpactKind
from lastgood.model.clock import system_clock
from lastgood.model.entry import Payload, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.message import Delivered, Updated
from lastgood.surfaces.cli.app import command_line
from records import START
from rooms import room_in
from webhooks import SECRET, receiver

NOW = ("--now", "2026-11-22T15:00Z", "--as", "lee")
AFFECTED = Triaged(
    "",
    Verdict.YES,
    "5.6 % fail",
    since=START,
    impact=Impact(2000, 112, 0.056, 0.002, 110, ImpactKind.ERRORS),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a record, an incident that was assessed, and the settings read from there."""
    monkeypatch.setenv("LASTGOOD_RECORD", f"sqlite:///{tmp_path / 'record.db'}")
    monkeypatch.setenv("LASTGOOD_CONFIG", str(tmp_path / "lastgood.toml"))
    (tmp_path / "lastgood.toml").write_text('[team]\nzone = "Europe/Berlin"\n')
    with room_in(tmp_path) as room:
        room.append(AFFECTED)
    return tmp_path


def run(*words: str, typed: str | None = None) -> Result:
    """The command in this process."""
    return CliRunner().invoke(command_line("update"), ["update", *words, *NOW], input=typed)


def recorded(home: Path, kind: type[Payload]) -> list[Payload]:
    """The entries of a kind, as another reader finds them."""
    with open_record(f"sqlite:///{home / 'record.db'}", system_clock) as record:
        return [entry.payload for entry in record.entries(1) if isinstance(entry.payload, kind)]


def test_the_facts_and_a_word_are_an_update(home: Path) -> None:
    """Printed as it is sent, on the record with the time of the next one."""
    done = run("-m", "Doing now: turning off anz-3ds to see whether the 402 answers stop")

    assert (0, "update 3 of incident 1 is on the record\n") == (done.exit_code, done.stderr)
    assert (
        "Impact: 5.6 % of requests fail (baseline 0.2 %), 110 users affected, since 14:45 UTC" in done.stdout
    )
    assert "Next update: 15:30 UTC (16:30 CET)\nOwner: lee\n" in done.stdout
    (update,) = recorded(home, Updated)
    assert isinstance(update, Updated)
    assert (done.stdout, ()) == (update.text, update.overridden)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-m", "We are looking into it."), "What exactly"),
        (("-m", "About 2 % of checkouts fail."), "Measured: 5.6 % of requests fail"),
        (("-m", "Kim pushed a bad deploy."), "What made this possible"),
        (("-m", "Impact: some users"), "How many"),
        (("-m", "Next update:"), "Next update: 15:30 UTC."),
        (("-m", "x", "--status", "resolved"), "impact is still measured"),
        (("-m", "x", "--status", "identified"), "no hypothesis about the cause is supported"),
        (("-m", "We restarted db-2 at 14:50 UTC.", "--audience", "public"), "“db-2” is a host name"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_what_would_be_better(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    """Nothing is recorded, nothing printed that could be taken for sent."""
    done = run(*words)

    assert (1, "") == (done.exit_code, done.stdout)
    assert said in done.stderr
    assert "not sent. Change it, or --override REASON." in done.stderr
    assert [] == recorded(home, Updated)


def test_it_can_be_sent_all_the_same(home: Path) -> None:
    """With the reason on the record, beside what was found."""
    assert 0 == run("-m", "We are looking into it.", "--override", "first minute").exit_code

    (update,) = recorded(home, Updated)
    assert isinstance(update, Updated)
    assert (("vague: We are looking into it.",), "first minute") == (update.overridden, update.because)


def test_a_dry_run_leaves_no_trace(home: Path) -> None:
    """The draft as it would be sent, and what the check says of it."""
    assert 0 == run("--dry-run").exit_code
    assert 1 == run("--dry-run", "-m", "Stay tuned.").exit_code
    assert [] == recorded(home, Updated)


def test_a_dry_run_shows_what_would_leave(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To each sink, with the name of the secret in its place."""
    monkeypatch.setenv("LASTGOOD_CONFIG", str(home / "other.toml"))
    monkeypatch.setenv("OPS", "xoxb-secret")
    (home / "other.toml").write_text(
        '[[sink]]\nkind = "slack"\nname = "ops"\nchannel = "#x"\ntoken = "$OPS"\n'
    )
    shown = run("--dry-run", "-m", "Doing now: turning off anz-3ds")

    assert 0 == shown.exit_code, shown.output
    assert (
        "--- ops: not sent\nPOST https://slack.com/api/chat.postMessage\nAuthorization: Bearer $OPS\n"
        in shown.stdout
    )
    assert "turning off anz-3ds" in shown.stdout.partition("--- ops")[2]
    assert "xoxb-secret" not in shown.output
    assert [] == recorded(home, Updated)


def test_without_a_terminal_the_draft_is_shown(home: Path) -> None:
    """As the card's command is run by a program: nothing leaves, and how to send it is said."""
    done = run("--audience", "stakeholders")

    assert 1 == done.exit_code
    assert "Impact: " in done.stdout
    assert "Nothing was sent" in done.stderr
    assert "--audience stakeholders --message TEXT" in " ".join(done.stderr.split())
    assert [] == recorded(home, Updated)


def test_words_come_from_a_file_or_from_a_pipe(home: Path) -> None:
    """With labels or without."""
    (home / "words.txt").write_text("Investigating\n\nCards of one issuer are declined by the bank.\n")

    assert "Investigating · Checkout failing\n\nCards of" in run("-F", str(home / "words.txt")).stdout
    assert "Doing now: asking the bank" in run("-F", "-", typed="Doing now: asking the bank").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-m", "x", "-F", "y"), "both set the text"),
        (("-F", "no-such-file"), "cannot be read"),
        (("-m", "# only a comment"), "is empty"),
        (("-m", ""), "is empty"),
        (("-m", "x", "--next", "soon"), "time of the next update"),
        (("-m", "Next update: soon"), "time of the next update"),
        (("--resend",), "no update yet"),
    ],
)
def test_what_makes_no_message_is_said(home: Path, words: tuple[str, ...], said: str) -> None:
    """As errors of usage."""
    done = run(*words)

    assert said in str(done.exception)
    assert [] == recorded(home, Updated)


def test_a_failed_delivery_loses_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reported, recorded, and sent again; the secret is shown nowhere."""
    with receiver(410, 204) as other:
        sink = f'[[sink]]\nkind = "webhook"\nname = "hook"\nurl = "{other.url}"\nsecret = "{SECRET}"\n'
        (home / "hook.toml").write_text(f'{sink}allow = ["127.0.0.1"]\n')
        monkeypatch.setenv("LASTGOOD_CONFIG", str(home / "hook.toml"))
        first, again, last = run("-m", "Refunds are not affected."), run("--resend"), run("--resend")

    assert (4, 0, 0) == (first.exit_code, again.exit_code, last.exit_code)
    assert (
        "hook: not delivered, it answered 410\nNothing is lost: lastgood update --now 2026-11-22T15:00:00Z --resend"
        in first.stderr
    )
    assert "hook: answered 204" in again.stderr
    assert "has arrived everywhere" in last.stderr
    reported = recorded(home, Delivered)
    assert [False, True] == [one.arrived for one in reported if isinstance(one, Delivered)]
    assert SECRET not in first.output + first.stderr + again.stderr + str(reported)


@pytest.mark.slow
def test_what_was_typed_in_an_editor_is_sent_or_kept(home: Path) -> None:
    """The editor shows the draft; when it is refused, its words are in a file."""
    master, terminal = pty.openpty()
    try:
        fine, vague, timeless = (
            subprocess.run(
                [sys.executable, "-m", "lastgood", "update", *NOW],
                env={**os.environ, "VISUAL": f"sed -i 's/^{line}:.*/{line}: {words}/'", "NO_COLOR": "1"},
                stdin=terminal, capture_output=True, text=True, check=False, timeout=60,
            )
            for line, words in (
                ("Doing now", "turning off anz-3ds"), ("Doing now", "looking into it"), ("Next update", "soon")
            )
        )  # fmt: skip
    finally:
        os.close(master)
        os.close(terminal)

    assert (0, 1, 2) == (fine.returncode, vague.returncode, timeless.returncode), fine.stderr + vague.stderr
    assert "Doing now: turning off anz-3ds\n" in fine.stdout
    for refused, words in ((vague, "Doing now: looking into it"), (timeless, "Next update: soon")):
        kept = Path(refused.stderr.split("What you wrote is in ")[1].split(":")[0])
        assert words in kept.read_text()
        kept.unlink()
