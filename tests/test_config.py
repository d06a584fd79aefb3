"""Settings: flags over environment over defaults."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lastgood.config import configured
from lastgood.errors import UsageError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment that says nothing but where data live."""
    for name in ("LASTGOOD_STORE", "LASTGOOD_RECORD", "LASTGOOD_TZ"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_defaults(tmp_path: Path) -> None:
    """An embedded store and a record under the data home; times without a zone are UTC."""
    assert (f"chdb://{tmp_path}/lastgood", ZoneInfo("UTC")) == (configured().store, configured().zone)
    assert f"sqlite:///{tmp_path}/lastgood-incidents/record.db" == configured().record


def test_the_environment_beats_the_defaults_and_a_flag_beats_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every setting alike."""
    monkeypatch.setenv("LASTGOOD_STORE", "chdb://memory")
    monkeypatch.setenv("LASTGOOD_TZ", "Europe/Berlin")

    assert ("chdb://memory", "Europe/Berlin") == (configured().store, configured().zone.key)
    flagged = configured("chdb:///elsewhere", "Asia/Tokyo")
    assert ("chdb:///elsewhere", "Asia/Tokyo") == (flagged.store, flagged.zone.key)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd"])
def test_a_zone_that_does_not_exist_is_a_mistake_of_the_caller(zone: str) -> None:
    """With a name that works in the hint."""
    with pytest.raises(UsageError, match="no time zone") as caught:
        configured(zone=zone)

    assert "Europe/Berlin" in caught.value.hint


def test_addresses_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may hold passwords."""
    monkeypatch.setenv("LASTGOOD_RECORD", "postgresql://me:secret@host/db")

    assert "secret" not in repr(configured("clickhouse://me:secret@host/db"))
