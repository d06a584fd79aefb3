"""Options follow the change that is likely, the part that is hit and the class of the failure."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases import CALM, FAILING, OPEN, finding_of, reported
from inspections.scenes import case
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.inspections.mitigation import (
    _option,
    _sure,
    _taking_out,
    _targets,
    mitigation,
)
from lastgood.inspections.mitigation.catalogue import AGAINST, CATALOGUE, PARTS, UNDO
from lastgood.inspections.mitigation.weights import (
    MINUTES,
    OPTIONS_NAMED,
    PART_SPARED,
    UNCLASSED,
)
from lastgood.inspections.roll_back import roll_back
from lastgood.model.answers import (
    Answer,
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Culprit,
    Culprits,
    FailureClass,
    Mitigations,
    Segment,
    Sibling,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.failure import FailureKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import RollBackOf
from lastgood.readings.case import UNDECIDED
from lastgood.workbench.store import Store

SHOP = """
scenario  a shop
seed      3
time      2026-11-20 10:00 .. 10:10
service   orders    instances=o-1,o-2,o-3 {version}
spans     web "POST /order"  rate=2/s latency=8ms
call      web "POST /order" -> orders Place  latency=10ms {orders}
change    deploy orders v1 -> v2  id=d at 10:04:50
"""
UPGRADED = "version=v1 then version=v2 at 10:05"


@pytest.mark.parametrize(("called", "outside"), [("orders", False), ("api.stripe.com", True)])
def test_only_others_have_a_provider(store: Store, tmp_path: Path, called: str, outside: bool) -> None:
    """A service with telemetry is your own: there is no one to report it to, and no other provider."""
    down = FailureClass(FailureKind.DEPENDENCY_DOWN, called, 0.9, "its calls fail")
    ranked = options(asked(store, tmp_path, "", "errors=0.2%", down)).ranked

    assert outside is any(one.kind == "escalate_upstream" for one in ranked)
    assert outside is any("provider" in one.because for one in ranked)


CPU = FailureClass(FailureKind.RESOURCE_CPU, "orders", 0.7, "orders shows abnormal cpu")
OVERLOAD = FailureClass(FailureKind.OVERLOAD, "orders", 0.7, "traffic is up, and with it latency")


def weighed(
    kind: str, verdict: ChangeVerdict = ChangeVerdict.LIKELY, service: str = "orders"
) -> ChangesWeighed:
    """One change as a suspect."""
    at = datetime(2026, 11, 20, 10, 4, 50, tzinfo=UTC)
    return ChangesWeighed(
        (WeighedChange("c-1", ChangeKind(kind), service, at, "gift cards", verdict, 0.8, (), ()),)
    )


def asked(store: Store, folder: Path, version: str, orders: str, *answers: Answer) -> Finding:
    """The finding about a shop, given what others have answered."""
    comparison = reported(store, folder, SHOP.format(version=version, orders=orders), 5)
    return finding_of(store, mitigation, comparison, FAILING, *answers)


def options(finding: Finding) -> Mitigations:
    """The options, which must be there."""
    assert isinstance(finding.answer, Mitigations), finding
    return finding.answer


@pytest.mark.parametrize("action", sorted(CATALOGUE))
def test_an_option_takes_the_minutes_of_its_row(action: str) -> None:
    """Those of others' actions are not known."""
    option = _option(action, "cart", "")

    assert MINUTES.get(action) == option.minutes
    assert (action == "escalate_upstream") is (option.minutes is None)


def test_a_deploy_is_rolled_back_when_the_version_before_was_good(store: Store, tmp_path: Path) -> None:
    """Telemetry by version says that the old one did not fail."""
    found = options(
        asked(store, tmp_path, UPGRADED, "errors=0.2% then errors=40% at 10:05", weighed("deploy"), CPU)
    )

    assert ("rollback", "orders") == (found.ranked[0].kind, found.ranked[0].target)
    assert "v1 at baseline failed 0." in found.ranked[0].because
    assert found.not_roll_back is None


def test_a_deploy_is_not_rolled_back_to_what_failed_as_well(store: Store, tmp_path: Path) -> None:
    """The version before failed as often: the roll-back is left out, and that is said."""
    found = options(asked(store, tmp_path, UPGRADED, "errors=40%", weighed("deploy"), OVERLOAD))

    assert "rollback" not in [option.kind for option in found.ranked]
    assert found.not_roll_back is not None
    assert found.not_roll_back.startswith("do not roll back: v1 at baseline failed 3")


