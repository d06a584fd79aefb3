"""An incident for tests of its postmortem: assessed by hand, mitigated and resolved in a room of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import orjson

from incidents.test_timeline import SEEN
from lastgood.config import Settings, Slo
from lastgood.model.action import Recovery
from lastgood.model.answers import (
    ChangeVerdict,
    Culprit,
    FailureClass,
    FailurePath,
    Impact,
    ImpactKind,
    Segment,
    SeverityLevel,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.entry import Acknowledged, Frozen, Mitigated, Payload, Resolved, SeveritySet
from lastgood.model.failure import FailureKind
from lastgood.model.follow_up import FollowUpAdded, FollowUpType
from lastgood.model.postmortem import Part, Written
from lastgood.model.window import Comparison, Window
from lastgood.workbench.assess import PULSE
from lastgood.workbench.postmortem import Postmortem, postmortem
from lastgood.workbench.room import Room
from records import START
from rooms import config_in, room_in

ONSET = START - timedelta(minutes=20)
END = START + timedelta(minutes=10)
BAD = Window(ONSET, START + timedelta(minutes=9))
ASSESSED = replace(
    SEEN,
    comparison=Comparison(Window(ONSET - timedelta(hours=1), ONSET), BAD),
    impact=Impact(2017, 112, 0.0555, 0.002, 110, ImpactKind.ERRORS, "web POST /checkout"),
    services=("payments", "web"),
    segments=(Segment({"card.issuer": "ANZ"}, 0.93, 0.03, 104, 107, 0.97),),
    failure_class=FailureClass(FailureKind.DEPENDENCY_CONTRACT, "api.stripe.com", 0.85, "all are 402"),
    path=FailurePath("payments", "api.stripe.com", 112, 110, external=True),
    culprits=(Culprit("payments", None, "api.stripe.com", "external", 0.82, "110 of 1601 charges fail"),),
    changes=(
        WeighedChange(
            "stripe-1", ChangeKind.THIRD_PARTY, "Stripe", ONSET - timedelta(minutes=4), "3DS <b>response</b> format",
            ChangeVerdict.LIKELY, 0.8, ("4 min before the onset",), ("it is beta",),
        ),
    ),
    symptoms=("Charge failed for <*>",),
    alerts=1,
)  # fmt: skip
FOLLOW_UP = FollowUpAdded(
    "Alert per issuer", "kim", date(2026, 12, 1), FollowUpType.DETECT, "silent refusals"
)
ANSWER = Written(Part.AGAIN, "Yes, nothing warns us before a provider changes a format.")
COURSE: tuple[tuple[Payload, int], ...] = (
    (ASSESSED, 9),
    (Acknowledged("lee"), 2),
    (SeveritySet(SeverityLevel.SEV2, "a twentieth of orders is lost"), 5),
    (Mitigated("the flag anz-3ds is off"), 10),
    (Resolved("stripe answers as before", Recovery.RECOVERED, "2 of 900 fail"), 90),
)


@contextmanager
def over(folder: Path, *more: Payload) -> Iterator[Room]:
    """The room of an incident that is over, with evidence of two questions and a pulse; then `more`."""
    with room_in(folder) as room:
        for payload, minute in COURSE[:1]:
            room.append(payload, at=START + timedelta(minutes=minute))
        for asked, rows in (("what_changed", 1), ("confirm", 2)):
            content = orjson.dumps({"columns": ["n"], "rows": [[n] for n in range(rows)]})
            name = room.record.keep(content)
            room.append(
                Frozen("so it is", "?", "SELECT n", {}, BAD, rows, cut_off=False, content=name, name=asked)
            )
        room.append(_pulse(room))
        for payload, minute in COURSE[1:]:
            room.append(payload, at=START + timedelta(minutes=minute))
        for payload in more:
            room.append(payload, at=START + timedelta(hours=3))
        yield room


def _pulse(room: Room) -> Frozen:
    """Half of four requests fail in the first minute, none in the second."""
    rows = [["requests", 0, 4, 2, 30.0], ["requests", 1, 4, 0, None]]
    columns = ["what", "bucket", "n", "failures", "p95"]
    name = room.record.keep(orjson.dumps({"columns": columns, "rows": rows}))
    window = Window(ONSET, ONSET + timedelta(minutes=3))
    step = {"step_ns": 60_000_000_000}
    return Frozen("over time", "?", "SELECT 1", step, window, 2, cut_off=False, content=name, name=PULSE)


def made(folder: Path, *more: Payload, slo: Slo = Slo()) -> Postmortem:  # noqa: B008 - frozen
    """The postmortem of it."""
    with over(folder, *more) as room:
        return postmortem(room, replace(config_in(folder), settings=Settings(slo=slo)))
