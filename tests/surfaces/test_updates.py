"""Updates in words: the draft passes its own check, and what is typed is read back."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from incidents.test_state import entries
from lastgood.algorithms.messages.check import text_flaws
from lastgood.incidents.board import board_of
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import (
    ChangeVerdict,
    Culprit,
    Impact,
    ImpactKind,
    Segment,
    SeverityLevel,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Mitigated, Payload, SeveritySet, Triaged
from lastgood.model.failure import Broken, FailurePath
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import (
    HypothesisAdded,
    HypothesisChecked,
    HypothesisRuledOut,
    Predicted,
    PredictionResult,
)
from lastgood.model.message import Audience, Facts, FlawKind, Message, Updated, UpdateStatus
from lastgood.model.prediction import EXPERIMENT, TEST, TIMING, Checked, Outcome
from lastgood.model.window import Comparison, Window
from lastgood.surfaces.outgoing import outgoing
from lastgood.surfaces.updates import (
    clock_time,
    draft,
    flaw_lines,
    message_text,
    read_back,
    template,
    until,
)
from lastgood.workbench.update import due_by, flaws
from records import START
from rooms import config_in, room_in

BERLIN = ZoneInfo("Europe/Berlin")
NOW = START + timedelta(minutes=20)
NEXT = NOW + timedelta(minutes=30)
CHANGE = WeighedChange(
    "d1", ChangeKind.DEPLOY, "payments", START, "payments v2.46.0", ChangeVerdict.LIKELY, 0.8, (), ()
)
IMPACT = Impact(2017, 112, 0.056, 0.002, 110, ImpactKind.ERRORS, "web POST /order")
AFFECTED = Triaged(
    "",
    Verdict.YES,
    "5.6 % of requests fail",
    since=START - timedelta(minutes=5),
    impact=IMPACT,
    segments=(Segment({"card.issuer": "ANZ"}, 0.93, 0.03, 104, 60, 0.9),),
    path=FailurePath("payments", "api.stripe.com", 112, 110, external=True),
    changes=(CHANGE,),
    culprits=(Culprit("payments", "payments-3", None, "memory", 0.8, ""),),
)
SLOW = replace(AFFECTED, impact=Impact(2017, None, None, None, None, ImpactKind.LATENCY), changes=())
LOST = replace(AFFECTED, impact=Impact(None, None, None, None, None, ImpactKind.TRAFFIC_LOSS), since=None)
SAID = (
    None,
    AFFECTED,
    SLOW,
    LOST,
    replace(AFFECTED, ended=NOW),
    replace(AFFECTED, workaround="requests without card.issuer=ANZ still work"),
    replace(AFFECTED, impact=None),
    replace(AFFECTED, changes=(replace(CHANGE, change_id="5"),)),
    replace(AFFECTED, impact=Impact(2017, 112, 0.056, None, None, ImpactKind.BOTH)),
    replace(AFFECTED, path=FailurePath("web", "bookings", 108, 107, external=False, by_requests=True)),
    *(
        replace(AFFECTED, impact=replace(IMPACT, kind=kind, slower=f"{name} 8 s, 319 ms before"))
        for kind in (ImpactKind.LATENCY, ImpactKind.BOTH)
        for name in ("p50", "p95", "p99")
    ),
    *(
        replace(
            AFFECTED,
            segments=(replace(AFFECTED.segments[0], where={name: value}),),
            workaround=f"requests without {name}={value} still work",
        )
        for name, value in (
            ("url.query.currency", "JPY"),
            ("host.name", "pg-eu-1"),
            ("k8s.node", "a"),
            ("service.version", "v2.46.0"),
        )
    ),
    Triaged("", Verdict.UNKNOWN, "there are no requests"),
    Triaged("", Verdict.NO, "all signals are within their baseline"),
)


def drafted(
    audience: Audience, *payloads: Payload, status: UpdateStatus = UpdateStatus.INVESTIGATING
) -> Message:
    """The draft for an audience."""
    every = entries(*payloads)
    bare = Message(status, audience, next_at=NEXT, owner="kim")
    return draft(incident_of(every), every, board_of(every), bare)


def text_of(message: Message, *payloads: Payload) -> str:
    """As it is sent, from Berlin."""
    return message_text(message, incident_of(entries(*payloads)), NOW, BERLIN)


def test_the_team_reads_everything() -> None:
    """In UTC and in the team's zone; a suspicion is called one."""
    payloads = (AFFECTED, SeveritySet(SeverityLevel.SEV2, "many"), Mitigated("flag off"))

    assert """\
Investigating · SEV2 · Checkout failing

Impact: 5.6 % of requests to web POST /order failed (baseline 0.2 %), 110 users affected, from 14:40 UTC to 14:48 UTC
Known: calls failed after payments, at api.stripe.com (110 of 112 traces agree); card.issuer=ANZ: 93 % of failures, 3 % of traffic; \
suspected, not confirmed: deploy payments v2.46.0
Not known: the cause
Changed: 14:47 UTC severity SEV2: many; 14:48 UTC mitigated: flag off
Next update: 15:35 UTC (16:35 CET)
Owner: kim
""" == text_of(drafted(Audience.TEAM, *payloads), *payloads)


