"""Every command that is printed works when it is pasted: from the card, from an incident, from hints."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from examples.shop.demo import generate

import command_client
from commands import server

pytestmark = pytest.mark.slow

SHELL = f'lastgood() {{ "{sys.executable}" -I -S "{command_client.__file__}" "$SERVER" "$@"; }}\n'
STARTS = re.compile(r"(?:LASTGOOD_\w+=(?:'[^']*'|\S+)[ \\\n]+)?lastgood (?=[a-z])")
PLACEHOLDER = re.compile(r"[A-Z]{3,}…?|…")
ANSWERS = {"act": "--yes", "update": "--dry-run"}  # no one is there to say yes, or to edit
NOW = "2026-11-20T15:16Z"
SETTINGS = """
[[action]]
kind = "failover"
command = ["true", "{target}"]
[[action]]
kind = "serve_stale"
command = ["true", "{target}"]
[[action]]
kind = "circuit_break"
command = ["true", "{region}"]
"""


class Terminal:
    """A shell in a folder of its own, with a store and a record of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ran: list[str] = []
        (folder / "lastgood.toml").write_text(SETTINGS)
        self.run("lastgood trust")

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """What came of a line that was typed or pasted."""
        self.ran.append(line)
        environment = {
            **os.environ,
            "XDG_DATA_HOME": str(self.folder / "home"),
            "NO_COLOR": "1",
            "TERM": "dumb",
            "SERVER": server(),
        }
        for name in ("LASTGOOD_STORE", "LASTGOOD_RECORD", "LASTGOOD_TZ", "LASTGOOD_INCIDENT"):
            environment.pop(name, None)
        return subprocess.run(
            ["bash", "-c", SHELL + line], capture_output=True, text=True, env=environment, cwd=self.folder,
            check=False, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def pasted(self, shown: subprocess.CompletedProcess[str]) -> list[str]:
        """The commands that were printed, each run as it stands, none of which was refused or failed."""
        found = [one for one in commands(shown.stdout + shown.stderr) if one not in self.ran]
        assert len(found) == len({tuple(shlex.split(one)) for one in found}), "a command is printed twice"
        for one in found:
            verb = one.partition("lastgood ")[2].split()[0]
            done = self.run(" ".join(filter(None, [one, ANSWERS.get(verb, "")])))
            assert done.returncode not in {2, 4}, f"{one}\n{done.stdout}{done.stderr}"
            assert "no match" not in done.stderr, one
        return found


def commands(text: str) -> list[str]:
    """The commands in a printed text that a reader need not fill in; each runs to the end of its line."""
    found = (complete(text[start.start() :]) for start in STARTS.finditer(text))
    return list(dict.fromkeys(one for one in found if not any(map(PLACEHOLDER.fullmatch, shlex.split(one)))))


def complete(text: str) -> str:
    """The text up to the backtick or end of line that ends a command: not within quotes, nor after a backslash."""
    quote = ""
    for at, character in enumerate(text):
        if not quote and (character == "`" or (character == "\n" and text[at - 1] != "\\")):
            return text[:at]
        if character in "'\"" and quote in {"", character}:
            quote = "" if quote else character
    return text


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's folder without what takes long to read and says the same again."""
    folder = tmp_path_factory.mktemp("demo") / "the shop"
    generate(folder)
    for name in ("metrics", "payments-repo"):
        rmtree(folder / name)
    for path in (folder / "logs").iterdir():
        if not path.name.startswith("payments"):
            path.unlink()
    return folder


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """One in a folder whose name has to be quoted."""
    folder = tmp_path / "my work"
    folder.mkdir()
    return Terminal(folder)


def ticks(until: datetime, minutes: int = 60) -> Iterator[datetime]:
    """Every two seconds of the time before."""
    start = until - timedelta(minutes=minutes)
    return (start + timedelta(seconds=2 * n) for n in range(30 * minutes))


def lines_of(times: Sequence[datetime], broken_since: datetime | None) -> str:
    """A service's lines without levels; six of ten fail since then."""
    return "".join(
        f"{time:%Y-%m-%dT%H:%M:%S.%f}0Z fail: could not charge order {n}: it timed out\n"
        if broken_since and time >= broken_since and n % 10 < 6
        else f"{time:%Y-%m-%dT%H:%M:%S.%f}0Z charged order {n} in 42 ms\n"
        for n, time in enumerate(times)
    )


def test_from_files_with_changes(terminal: Terminal, shop: Path) -> None:
    """Lines, a trace, all changes, the incident, what to do: each with the path, the time and the window."""
    copytree(shop, terminal.folder / "the shop")
    shown = terminal.run(
        f"lastgood triage 'the shop' --now {NOW} --from 2026-11-20T14:00Z --to {NOW} --tz Europe/Berlin"
    )
    assert 1 == shown.returncode, shown.stderr
    found = terminal.pasted(shown)

    verbs = {one.split()[1] for one in found}
    assert {"logs", "trace", "incident", "act", "changes"} <= verbs
    assert "needs a value for {region}" in " ".join(shown.stdout.split())
    brief = terminal.run(f"lastgood triage 'the shop' --now {NOW} --brief")
    assert len(brief.stdout.splitlines()) <= 8
    terminal.pasted(brief)


def test_from_lines_alone(terminal: Terminal) -> None:
    """The query finds as many lines as the card counts, though none has a level."""
    end = datetime(2026, 11, 22, 15, tzinfo=UTC)
    log = lines_of(list(ticks(end)), end - timedelta(minutes=19))
    (terminal.folder / "shop.log").write_text(log)
    shown = terminal.run("lastgood triage shop.log --now 2026-11-22T15:00Z")
    assert 1 == shown.returncode, shown.stdout
    terminal.pasted(shown)

    (query,) = (one for one in commands(shown.stdout) if one.startswith("lastgood logs"))
    counted = re.search(r"logs (\d+) error lines", shown.stdout)
    assert counted
    found = terminal.run(f"{query} --limit 9999").stdout.splitlines()
    assert int(counted[1]) == len(found) == log.count("fail:")


def test_from_a_healthy_system(terminal: Terminal) -> None:
    """Whatever is printed, and with other zones."""
    end = datetime(2026, 11, 22, 15, tzinfo=UTC)
    (terminal.folder / "shop.log").write_text(lines_of(list(ticks(end)), None))
    shown = terminal.run("lastgood triage shop.log --now 2026-11-22T15:00Z")

    assert shown.returncode in {0, 3}
    terminal.pasted(shown)


def test_from_a_store(terminal: Terminal, shop: Path) -> None:
    """One that was named: the same is asked again, and the incident is opened on it."""
    copytree(shop, terminal.folder / "shop")
    store = "chdb://" + str(terminal.folder / "a store")
    assert 0 == terminal.run(f"lastgood load shop --store '{store}'").returncode
    shown = terminal.run(f"lastgood triage --store '{store}' --now {NOW}")
    found = terminal.pasted(shown)

    assert {"logs", "trace"} <= {one.split()[1] for one in found}
    assert any(one.startswith("LASTGOOD_STORE=") for one in found)
    assert "% of requests" in terminal.run(f"lastgood incident show --now {NOW}").stdout.replace(
        "\u00a0", " "
    )


def test_from_an_incident(terminal: Terminal) -> None:
    """The room, the options, an action and its effect, evidence, hypotheses, updates, the postmortem, and errors."""
    end = datetime(2026, 11, 22, 15, tzinfo=UTC)
    log = lines_of(list(ticks(end)), end - timedelta(minutes=19))
    (terminal.folder / "shop.log").write_text(log)
    opened = terminal.run("lastgood incident open 'it is down' shop.log --now 2026-11-22T15:00Z")
    assert 0 == opened.returncode, opened.stderr
    found = terminal.pasted(opened)
    assert any("lastgood act serve_stale shop" in one for one in found), found
    assert any("lastgood incident acknowledge" in one for one in found)
    for line in (
        "lastgood act",
        "lastgood act restart checkout --manual",
        "lastgood verify",
        "lastgood evidence 3",
        "lastgood hypothesis list",
        "lastgood update --dry-run -m 'we are looking into it'",
        "lastgood incident show --incident 1",
        "lastgood postmortem check",
        "lastgood incident stats",
        "lastgood incident close 'no reason'",
    ):
        terminal.pasted(terminal.run(f"{line} --now 2026-11-22T15:00Z"))
