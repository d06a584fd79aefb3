"""Reach: what a change could do to where it breaks."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from inspections.scenes import CALM, SCENE, case, change, scene, segment, tips
from lastgood.algorithms.change_lineage import origins
from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.inspections.what_changed.reach import reach
from lastgood.inspections.what_changed.scene import Scene, _callers, _quoting, read_scene
from lastgood.inspections.what_changed.weights import (
    AT_FAULT,
    BELOW_FAULT,
    BELOW_WITH_EFFECT,
    CALLER,
    CALLER_WITH_EFFECT,
    LAST_GOOD_HOP,
    LETS_MORE_THROUGH,
    MACHINE_HOLDS,
    MAY_BE_UNNAMED,
    NAMELESS,
    NAMES_HOST,
    NAMES_PART,
    NAMES_UNRESOLVED,
    NEIGHBOURS_DOUBT,
    NEIGHBOURS_LEAST,
    NEXT_TO_FAULT,
    NO_SUSPECT,
    NO_SYMPTOM,
    OFF_PATH,
    OTHER_SUSPECT,
    OTHER_SUSPECTS,
    OUTSIDE_BELOW,
    OUTSIDE_NAMED,
    OUTSIDE_NAMELESS,
    OUTSIDE_UNUSED,
    OUTSIDE_UPSTREAM,
    PATH_BESIDE_CULPRIT,
    QUOTED_LEAST,
    REFUSED_ABOVE,
    REFUSED_CALLER,
    RESOLVES,
    RESOLVES_WITH_EFFECT,
    SEGMENT_HOLDS,
    SEGMENTS_READ,
    SERVED_CALLER,
    SHARED_CODE,
    SHOWS_SYMPTOMS,
    SIDE_CALLS,
    SPARED_BELOW,
    SUSPECT_FLOOR,
    VICTIM,
)
from lastgood.model.answers import Answer, BlastRadius, Culprit, Culprits, Segment
from lastgood.model.change import Change
from lastgood.model.evidence import Provenance
from lastgood.model.failure import FailurePath
from lastgood.model.judgement import Reason
from lastgood.readings.risen import Risen
from lastgood.telemetry.reader import Rows

NOTHING = frozenset[EffectKind]()


def near(one: Change, where: Scene = SCENE, effects: frozenset[EffectKind] = NOTHING) -> float:
    """How near a change is."""
    (origin,) = origins([one], where.services)
    return reach(one, origin, where, effects).ratio


def test_the_place_where_it_breaks_is_nearest() -> None:
    """Then other suspects, callees and callers, victims, and last those off the path."""
    order = [
        near(change("c", "deploy", 1, name)) for name in ("cart", "rates", "cart-db", "web", "mail", "search")
    ]

    assert order == sorted(order, reverse=True)
    assert (1.0, 0.05) == (order[0], order[-1])


def test_a_caller_is_near_when_its_change_does_that_to_whom_it_calls() -> None:
    """A call for each of several things, rather than a colour."""
    assert (
        near(change("c", "deploy", 1, "web"))
        < 0.5
        < near(change("c", "deploy", 1, "web"), effects=frozenset({EffectKind.CALLS_IN_LOOP}))
    )


def test_what_names_the_part_that_is_hit_is_near() -> None:
    """A zone in the title of an event of no service."""
    hit = scene(segment=segment({"cloud.availability_zone": "eu-1b"}))

    assert 1.0 == near(change("c", "infrastructure", 1, "", title="power event in eu-1b"), hit)
    assert near(change("c", "infrastructure", 1, "", title="power event in eu-1c"), hit) < 0.5


def test_the_name_of_a_service_is_no_part() -> None:
    """It is reach, not a segment."""
    hit = scene(segment=segment({"service.name": "web"}))

    assert near(change("c", "deploy", 1, "web"), hit) < 0.5


@pytest.mark.parametrize(
    ("service", "least", "most"), [("cart-db", 0.5, 1.0), ("github.example", 0.0, 0.1), ("", 0.2, 0.4)]
)
def test_what_lies_under_services_reaches_those_who_use_it(service: str, least: float, most: float) -> None:
    """A database that the suspect calls, a third party that no one does, and one without a name."""
    assert least <= near(change("c", "infrastructure", 1, service)) <= most


def test_while_nobody_is_at_fault_those_with_symptoms_come_first() -> None:
    """And no one is sure."""
    unknown = scene(suspects={}, callers=frozenset(), below=frozenset())
    order = [near(change("c", "deploy", 1, name), unknown) for name in ("mail", "search")]

    assert order == sorted(order, reverse=True)
    assert max(order) <= 0.5


def test_paths_of_a_commit_are_its_place() -> None:
    """A repository of many services; and what they share is nearer than what is off the path."""
    mine = change("c", "commit", 1, "mono", files=("services/cart/app.py",))
    shared = change("c", "commit", 1, "mono", files=("libs/http/client.py",))
    other = change("c", "commit", 1, "mono", files=("services/search/app.py",))

    assert 1.0 == near(mine) > near(shared) > near(other)


def test_a_caller_whose_calls_alone_fail_is_near_and_one_that_is_served_is_not() -> None:
    """The callee refuses one of two."""
    sided = scene(
        refused=frozenset({"web"}),
        served=frozenset({"kiosk"}),
        callers=frozenset({"web", "kiosk"}),
        services=SCENE.services | {"kiosk"},
    )

    assert near(change("c", "deploy", 1, "web"), sided) > 0.5
    assert near(change("c", "deploy", 1, "kiosk"), sided) < 0.1


def test_what_names_the_machine_at_fault_is_near() -> None:
    """A job that was placed on it, and one on another."""
    ill = scene(hosts=frozenset({"node-7"}))

    assert 1.0 == near(change("c", "infrastructure", 1, "batch", title="transcode placed on node-7"), ill)
    assert near(change("c", "infrastructure", 1, "batch", title="transcode placed on node-71"), ill) < 0.1


def test_the_surer_the_culprit_the_less_its_neighbours_explain() -> None:
    """A deploy of its caller; but not where its diff does such a thing."""
    sure, deploy = scene(doubt=0.35), change("c", "deploy", 1, "web")
    loops = frozenset({EffectKind.CALLS_IN_LOOP})

    assert near(deploy, sure) < 0.5 * near(deploy)
    assert near(deploy, sure, loops) == near(deploy, effects=loops)


def ties(one: Change, where: Scene = SCENE, effects: frozenset[EffectKind] = NOTHING) -> list[Reason]:
    """The reason of its reach."""
    (origin,) = origins([one], where.services)
    return [reach(one, origin, where, effects)]


def test_each_tie_weighs_what_its_row_says() -> None:
    """Tie by tie, at the culprit and around it."""
    loops, raised = frozenset({EffectKind.CALLS_IN_LOOP}), frozenset({EffectKind.RATE_RAISED})
    on = {
        name: change("c", "deploy", 1, name) for name in ("cart", "rates", "cart-db", "web", "mail", "search")
    }
    sided = scene(refused=frozenset({"web"}), served=frozenset({"kiosk"}), callers=frozenset({"web", "kiosk"}),
                  services=SCENE.services | {"kiosk"})  # fmt: skip
    apart = scene(last_good=None)
    shared = change("c", "commit", 1, "mono", files=("libs/http/client.py",))

    assert tips(ties(on["cart"]), AT_FAULT)
    assert tips(ties(on["rates"]), NEXT_TO_FAULT * SCENE.suspects["rates"])
    assert tips(ties(on["cart-db"]), BELOW_FAULT)
    assert tips(ties(on["cart-db"], effects=loops), BELOW_WITH_EFFECT)
    assert tips(ties(on["web"]), LAST_GOOD_HOP)
    assert tips(ties(on["web"], apart), CALLER)
    assert tips(ties(on["web"], effects=loops), CALLER_WITH_EFFECT)
    assert tips(ties(on["mail"]), VICTIM)
    assert tips(ties(on["mail"], effects=raised), LETS_MORE_THROUGH)
    assert tips(ties(on["search"]), OFF_PATH)
    assert tips(ties(on["web"], sided), REFUSED_CALLER)
    assert tips(ties(change("c", "deploy", 1, "kiosk"), sided), SERVED_CALLER)
    assert tips(ties(shared), SHARED_CODE)
    assert tips(ties(change("c", "deploy", 1, "")), NAMELESS)


def test_each_tie_of_what_others_change_weighs_what_its_row_says() -> None:
    """Below a suspect, unused, upstream of all, nameless; names, parts, machines; and no one at fault."""

    def event(service: str, title: str = "") -> Change:
        return change("c", "infrastructure", 1, service, title=title)

    nobody = scene(suspects={}, callers=frozenset(), below=frozenset())
    resolver, name = change("c", "config", 1, "coredns"), change("c", "dns", 1, "", title="a.example moved")
    lost = scene(suspects={"dns": 1.0}, unresolved=("a.example",))
    zone, ill = scene(segment=segment({"zone": "eu-1b"})), scene(hosts=frozenset({"node-7"}))

    assert tips(ties(event("cart-db")), OUTSIDE_BELOW)
    assert tips(ties(event("github.example")), OUTSIDE_UNUSED)
    named = scene(errors=("retry 1", "GitHub.Example timed out after 3 s"))
    assert tips(ties(event("github.example"), named), OUTSIDE_NAMED)
    role = change("c", "commit", 1, "infra", files=("roles/naxsi/tasks/main.yml",))
    assert tips(ties(role, scene(errors=("NAXSI_FMT: ip=10.0.0.1 naxsi blocked it",))), OUTSIDE_NAMED)
    assert tips(ties(event("hub"), scene(errors=("hub timed out",))), OUTSIDE_UNUSED)  # too short a name
    assert tips(ties(event("time"), scene(errors=("timed out",))), OUTSIDE_UNUSED)  # a part of a word
    assert tips(ties(event("edge.example"), nobody), OUTSIDE_UPSTREAM) or tips(
        ties(event("search"), nobody), OUTSIDE_UPSTREAM
    )
    assert tips(ties(event("")), OUTSIDE_NAMELESS)
    assert tips(ties(change("c", "deploy", 1, "mail"), nobody), SHOWS_SYMPTOMS)
    assert tips(ties(change("c", "deploy", 1, "search"), nobody), NO_SYMPTOM)
    assert tips(ties(change("c", "deploy", 1, ""), nobody), NO_SUSPECT)
    assert tips(ties(resolver, effects=frozenset({EffectKind.ENDPOINT_CHANGED})), RESOLVES_WITH_EFFECT)
    assert tips(ties(resolver, lost), RESOLVES)
    assert tips(ties(name, lost), NAMES_UNRESOLVED)
    assert tips(ties(event("", "power event in eu-1b"), zone), NAMES_PART)
    assert tips(ties(event("batch", "placed on node-7"), ill), NAMES_HOST)


def read(*answers: Answer, called: list[dict[str, Any]] | None = None) -> Scene:
    """The scene of answers."""
    nothing = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))
    asking = replace(case(*answers), ask=lambda *_: nothing)
    found = read_scene(asking, Risen([], [], called or [], None, None, 1))
    assert found is not None
    return found


def guilty(*sure: float) -> Culprits:
    """Culprits, as sure as that."""
    return Culprits(tuple(Culprit(f"s{n}", None, None, "code", much, "") for n, much in enumerate(sure)))


def test_suspects_are_the_first_culprit_and_some_others() -> None:
    """By their confidence against the first's, down to a least one, and the first bad hop."""
    low = float(SUSPECT_FLOOR)
    many = read(guilty(0.8, *(0.4,) * (OTHER_SUSPECTS + 2)))
    path = FailurePath("web", "hop", 9, 9, external=False)

    assert 1 + OTHER_SUSPECTS == len(many.suspects)
    assert OTHER_SUSPECT / 2 == pytest.approx(many.suspects["s1"])
    assert ["s0", "s1"] == list(read(guilty(0.9, low, low - 0.001)).suspects)
    assert pytest.approx(PATH_BESIDE_CULPRIT) == read(guilty(0.9), path).suspects["hop"]


