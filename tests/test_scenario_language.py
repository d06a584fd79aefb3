"""The scenario language makes the world that the text says, the same one for the same seed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.model.answers import ChangesWeighed, ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.evidence import ChangeRef, Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.telemetry.tables import CHANGES, GAUGES, LOGS, SPANS, TABLES
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from scenario_language.expectations import Unmet, judged, verdict
from scenario_language.generated import FAULTS, scenario, write
from scenario_language.grammar import ScenarioError, parse
from scenario_language.world import World, make, tables

SHOP = """
scenario  a shop
seed      7
time      2026-11-20 10:00 .. 10:10
service   checkout instances=c-1,c-2 version=v1 then version=v2 at 10:05
spans     web "POST /checkout"  rate=2/s card=visa:90%,amex:10%
call      web "POST /checkout" -> checkout Place  latency=20ms then errors=100% where card=amex at 10:05
call      checkout Place -> stripe.example "POST /charge"  external status=402
logs      checkout error "Order {hex12} of a {card} failed"  each=failure:checkout
metric    checkout cpu  level=0.2 every=10s then level=0.8 at 10:05 over=2m
change    deploy checkout v1 -> v2  id=d1 at 10:05
change    cron ledger  id=ledger every=4m at 10:01
"""
MIDDLE = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The shop, made."""
    return made(tmp_path, SHOP)


def made(folder: Path, text: str) -> World:
    """The world of a text."""
    path = folder / "scenario.txt"
    path.write_text(text)
    return make(parse(path))


def test_the_same_seed_makes_the_same_world(tmp_path: Path, world: World) -> None:
    """Twice the same text, and another seed."""
    assert world == made(tmp_path, SHOP)
    assert world != made(tmp_path, SHOP.replace("seed      7", "seed      8"))


def test_a_statement_more_changes_nothing_else(tmp_path: Path, world: World) -> None:
    """Chance belongs to each statement."""
    more = made(tmp_path, SHOP + 'logs web info "Hello {word}" rate=1/s\n')

    assert world[SPANS.name] == more[SPANS.name]
    assert len(world[LOGS.name]) < len(more[LOGS.name])


def test_failures_begin_where_the_text_says_and_reach_the_caller(world: World) -> None:
    """Only one kind of card fails, only from the middle on, and the entry fails with its callee."""
    entries = {s["TraceId"]: s for s in world[SPANS.name] if not s["ParentSpanId"]}
    broken = [s for s in world[SPANS.name] if (s["ServiceName"], s["StatusCode"]) == ("checkout", "Error")]

    assert broken
    assert {True} == {s["Timestamp"] >= MIDDLE for s in broken}
    assert {"amex"} == {dict(entries[s["TraceId"]]["SpanAttributes"])["card"] for s in broken}
    assert {"Error"} == {entries[s["TraceId"]]["StatusCode"] for s in broken}


def test_a_hop_that_fails_by_itself_calls_nobody(world: World) -> None:
    """Its callees lose traffic: a symptom that is not theirs."""
    broken = {
        s["SpanId"]
        for s in world[SPANS.name]
        if s["ServiceName"] == "checkout" and s["StatusCode"] == "Error"
    }

    assert not [s for s in world[SPANS.name] if s["ParentSpanId"] in broken]


def test_children_lie_inside_their_parents(world: World) -> None:
    """A span starts after its parent, and lasts no longer."""
    spans = {s["SpanId"]: s for s in world[SPANS.name]}
    for span in spans.values():
        parent = spans.get(span["ParentSpanId"])
        if parent:
            assert parent["Timestamp"] <= span["Timestamp"]
            assert parent["Duration"] >= span["Duration"]


def test_log_lines_belong_to_the_request_they_speak_of(world: World) -> None:
    """One line for each failure, with its trace and its own value in the text."""
    broken = [
        s["TraceId"]
        for s in world[SPANS.name]
        if (s["ServiceName"], s["SpanKind"], s["StatusCode"]) == ("checkout", "Server", "Error")
    ]

    assert sorted(broken) == sorted(line["TraceId"] for line in world[LOGS.name])
    assert {True} == {"of a amex failed" in line["Body"] for line in world[LOGS.name]}


def test_a_version_changes_when_it_is_deployed(world: World) -> None:
    """Resource attributes follow their service's statement."""
    versions = {
        (s["Timestamp"] >= MIDDLE, dict(s["ResourceAttributes"])["service.version"])
        for s in world[SPANS.name]
        if s["SpanName"] == "Place" and s["SpanKind"] == "Server"
    }

    assert {(False, "v1"), (True, "v2")} == versions


