"""How questions are found."""

from lastgood.inspections._registry import inspections


def test_questions_come_in_the_order_of_the_method() -> None:
    """By stage; each is named as its module and gives an answer of its own kind."""
    found = inspections()

    assert sorted(i.stage for i in found) == [i.stage for i in found]
    assert {i.name for i in found} == {i.run.__module__.rpartition(".")[2] for i in found}
    assert len(found) == len({i.gives for i in found})