def test_a_deploy_is_not_rolled_back_past_a_column_that_is_gone(store: Store, tmp_path: Path) -> None:
    """What the card proposes is what `act rollback` allows: the version before may read the column."""
    dropped = 'change    migration orders "ALTER TABLE orders DROP COLUMN gift_note" id=m at 10:02'
    comparison = reported(
        store,
        tmp_path,
        SHOP.format(version=UPGRADED, orders="errors=0.2% then errors=40% at 10:05") + dropped,
        5,
    )
    found = options(finding_of(store, mitigation, comparison, FAILING, weighed("deploy"), CPU))
    allowed = finding_of(store, roll_back, comparison, FAILING, RollBackOf("orders"))

    assert Verdict.NO is allowed.verdict
    assert "rollback" not in [option.kind for option in found.ranked]
    assert found.not_roll_back == f"do not roll back: {allowed.because}"


@pytest.mark.parametrize(
    ("because", "culprit", "owner"),
    [
        ("errors in gate say “alert certificate expired”", Culprit("orders", None, "sso.example", "external", 0.8, "x"), "gate"),
        ("errors in gate say “certificate has expired”", Culprit("orders", None, "sso.example", "certificate", 0.8, "x"), "sso.example"),
        ("errors in gate say “certificate has expired”", Culprit("orders", None, None, "code", 0.8, "x"), "orders"),
        ("errors in gate say “certificate has expired”", Culprit("orders", None, "POST /orders", "external", 0.8, "x"), "orders"),
    ],
)  # fmt: skip
def test_a_certificate_is_renewed_by_its_owner(
    store: Store, tmp_path: Path, because: str, culprit: Culprit, owner: str
) -> None:
    """Of whom others send an alert, else of whom is called; a caller that does not trust it has nothing to renew."""
    found = FailureClass(FailureKind.CERTIFICATE, "gate", 0.8, because)
    first = options(asked(store, tmp_path, "", "errors=0.2%", found, Culprits((culprit,)))).ranked[0]

    assert ("rotate_certificate", owner) == (first.kind, first.target)


@pytest.mark.parametrize(
    ("metric", "kind"), [("disk busy utilization", "shed_load"), ("disk utilization /var", "free_disk")]
)
def test_a_busy_disk_is_not_a_full_one(store: Store, tmp_path: Path, metric: str, kind: str) -> None:
    """Space does not help what reads and writes too much."""
    found = FailureClass(
        FailureKind.RESOURCE_DISK, "orders", 0.7, f"orders shows abnormal disk ({metric} rose)"
    )

    assert kind == options(asked(store, tmp_path, "", "errors=0.2%", found)).ranked[0].kind


@pytest.mark.parametrize(
    ("change", "kind"), [("flag", "flag_off"), ("config", "config_revert"), ("cron", "stop_job")]
)
def test_what_was_switched_is_switched_back(store: Store, tmp_path: Path, change: str, kind: str) -> None:
    """A flag, a config change or a job is undone by itself, and nothing is rolled back."""
    found = options(asked(store, tmp_path, "", "errors=0.2%", weighed(change)))

    assert kind == found.ranked[0].kind
    assert found.not_roll_back == f"do not roll back: no deploy matches the onset; the {change} change does"


@pytest.mark.parametrize(("tool", "kind"), [("terraform", "config_revert"), ("rack", None)])
def test_what_a_tool_applied_is_put_back(store: Store, tmp_path: Path, tool: str, kind: str) -> None:
    """Where it was one of your own tools; else nothing is known to undo it."""
    (one,) = weighed("infrastructure").ranked
    found = asked(store, tmp_path, "", "errors=0.2%", ChangesWeighed((replace(one, title=f"{tool} 7"),)))

    assert [kind] * bool(kind) == [option.kind for option in options(found).ranked]


@pytest.mark.parametrize(
    ("attribute", "kind"), [("service.instance.id", "route_away"), ("cloud.region", "failover")]
)
def test_the_part_that_fails_is_taken_out(store: Store, tmp_path: Path, attribute: str, kind: str) -> None:
    """An instance or a region has all the failures, and no change lines up."""
    segment = Segment({attribute: "o-2"}, 0.97, 0.33, 300, 330, 0.91)
    radius = BlastRadius(("orders",), (segment,), (), everyone=False)

    found = options(
        asked(store, tmp_path, "", "errors=0.2%", radius, weighed("deploy", ChangeVerdict.RULED_OUT))
    )

    assert (kind, "o-2") == (found.ranked[0].kind, found.ranked[0].target)
    assert "do not roll back: no deploy matches the onset" == found.not_roll_back
    assert found.workaround is None