def test_slowness_has_its_numbers_and_requests_are_not_called_traces() -> None:
    """What was measured before and now; access logs have no traces."""
    impact = Impact(2017, None, None, None, None, ImpactKind.LATENCY, slower="p95 8 s, 0.3 s before")
    path = FailurePath("web", "payments", 123, 123, external=False, how=Broken.SLOW, by_requests=True)
    said = replace(SLOW, impact=impact, path=path)
    text = text_of(drafted(Audience.TEAM, said), said)

    assert "requests are slower (p95 8 s, 0.3 s before) (2 017 requests measured)" in text
    assert "calls are slow after web, at payments (123 of 123 requests agree)" in text


def test_those_who_decide_read_slowness_in_plain_words() -> None:
    """The team reads the quantile."""
    said = replace(SLOW, impact=replace(IMPACT, kind=ImpactKind.LATENCY, slower="p95 8 s, 319 ms before"))

    assert (
        "slower (the slower answers take 8 s, 319 ms before)" in drafted(Audience.STAKEHOLDERS, said).impact
    )
    assert "slower (p95 8 s, 319 ms before)" in drafted(Audience.TEAM, said).impact


def test_a_severity_that_nobody_decided_is_proposed() -> None:
    """Lastgood proposes one; those who read the update must not take it for a decision."""
    said = replace(AFFECTED, severity=SeverityLevel.SEV2)

    assert text_of(drafted(Audience.TEAM, said), said).startswith("Investigating · SEV2 proposed · ")


def test_the_public_reads_what_users_see() -> None:
    """No severity, no name of a part, no owner."""
    assert """\
Investigating · Checkout failing

Impact: 5.6 % of requests to the affected part fail (baseline 0.2 %), 110 users affected, since 14:40 UTC
Next update: 15:35 UTC (16:35 CET)
""" == text_of(drafted(Audience.PUBLIC, AFFECTED), AFFECTED)


def test_actions_and_hypotheses_are_in_the_draft() -> None:
    """What was begun is being done until its effect is measured; what is supported is known, what is ruled out too."""
    pool, cron = HypothesisAdded("the pool of payments is too small", ()), HypothesisAdded("the cron", ())
    begun = ActionBegun("rollback", "checkout", "kim")
    well = EffectMeasured(5, Effect.RECOVERED, "0.2 % fail", back=NOW)
    doing = drafted(Audience.TEAM, AFFECTED, pool, cron, begun)
    done = drafted(Audience.TEAM, AFFECTED, pool, cron, begun, well, well, HypothesisRuledOut(2, "not then"))

    assert "rollback checkout since 14:49 UTC, its effect is not measured yet" == doing.doing
    assert "the cause: 2 hypotheses not ruled out" == doing.unknown
    assert "" == done.doing
    assert "14:49 UTC rollback checkout; 14:51 UTC rollback checkout: recovered, 0.2 % fail" == done.changed
    assert done.known.endswith("ruled out: the cron")
    assert " failed (baseline 0.2 %), 110 users affected, from 14:40 UTC to 15:05 UTC" in done.impact
    assert "" == drafted(Audience.STAKEHOLDERS, AFFECTED, pool, begun).doing


@pytest.mark.parametrize(
    ("kind", "known", "unknown"),
    [
        ("share", "consistent with, not confirmed: the reindex blocks pg (tested: fails(zone=b) > 50%)",
         "the cause: 1 hypothesis not ruled out"),
        (TIMING, "consistent with, not confirmed: the reindex blocks pg (tested: fails(zone=b) > 50%)",
         "the cause: 1 hypothesis not ruled out"),
        (TEST, "supported: the reindex blocks pg", ""),
        (EXPERIMENT, "supported: the reindex blocks pg", ""),
    ],
)  # fmt: skip
def test_a_guess_is_supported_by_a_test_of_cause_only(
    tmp_path: Path, kind: str, known: str, unknown: str
) -> None:
    """A prediction that other causes meet too is named beside it; either draft can be sent."""
    predicted = Predicted("fails(zone=b) > 50%", "fails(zone=b) > 50%")
    held = Checked(predicted.normal, Outcome.SUPPORTED, "80 %", kind)
    of = Window(START, NOW)
    share = PredictionResult(0, replace(held, kind="share"))
    results = (share, PredictionResult(None, held)) if kind != "share" else (share,)
    with room_in(tmp_path) as room:
        room.append(AFFECTED)
        room.append(HypothesisAdded("the reindex blocks pg", (predicted,)))
        room.append(HypothesisChecked(1, Comparison(of, of), results))
        config = config_in(tmp_path)
        bare = Message(UpdateStatus.INVESTIGATING, Audience.TEAM, next_at=due_by(room, config))
        message = draft(room.incident, room.entries, board_of(room.entries), bare)
        found = flaws(room, config, message, message_text(message, room.incident, room.now, BERLIN))

    assert known in message.known
    assert unknown == message.unknown
    assert () == found


