"""Printed commands carry what the tool was given, and every option that they carry exists."""

import inspect
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import typer

from lastgood.model.window import Window
from lastgood.surfaces.cli.app import COMMANDS
from lastgood.surfaces.invocation import TAKES, Command, Invocation, command, unfilled
from lastgood.workbench.windows import EARLIEST

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = Window(NOON, NOON + timedelta(hours=1, microseconds=1))
PARAMETERS = {
    "P": "paths", "M": "mapping", "S": "store", "W": "start", "B": "baseline", "V": "service", "I": "number", "N": "now",
    "Z": "tz",
}  # fmt: skip


def said(bare: Command, **given: Any) -> list[str]:
    """What a shell makes of a command."""
    return shlex.split(str(Invocation(**given).completed(bare)))


def test_a_command_carries_what_was_given() -> None:
    """Path, mapping, store, time and zone, each where the command takes it, quoted for a shell."""
    given = {"paths": ("my logs/a;b", "-x"), "mapping": "it's.toml", "now": NOON, "zone": "Europe/Berlin"}

    assert [
        "lastgood", "logs", 'body:"a b"', "my logs/a;b", "./-x", "--map", "it's.toml", "--now", "2026-11-22T12:00:00Z",
        "--tz", "Europe/Berlin",
    ] == said(command("logs", 'body:"a b"'), **given)  # fmt: skip
    assert ["lastgood", "verify", "7", "--incident", "3", "--now", "2026-11-22T12:00:00Z"] == said(
        command("verify", 7), incident=3, **given
    )


def test_windows_are_absolute_and_whole() -> None:
    """Nothing of the end is cut off; a command's own window and later time go before those that were given."""
    start, end = "2026-11-22T12:00:00Z", "2026-11-22T13:00:01Z"

    assert ["lastgood", "changes", "--from", start, "--to", end] == said(command("changes"), window=HOUR)
    other = Window(NOON - timedelta(hours=1), NOON)
    alone = said(Command(("triage",), window=HOUR), window=other, baseline=other)
    assert ["lastgood", "triage", "--from", start, "--to", end] == alone
    later = Command(("verify",), later=HOUR.start + timedelta(minutes=5))
    assert ["lastgood", "verify", "--now", "2026-11-22T12:05:00Z"] == said(later, now=NOON)
    assert ["lastgood", "verify"] == said(later)  # the clock's time is the clock's


def test_a_sentence_is_completed_once() -> None:
    """Also where two of the places that it passes complete it."""
    how = Invocation(store="chdb:///kept")
    once = how.filled("Load some: lastgood load PATH…")

    assert "Load some: lastgood load --store chdb:///kept PATH…" == once
    assert once == how.filled(once)


def test_a_start_that_was_not_given_is_not_printed() -> None:
    """Of a window with an end alone."""
    window = Window(EARLIEST, HOUR.end)

    assert ["lastgood", "triage", "--to"] == said(command("triage"), window=window)[:3]


def test_a_word_to_fill_in_is_found() -> None:
    """As an argument or the value of an option; not in a query, nor in a command of the team's own."""
    assert "WHY" == unfilled(["actions", "done", "1.2", "--because", "WHY"])
    assert "WHY" == unfilled(["actions", "done", "1.2", "--because=WHY"])
    assert "" == unfilled(["logs", "TIME"])
    assert "" == unfilled(["bisect", "--good", "v1", "--", "make", "TEST"])
    assert "" == unfilled(["note", "WHY it failed"])


def test_an_incident_is_opened_on_the_store_that_was_asked() -> None:
    """It has no option for it, so the environment says so; what was opened on files needs none."""
    opens = command("incident", "open", "it is down")

    assert "LASTGOOD_STORE='chdb:///a b' lastgood incident open 'it is down'" == str(
        Invocation(store="chdb:///a b").completed(opens)
    )
    assert "lastgood incident open 'it is down' logs" == str(Invocation(paths=("logs",)).completed(opens))


def test_a_password_is_never_printed() -> None:
    """The shell has to know the store."""
    printed = str(Invocation(store="clickhouse://u:secret@h/db").completed(command("changes")))

    assert 'lastgood changes --store "$LASTGOOD_STORE"' == printed


def test_commands_in_sentences_are_completed() -> None:
    """Right after their name, the rest of the sentence stays."""
    how = Invocation(now=NOON, incident=2)

    assert "Measure it: lastgood verify --incident 2 --now 2026-11-22T12:00:00Z 7. Or wait." == how.filled(
        "Measure it: lastgood verify 7. Or wait."
    )
    assert (
        "lastgood.toml; lastgood store repair x; lastgood actions --now 2026-11-22T12:00:00Z"
        == how.filled("lastgood.toml; lastgood store repair x; lastgood actions")
    )


def test_what_the_reader_fills_in_is_not_quoted() -> None:
    """`WHY` and `PATH…` are no values."""
    assert "lastgood incident resolve WHY" == str(command("incident", "resolve", "WHY"))


def functions() -> Iterator[tuple[str, Callable[..., Any] | None]]:
    """Every command of the tool by its name, with the function behind it."""
    for name in COMMANDS:
        found = getattr(
            import_module(f"lastgood.surfaces.cli.{name.replace('-', '_')}"), name.replace("-", "_")
        )
        if not isinstance(found, typer.Typer):
            yield name, found
            continue
        if found.registered_callback and found.registered_callback.invoke_without_command:
            yield name, found.registered_callback.callback
        for one in found.registered_commands:
            yield f"{name} {one.name or getattr(one.callback, '__name__', '')}", one.callback


@pytest.mark.parametrize("name", sorted(set(TAKES) - {"store"}))
def test_every_option_that_is_carried_exists(name: str) -> None:
    """A command that a printed one could not name any more, or an option that it lost, is found here."""
    function = dict(functions())[name]
    assert function
    taken = inspect.signature(function).parameters

    assert [] == [letter for letter in TAKES[name] if PARAMETERS[letter] not in taken]