def test_a_metric_goes_from_level_to_level_in_the_time_given(world: World) -> None:
    """One series for each instance; half way after half the time."""
    levels = {p["TimeUnix"]: p["Value"] for p in world[GAUGES.name]}

    assert 2 * 60 == len(world[GAUGES.name])
    assert [0.2, 0.5, 0.8] == pytest.approx(
        [levels[datetime(2026, 11, 20, 10, m, tzinfo=UTC)] for m in (4, 6, 8)]
    )


def test_traffic_too_goes_from_level_to_level(tmp_path: Path) -> None:
    """Half way up the ramp a call takes half of what it will take."""
    ramp = SHOP.replace("latency=20ms then", "latency=20ms spread=0 then latency=220ms at 10:04 over=4m then")
    durations = [
        (s["Timestamp"], s["Duration"] / 1e6)
        for s in made(tmp_path, ramp)[SPANS.name]
        if (s["SpanName"], s["SpanKind"], s["StatusCode"]) == ("Place", "Server", "Unset")
    ]
    around = [ms for time, ms in durations if abs((time - MIDDLE.replace(minute=6)).total_seconds()) < 10]

    assert 120 == pytest.approx(sum(around) / len(around), rel=0.15)


def test_a_call_is_given_up_repeated_and_made_often(tmp_path: Path) -> None:
    """Nine calls for each request: three that are slow, each tried three times and given up after 50 ms."""
    text = """
time 2026-11-20 10:00 .. 10:02
spans web Get rate=1/s
call  web Get -> db Ask external latency=1s spread=0 timeout=50ms retries=2
call  web Get -> mail Send external tolerated times=3 latency=1ms
"""
    spans = made(tmp_path, text)[SPANS.name]
    requests = sum(s["SpanName"] == "Get" for s in spans)
    asked = [s for s in spans if s["SpanName"] == "Ask"]

    assert 3 * requests == len(asked)
    assert {(50_000_000, "Error")} == {(s["Duration"], s["StatusCode"]) for s in asked}
    assert 0 == sum(s["SpanName"] == "Send" for s in spans)
    often = made(tmp_path, text.replace("latency=1s", "latency=1ms"))[SPANS.name]
    assert 3 * requests == sum(s["SpanName"] == "Send" for s in often)


def test_a_clock_may_be_wrong_and_traces_sampled(tmp_path: Path, world: World) -> None:
    """Spans of the wrong clock lie a minute off; a tenth of the requests is traced, all of them are logged."""
    wrong = made(tmp_path, SHOP.replace("version=v1 then", "skew=60s version=v1 then", 1))
    placed = [[s["Timestamp"] for s in w[SPANS.name] if s["SpanName"] == "Place"] for w in (world, wrong)]
    sampled = made(tmp_path, SHOP.replace("rate=2/s", "rate=2/s sampled=10%"))

    off = {round((b - a).total_seconds()) for a, b in zip(sorted(placed[0]), sorted(placed[1]), strict=True)}
    assert 60 in off
    assert 0.02 < len(sampled[SPANS.name]) / len(world[SPANS.name]) < 0.25
    assert abs(len(sampled[LOGS.name]) - len(world[LOGS.name])) < 30


def test_a_change_has_an_end_and_a_diff(tmp_path: Path) -> None:
    """Lines are counted as git counts them."""
    diff = r'diff="--- a/x\n+++ b/x\n-ttl: 60\n+ttl: 2\n+max: 3\n"'
    text = f"time 2026-11-20 10:00 .. 10:02\nchange config shop id=c {diff} at 10:01 until 10:02\n"
    (change,) = made(tmp_path, text)[CHANGES.name]

    assert (2, 1) == (change["Additions"], change["Deletions"])
    assert ["--- a/x", "+++ b/x", "-ttl: 60"] == change["Diff"].splitlines()[:3]
    assert 60 == (change["EndTimestamp"] - change["Timestamp"]).total_seconds()


DIFFS = """
time 2026-11-20 10:00 .. 10:02
change commit shop "one price at a time" id=c at 09:40
diff shop/prices.py
|@@ -1,2 +1,3 @@
| for item in items:
|+    item.price = prices.get(item.sku)
|     total += item.price
diff shop/views.py
|-a = 1
|+a = 2
"""


