"""A named source, or an address, becomes a folder of files; what fails is said and costs nothing else."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from lastgood.config import Config, Settings, SourceOf, configured
from lastgood.errors import CannotRunError, UsageError
from lastgood.model.window import Window
from lastgood.workbench.fetch import Wanted, fetch, window_of
from platforms import PAGERDUTY_INCIDENT
from systems import System, loki, running

NOW = datetime(2026, 11, 30, 3, 0, 20, tzinfo=UTC)
WINDOW = window_of(None, NOW)
NS = int(WINDOW.start.timestamp()) * 10**9


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[System, str]]:
    """A Loki with a line, and its address; the cache is the test's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with ExitStack() as stack:
        system = loki([(NS, "web", "started")])
        yield system, stack.enter_context(running(system))


def config(*sources: SourceOf) -> Config:
    """Settings with these sources."""
    return replace(configured(), settings=Settings(source=sources))


def test_the_usual_window_is_two_whole_hours() -> None:
    """Whole minutes, so that asking again finds the same folder; a given one is widened to them."""
    assert (timedelta(hours=2, minutes=1), 0) == (WINDOW.end - WINDOW.start, WINDOW.start.second)
    given = Window(NOW - timedelta(minutes=10), NOW)
    assert Window(NOW.replace(minute=50, hour=2, second=0), NOW.replace(minute=1, second=0)) == window_of(
        given, NOW
    )


@pytest.mark.slow
def test_systems_of_one_name_are_asked_together(lines: tuple[System, str]) -> None:
    """One that is down is said, and the other's answer is there; it is asked again, for it may be back."""
    system, url = lines
    up = SourceOf(name="prod", kind="loki", url=url)
    down = SourceOf(name="prod", kind="jaeger", url="http://127.0.0.1:9")
    wanted = Wanted(("prod",), WINDOW)

    (found,) = fetch(config(up, down), wanted)
    asked = len(system.asked)
    (again,) = fetch(config(up, down), wanted)
    (alone,) = fetch(config(up), wanted)
    (cached,) = fetch(config(up), wanted)

    assert ["loki/lines-01.json"] == [file for one in found.asked for file in one.files]
    assert ["jaeger: http://127.0.0.1:9/api/services: no connection"] == [
        sentence.partition(" (")[0] for sentence in found.missing
    ]
    assert (False, found.folder, found.missing) == (again.again, again.folder, again.missing)
    assert (False, True, alone.folder) == (alone.again, cached.again, cached.folder)
    assert asked * 3 == len(system.asked)
    assert 0o700 == Path(found.folder).stat().st_mode & 0o777
    assert 0o600 == (Path(found.folder) / "loki/lines-01.json").stat().st_mode & 0o777


def test_systems_of_one_name_are_asked_at_once(tmp_path: Path) -> None:
    """Each answers only when the other is asked too; two of a kind have files of their own."""
    asked = Event(), Event()

    def page(own: Event, other: Event) -> System:
        def incidents(_: object) -> object:
            own.set()
            there = other.wait(timeout=5)
            return {"page": {"id": "p", "name": "Cards"}, "incidents": []} if there else (500, {}, b"alone")

        return System(
            {"/api/v2/incidents.json": incidents, "/api/v2/scheduled-maintenances.json": lambda _: {}}
        )

    with running(page(*asked)) as one, running(page(*reversed(asked))) as other:
        sources = [SourceOf(name="prod", kind="statuspage", url=url) for url in (one, other)]
        (found,) = fetch(config(*sources), Wanted(("prod",), WINDOW), tmp_path / "out")

    assert ["", ""] == [each.problem for each in found.asked]
    files = [file for each in found.asked for file in each.files]
    assert {"statuspage/incidents.json", "statuspage/2-incidents.json"} < {*files}
    assert 4 == len(set(files))


def test_an_address_is_asked_what_it_is(lines: tuple[System, str], tmp_path: Path) -> None:
    """Also one that lost a slash on its way through a path; a folder must be new."""
    _, url = lines
    single = str(Path(url))
    (found,) = fetch(config(), Wanted((single,), WINDOW), tmp_path / "out")

    assert (str(tmp_path / "out"), url) == (found.folder, found.name)
    with pytest.raises(UsageError, match="not empty"):
        fetch(config(), Wanted((url,), WINDOW), tmp_path / "out")


def test_what_cannot_be_asked_says_why(lines: tuple[System, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A name, a kind, a variable, an address and a password that are wrong; all systems down."""
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    _, url = lines
    there = SourceOf(name="prod", kind="loki", url=url, token="$NO_SUCH_TOKEN")  # noqa: S106 - a name
    for sources, name, said in (
        ((there,), "stage", "no source 'stage'"),
        ((SourceOf(name="prod", kind="abacus"),), "prod", "kind 'abacus'"),
        ((there,), "prod", "needs .NO_SUCH_TOKEN"),
        ((), "https://me:secret@loki.test", "must not hold a password"),
        ((), "https://loki.test/?api_key=secret", "must not hold a password or a query"),
        ((), "http://[::1", "not an address"),
    ):
        with pytest.raises(UsageError, match=said) as problem:
            fetch(config(*sources), Wanted((name,), WINDOW))
        assert "secret" not in problem.value.message
    with pytest.raises(CannotRunError, match="does not answer like"):
        fetch(config(), Wanted(("http://127.0.0.1:9",), WINDOW))
    with pytest.raises(CannotRunError, match=r"Nothing was fetched from prod\. loki: .*no connection"):
        fetch(config(SourceOf(name="prod", kind="loki", url="http://127.0.0.1:9")), Wanted(("prod",), WINDOW))


def test_an_answer_that_is_not_its_apis_costs_only_itself(lines: tuple[System, str]) -> None:
    """It is reported as a fault of the answer."""
    _, url = lines
    with running(System({"/api/services": lambda _: ["no", "object"]})) as other:
        (found,) = fetch(
            config(SourceOf(name="p", kind="loki", url=url), SourceOf(name="p", kind="jaeger", url=other)),
            Wanted(("p",), WINDOW),
        )

    assert "not what its API describes" in found.missing[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([], "a part is missing; {}/incidents sent a list of 0"),
        ({}, "'incidents' is missing; {}/incidents sent an object"),
        ({"incidents": [None]}, "left out: 1 entry without content"),
        ({"incidents": [None, PAGERDUTY_INCIDENT]}, "left out: 1 entry without content"),
    ],
)
def test_an_answer_that_lacks_a_part_says_which(lines: tuple[System, str], answer: Any, said: str) -> None:
    """Entries without content are left out; none of it is a fault of ours."""
    _, url = lines
    routes = {"/incidents": lambda _: answer, "/change_events": lambda _: {"change_events": []}}
    with running(System(routes)) as other:
        (found,) = fetch(
            config(SourceOf(name="p", kind="loki", url=url), SourceOf(name="p", kind="pagerduty", url=other)),
            Wanted(("p",), WINDOW),
        )

    missing = " ".join(found.missing)
    assert said.format(other) in missing
    assert "fault of Lastgood" not in missing
