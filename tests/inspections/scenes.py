"""A scene and changes for tests of what changes are held against, without a store."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.rivals import shares, weight
from lastgood.inspections.what_changed.content import Content
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import LIKELY
from lastgood.model.answers import Answer, Segment
from lastgood.model.change import Change, ChangeKind
from lastgood.model.evidence import Provenance
from lastgood.model.judgement import Reason
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.risen import Risen
from lastgood.telemetry.reader import Rows

ONSET = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)
WINDOWS = Comparison(Window(ONSET - timedelta(hours=1), ONSET), Window(ONSET, ONSET + timedelta(minutes=20)))
SCENE = Scene(
    at=ONSET,
    low=ONSET - timedelta(seconds=15),
    high=ONSET + timedelta(seconds=15),
    ended=None,
    suspects={"cart": 1.0, "rates": 0.4},
    last_good="web",
    callers=frozenset({"web"}),
    below=frozenset({"cart-db"}),
    victims=frozenset({"web", "cart", "mail"}),
    segment=None,
    external=False,
    services=frozenset({"web", "cart", "rates", "mail", "search", "cart-db"}),
)
# A change that nothing more is known of.
ORIGIN = Origin(None, frozenset(), shared=False)
CONTENT = Content(
    (),
    read=False,
    idle=False,
    logged=False,
    lines={},
    gone=frozenset(),
    reported=frozenset(),
    words=frozenset(),
)
CALM = Risen([], [], [], None, None, 1)


def scene(**other: Any) -> Scene:
    """The scene, but for what is given."""
    return replace(SCENE, **other)


def segment(where: Mapping[str, str], traffic: float = 0.3) -> Segment:
    """Where nearly all failures are."""
    return Segment(where, 0.95, traffic, 95, 300, 0.3)


def change(name: str, kind: str, minutes_before: float, service: str = "cart", **given: Any) -> Change:
    """A change so many minutes before the onset."""
    at = ONSET - timedelta(minutes=minutes_before)
    return Change(name, ChangeKind(kind), at, given.pop("until", at), service, **given)


def never(*_: object) -> Rows:
    """No query is asked."""
    raise AssertionError


def case(*answers: Answer) -> Case:
    """A case whose store is never asked, with what others have answered."""
    return Case(
        WINDOWS.hull,
        WINDOWS,
        Scope(),
        Holdings(()),
        WINDOWS.bad.end,
        never,
        {type(answer): answer for answer in answers},
    )


def answering(*rows: dict[str, Any]) -> Case:
    """A case whose every query gives these rows."""
    read = Rows(pa.Table.from_pylist(list(rows)), Provenance("", {}, None, 0, 0.0))
    return replace(case(), ask=lambda *_: read)


def tips(reasons: Iterable[Reason], worth: float) -> bool:
    """Whether these reasons weigh as much as that: likely beside rivals a hair lighter, and not beside heavier ones."""
    whole = weight(reasons)
    lighter, heavier = (shares({"": whole}, worth * near)[""] >= LIKELY for near in (0.99, 1.01))
    return lighter and not heavier
