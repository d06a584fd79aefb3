"""Who acts, and when."""

from datetime import UTC, datetime

import pytest

from lastgood.config import configured
from lastgood.errors import QuerySyntaxError
from lastgood.surfaces.cli._room import moment, named

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def test_the_login_acts_unless_somebody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the machine has it."""
    monkeypatch.setenv("LOGNAME", "kim")

    assert ("kim", "lee") == (named(None), named("lee"))


def test_a_moment_is_relative_to_now() -> None:
    """None where none was said; what is no time is refused."""
    config = configured()

    assert datetime(2026, 11, 22, 14, 50, tzinfo=UTC) == moment("now-10m", NOW, config)
    assert moment(None, NOW, config) is None
    with pytest.raises(QuerySyntaxError):
        moment("soon", NOW, config)
