"""Whether a service can be rolled back, over small worlds with what speaks for it, against it, and what is not known."""

from pathlib import Path

import pytest

from cases import FAILING as CONFIRMED
from cases import finding_of, reported
from lastgood.inspections.mitigation import mitigation
from lastgood.inspections.roll_back import ROLL_BACK_SURE, roll_back
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, Mitigations, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.finding import Finding, Verdict
from lastgood.model.rollback import RollBack, RollBackOf
from lastgood.readings.rollback import asked_of
from lastgood.workbench.store import Store
from telemetry.rows import emptied

SLOW = pytest.mark.slow  # whole answers, over a store each

WORLD = """
scenario  a deploy of checkout breaks orders
time      2026-11-20 10:00 .. 10:40
seed      11
service   web       instances=web-1
service   checkout  instances=c-1,c-2 version=v41 then version=v42 at 10:20
service   orders-db instances=db-1
spans     web "POST /checkout"  rate=2/s latency=8ms
call      web "POST /checkout" -> checkout "POST /orders"  latency=15ms {quality}
call      checkout "POST /orders" -> orders-db "INSERT orders"  external latency=3ms
spans     web "GET /mail"  rate=1/s latency=8ms
call      web "GET /mail" -> mail-db Read  external latency=3ms
"""
FAILING = "errors=0.1% then errors=40% at 10:20"
DEPLOY = "change    deploy checkout v41 -> v42  id=d42 at 10:20"
COMMIT = 'change    commit checkout "{title}" id=c1 within=d42 files={files} at 10:05'
CODE = COMMIT.format(title="new orders", files="orders.py")


def asked(
    store: Store, folder: Path, *lines: str, quality: str = FAILING, service: str = "checkout"
) -> Finding:
    """What is said of a world with some changes."""
    comparison = reported(store, folder, WORLD.format(quality=quality) + "\n".join(lines) + "\n", 20)
    return finding_of(store, roll_back, comparison, RollBackOf(service))


def answered(finding: Finding) -> RollBack:
    """The answer, which must be there."""
    assert isinstance(finding.answer, RollBack), finding
    return finding.answer


def holds(finding: Finding) -> dict[str, bool | None]:
    """What each check says."""
    return {check.of: check.holds for check in answered(finding).checks}


def test_where_everything_speaks_for_it_it_can_be(store: Store, tmp_path: Path) -> None:
    """The version before was good, and nothing came with the deploy or since that it may not know."""
    finding = asked(store, tmp_path, DEPLOY, CODE)
    answer = answered(finding)

    assert (Verdict.YES, ROLL_BACK_SURE) == (finding.verdict, finding.confidence), answer.checks
    assert ("v42", "v41", "d42") == (answer.version, answer.previous, answer.deploy)
    assert {"the version before": True, "migrations": True, "flags and settings": True} == holds(finding)
    assert answer.written is not None
    assert answer.written > 1000
    assert "v41 at baseline failed" in finding.because
    assert any("lg_spans" in one.provenance.sql for one in finding.evidence)


@SLOW
@pytest.mark.parametrize(
    ("line", "possible", "said"),
    [
        ('change migration orders-db "drop column orders.total" id=m1 at 10:19', False, "drops or renames"),
        ('change migration checkout "add column orders.note" id=m1 at 10:19', None, "the migration add column orders.note"),
        ('change migration elsewhere-db "0042" id=m1 at 10:30', None, "works with the migration 0042"),
        ('change migration mail-db "drop column mail.body" id=m1 at 10:19', True, "no migration of it"),
        ('change migration checkout "drop column orders.total" id=m1 at 08:19', True, "no migration of it"),
        (COMMIT.format(title="tax", files="db/migrations/0042_tax.sql"), None, "the commit tax"),
        ("", None, "neither migrations nor commits"),
    ],
)  # fmt: skip
def test_a_migration_speaks_against_it_or_leaves_it_open(
    store: Store, tmp_path: Path, line: str, possible: bool | None, said: str
) -> None:
    """By what it does, of a database that is called; and silence only where the feed would tell."""
    finding = asked(store, tmp_path, DEPLOY, line)

    assert (possible, possible) == (holds(finding)["migrations"], answered(finding).possible)
    assert said in next(c.because for c in answered(finding).checks if c.of == "migrations")


@SLOW
def test_flags_and_settings_changed_since_are_unknowns_by_name(store: Store, tmp_path: Path) -> None:
    """Those before are known to the version before; a flag of it may do instead."""
    finding = asked(
        store,
        tmp_path,
        DEPLOY,
        CODE,
        'change flag checkout "new-tax" id=f1 at 10:25',
        'change config checkout "pool 20" id=p1 at 09:50',
    )

    assert holds(finding)["flags and settings"] is None
    assert "unknown whether v41 knows the flag new-tax (10:25 UTC)" in finding.because
    assert ("new-tax",) == answered(finding).switches