def test_neighbours_count_by_the_doubt_about_the_culprit() -> None:
    """All while it is open, down to a least share."""
    half = 1 - 0.4 / NEIGHBOURS_DOUBT

    assert 0.4 == pytest.approx(read(guilty(half)).doubt)
    assert pytest.approx(NEIGHBOURS_LEAST) == read(guilty(0.99)).doubt


def test_the_part_that_is_hit_holds_most_of_what_fails() -> None:
    """Of a machine less is enough, among the first few."""

    def hit(*parts: tuple[str, float]) -> Segment | None:
        reported = tuple(Segment({name: "x"}, share, 0.1, 1, 1, 1.0) for name, share in parts)
        return read(BlastRadius((), reported, (), everyone=False)).segment

    most, some = float(SEGMENT_HOLDS), float(MACHINE_HOLDS)
    before = [("route", 0.5)] * (SEGMENTS_READ - 1)

    assert hit(("tenant.id", most))
    assert None is hit(("tenant.id", most - 0.001))
    assert hit(*before, ("host.name", some))
    assert None is hit(*before, ("host.name", some - 0.001))
    assert None is hit(("route", 0.5), *before, ("host.name", some))


def test_callers_are_on_two_sides_when_they_fare_apart() -> None:
    """Enough calls of each; one that is spared so many times over, and others nearly as ill."""

    def sides(**failed: tuple[int, int]) -> tuple[set[str], set[str]]:
        called = [{"service": name, "peer": "s0", "name": "", "phase": "bad", "failed": n, "calls": of, "traces": of}
                  for name, (n, of) in failed.items()]  # fmt: skip
        found = read(guilty(0.9), called=called)
        return set(found.refused), set(found.served)

    worst = wilson(4000, 5000, CLEAR)[0]
    spared = max(n for n in range(5000) if wilson(n, 5000, CLEAR)[1] < worst / SPARED_BELOW)
    hit = min(n for n in range(5000) if wilson(n, 5000, CLEAR)[0] > worst / REFUSED_ABOVE)
    ill = {"a": (4000, 5000)}

    assert ({"a"}, {"b"}) == sides(**ill, b=(spared, 5000))
    assert (set(), set()) == sides(**ill, b=(spared + 1, 5000))
    assert ({"a", "c"}, {"b"}) == sides(**ill, b=(0, 5000), c=(hit, 5000))
    assert ({"a"}, {"b"}) == sides(**ill, b=(0, 5000), c=(hit - 1, 5000))
    assert ({"a"}, {"b"}) == sides(**ill, b=(0, SIDE_CALLS))
    assert (set(), set()) == sides(**ill, b=(0, SIDE_CALLS - 1))