def test_what_the_team_was_reported_is_no_change_any_more() -> None:
    """Only what came after the last update."""
    update = Updated(Message(UpdateStatus.INVESTIGATING, Audience.TEAM), "")

    assert (
        "14:49 UTC mitigated: two"
        == drafted(Audience.TEAM, AFFECTED, Mitigated("one"), update, Mitigated("two")).changed
    )


@pytest.mark.parametrize("status", [UpdateStatus.INVESTIGATING, UpdateStatus.RESOLVED])
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("said", SAID, ids=range(len(SAID)))
def test_a_draft_passes_its_own_check(
    tmp_path: Path, audience: Audience, said: Triaged | None, status: UpdateStatus
) -> None:
    """Whatever was measured, or was not: each fact is put so that it can be sent, as the room checks it."""
    with room_in(tmp_path) as room:
        if said:
            room.append(said)
        room.append(HypothesisAdded("the pool of payments is too small", ()))
        room.append(ActionBegun("rollback", "checkout", "kim"))
        config = config_in(tmp_path)
        bare = Message(status, audience, next_at=due_by(room, config), owner="kim")
        message = draft(room.incident, room.entries, board_of(room.entries), bare)
        found = flaws(room, config, message, message_text(message, room.incident, room.now, BERLIN))

    assert [] == [flaw for flaw in found if flaw.kind is not FlawKind.STATUS]


def test_those_who_are_affected_are_reported_what_still_works() -> None:
    """In their words, without the name of a supplier for the public; no longer once it is over."""
    segment = replace(AFFECTED.segments[0], where={"card.issuer": "ANZ", "payment.provider": "stripe"})
    said = replace(AFFECTED, segments=(segment,), workaround="requests without card.issuer=ANZ still work")

    assert "use another issuer than ANZ" == drafted(Audience.PUBLIC, said).workaround
    fixed = replace(said, segments=(replace(segment, of_route=tuple(segment.where)),))
    assert "" == drafted(Audience.PUBLIC, fixed).workaround
    assert said.workaround == drafted(Audience.TEAM, said).workaround
    assert "" == drafted(Audience.PUBLIC, AFFECTED).workaround
    assert "" == drafted(Audience.PUBLIC, said, Mitigated("flag off")).workaround


def test_what_is_over_has_an_end() -> None:
    """As measured, or else when it was mitigated; a later sitrep that finds nothing does not take the harm back."""
    quiet = Triaged("", Verdict.NO, "all signals are within their baseline")

    assert (
        "5.6 % of requests to the affected part failed (baseline 0.2 %), 110 users affected, from 14:40 UTC to 14:47 UTC"
        == drafted(Audience.PUBLIC, AFFECTED, Mitigated("flag off"), quiet).impact
    )
    assert drafted(Audience.PUBLIC, replace(AFFECTED, ended=NOW)).impact.endswith(
        "from 14:40 UTC to 15:05 UTC"
    )


def test_resolved_promises_no_next_update() -> None:
    """It is over."""
    assert None is drafted(Audience.TEAM, AFFECTED, status=UpdateStatus.RESOLVED).next_at


def test_the_template_read_back_is_the_draft() -> None:
    """Nothing typed, nothing changed: comments and empty labels say nothing."""
    message = drafted(Audience.TEAM, AFFECTED)
    shown = template(message, incident_of(entries(AFFECTED)), NOW, BERLIN)

    assert "# For those who work on it" in shown
    assert "\nDoing now:\n" in shown
    assert message == read_back(shown, message, NOW, BERLIN, whole=True)


