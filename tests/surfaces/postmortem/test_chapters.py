"""The chapters of a postmortem: every number and time is one of the record's own."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lastgood.config import Slo
from lastgood.incidents.chain import Fault
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import Mitigated, Noted, Resolved, SeveritySet
from lastgood.model.figures import NBSP
from lastgood.model.hypothesis import HypothesisAdded, HypothesisRuledOut
from lastgood.model.message import Audience, Message, Updated, UpdateStatus
from lastgood.model.postmortem import Part, Written
from lastgood.surfaces.charts import Chart
from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.document import Bullets, Document, Grid, Paragraph, Rows
from lastgood.workbench.evidence import kept
from lastgood.workbench.postmortem import postmortem
from postmortems import ANSWER, FOLLOW_UP, made, over
from rooms import config_in, room_in


def texts(paper: Document, title: str) -> list[str]:
    """Everything that a chapter says, cell by cell."""
    blocks = next(chapter.blocks for chapter in paper.chapters if chapter.title == title)
    found: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(text):
                found.append(text)
            case Bullets(items):
                found += items
            case Grid(rows=rows) | Rows(rows=rows):
                found += [cell for row in rows for cell in row]
            case Chart(title=name):
                found.append(name)
    return [text.replace(NBSP, " ") for text in found]


def titles(paper: Document) -> list[str]:
    """Of its chapters."""
    return [chapter.title for chapter in paper.chapters]


def test_the_numbers_are_those_of_the_record(tmp_path: Path) -> None:
    """Counts, shares, times, the budget; and each link of the mechanism with its evidence."""
    paper = document(made(tmp_path, FOLLOW_UP, ANSWER, slo=Slo(target=99.9)), charts=False)

    impact = texts(paper, "Impact")
    for said in ("110", "112 failed of 2 017 requests to web POST /checkout", "0.2 %", "30 min"):
        assert said in impact
    assert any("2026-11-22 14:25:00 to 14:54:00 UTC (29 min)" in one for one in impact)
    assert any(one.startswith("3.7 % of the error budget") for one in impact)
    (timeline,) = [b for b in paper.chapters[2].blocks if isinstance(b, Grid)]
    assert ("2026-11-22 14:25:00", "onset", "2") == (
        timeline.rows[1][0], timeline.rows[1][1], timeline.rows[1][4],
    )  # fmt: skip
    assert ["onset", "first alert", "detected", "acknowledged", "mitigated", "resolved"] == [
        timeline.rows[place][1] for place in sorted(timeline.strong)
    ]
    (chain,) = [b for b in paper.chapters[3].blocks if isinstance(b, Grid)]
    assert ("Suspected trigger", "E3") == (chain.rows[0][1], chain.rows[0][3])
    assert (1200.0, 120.0, 1800.0, 6600.0) == tuple(
        paper.front[f"{name}_seconds"] for name in ("ttd", "tta", "ttm", "ttr")
    )
    assert "2026-11-22T14:25:00Z" == paper.front["onset"]
    assert "Alert per issuer" in texts(paper, "Action items")
    assert ANSWER.text in texts(paper, "Could it happen again next month?")
    assert {"4 min before the onset", "it is beta"} <= set(texts(paper, "Trigger"))


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    """Of an incident that was never assessed, every chapter is there and says what it lacks."""
    with room_in(tmp_path) as room:
        room.append(Noted("it is slow"), at=room.now + timedelta(minutes=1))
        paper = document(postmortem(room, config_in(tmp_path)), charts=True)

    assert ["Not measured: no telemetry confirmed it."] == texts(paper, "Impact")
    assert ["No mechanism was found by the telemetry."] == texts(paper, "Mechanism")
    assert "Unknown whether an alert fired: there are none in the telemetry." in texts(paper, "Detection")
    facts = dict(paper.facts)
    assert ("not decided", "start unknown") == (facts["Severity"], facts["Users affected"])
    assert "not known" in facts["TTD, time to detect"]
    assert ["None yet."] == texts(paper, "Action items")
    assert {"Hypotheses", "Messages sent"}.isdisjoint(titles(paper))


def test_the_words_of_the_team_stand_above_what_was_computed(tmp_path: Path) -> None:
    """A summary takes the place of the draft; the rest is added to."""
    said = (Written(Part.SUMMARY, "It broke.\n\nIt was mended."), Written(Part.WENT_WELL, "The flag worked."))
    paper = document(made(tmp_path, *said), charts=False)

    assert ["It broke.", "It was mended."] == texts(paper, "Summary")
    assert "The flag worked." == texts(paper, "What went well")[0]
    assert any("HighErrors fired 15 min before" in one for one in texts(paper, "What could be better"))
    assert any("3DS <b>response</b> format" in one for one in texts(paper, "What went well"))
    assert any(one.startswith("First reported 20 min") for one in texts(paper, "What could be better"))


def test_actions_hypotheses_and_messages_have_their_chapters(tmp_path: Path) -> None:
    """What was done with its measured effect; what was ruled out, by what; what was said to whom."""
    message = Message(UpdateStatus.MONITORING, Audience.PUBLIC)
    paper = document(
        made(
            tmp_path,
            ActionBegun("flag_off", "anz-3ds", "lee"),
            EffectMeasured(10, Effect.RECOVERED, "0.2 % fail again"),
            HypothesisAdded("the pool is too small", ()),
            HypothesisRuledOut(1, "its wait time was flat"),
            Updated(message, "Payments work again."),
        ),
        charts=False,
    )

    assert any("flag off anz-3ds" == one for one in texts(paper, "Response"))
    assert any("recovered: 0.2 % fail again" in one for one in texts(paper, "Response"))
    assert {"the pool is too small", "ruled out", "its wait time was flat"} <= set(texts(paper, "Hypotheses"))
    assert {"public", "Payments work again."} <= set(texts(paper, "Messages sent"))


def test_charts_are_drawn_from_the_kept_pulse(tmp_path: Path) -> None:
    """With a legend that names what is marked; only where they are shown."""
    found = made(tmp_path)

    assert 3 == sum(isinstance(b, Chart) for b in document(found, charts=True).chapters[2].blocks)
    assert 0 == sum(isinstance(b, Chart) for b in document(found, charts=False).chapters[2].blocks)


def test_evidence_can_be_printed_with_its_rows(tmp_path: Path) -> None:
    """For a reader who has nothing else; else it is said where they are."""
    with over(tmp_path) as room:
        found = postmortem(room, config_in(tmp_path))
        paper = document(found, charts=False, evidence=[kept(room, 4)])

    (rows,) = [b for b in paper.chapters[-1].blocks if isinstance(b, Rows)]
    assert (4, ("n",), (("0",), ("1",)), 0, "SELECT n") == (
        rows.number, rows.columns, rows.rows, rows.more, rows.query,
    )  # fmt: skip
    assert any("lastgood evidence" in one for one in texts(document(found, charts=False), "Evidence"))


def test_an_edited_record_is_said_to_be_one(tmp_path: Path) -> None:
    """In the head, where no one can miss it."""
    found = made(tmp_path)
    paper = document(replace(found, faults=(Fault(3, "its content is not what was written"),)), charts=False)

    assert ("Record", "entry 3 fails its integrity check: its content is not what was written") in paper.facts


def test_the_placebo_did_not_end_it(tmp_path: Path) -> None:
    """Whoever wrote that it did: summary, timeline, mechanism and response say that it is not shown."""
    late = "recovered at 15:21:00 UTC, 25 min after restart cart: not by this, or not by this alone"
    with room_in(tmp_path) as room:
        number = room.append(ActionBegun("restart", "cart", "kim")).sequence
        room.append(EffectMeasured(number, Effect.RECOVERED_UNCREDITED, late))
        room.append(Mitigated("restarted cart"))
        paper = document(postmortem(room, config_in(tmp_path)), charts=False)

    doubt = "restarted cart (the telemetry does not show that action 2 ended it)"
    assert doubt in " ".join(texts(paper, "Summary"))
    assert doubt in " ".join(texts(paper, "Timeline"))
    assert doubt in " ".join(texts(paper, "Response"))
    assert "What ended it is not shown" in texts(paper, "Mechanism")
    assert "What ended it" not in texts(paper, "Mechanism")
    assert late in " ".join(texts(paper, "Summary"))


def test_audiences_without_an_update_are_named(tmp_path: Path) -> None:
    """The one that the severity asks for, and the update that was promised and never came."""
    with room_in(tmp_path) as room:
        room.append(SeveritySet(SeverityLevel.SEV1, "all fail"))
        due = room.now + timedelta(minutes=5)
        room.append(Updated(Message(UpdateStatus.INVESTIGATING, Audience.TEAM, next_at=due), "x"))
        room.append(Resolved("over"), at=room.now + timedelta(hours=1))
        said = texts(document(postmortem(room, config_in(tmp_path)), charts=False), "What could be better")

    assert any(one.startswith("No update was sent to stakeholders (") for one in said)
    assert any("The update to team due at" in one and "was never sent" in one for one in said)
    assert any("No update to team reports that the incident has ended" in one for one in said)
