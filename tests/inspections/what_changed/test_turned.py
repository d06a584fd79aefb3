"""Values of fields that turned about the onset, and changes that name them."""

from datetime import timedelta
from typing import Any

import pytest

from cases import case_of
from inspections.scenes import ONSET, change, scene
from lastgood.inspections.what_changed.turned import Turned, by_no_change, naming_turned, turned_values
from lastgood.inspections.what_changed.weights import (
    NAMES_TURNED,
    TURNED_AFTER,
    TURNED_LEAST,
    TURNED_LINES,
    TURNED_NEAR,
    TURNED_SHARE,
)
from lastgood.model.window import Comparison, Window
from lastgood.workbench.store import Store
from tiers import Request, Tier
from worlds import START

AT = START + timedelta(minutes=30)
COMPARISON = Comparison(Window(START, AT), Window(AT, START + timedelta(hours=1)), given=True)
SCENE = scene(at=AT, low=AT, high=AT, suspects={"fares": 1.0})
TARIFF = Turned("fares", "tariff", "TS-A", "TS-B", ONSET)


def found(store: Store, *values: str, name: str = "tariff", every: float = 10.0) -> list[Turned]:
    """Those found where lines come each `every` seconds from the begin on and name these values in turn."""
    requests = [Request(n, n * every, 0.01, "/", 200, n, "free") for n in range(len(values))]
    Tier("fares", says=lambda one: {name: values[one.number], "url.path": "/"}).put(store, requests)
    return turned_values(case_of(store, COMPARISON), SCENE)


def halves(old: str, new: str, n: int = 180) -> list[str]:
    """As many of the one as of the other."""
    return [old] * n + [new] * n


def test_the_value_that_all_lines_name_since_is_found(store: Store) -> None:
    """With the old one and the time."""
    one = next(iter(found(store, *halves("TS-A", "TS-B"))))
    assert (one.service, one.name, one.old, one.new, one.at) == (
        "fares",
        "tariff",
        "TS-A",
        "TS-B",
        AT + timedelta(seconds=0.01),
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("tariff", halves("TS-A", "TS-A")),
        ("started_date", halves("Friday", "Saturday")),  # turns with time
        ("service.version", halves("v1", "v2")),  # a deploy
        ("k8s.pod.name", halves("pod-a", "pod-b")),
        ("tariff", halves("10.5", "11.5")),  # a number
        ("tariff", halves("TS-A", "TS-B", TURNED_LEAST - 1)),  # at another time as well
        ("tariff", ["TS-A", "TS-B"] * 180),
    ],
)
def test_what_turns_by_itself_or_not_at_all_is_none(store: Store, name: str, values: list[str]) -> None:
    """Dates, versions, instances, numbers, and what comes and goes."""
    assert found(store, *values, name=name) == []


@pytest.mark.parametrize(("under_way", "finds"), [(0.5, True), (1.5, False)])
def test_some_lines_may_be_under_way(store: Store, under_way: float, *, finds: bool) -> None:
    """A share of the lines since may name the old value still."""
    left = int(180 * (1 - TURNED_SHARE) * under_way)
    values = [*["TS-A"] * 180, *["TS-B"] * (180 - left), *["TS-A"] * left]
    assert bool(found(store, *values)) == finds


@pytest.mark.parametrize(("times", "finds"), [(0.5, True), (2.0, False)])
def test_it_must_turn_near_the_onset(store: Store, times: float, *, finds: bool) -> None:
    """Later it is another story."""
    late = int(TURNED_NEAR.total_seconds() * times / 10)
    values = [*["TS-A"] * (180 + late), *["TS-B"] * (180 - late)]
    assert bool(found(store, *values)) == (finds and late / 180 <= 1 - TURNED_SHARE) or not finds


@pytest.mark.parametrize(("title", "named"), [("publish TS-B", True), ("publish TS-B2", False), ("", False)])
def test_a_change_that_names_the_new_value_is_tied_to_it(title: str, *, named: bool) -> None:
    """As a whole word."""
    rows = [reason.row for reason in naming_turned(title, change("c", "config", 60), [TARIFF])]
    assert rows == ([NAMES_TURNED] if named else [])


@pytest.mark.parametrize(
    ("kind", "before", "left"),
    [("flag", 0.5, 0), ("flag", 1.5, 1), ("third_party", 0.5, 1)],
)
def test_a_change_of_ours_right_before_turned_it(kind: str, before: float, left: int) -> None:
    """Then it is no cause beside that change."""
    minutes = before * TURNED_AFTER.total_seconds() / 60
    changes: list[Any] = [change("c", kind, minutes)]
    assert len(by_no_change([TARIFF], changes)) == left


@pytest.mark.parametrize(
    "name", ["url.query.c", "utm_campaign", "http.referer", "user_agent.original", "search_term"]
)
def test_what_senders_write_turns_nothing(store: Store, name: str) -> None:
    """Whoever sends requests could clear a change with it."""
    assert found(store, *halves("TS-A", "TS-B"), name=name) == []


@pytest.mark.parametrize(("every", "finds"), [(1, True), (int(1 / TURNED_LINES) + 1, False)])
def test_a_field_of_the_service_is_on_most_of_its_lines(store: Store, every: int, *, finds: bool) -> None:
    """What only some lines have is said by who sends them."""
    values = [value if n % every == 0 else "" for n, value in enumerate(halves("TS-A", "TS-B"))]
    assert bool(found(store, *values)) == finds
