"""A release as recorded."""

from datetime import timedelta

from lastgood.model.window import Window
from lastgood.readings.views.release import carried, deploys
from lastgood.workbench.store import Store
from records import START
from workbench.test_release import put

DAY = Window(START - timedelta(hours=1), START + timedelta(hours=1))


def test_a_deploy_and_its_commits(store: Store) -> None:
    """By its id; the newest deploy first."""
    put(
        store,
        ("d1", "deploy", 1, "shop", "v1", "", []),
        ("c1", "commit", 2, "shop", "", "d2", ["a.py", "b.py"]),
        ("d2", "deploy", 5, "shop", "v2", "", []),
    )
    _, reader = store.survey()
    (deploy,) = deploys(reader, DAY, "v2")

    assert ["d2", "d1"] == [one.deploy_id for one in deploys(reader, DAY, "")]
    commits, reported, _ = carried(reader, DAY, deploy)
    assert (("a.py", "b.py"), True) == (commits[0].files, reported)
    assert ((), False, "") == carried(
        reader, Window(DAY.start, START + timedelta(minutes=1.5)), deploys(reader, DAY, "v1")[0]
    )


def test_of_a_repository_of_several_services_a_commit_is_of_those_whose_folder_it_touches(
    store: Store,
) -> None:
    """A file of the service's name is no folder of it."""
    put(
        store,
        ("c1", "commit", 1, "", "", "", ["shop/a.py"]),
        ("c2", "commit", 2, "", "", "", ["stock/b.py", "docs/shop"]),
        ("c3", "commit", 3, "", "", "", ["services/stock/c.py", "shop/d.py"]),
        ("d1", "deploy", 5, "shop", "v2", "", []),
        ("d2", "deploy", 5, "stock", "v3", "", []),
    )
    _, reader = store.survey()
    of = {one.service: carried(reader, DAY, one).commits for one in deploys(reader, DAY, "")}

    assert ["c1", "c3"] == [one.commit_id for one in of["shop"]]
    assert ["c2", "c3"] == [one.commit_id for one in of["stock"]]
