"""How questions are found."""

from lastgood.inspections._registry import inspections
from lastgood.model.finding import Finding, Verdict


def test_questions_come_in_the_order_of_the_method() -> None:
    """By stage; each is named as its module and gives an answer of its own kind."""
    found = inspections()

    assert sorted(i.stage for i in found) == [i.stage for i in found]
    assert {i.name for i in found} == {i.run.__module__.rpartition(".")[2] for i in found}
    assert len(found) == len({i.gives for i in found})


def test_a_finding_is_signed_by_its_question() -> None:
    """Its name, by which it is found, and its words; what it says stays."""
    finding = Finding(Verdict.UNKNOWN, "there is too little")

    assert {("there is too little", one.name, one.question) for one in inspections()} == {
        (one.signed(finding).because, one.signed(finding).name, one.signed(finding).question)
        for one in inspections()
    }
