"""Questions of drills and of incidents."""

from pathlib import Path

import pytest

from lastgood.model.drill import Drill
from lastgood.model.entry import Frozen, Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.model.postmortem import Part, Written
from lastgood.model.review import Question
from lastgood.workbench.drill_list import drills
from lastgood.workbench.review_questions import evidence_then, of_drill, of_incident
from postmortems import ASSESSED
from rooms import room_in


@pytest.mark.parametrize("drill", drills(), ids=lambda drill: drill.name)
def test_the_question_of_a_drill_does_not_give_its_answer_away(drill: Drill) -> None:
    """The evidence has the page and the changes, not the truth."""
    question = of_drill(drill)

    assert drill.truth.explanation not in " ".join(question.evidence)
    assert drill.truth.explanation in question.answer[0]


def test_evidence_is_that_of_the_first_sitrep(tmp_path: Path) -> None:
    """What was kept later was not known then; a question of the method has none."""
    with room_in(tmp_path) as room:
        kept = Frozen(
            "9 % fail", "q", "SELECT 1", {}, None, 1, cut_off=False, content=room.record.keep(b"{}")
        )
        for payload in (Triaged("", Verdict.YES, "measured"), kept, Resolved("flag off"), kept):
            room.append(payload)
        found = evidence_then(room.record, Question("incident:1", (), "", ()))

        assert ((1, 3, "9 % fail"),) == found
        assert () == evidence_then(room.record, Question("method:x", (), "", ()))


def test_what_happened_names_the_cause(tmp_path: Path) -> None:
    """The suspect of the answer, until the team wrote the mechanism; what helped is not said twice."""
    with room_in(tmp_path) as room:
        room.append(ASSESSED)
        room.append(Resolved("failed over"))
        assessed = of_incident(room.incident, room.entries)
        room.append(Written(Part.MECHANISM, "The provider refuses\n3DS of one issuer."))
        written = of_incident(room.incident, room.entries)
    with room_in(tmp_path / "other") as room:
        room.append(Triaged("", Verdict.UNKNOWN, "no telemetry"))
        room.append(Resolved("by itself"))
        nothing = of_incident(room.incident, room.entries)

    assert assessed
    assert written
    assert nothing
    assert any(line.startswith("likely cause, as assessed: ") for line in assessed.answer)
    assert "cause: The provider refuses 3DS of one issuer." in written.answer
    assert ("cause: not on record", "resolved: by itself") == nothing.answer
