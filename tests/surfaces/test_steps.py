"""Steps: commands that find what the card speaks of."""

from dataclasses import replace

import pytest

from incidents.test_state import entries
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Impact,
    Mitigation,
    PatternChanges,
    PatternCount,
    Segment,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.evidence import TraceExcerpt
from lastgood.surfaces.steps import (
    TEMPLATE,
    Ready,
    failing_trace,
    first_bad_version,
    log_lines,
    opening,
    ready_for,
)
from lastgood.telemetry.logquery import parse
from sitreps import PROVENANCE, at, broken, nothing, quiet

FAILOVER = Mitigation(
    "failover", "api.stripe.com", 5, True, None, "another provider does not refuse these calls"
)
LINES = Impact(None, None, None, None, None, None)
BAD = "timestamp:[2026-11-22T14:45:20Z TO 2026-11-22T15:16:20Z]"


def query(pattern: PatternCount, impact: Impact | None = None) -> str:
    """What is asked for the lines of a pattern."""
    sitrep = broken()
    assert sitrep.confirmation
    sitrep = replace(
        sitrep,
        patterns=PatternChanges((pattern,), (), (), ()),
        confirmation=replace(sitrep.confirmation, impact=impact or sitrep.confirmation.impact),
    )
    found = log_lines(sitrep)
    assert found
    parse(found.words[1])
    return found.words[1]


def pattern(template: str, sample: str, service: str = "payments", level: str = "info") -> PatternCount:
    """A pattern that is new."""
    return PatternCount("p", template, service, level, 9, 0.0, at("14:46"), sample)


@pytest.mark.parametrize(
    ("shape", "clause"),
    [
        (
            pattern("Charge failed for <*>: it says <*>", "Charge failed for 8: it says no"),
            '"Charge failed for"',
        ),
        (pattern('a "quoted text" <*>', 'a "quoted text" 7'), r'"a \"quoted text"'),
        (pattern("what* is this? <*>", "what* is this? 7"), r'"what\* is this\?"'),
    ],
)
def test_lines_are_found_by_their_own_words(shape: PatternCount, clause: str) -> None:
    """Whatever their level: the longest words that do not vary, in the bad window."""
    assert f"service:payments AND {clause} AND {BAD}" == query(shape)


def test_the_first_bad_version_is_asked_for_where_no_deploy_is_likely() -> None:
    """The failing requests name it; a likely deploy names it already, and another segment has no version."""
    deployed, unknown = (
        ChangesWeighed((weighed(verdict),)) for verdict in (ChangeVerdict.LIKELY, ChangeVerdict.UNLIKELY)
    )
    found = [
        first_bad_version(replace(broken(), blast_radius=radius(name), changes=changes))
        for name, changes in (
            ("service.version", unknown), ("service.version", None), ("service.version", deployed), ("plan", unknown),
        )
    ]  # fmt: skip

    assert ["lastgood bisect-versions"] * 2 + ["None"] * 2 == [str(one) for one in found]


def radius(name: str) -> BlastRadius:
    """One segment with all failures."""
    return BlastRadius(("web",), (Segment({name: "v2"}, 1.0, 0.04, 90, 90, 1.0),), (), everyone=False)


def weighed(verdict: ChangeVerdict) -> WeighedChange:
    """A deploy."""
    return WeighedChange("d", ChangeKind.DEPLOY, "web", at("14:40"), "v2", verdict, 0.9, (), ())


def test_words_that_no_line_has_are_not_asked_for() -> None:
    """A template may have other white space than its lines."""
    assert f"service:payments AND {BAD}" == query(pattern("a long text <*>", "a  long\ntext 7"))


def test_the_count_and_the_query_are_of_the_same_lines() -> None:
    """Where error lines are the impact they are asked for as such, also without a level."""
    assert f"service:payments AND is:error AND {BAD}" == query(pattern("x", "fail: x", level=""), LINES)
    assert "is:error" in query(pattern("x", "x", level="error"), LINES)
    assert "is:error" not in query(pattern("long gone <*>", "long gone 1", level=""), LINES)
    assert "is:error" not in query(pattern("fail <*>", "fail 1", level="error"))


def test_a_service_may_have_any_name() -> None:
    """Quoted where it has to be; left out where there is none."""
    assert query(pattern("<*>", "x", service="my shop")).startswith('service:"my shop" AND')
    assert BAD == query(pattern("<*>", "x", service=""))


def test_nothing_confirmed_nothing_to_read() -> None:
    """No steps without an incident, nor without louder lines."""
    assert log_lines(quiet()) is log_lines(nothing()) is None
    assert log_lines(replace(broken(), patterns=PatternChanges((), (), (), ()))) is None


def test_a_failing_request_is_shown() -> None:
    """The first trace of the evidence."""
    sitrep = broken()
    excerpt = TraceExcerpt("ab12", ((0, "web", "POST /pay", 9.0, True),), PROVENANCE)
    traced = replace(sitrep, findings=(replace(sitrep.findings[0], evidence=(excerpt,)),))

    assert "lastgood trace ab12" == str(failing_trace(traced))
    assert failing_trace(sitrep) is None


def test_the_record_is_opened_by_what_is_wrong() -> None:
    """With a title of one line."""
    assert "lastgood incident open 'checkout failing'" == str(opening(broken()))


def test_an_option_is_ready_when_its_command_can_be_run() -> None:
    """With a template that lacks nothing, for one incident or none; else it is said why not."""
    key = ("failover", "api.stripe.com")

    assert "lastgood act failover api.stripe.com" == str(Ready({key: ""}).act(FAILOVER))
    assert TEMPLATE == Ready().lacks(FAILOVER)
    assert "needs a value" == Ready({key: "needs a value"}).lacks(FAILOVER)
    assert "several incidents are ongoing (3, 4)" in Ready({key: ""}, (3, 4)).lacks(FAILOVER)
    assert Ready({key: ""}, (3, 4)).act(FAILOVER) is None


def test_one_change_at_a_time() -> None:
    """While an action is not measured no other one is ready; what lacks a value lacks it all the same."""
    reported = {("failover", "api.stripe.com"): "", ("restart", "web"): "needs a value"}
    calm, acting = incident_of(entries()), incident_of(entries(ActionBegun("restart", "web", "kim")))

    assert ready_for(reported, [calm]).act(FAILOVER)
    assert (7,) == ready_for(reported, [calm]).ongoing
    assert "action 2 is not measured yet" in ready_for(reported, [acting]).lacks(FAILOVER)
    assert "needs a value" == ready_for(reported, [acting]).lacking["restart", "web"]
