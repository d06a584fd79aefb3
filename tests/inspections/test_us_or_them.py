"""Us or them: which side is named, and when neither is."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases import CALM, FAILING, OPEN, case_of, reported
from lastgood.inspections.us_or_them import us_or_them
from lastgood.inspections.us_or_them import weights as w
from lastgood.model.answers import (
    Answer,
    ChangesWeighed,
    ChangeVerdict,
    Culprit,
    Culprits,
    NoChange,
    WeighedChange,
)
from lastgood.model.boundary import ProbeSeen, ProbesSeen, Side, UsOrThem
from lastgood.model.change import ChangeKind
from lastgood.model.failure import Cause
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.readings.case import UNDECIDED
from lastgood.workbench.store import Store

HOST = "api.pay.example"
HEAD = """scenario  a shop and its provider
time      2026-11-20 10:00 .. 10:40
seed      3

service   shop instances=shop-1,shop-2 version=v1
service   subs instances=subs-1 version=v4
"""
SHOP = f"""
spans     shop "POST /pay" rate=1/s latency=7ms
call      shop "POST /pay" -> {HOST} "POST /charges" external latency=90ms errors=0%"""
SUBS = f"""
spans     subs "POST /renew" rate=1/s latency=7ms
call      subs "POST /renew" -> {HOST} "POST /charges" external latency=90ms errors=0%"""
FAILS = " then errors=60% status=503 at 10:20"
AT = datetime(2026, 11, 20, 10, 19, tzinfo=UTC)
ACCUSED = Culprits((Culprit("shop", None, HOST, "external", 0.8, "29 of 92 calls fail"),))
INNOCENT = Culprits((Culprit("shop", None, "code", "code", 0.8, "it fails by itself"),))
UNLIKELY, POSSIBLE, LIKELY = ChangeVerdict.UNLIKELY, ChangeVerdict.POSSIBLE, ChangeVerdict.LIKELY


def change(
    verdict: ChangeVerdict, kind: ChangeKind = ChangeKind.DEPLOY, service: str = "shop", title: str = "v2"
) -> ChangesWeighed:
    """One change, weighed."""
    return ChangesWeighed((WeighedChange("d-1", kind, service, AT, title, verdict, 0.9, (), ()),))


def asked(store: Store, folder: Path, world: str, *answers: Answer) -> tuple[Finding, UsOrThem]:
    """What is said of a world, with its answer."""
    comparison = reported(store, folder, HEAD + world, 20)
    found = said(store, comparison, *answers)
    assert isinstance(found.answer, UsOrThem)
    return found, found.answer


def said(store: Store, comparison: object, *answers: Answer) -> Finding:
    """The one finding."""
    (found,) = us_or_them.run(case_of(store, comparison, FAILING, *answers))  # type: ignore[arg-type]
    return found


def test_a_provider_that_fails_for_all_is_named(store: Store, tmp_path: Path) -> None:
    """With how many calls, before, since when and for whom; sure enough to say so in public."""
    found, answer = asked(store, tmp_path, SHOP + FAILS + SUBS + FAILS, ACCUSED, change(UNLIKELY))

    assert (Verdict.YES, Side.THEIRS, HOST) == (found.verdict, answer.side, answer.host)
    assert found.because.startswith(f"them: {HOST} fails ")
    assert found.because.endswith("since 10:20 UTC for shop and subs")
    assert ("shop", "subs") == answer.hosts[0].callers
    assert answer.sure
    assert "" == answer.check


def test_a_caller_that_alone_fails_is_ours(store: Store, tmp_path: Path) -> None:
    """Whatever the odds: another caller of the same host is served."""
    found, answer = asked(store, tmp_path, SHOP + FAILS + SUBS, ACCUSED, change(UNLIKELY))

    assert Side.THEIRS is not answer.side
    assert f"only shop fails at {HOST}; subs calls it as before" in answer.ours
    assert found.verdict is not Verdict.YES


def test_a_version_that_alone_fails_is_ours(store: Store, tmp_path: Path) -> None:
    """The version before it is served by the same host in the same minutes."""
    world = SHOP + " then errors=90% status=404 where service.version=v2"
    head = "service   shop instances=shop-1,shop-2 version=v1 then version=v2 where service.instance.id=shop-2 at 10:20\n"
    comparison = reported(
        store, tmp_path, HEAD.replace("service   shop instances=shop-1,shop-2 version=v1\n", head) + world, 20
    )
    found = said(store, comparison, ACCUSED, change(UNLIKELY))

    assert Verdict.NO is found.verdict
    assert f"us: only v2 of shop fails at {HOST}; v1 calls it as before" == found.because


@pytest.mark.parametrize(
    ("side", "changes"),
    [
        (Side.OURS, change(LIKELY)),
        (Side.INCONCLUSIVE, change(POSSIBLE)),
        (Side.INCONCLUSIVE, change(POSSIBLE, ChangeKind.CONFIG, "")),
        (Side.THEIRS, change(POSSIBLE, service="mail")),  # it calls no outside host
        (Side.THEIRS, change(UNLIKELY)),
        (Side.THEIRS, change(LIKELY, ChangeKind.THIRD_PARTY, "pay", "Pay: elevated errors")),
        (Side.THEIRS, change(POSSIBLE, ChangeKind.THIRD_PARTY, "", "api.pay.example: degraded")),
    ],
)
def test_own_changes_keep_the_host_from_being_named(
    side: Side, changes: ChangesWeighed, store: Store, tmp_path: Path
) -> None:
    """A likely one is ours, a possible one leaves it open; a status page speaks for the host."""
    assert side is asked(store, tmp_path, SHOP + FAILS, ACCUSED, changes)[1].side


def test_both_may_be(store: Store, tmp_path: Path) -> None:
    """A likely change of ours, and a report of theirs: the check decides."""
    both = ChangesWeighed(
        (*change(LIKELY).ranked, *change(LIKELY, ChangeKind.THIRD_PARTY, "pay", "Pay: down").ranked)
    )
    found, answer = asked(store, tmp_path, SHOP + FAILS, ACCUSED, both)

    assert (Verdict.UNKNOWN, Side.BOTH) == (found.verdict, answer.side)
    assert (Check(f"us or them: {answer.check}"),) == found.limits
    assert "undo the deploy shop v2 on one instance" in answer.check


def test_a_missing_status_page_counts_for_nothing(store: Store, tmp_path: Path) -> None:
    """Without any change feed the host is named as before, only less surely."""
    _, without = asked(store, tmp_path, SHOP + FAILS, ACCUSED)

    assert Side.THEIRS is without.side


@pytest.mark.parametrize(("status", "words"), [("401", "credential"), ("429", "quota"), ("404", "by hand")])
def test_refusals_need_a_witness(status: str, words: str, store: Store, tmp_path: Path) -> None:
    """A key that ended, a quota, a wrong request: all look like the host, which is named if it reports trouble."""
    world = SHOP + FAILS.replace("503", status)
    comparison = reported(store, tmp_path, HEAD + world, 20)
    alone = said(store, comparison, ACCUSED)
    witness = said(store, comparison, ACCUSED, change(LIKELY, ChangeKind.THIRD_PARTY, "pay", "Pay: down"))
    changed = said(store, comparison, ACCUSED, change(POSSIBLE, ChangeKind.CONFIG))

    assert isinstance(alone.answer, UsOrThem)
    assert Side.INCONCLUSIVE is alone.answer.side
    assert words in alone.answer.check
    assert Verdict.YES is witness.verdict
    assert changed.verdict is not Verdict.YES


def test_hosts_that_fail_at_once_share_a_way_out(store: Store, tmp_path: Path) -> None:
    """Names that do not resolve at all of them: DNS, not three third parties."""
    broken = (
        ' then errors=70% error=UnknownHostException message="Temporary failure in name resolution" at 10:20'
    )
    world = SHOP + broken + SUBS.replace(HOST, "in.crm.example") + broken
    found, answer = asked(store, tmp_path, world, ACCUSED)

    assert Side.OURS is answer.side
    assert "us: 2 outside hosts fail at once: DNS or the way out is shared" == found.because


def test_a_host_without_which_requests_work_is_not_the_cause(store: Store, tmp_path: Path) -> None:
    """It fails, and what fails does not call it: even where it is the first suspect."""
    world = (
        SHOP.replace("external", "external tolerated")
        + FAILS
        + SUBS.replace(f"-> {HOST}", "-> subs-db")
        + FAILS
    )
    found, answer = asked(store, tmp_path, world, ACCUSED)

    assert Side.OURS is answer.side
    assert found.because.startswith("us: only 0 of ")


def test_hosts_that_work_are_not_them(store: Store, tmp_path: Path) -> None:
    """It is ours if something in the system is suspected; open while a third party is."""
    comparison = reported(store, tmp_path, HEAD + SHOP, 20)
    ours = said(store, comparison, INNOCENT)
    unsuspected = said(store, comparison)
    third = said(store, comparison, INNOCENT, NoChange(Cause.THIRD_PARTY, "errors say so"))

    assert (Verdict.NO, w.FINE_SURE) == (ours.verdict, ours.confidence)
    assert ours.because.startswith("us: no outside host fails (0 of ")
    assert [Verdict.UNKNOWN] * 2 == [unsuspected.verdict, third.verdict]


@pytest.mark.parametrize(
    ("place", "side"),
    [("DNS", Side.THEIRS), ("no fault seen", Side.INCONCLUSIVE), ("inconclusive", Side.INCONCLUSIVE)],
)
def test_a_probe_of_the_record_is_a_witness(place: str, side: Side, store: Store, tmp_path: Path) -> None:
    """One that finds a fault stands beside a possible change of ours."""
    probes = ProbesSeen({HOST: ProbeSeen(f"https://{HOST}/", place, "no resolver gives an address")})

    assert side is asked(store, tmp_path, SHOP + FAILS, ACCUSED, change(POSSIBLE), probes)[1].side


def test_a_probe_of_telemetry_is_a_witness_too(store: Store, tmp_path: Path) -> None:
    """`probe_success` of the host falls."""
    metric = f"\nmetric    blackbox probe_success level=1 noise=0% every=15s target=https://{HOST}/ then level=0 at 10:20\n"
    _, answer = asked(store, tmp_path, SHOP + FAILS + metric, ACCUSED, change(POSSIBLE))

    assert Side.THEIRS is answer.side


def test_logs_that_name_the_host(store: Store, tmp_path: Path) -> None:
    """Errors of several callers; of one caller only if it is suspected, for errors link to pages of explanation."""
    line = 'logs      {0} error "POST https://api.pay.example/charges failed: 503" rate=1/min then rate=1/s at 10:20\n'
    two = reported(store, tmp_path, HEAD + line.format("shop") + line.format("subs"), 20)
    found = said(store, two, change(UNLIKELY))

    assert Verdict.YES is found.verdict
    assert "errors (" in found.because


def test_one_caller_alone_names_many_hosts(store: Store, tmp_path: Path) -> None:
    """A link in an error is no call."""
    line = 'logs      shop error "timed out, see https://errors.curl.example/7" rate=1/min then rate=1/s at 10:20\n'
    found, answer = asked(store, tmp_path, line, change(UNLIKELY))

    assert (Verdict.UNKNOWN, Side.NO_CALLS) == (found.verdict, answer.side)


def test_a_field_that_names_the_host_is_a_call(store: Store, tmp_path: Path) -> None:
    """Of one caller alone it is in question; who else fails is not known, so the odds decide."""
    line = 'logs      shop error "no answer: timed out" rate=1/min server.address=api.pay.example then rate=1/s at 10:20\n'
    _, answer = asked(store, tmp_path, line, change(UNLIKELY))

    assert HOST == answer.host


def test_a_dependency_without_a_name_is_open(store: Store, tmp_path: Path) -> None:
    """Errors report its answer, not its host."""
    line = 'logs      shop error "geocoder answered 429" rate=1/min then rate=1/s at 10:20\n'
    found, answer = asked(store, tmp_path, line, NoChange(Cause.THIRD_PARTY))

    assert (Verdict.UNKNOWN, Side.INCONCLUSIVE, None) == (found.verdict, answer.side, answer.host)


def test_nothing_to_compare(store: Store, tmp_path: Path) -> None:
    """Without a baseline, or where requests are confirmed to be well."""
    comparison = reported(store, tmp_path, HEAD + SHOP, 20)
    well = list(us_or_them.run(case_of(store, comparison, replace(CALM))))
    without = list(us_or_them.run(case_of(store, None, FAILING)))

    assert [Verdict.UNKNOWN] * 2 == [one.verdict for one in (*well, *without)]


def test_while_the_impact_is_open_no_side_is_named(store: Store, tmp_path: Path) -> None:
    """What would be said stays readable."""
    comparison = reported(store, tmp_path, HEAD + SHOP + FAILS + SUBS + FAILS, 20)
    found = said(store, comparison, ACCUSED, change(UNLIKELY), OPEN)

    assert (Verdict.UNKNOWN, None) == (found.verdict, found.answer)
    assert found.because.startswith(f"{UNDECIDED}; if they are, them: {HOST} fails ")


def test_how_many_calls_it_takes(store: Store, tmp_path: Path) -> None:
    """Of a host that is called too seldom nothing is said; of few calls that they are few."""
    seconds = (w.SMALL_SAMPLE - 2) / 1200
    found = few(store, tmp_path, seconds)

    assert any("few calls" in limit for limit in found.limits)


def few(store: Store, folder: Path, rate: float) -> Finding:
    """What is said of a host that is called at a rate."""
    world = SHOP.replace("rate=1/s", f"rate={rate:.5f}/s") + FAILS.replace("60%", "100%")
    return asked(store, folder, world, ACCUSED)[0]
