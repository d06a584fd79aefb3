"""What people changed."""

from lastgood.readings.views.practice import reported_changes
from lastgood.workbench.store import Store
from workbench.test_deploy_practice import WINDOW, fill


def test_changes_of_people_come_newest_first_with_their_fields(store: Store) -> None:
    """What no person decided is left out."""
    fill(store)
    found = reported_changes(store.survey()[1], WINDOW)

    assert ["web-3", "web-2", "staged"] == [one.change_id for one in found]
    assert "kim" == found[1].attributes["reviewed_by"]
