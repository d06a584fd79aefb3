"""A change is called by what its feed says."""

from datetime import UTC, datetime

from lastgood.model.change import Change, ChangeKind

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_change_is_called_by_its_title_its_version_or_its_id() -> None:
    """The first that there is."""
    named = [
        Change("c-1", ChangeKind.DEPLOY, AT, AT, "shop", "spring sale", "v2"),
        Change("c-1", ChangeKind.DEPLOY, AT, AT, "shop", "", "v2"),
        Change("c-1", ChangeKind.FLAG, AT, AT),
    ]

    assert ["spring sale", "shop v2", "c-1"] == [change.name for change in named]