@pytest.mark.parametrize(
    ("dependency", "because"),
    [
        (
            "api.stripe.com",
            "requests with payment.provider=adyen and card.issuer=ANZ work: 0 of 24 failed, so at most 13.8\u00a0% of such requests fail",
        ),
        (
            "ledger",
            next(text for kind, _, text in AGAINST[FailureKind.DEPENDENCY_DOWN] if kind == "failover"),
        ),
    ],
)
def test_a_dependency_is_left_for_one_that_works(
    store: Store, tmp_path: Path, dependency: str, because: str
) -> None:
    """Telemetry names it, with its numbers; it is no alternative to a dependency of another name."""
    where = {"card.issuer": "ANZ", "payment.provider": "stripe"}
    adyen = Sibling({**where, "payment.provider": "adyen"}, "payment.provider", 0, 24, 0.138)
    radius = BlastRadius(
        (), (Segment(where, 0.93, 0.03, 104, 107, 0.97, siblings=(adyen,)),), (), everyone=False
    )
    down = FailureClass(FailureKind.DEPENDENCY_DOWN, dependency, 0.9, "its calls fail")

    found = options(asked(store, tmp_path, "", "errors=0.2%", radius, down))

    first = next(one for one in found.ranked if one.kind == "failover")
    assert (dependency, because) == (first.target, first.because)


def test_those_who_are_served_are_named(store: Store, tmp_path: Path) -> None:
    """Where one kind of card fails, the others are a way round it."""
    radius = BlastRadius((), (Segment({"card": "ANZ"}, 0.95, 0.05, 95, 100, 0.95),), (), everyone=False)

    found = options(asked(store, tmp_path, "", "errors=0.2%", radius, OVERLOAD))

    assert "requests without card=ANZ still work" == found.workaround


@pytest.mark.parametrize(
    ("where", "workaround"),
    [
        ({"card": "ANZ", "http.request.method": "POST"}, "requests without card=ANZ still work"),
        ({"http.request.method": "POST"}, None),
    ],
)
def test_what_a_route_shares_is_no_way_round(
    store: Store, tmp_path: Path, where: dict[str, str], workaround: str | None
) -> None:
    """No one pays with another method of HTTP."""
    segment = Segment(where, 0.95, 0.05, 95, 100, 0.95, of_route=("http.request.method",))
    radius = BlastRadius((), (segment,), (), everyone=False)

    assert workaround == options(asked(store, tmp_path, "", "errors=0.2%", radius, OVERLOAD)).workaround


def test_a_flag_is_named_by_its_key_and_a_commit_by_whose_it_is(store: Store, tmp_path: Path) -> None:
    """A command needs the key, not a sentence; a commit that names no service came with a deploy of one."""
    (flag,) = weighed("flag").ranked
    (commit,), (deploy,) = (
        weighed("commit", service="").ranked,
        weighed("deploy", ChangeVerdict.POSSIBLE).ranked,
    )
    commit, deploy = replace(commit, within="d-1"), replace(deploy, change_id="d-1")
    changes = (
        (ChangesWeighed((replace(flag, flag="gift-cards"),)), ("flag_off", "gift-cards")),
        (ChangesWeighed((commit, deploy)), ("rollback", "orders")),
    )
    for one, wanted in changes:
        first = options(asked(store, tmp_path, "", "then errors=40% at 10:05", one)).ranked[0]
        assert wanted == (first.kind, first.target)
        assert ("from v2 to v1;" in first.because) is (wanted[0] == "rollback")


@pytest.mark.parametrize(
    ("title", "effects", "target"),
    [
        ("ran `manage.py migrate shop` on prod, 0087_drop_wrap applied, took 1s", (), "0087_drop_wrap"),
        ("V12__drop_index on the primary", (EffectKind.INDEX_DROPPED.value,), "V12__drop_index"),
        ("rewrote the stock table, took 12 min", (), "rewrote the stock table"),
    ],
)
def test_a_migration_is_undone_by_its_name(
    store: Store, tmp_path: Path, title: str, effects: tuple[str, ...], target: str
) -> None:
    """Without the sentence around it; no process is stopped, and an index is restored only where one was dropped."""
    (one,) = weighed("migration").ranked
    changes = ChangesWeighed((replace(one, service=None, title=title, effects=effects),))
    first = options(asked(store, tmp_path, "", "errors=0.2%", changes)).ranked[0]

    assert ("roll_forward", target, None) == (first.kind, first.target, first.evidence_lost)
    assert bool(effects) is ("restoring the dropped index" in first.because)
    assert first.because.startswith("this migration is likely (80")


