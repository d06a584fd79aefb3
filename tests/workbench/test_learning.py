"""What a record teaches."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.entry import FiredAlert, Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import HypothesisAdded, HypothesisRuledOut
from lastgood.model.learning import SMALL_SAMPLE, ServiceMemory
from lastgood.workbench.learning import learning
from postmortems import ASSESSED, FOLLOW_UP
from records import START, ticking
from rooms import config_in, room_in


def memory(folder: Path, service: str) -> ServiceMemory:
    """What is known of a service."""
    return next(one for one in learning(config_in(folder), ticking()).services if one.service == service)


def test_what_recurred_and_what_fixed_it(tmp_path: Path) -> None:
    """Counts with intervals; an action that was not measured is not counted."""
    for number in range(3):
        with room_in(tmp_path, now=START + timedelta(days=number)) as room:
            room.append(ASSESSED)
            room.append(FOLLOW_UP)
            for what, effect in (("restart", Effect.NO_EFFECT), ("failover", Effect.RECOVERED)):
                begun = room.append(ActionBegun(what, "payments", "kim")).sequence
                room.append(EffectMeasured(begun, effect, "measured"))
            room.append(ActionBegun("scale", "payments", "kim"))
            room.append(HypothesisAdded("it was stripe", (), change="stripe-1"))
            if number:
                room.append(HypothesisRuledOut(1, "it was back before"))
            room.append(Resolved("well again"))
    found = memory(tmp_path, "payments")

    assert (1, 2, 3) == found.incidents
    assert [("dependency_contract_change", 3, 3)] == [
        (str(one.name), one.true, one.of) for one in found.classes
    ]
    assert {("failover", 3, 3), ("restart", 0, 3)} == {(one.name, one.true, one.of) for one in found.fixes}
    failover = next(one for one in found.fixes if one.name == "failover")
    assert pytest.approx(0.438, abs=0.01) == failover.low
    assert 1.0 == failover.high
    assert [("third_party", 2, 2)] == [(one.name, one.true, one.of) for one in found.suspects]
    assert 3 == len(found.open_follow_ups)


def test_what_was_noise(tmp_path: Path) -> None:
    """Alerts that were not of an incident with confirmed impact; an ongoing incident does not count yet."""
    alert = FiredAlert("HighErrorRate", "payments", START)
    noise = Triaged("", Verdict.NO, "at its baseline", services=("payments",), first_alert=alert)
    for said, over in (
        (noise, True),
        (noise, True),
        (replace(ASSESSED, first_alert=alert), True),
        (noise, False),
    ):
        with room_in(tmp_path) as room:
            room.append(said)
            if over:
                room.append(Resolved("over"))
    found = memory(tmp_path, "payments")

    assert [("HighErrorRate", 1, 3)] == [(one.name, one.true, one.of) for one in found.alerts]
    assert (2, 3) == (found.unconfirmed.true, found.unconfirmed.of)


def test_one_service_or_none(tmp_path: Path) -> None:
    """An incident without a sitrep is under no service; an empty record teaches nothing."""
    assert () == learning(config_in(tmp_path), ticking()).services
    with room_in(tmp_path):
        pass

    assert [""] == [one.service for one in learning(config_in(tmp_path), ticking()).services]
    assert () == learning(config_in(tmp_path), ticking(), "payments").services


def test_one_or_two_incidents_are_shown_as_they_were(tmp_path: Path) -> None:
    """What fixed it, what did not, what was not measured, and what was promised; from three on there are counts alone."""
    for number in range(SMALL_SAMPLE + 1):
        with room_in(tmp_path, now=START + timedelta(days=number)) as room:
            room.append(ASSESSED)
            for what, effect in (("restart", Effect.NO_EFFECT), ("failover", Effect.RECOVERED)):
                begun = room.append(ActionBegun(what, "payments", "kim")).sequence
                room.append(EffectMeasured(begun, effect, "measured"))
            room.append(ActionBegun("scale", "payments", "kim"))
            room.append(FOLLOW_UP)
            room.append(Resolved("well again"))
        found = learning(config_in(tmp_path), ticking())
        if number < SMALL_SAMPLE:
            assert [*range(1, number + 2)] == [one.incident.number for one in found.cases]
            case = found.cases[-1]
            assert ("failover payments",) == case.incident.fixed_by
            assert (("scale payments",), ("restart payments",)) == (case.unmeasured, case.in_vain)
            assert ("well again", 1) == (case.because, len(case.follow_ups))
            assert "Alert per issuer (open)" in case.follow_ups[0]
            assert () == learning(config_in(tmp_path), ticking(), "mail").cases

    assert () == learning(config_in(tmp_path), ticking()).cases