def test_what_nothing_names_may_be_the_unnamed_that_fails() -> None:
    """A service that reports under its name is not it."""
    where = scene(suspects={}, unnamed=True)

    (unheard,) = ties(change("x", "deploy", 1, service="storefront"), where)
    (heard,) = ties(change("x", "deploy", 1, service="search"), where)

    assert unheard.row is MAY_BE_UNNAMED
    assert heard.row is not MAY_BE_UNNAMED


def test_a_change_of_nobody_is_where_it_names() -> None:
    """By the first label of a host name; a single word is too common."""
    where = scene(suspects={"haproxy-search-lb-b": 1.0, "search": 0.3})
    reported = 'record: "search-lb-a.internal" -> "search-lb-b.internal" for search'

    (named,) = ties(change("x", "dns", 1, service="", title=reported), where)

    assert named.row is AT_FAULT
    assert "haproxy-search-lb-b" in named.reported


def test_a_store_that_nobody_was_seen_to_call_is_called_by_who_it_is_named_after() -> None:
    """Where callers are known, these are."""
    assert frozenset({"pricing"}) == _callers("pricing-db", {}, {"pricing", "cart"})
    assert frozenset({"cart"}) == _callers("pricing-db", {"cart": {"pricing-db"}}, {"pricing"})


@pytest.mark.parametrize(
    ("first", "said", "quoted"),
    [
        ("postgresql", "x" * QUOTED_LEAST + " 17", "x" * QUOTED_LEAST),
        ("postgresql", "x" * (QUOTED_LEAST - 1) + " 17", ""),  # many say so little
        ("orders", "x" * QUOTED_LEAST, ""),  # no store
        ("mysql", "x" * QUOTED_LEAST, ""),  # it says nothing
    ],
)
def test_who_quotes_what_a_store_reports_calls_it(first: str, said: str, quoted: str) -> None:
    """The beginning of its most frequent error, before the first value."""
    asked: list[str] = []

    def ask(*given: Any) -> Rows:
        asked.append(given[1]["text"])
        return Rows(pa.Table.from_pylist([{"service": "gunicorn"}]), Provenance("", {}, None, 0, 0.0))

    whose = "orders" if first == "orders" else "postgresql"
    risen = replace(CALM, lines=[({"service": whose, "text": said}, 9.0)])
    found = _quoting(replace(case(), ask=ask), first, risen)

    assert (frozenset({"gunicorn"} if quoted else ()), [quoted] if quoted else []) == (found, asked)