def test_a_change_of_another_company_is_theirs_to_undo(store: Store, tmp_path: Path) -> None:
    """Its owner is asked; our own changes need no such step."""
    theirs, own = weighed("third_party", service="acquirer"), weighed("flag")

    for changes, told in ((theirs, ["acquirer"]), (own, [])):
        finding = asked(store, tmp_path, "", "then errors=40% at 10:05", changes, CPU)
        named = [one.target for one in options(finding).ranked if one.kind == "escalate_upstream"]
        assert told == named


def test_who_is_called_is_named_by_the_culprit_alone_if_others_call_it() -> None:
    """A database is called; of code at fault no other party is known."""
    slow = FailureClass(FailureKind.DEPENDENCY_SLOW, None, 0.7, "calls wait")
    database = Culprit("orders", None, "postgresql", "database", 0.7, "its statements are slow")

    assert "postgresql" == _targets(case(Culprits((database,))), slow)[0]
    assert "" == _targets(case(Culprits((replace(database, kind="code"),))), slow)[0]


def test_overload_is_met_before_a_deploy_is_undone(store: Store, tmp_path: Path) -> None:
    """What a release seldom causes is helped first; the roll-back stays an option."""
    found = options(asked(store, tmp_path, "", "errors=0.2%", weighed("deploy"), OVERLOAD))

    kinds = [option.kind for option in found.ranked]
    assert "shed_load" == kinds[0]
    assert "rollback" in kinds


def test_whose_pool_is_empty_is_restarted_and_not_the_database(store: Store, tmp_path: Path) -> None:
    """Slow statements empty the pool of who waits for them: a restart of the database frees nothing."""
    starved = FailureClass(
        FailureKind.POOL_STARVATION, "orders", 0.7, "errors say that no connection is free"
    )
    slow = Culprits((Culprit("postgresql", None, None, "database", 0.7, "its statements are slow"),))

    found = options(asked(store, tmp_path, "", "errors=0.2%", starved, slow))

    assert {"orders"} == {option.target for option in found.ranked}


def test_nothing_is_advised_for_nothing(store: Store, tmp_path: Path) -> None:
    """A quiet shop needs no act."""
    comparison = reported(store, tmp_path, SHOP.format(version="", orders=""), 5)

    finding = finding_of(store, mitigation, comparison, CALM, OVERLOAD)

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)


def test_nothing_is_advised_while_the_impact_is_open(store: Store, tmp_path: Path) -> None:
    """Whether requests are affected comes before what to do about it."""
    comparison = reported(store, tmp_path, SHOP.format(version="", orders=""), 5)

    finding = finding_of(store, mitigation, comparison, OPEN, OVERLOAD)

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)
    assert finding.because.startswith(UNDECIDED)


def test_every_option_is_in_the_catalogue() -> None:
    """Minutes, reversibility and evidence lost are known of each."""
    named = {kind for listed in AGAINST.values() for kind, _, _ in listed}

    assert set(CATALOGUE) >= named | set(UNDO.values()) | set(PARTS.values())


def test_a_part_is_taken_out_where_the_others_can_take_over() -> None:
    """Of less than PART_SPARED of the traffic."""
    taken = [
        len([*_taking_out(Segment({"service.instance.id": "o-2"}, 0.97, share, 300, 330, 0.91))])
        for share in (PART_SPARED - 0.01, PART_SPARED)
    ]

    assert [1, 0] == taken


def test_without_a_class_an_option_is_held_against_the_culprit_alone() -> None:
    """UNCLASSED; else as sure as the class."""
    option = _option("restart", "orders", "")

    assert [UNCLASSED, CPU.confidence] == [_sure(asked_of, option, None) for asked_of in (case(), case(CPU))]


def test_few_options_are_named(store: Store, tmp_path: Path) -> None:
    """OPTIONS_NAMED of six."""
    segment = Segment({"service.instance.id": "o-2"}, 0.97, 0.33, 300, 330, 0.91)
    down = FailureClass(FailureKind.DEPENDENCY_DOWN, "ledger", 0.9, "its calls fail")
    radius = BlastRadius(("orders",), (segment,), (), everyone=False)

    assert OPTIONS_NAMED == len(options(asked(store, tmp_path, "", "", radius, down, weighed("flag"))).ranked)
