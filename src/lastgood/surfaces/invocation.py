"""How the tool was called, and the commands that it prints: each carries what it needs to show the same when pasted.

Surfaces hold a bare `Command` ("verify", "7"); an `Invocation` adds the paths, addresses, times and incident that were
given to this run. Words in capitals (`TITLE`, `PATH…`) are to be filled in by the reader.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from shlex import quote

from lastgood.model.figures import stamp
from lastgood.model.window import Window
from lastgood.workbench.windows import EARLIEST

PROGRAM = "lastgood"
# The words in printed commands that a reader has to replace, and with what.
PLACEHOLDERS: Mapping[str, str] = {
    "ENTRY": "the number of an entry",
    "FILE": "the name of a file",
    "FOLDER": "the name of a folder",
    "ID": "the id of a trace",
    "KIND": "a kind of action, such as rollback",
    "NAME": "a name",
    "PATH": "a file or folder",
    "PATH…": "files or folders",
    "KEY": "the key of a question",
    "NUMBER": "a number, such as E3",
    "PREDICTION": "what must be true, in quotes",
    "REASON": "the reason, in quotes",
    "SERVICE": "the name of a service",
    "TARGET": "the target of the action, such as a service",
    "TEST": "the command of your test",
    "TEXT": "a sentence in quotes",
    "TIME": "a time, such as 14:05 or now-5m",
    "TITLE": "a title in quotes",
    "WHY": "the reason, in quotes",
    "…": "a value",
}
_FREE = frozenset({"logs", "sql"})  # commands whose words may be any text
_PLACEHOLDER = re.compile(r"[A-Z]+…?|…")
_SECRET = re.compile(r"//[^/@]*:[^/@]*@")  # a password in an address
_WHOLE = timedelta(microseconds=999_999)  # seconds suffice, and the end is not cut off

# Which of what was given a command takes: Paths, Map, Store, Window, Baseline, services (V), Now, Zone, Incident.
_ROOM = frozenset("IN")
_DATA = frozenset("PMSZ")
TAKES: Mapping[str, frozenset[str]] = {
    "triage": _DATA | frozenset("WBVN"),
    "ask": _DATA | frozenset("WBVN"),
    "logs": _DATA | frozenset("N"),  # its query has the times
    "trace": _DATA | frozenset("N"),  # and an id needs none
    "changes": _DATA | frozenset("WVN"),
    "bisect-versions": _DATA | frozenset("VN"),  # the older versions served before the window
    "load": frozenset("MSZ"),
    "incident open": frozenset("PMWBNZ"),
    "incident list": frozenset("N"),
    "incident stats": frozenset("N"),
    "incident import": frozenset(),
    "incident export": frozenset("I"),
    "incident verify-record": frozenset("I"),
    "store": frozenset(),
    "actions": frozenset("N"),
    "actions add": _ROOM,
    **{f"actions {name}": frozenset("N") for name in ("done", "verify", "drop", "reopen")},
    **dict.fromkeys(("note", "evidence", "act", "snapshot", "verify", "update", "postmortem"), _ROOM),
    **{f"postmortem {name}": _ROOM for name in ("edit", "check", "accept")},
    **{f"hypothesis {name}": _ROOM for name in ("list", "add", "check", "rule-out", "reopen", "complete")},
    **{
        f"incident {name}": _ROOM
        for name in (
            *("assess", "show", "acknowledge", "severity", "mitigated", "resolve", "close", "reopen"),
            *("told", "notify", "chat"),
            *("timeline", "similar", "handover"),
        )
    },
}
_NAMES = sorted(TAKES, key=len, reverse=True)
_SPOKEN = re.compile(rf"\b{PROGRAM} ({'|'.join(map(re.escape, _NAMES))})(?![\w-])")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of this tool: its words without the program's, and where it differs from how the tool was called."""

    words: tuple[str, ...]
    window: Window | None = None  # instead of the one that was given
    later: datetime | None = None  # when to run it: the time for now, where one was given
    quoted: tuple[str, ...] = ()  # the whole of it, quoted, once an invocation has completed it

    @property
    def name(self) -> str:
        """`verify`, `incident open`."""
        return next((name for name in _NAMES if tuple(name.split()) == self.words[: len(name.split())]), "")

    @property
    def shell(self) -> tuple[str, ...]:
        """The words as a shell reads them, the program's first."""
        return self.quoted or (PROGRAM, *map(shell_word, self.words))

    def __str__(self) -> str:
        """In one line."""
        return " ".join(self.shell)


