"""Roles, keys and callers."""

from datetime import UTC, datetime, timedelta

from lastgood.model.access import NOBODY, Caller, Key, KeyKind, Role

NOW = datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def test_roles_cover_those_below_them() -> None:
    """An admin may do everything, a viewer only read."""
    assert all(Role.ADMIN.covers(role) for role in Role)
    assert [Role.VIEWER] == [role for role in Role if Role.VIEWER.covers(role)]


def test_a_key_counts_until_it_expires_or_is_revoked() -> None:
    """The end itself is too late."""
    key = Key("1", "shop", KeyKind.INGEST, None, NOW, NOW + timedelta(days=1))

    assert key.valid(NOW)
    assert not key.valid(NOW + timedelta(days=1))
    assert not Key("1", "shop", KeyKind.INGEST, None, NOW, revoked_at=NOW).valid(NOW)


def test_an_ingest_key_has_no_role() -> None:
    """It may not even read."""
    assert not Caller("shop", ingest=True).may(Role.VIEWER)
    assert not NOBODY.may(Role.VIEWER)
    assert Caller("kim", Role.RESPONDER).may(Role.VIEWER)