def test_a_diff_follows_its_change_line_by_line(tmp_path: Path) -> None:
    """With the headers that git makes, and the files named."""
    (change,) = made(tmp_path, DIFFS)[CHANGES.name]

    assert ["shop/prices.py", "shop/views.py"] == change["Files"]
    assert (2, 1) == (change["Additions"], change["Deletions"])
    assert "+++ b/shop/prices.py\n@@ -1,2 +1,3 @@\n for item in items:\n+    item" in change["Diff"]


def test_a_commit_may_go_through_git(tmp_path: Path) -> None:
    """Made in a real repository and read back: the same lines, with git's own headers."""
    plain, real = (made(tmp_path, text)[CHANGES.name][0] for text in (DIFFS, f"{DIFFS}repository shop\n"))

    assert "index " in real["Diff"]
    for text in (plain, real):
        lines = text["Diff"].splitlines()
        assert ["+    item.price = prices.get(item.sku)", "-a = 1", "+a = 2"] == [
            line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}
        ]
    same = ("Id", "Files", "Additions", "Deletions", "Title")
    assert [plain[key] for key in same] == [real[key] for key in same]
    assert plain["Timestamp"] == real["Timestamp"].astimezone(UTC)


def test_a_seed_makes_the_same_scenario_and_every_fault_comes_up(tmp_path: Path) -> None:
    """All of them parse, and no kind of fault is out of reach of some seeds."""
    scenarios = [parse(write(tmp_path, seed)) for seed in range(160)]

    assert scenario(7) == scenario(7) != scenario(8)
    assert {"healthy", *FAULTS} == {s.title.split(",")[0] for s in scenarios}
    assert {True} == {bool(s.expectations) for s in scenarios}


def test_a_verdict_is_wrong_where_one_answer_claims_to_know() -> None:
    """One claim that is not so outweighs everything that is left open."""
    opened, claimed = Unmet("onset", sure=False), Unmet("culprit", sure=True)

    assert ["right", "unsure", "wrong"] == [verdict([]), verdict([opened]), verdict([opened, claimed])]


def test_changes_recur_when_the_text_says_so(world: World) -> None:
    """A deploy once, a cron every four minutes."""
    assert ["d1", "ledger@10:01", "ledger@10:05", "ledger@10:09"] == [c["Id"] for c in world[CHANGES.name]]
    assert ("v1", "v2") == (world[CHANGES.name][0]["PreviousVersion"], world[CHANGES.name][0]["Version"])


def test_a_line_that_is_not_of_the_language_is_named(tmp_path: Path) -> None:
    """The place and the line itself are in the message."""
    with pytest.raises(ScenarioError, match=r"scenario.txt:2: 'spans web': "):
        made(tmp_path, "time 2026-11-20 10:00 .. 10:10\nspans web\n")


def test_a_world_goes_into_the_store(store: Store, world: World) -> None:
    """Every row of every table arrives."""
    writer = Writer(store.engine, "world")
    for table, rows in tables(world):
        writer.add(table, rows)
    writer.flush()

    counts = {
        table.name: store.engine.query(f"SELECT count() AS n FROM {store.engine.database}.{table.name}").rows[
            0
        ]["n"]
        for table in TABLES
    }
    assert {t.name: len(world.get(t.name, [])) for t in TABLES} == counts


def named(folder: Path, change: str, expectation: str) -> list[bool]:
    """Whether an answer that names a change as likely is right, by what is expected of it."""
    path = folder / "scenario.txt"
    path.write_text(f"{SHOP}ask what_changed\nexpect {expectation}\n")
    weighed = WeighedChange(change, ChangeKind.DEPLOY, None, MIDDLE, "", ChangeVerdict.LIKELY, 0.9, (), ())
    read = ChangeRef(change, Provenance("SELECT 1", {}, None, 1, 0.0))
    said = Finding(Verdict.YES, "it fits", 0.9, ChangesWeighed((weighed,)), (read,), name="what_changed")
    return [one.right for one in judged(parse(path), [said])]


def test_an_answer_is_right_when_the_change_that_it_names_is_the_cause(tmp_path: Path) -> None:
    """The one, another, none at all; and nothing is known where only what it is not is said."""
    assert [True] == named(tmp_path, "d1", "first d1")
    assert [False] == named(tmp_path, "ledger", "first d1")
    assert [False] == named(tmp_path, "d1", "none_likely")
    assert [] == named(tmp_path, "d1", "change ledger unlikely")