def command(*words: str | float) -> Command:
    """A command of these words."""
    return Command(tuple(map(str, words)))


@dataclass(frozen=True, slots=True)
class Invocation:
    """What was given to this run, as far as other commands need it to look at the same."""

    paths: tuple[str, ...] = ()
    mapping: str = ""
    store: str = ""
    zone: str = ""
    now: datetime | None = None
    window: Window | None = None
    baseline: Window | None = None
    services: tuple[str, ...] = ()
    incident: int | None = None
    follow: bool = False  # links that lead out of the paths

    def completed(self, bare: Command) -> Command:
        """The command with what this run was given, as far as it takes it."""
        if bare.quoted:
            return bare
        takes = TAKES.get(bare.name, frozenset())
        paths = self.paths if "P" in takes else ()
        words = [*self._before(takes), PROGRAM, *map(shell_word, bare.words)]
        words += [quote(f"./{path}" if path.startswith("-") and path != "-" else path) for path in paths]
        return replace(bare, quoted=(*words, *self._options(takes, bare)))

    def filled(self, text: str) -> str:
        """A sentence with the commands in it completed; what they are given stands right after their name.

        In a sentence a command is its end, or stands in backticks.
        """

        def one(found: re.Match[str]) -> str:
            takes = TAKES[found[1]] - frozenset("PWBV")
            rest = text[found.end() :].partition("`")[0].partition("\n")[0]
            takes -= frozenset("I") if "--incident" in rest else frozenset()
            given = [*self._options(takes, Command(tuple(found[1].split())))]
            if given and rest.lstrip().startswith(" ".join(given)):
                return found[0]  # it was completed before
            return " ".join([*self._before(takes), found[0], *given])

        return _SPOKEN.sub(one, text)

    def _before(self, takes: frozenset[str]) -> list[str]:
        """The store for a command that asks the kept one and has no option for another."""
        if not self.store or "S" in takes or self.paths or not takes & frozenset("IP"):
            return []
        return [f"LASTGOOD_STORE={self._address()}"]

    def _options(self, takes: frozenset[str], bare: Command) -> list[str]:
        now, window = self.now and (bare.later or self.now), bare.window or self.window
        start, end = bounds(window) if window else ("", "")
        start = "" if window and window.start == EARLIEST else start
        good = ("..".join(bounds(self.baseline)) if self.baseline else "") if bare.window is None else ""
        chosen = (
            ("M", "--map", quote(self.mapping) if self.mapping else ""),
            ("S", "--store", self._address() if self.store else ""),
            ("W", "--from", start),
            ("W", "--to", end),
            ("B", "--baseline", good),
            *(("V", "--service", quote(service)) for service in self.services),
            ("I", "--incident", str(self.incident) if self.incident is not None else ""),
            ("N", "--now", stamp(now) if now else ""),
            ("Z", "--tz", quote(self.zone) if self.zone else ""),
        )
        follow = ["--follow-links"] if self.follow and {"P", "S"} <= takes else []
        return follow + [
            word for letter, option, value in chosen if letter in takes and value for word in (option, value)
        ]

    def _address(self) -> str:
        """The store's address; one with a password is never printed, the shell has to know it."""
        return '"$LASTGOOD_STORE"' if _SECRET.search(self.store) else quote(self.store)


def bounds(window: Window) -> tuple[str, str]:
    """Both ends of a window to the second, nothing of it cut off."""
    return stamp(window.start.replace(microsecond=0)), stamp((window.end + _WHOLE).replace(microsecond=0))


def shell_word(word: str) -> str:
    """A word as a shell reads it; what the reader has to fill in stays as it is."""
    return word if _PLACEHOLDER.fullmatch(word) else quote(word)


def unfilled(words: Sequence[str]) -> str:
    """The first placeholder that is left in the words of a command; empty where there is none."""
    if words and words[0] in _FREE:
        return ""
    mine = words[: words.index("--")] if "--" in words else words
    return next(
        (word for word in (part.partition("=")[2] or part for part in mine) if word in PLACEHOLDERS), ""
    )


def from_environment(value: str | None, variable: str) -> str:
    """What was given as an option; empty where the shell has it already."""
    return "" if value is None or value == os.environ.get(variable) else str(value)
