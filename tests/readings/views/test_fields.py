"""Which attributes lines carry."""

from lastgood.readings.views.fields import carried, names_carried
from lastgood.workbench.store import Store
from lives import DAY, after, write_lines


def test_names_of_attributes(store: Store) -> None:
    """Sorted, each once; one that no line has is not carried."""
    write_lines(
        store, (after(0), "web", 9, "a"), (after(1), "web", 9, "b"), ids={"plan": "free", "city": "Bern"}
    )
    reader = store.survey()[1]

    assert ["city", "plan"] == names_carried(reader, DAY)
    assert (True, False) == (carried(reader, "plan", DAY), carried(reader, "plann", DAY))