@SLOW
def test_a_version_before_that_was_no_better_speaks_against_it(store: Store, tmp_path: Path) -> None:
    """It fails as much beside the new one, though the deploy lines up."""
    beside = WORLD.replace(
        "version=v41 then version=v42 at 10:20", "version=v41 then version=v42 where service.instance.id=c-1 at 10:20"
    )  # fmt: skip
    text = beside.format(quality=FAILING) + f"{DEPLOY}\n{CODE}\n"
    finding = finding_of(store, roll_back, reported(store, tmp_path, text, 20), RollBackOf("checkout"))

    assert (Verdict.NO, False) == (finding.verdict, holds(finding)["the version before"])
    assert "v41 at the same time failed" in finding.because
    assert "no better" in finding.because


@SLOW
def test_beside_each_other_only_the_new_one_failing_speaks_for_it(store: Store, tmp_path: Path) -> None:
    """As a canary shows it."""
    beside = WORLD.replace(
        "version=v41 then version=v42 at 10:20", "version=v41 then version=v42 where service.instance.id=c-1 at 10:20"
    )  # fmt: skip
    quality = "errors=0.1% then errors=40% where service.version=v42"
    text = beside.format(quality=quality) + f"{DEPLOY}\n{CODE}\n"
    finding = finding_of(store, roll_back, reported(store, tmp_path, text, 20), RollBackOf("checkout"))

    assert Verdict.YES is finding.verdict
    assert "v41 at the same time failed" in finding.because


@SLOW
def test_a_version_that_is_only_slower_is_judged_by_its_latency(store: Store, tmp_path: Path) -> None:
    """Nothing fails."""
    quality = "errors=0% then latency=400ms at 10:20"

    assert Verdict.YES is asked(store, tmp_path, DEPLOY, CODE, quality=quality).verdict


@SLOW
def test_what_is_not_known_of_the_version_before_is_said(store: Store, tmp_path: Path) -> None:
    """Which one it is; how it fared."""
    nameless = asked(store, tmp_path, 'change deploy checkout "a release" id=d42 at 10:20')
    unseen = asked(emptied(store.engine), tmp_path, "change deploy checkout v40 -> v42 id=d42 at 10:20")

    assert "the previous version is not recorded" in nameless.because
    assert "too few requests on v40" in unseen.because
    assert [Verdict.UNKNOWN] * 2 == [nameless.verdict, unseen.verdict]


@SLOW
def test_the_version_before_is_that_of_the_deploy_before(store: Store, tmp_path: Path) -> None:
    """Where the last one does not say; one that failed is none."""
    finding = asked(
        store,
        tmp_path,
        "change deploy checkout v41 id=d41 at 09:00",
        "change deploy checkout v42 id=d42 at 10:20 until 10:23",
        "change deploy checkout v43 id=d43 state=failed at 10:30",
        CODE,
    )

    assert ("v42", "v41", 3.0) == (
        answered(finding).version, answered(finding).previous, answered(finding).minutes,
    )  # fmt: skip


@SLOW
def test_without_a_deploy_or_a_service_it_is_unknown(store: Store, tmp_path: Path) -> None:
    """With what was looked at."""
    finding = asked(store, tmp_path, DEPLOY, service="web")

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)
    assert "no deploy of web is recorded" in finding.because
    comparison = reported(store, tmp_path, WORLD.format(quality=FAILING) + DEPLOY + "\n", 20)
    assert "needs a service" in finding_of(store, roll_back, comparison).because


FORWARD = "change    deploy checkout v42 -> v43  id=d43 {state}at 10:30"
ROLLED_FORWARD = WORLD.replace("version=v42 at 10:20", "version=v42 at 10:20 then version=v43 at 10:30")


@SLOW
@pytest.mark.parametrize(
    ("world", "state", "quality", "way"),
    [
        (ROLLED_FORWARD, "", FAILING, "from v43 to v41, not v42; v41 at baseline failed"),
        (WORLD, "state=failed ", FAILING, "from v42 to v41; v41 at baseline failed"),
        (ROLLED_FORWARD, "", f"{FAILING} then errors=0.1% at 10:30", ""),
    ],
)
def test_the_card_and_act_go_to_before_the_likely_deploy(
    store: Store, tmp_path: Path, world: str, state: str, quality: str, way: str
) -> None:
    """After a roll-forward that fails as well or failed by its feed; one that works is not taken back."""
    text = "\n".join([world.format(quality=quality), DEPLOY, FORWARD.format(state=state), CODE, ""])
    comparison = reported(store, tmp_path, text, 20)
    likely = WeighedChange(
        "d42", ChangeKind.DEPLOY, "checkout", comparison.bad.start, "v42", ChangeVerdict.LIKELY, 0.8, (), ()
    )
    card = finding_of(store, mitigation, comparison, CONFIRMED, ChangesWeighed((likely,))).answer
    act = finding_of(store, roll_back, comparison, asked_of("checkout", likely))

    assert isinstance(card, Mitigations)
    proposed = [one for one in card.ranked if one.kind == "rollback"]
    assert bool(way) is bool(proposed)
    assert all(way in one.because for one in proposed)
    assert (Verdict.YES if way else Verdict.NO) is act.verdict
    alone = answered(finding_of(store, roll_back, comparison, RollBackOf("checkout")))
    assert ("v41", world is ROLLED_FORWARD) == (
        answered(act).previous,
        (answered(act).written or 0) > (alone.written or 0),  # by all that is taken back
    )
    assert ("" if way else f"do not roll back: {act.because}") == (card.not_roll_back or "")