def test_labels_set_fields_and_the_rest_is_said() -> None:
    """The first line may be a headline; words after a label may take several lines."""
    typed = "Identified · SEV2 · x\n\nWe found it.\nDoing now: turning off\n  anz-3ds\nnext update: 16:10 CET\n# no"
    message = read_back(typed, drafted(Audience.TEAM, AFFECTED), NOW, BERLIN, whole=False)

    assert message
    assert (UpdateStatus.IDENTIFIED, "We found it.", "turning off anz-3ds", "15:10 UTC") == (
        message.status, message.said, message.doing, f"{message.next_at:%H:%M} UTC",
    )  # fmt: skip
    assert "5.6" in message.impact  # drafted, and not touched


def test_a_label_without_words_takes_the_field_out() -> None:
    """In the editor, where all of it is seen."""
    message = read_back("Impact:\nKnown: x", drafted(Audience.TEAM, AFFECTED), NOW, BERLIN, whole=True)

    assert message
    assert ("", "x", None) == (message.impact, message.known, message.next_at)


@pytest.mark.parametrize("typed", ["", "\n\n", "# only\n# comments\n"])
def test_nothing_typed_is_no_message(typed: str) -> None:
    """As with a commit."""
    assert None is read_back(typed, drafted(Audience.TEAM), NOW, BERLIN, whole=True)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("2026-11-22T15:30", "15:30 UTC"),
        ("2026-11-22T15:30", "15:30"),
        ("2026-11-22T15:30", "16:30 CET"),
        ("2026-11-22T15:30", "15:30 UTC (16:30 CET)"),
        ("2026-11-22T15:35", "+30m"),
        ("2026-11-23T00:10", "00:10 UTC"),  # of the next day
        ("2026-11-23T09:00", "2026-11-23 09:00 UTC"),
        ("2026-11-22T15:30", "2026-11-22T15:30:00Z"),
    ],
)
def test_a_time_is_read_as_people_write_it(expected: str, text: str) -> None:
    """A clock in UTC or the team's zone, a duration, a date."""
    assert datetime.fromisoformat(expected).replace(tzinfo=UTC) == clock_time(text, NOW, BERLIN)


@pytest.mark.parametrize("text", ["soon", "15:30 PST", "25:00", "2026-13-01 10:00"])
def test_what_is_no_time_is_said(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"."):
        clock_time(text, NOW, BERLIN)


def test_a_time_is_shown_in_both_zones() -> None:
    """Where they differ."""
    assert ("15:35 UTC (16:35 CET)", "15:35 UTC") == (
        until(NEXT, NOW, BERLIN),
        until(NEXT, NOW, ZoneInfo("UTC")),
    )


def test_a_flaw_in_words() -> None:
    """Kind, problem, sentence, better."""
    (flaw,) = text_flaws("We are looking into it.", Facts(NOW))
    kind, sentence, better = flaw_lines(flaw)

    assert kind.startswith("vague: ")
    assert "    We are looking into it." == sentence
    assert better.startswith("    What exactly")


def test_what_leaves_is_redacted_in_every_form() -> None:
    """Text, Markdown and JSON; what is empty is left out."""
    message = replace(drafted(Audience.PUBLIC, AFFECTED), said="Ask kim@example.com")
    every = entries(AFFECTED, Updated(message, text_of(message, AFFECTED)))
    update = every[-1].payload
    assert isinstance(update, Updated)

    out = outgoing(every[-1], update, incident_of(every), lambda text: text.replace("kim@example.com", "…"))

    assert "kim@example.com" not in out.text + out.markdown + out.document.decode()
    assert "- **Next update:** 15:35 UTC (16:35 CET)" in out.markdown
    data = json.loads(out.document)["data"]
    assert ("public", "Ask …", 3) == (data["audience"], data["said"], data["update"])
    assert "owner" not in data


def test_telemetry_in_markdown_is_shown_as_it_is() -> None:
    """No link, picture, HTML, list or heading comes of a service's name, nor of a line in the writer's words."""
    evil = "cart[click](javascript:alert(4)) ![i](http://evil.example/x.png)<script> &lt; `a` *b* \u202egnp"
    message = Message(UpdateStatus.MONITORING, Audience.TEAM, said=f"# {evil}", known=evil)
    incident = incident_of(entries())
    incident = replace(incident, opened=replace(incident.opened, title=evil))
    text = message_text(message, incident, NOW, BERLIN)
    (_, entry) = entries(Updated(message, text))
    assert isinstance(entry.payload, Updated)
    sent = outgoing(entry, entry.payload, incident, lambda words: words)

    for line in sent.markdown.splitlines():
        assert [] == re.findall(r"(?<!\\)[\[\]<`&]", line), line
    assert "\\# cart" in sent.markdown
    assert "\u202e" not in sent.markdown + sent.text
    assert sent.markdown == json.loads(sent.document)["data"]["markdown"]
