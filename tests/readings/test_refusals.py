"""Which requests count as refused."""

import pytest

from cases import case_of
from lastgood.readings.refusals import REFUSED, SERVED_ORDINARILY
from lastgood.workbench.store import Store
from tiers import Request, Tier


@pytest.mark.parametrize(("served", "refused"), [(SERVED_ORDINARILY, 2), (SERVED_ORDINARILY - 1, 1)])
def test_not_found_counts_where_others_are_served(store: Store, served: int, refused: int) -> None:
    """What is wrong by its content counts everywhere."""
    statuses = [*[200] * int(served), 404, 422]
    Tier("shop").put(
        store, [Request(n, float(n), 0.01, "/carts", s, n, "free") for n, s in enumerate(statuses)]
    )
    rows = case_of(store, None).query(f"SELECT countIf(failed) AS n FROM {REFUSED}").dicts()

    assert [{"n": refused}] == rows
