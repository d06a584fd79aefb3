"""One request's life, from spans or from lines alone."""

from lastgood.readings.views.life import Life, LifeLine, LifeSpan, life
from lastgood.workbench.store import Store
from lives import DAY, TRACE, after, request_with_spans, write_lines, write_spans


def found(store: Store, request_id: str) -> Life:
    """The life that is there."""
    there = life(store.survey()[1], request_id, DAY)
    assert there is not None
    return there


def test_spans_are_a_tree_with_their_lines(store: Store) -> None:
    """Parents come before children, a line in its span, a loose one by its time; an orphan is marked."""
    request_with_spans(store)

    reported = found(store, TRACE)

    steps = [(step.service, step.depth) for step in reported.steps]
    assert [("web", 0), ("proxy", 0), ("orders", 1), ("payments", 2), ("payments", 3), ("mail", 0)] == steps
    assert "spans" == reported.found_by
    assert ["mail"] == [step.service for step in reported.steps if isinstance(step, LifeSpan) and step.orphan]
    assert reported.first_failure is not None
    assert "payments" == reported.first_failure.service
    assert after(50) == reported.end


def test_an_upper_case_id_with_dashes_is_the_same(store: Store) -> None:
    """Ids are matched as tools print them."""
    request_with_spans(store)

    assert 6 == len(found(store, f"{TRACE[:8]}-{TRACE[8:]}".upper()).steps)


def test_without_spans_lines_are_put_in_order(store: Store) -> None:
    """A request id that services passed on leads through all of them."""
    write_lines(store, (after(9), "payments", 17, "refused"), ids={"request.id": "req-77"})
    write_lines(store, (after(1), "web", 9, "POST /orders"), ids={"request.id": "req-77"})

    reported = found(store, "req-77")

    assert ["web", "payments"] == [step.service for step in reported.steps]
    assert "ids in logs" == reported.found_by
    assert isinstance(reported.first_failure, LifeLine)
    assert "refused" == reported.first_failure.body


def test_an_id_in_the_text_is_found_last(store: Store) -> None:
    """Where no attribute carries it, lines that hold it are its life."""
    write_lines(
        store, (after(1), "web", 9, "order req-4711 begins"), (after(2), "web", 9, "order req-9 begins")
    )

    reported = found(store, "req-4711")

    assert "mentions in logs" == reported.found_by
    assert 1 == len(reported.steps)


def test_spans_in_a_circle_end(store: Store) -> None:
    """Spans that name each other as parents are not a tree, and not an endless one."""
    write_spans(
        store, ("a" * 16, "b" * 16, "x", "one", 0, 1, False), ("b" * 16, "a" * 16, "y", "two", 1, 1, False)
    )
    write_lines(store, (after(1), "web", 9, "hello"), ids={"trace_id": TRACE})

    assert ["web"] == [step.service for step in found(store, TRACE).steps]


def test_nothing_with_an_id_is_no_life(store: Store) -> None:
    """Neither a span nor a line has it."""
    write_lines(store, (after(1), "web", 9, "hello"))

    assert life(store.survey()[1], "req-1", DAY) is None
