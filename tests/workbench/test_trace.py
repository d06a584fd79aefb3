"""A trace id that is there, and one that is not."""

import pytest

from lastgood.errors import NoDataError, UsageError
from lastgood.workbench.store import Store
from lastgood.workbench.trace import life_of
from lives import TRACE, after, request_with_spans, write_lines


def test_the_life_of_a_request_is_found_whatever_surrounds_its_id(store: Store) -> None:
    """Blanks around an id that was pasted do not count; the window is all that is held."""
    request_with_spans(store)

    assert 6 == len(life_of(store, f" {TRACE}\n").steps)


def test_an_unknown_id_is_no_data(store: Store) -> None:
    """Nothing with this id is an answer of its own, and so is nothing at all."""
    with pytest.raises(NoDataError, match="no logs or spans"):
        life_of(store, "req-1")
    write_lines(store, (after(1), "web", 9, "hello"))
    with pytest.raises(NoDataError, match="has the id 'req-1'"):
        life_of(store, "req-1")


@pytest.mark.parametrize("given", ["", "  \n"])
def test_no_id_is_refused(store: Store, given: str) -> None:
    """Lines without an id are not one request."""
    write_lines(store, (after(1), "web", 9, "hello"))
    with pytest.raises(UsageError, match="is empty"):
        life_of(store, given)
