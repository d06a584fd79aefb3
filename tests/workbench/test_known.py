"""Slips of the keyboard: a service, field or path that is not there, and the nearest that is."""

from datetime import UTC
from pathlib import Path

import pytest

from lastgood.errors import QuerySyntaxError, UsageError
from lastgood.model.scope import Scope
from lastgood.workbench.changes import feed
from lastgood.workbench.investigate import investigate
from lastgood.workbench.known import check_paths
from lastgood.workbench.logs import Asked, histogram, patterns_of, search
from lastgood.workbench.store import Store
from lives import NOW, after, write_changes, write_lines


def asked(query: str, *services: str) -> Asked:
    """A query put at three in the afternoon, about some services."""
    return Asked(query, NOW, UTC, scope=Scope(services))


@pytest.fixture
def filled(store: Store) -> Store:
    """Two lines of `orders` with a plan, and a deploy of `payments`, which sends nothing."""
    write_lines(store, (after(0), "orders", 9, "one"), (after(1), "orders", 9, "two"), ids={"plan": "free"})
    write_changes(store, ("d1", after(0), "deploy", "payments"))
    return store


@pytest.mark.parametrize(
    ("query", "said", "instead"),
    [
        ("servce:x", "Unknown field 'servce' at position 1", "Did you mean 'service'?"),
        ("one OR plann:free", "Unknown field 'plann' at position 8", "Did you mean 'plan'?"),
        ("-PLAN:free", "Unknown field 'PLAN' at position 2", "Did you mean 'plan'?"),
        ("NOT plann:*", "Unknown field 'plann' at position 5", "Did you mean 'plan'?"),
        ("xyzzy:[1 TO 2]", "Unknown field 'xyzzy' at position 1", "To search the text for it, quote it"),
        ("service:order", "Unknown service 'order' at position 9", "Did you mean 'orders'?"),
        ("service:xyzzy", "Unknown service 'xyzzy' at position 9", "There are: orders, payments."),
    ],
)
def test_an_unknown_name_in_a_query_is_an_error(query: str, said: str, instead: str, filled: Store) -> None:
    """Wherever it stands in it, and in every view."""
    for view in (search, patterns_of):
        with pytest.raises(QuerySyntaxError, match=said) as refused:
            view(filled, asked(query), limit=5)
        assert refused.value.hint.startswith(instead)
    with pytest.raises(QuerySyntaxError, match=said):
        histogram(filled, asked(query), buckets=5)


@pytest.mark.parametrize(
    "query",
    ["plan:gold", "service:payments", "service:x*", "level:fatal", "status:500", "user:nobody", '"plann:x"'],
)
def test_a_known_name_without_a_match_is_no_error(query: str, filled: Store) -> None:
    """A service that only changes name is one; wildcards may match nothing; every line could have a status."""
    found = search(filled, asked(query), limit=5)

    assert (0, 2) == (found.matched, found.searched)


def test_an_unknown_service_is_no_answer_about_others(filled: Store) -> None:
    """In a log search, in the change feed and in a triage."""
    for ask in (
        lambda: search(filled, asked("one", "order"), limit=5),
        lambda: feed(filled, now=NOW, services=("order",), limit=5),
        lambda: investigate(filled, now=NOW, scope=Scope(("orders", "order"))),
    ):
        with pytest.raises(UsageError, match="There is no service 'order' in the data") as refused:
            ask()
        assert refused.value.hint.startswith("Did you mean 'orders'?")


def test_a_path_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    """Beside it, in its folder; standard input is always there."""
    (tmp_path / "orders.log").write_text("")

    check_paths([tmp_path, tmp_path / "orders.log", Path("-")])
    with pytest.raises(UsageError, match="There is no") as refused:
        check_paths([tmp_path, tmp_path / "order.log"])
    assert f"Did you mean {tmp_path / 'orders.log'}?" == refused.value.hint
    with pytest.raises(UsageError) as refused:
        check_paths([tmp_path / "nowhere" / "x.log"])
    assert refused.value.hint.startswith("Name files or folders that exist")


@pytest.mark.parametrize("target", ["b", "gone"])
def test_a_link_that_leads_nowhere_is_called_one(tmp_path: Path, target: str) -> None:
    """Two that lead to each other, too: neither is missing."""
    (tmp_path / "a").symlink_to(target)
    (tmp_path / "b").symlink_to("a")

    with pytest.raises(UsageError, match="a is a link that leads nowhere, or to itself"):
        check_paths([tmp_path / "a"])
