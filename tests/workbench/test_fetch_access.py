"""Secrets come from the environment, by the names in the settings."""

import pytest

from lastgood.config import SourceOf
from lastgood.errors import UsageError
from lastgood.outside.connectors._registry import connectors
from lastgood.workbench.fetch_access import access_of


def test_variables_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a token and of headers; what names no variable stands for itself."""
    monkeypatch.setenv("THE_TOKEN", "s3cret")
    source = SourceOf(
        name="prod", kind="loki", user="me", headers={"X-Scope-OrgID": "shop", "X-Key": "$THE_TOKEN"},
        token="$THE_TOKEN",  # noqa: S106 - a name
    )  # fmt: skip

    access = access_of(source)

    assert ("s3cret", "me", "") == (access.token, access.user, access.password)
    assert {"X-Scope-OrgID": "shop", "X-Key": "s3cret"} == access.headers


def test_a_variable_that_is_not_set_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the source and the variable."""
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)

    with pytest.raises(UsageError, match=r"'prod' \(loki\) needs .NO_SUCH_TOKEN"):
        access_of(SourceOf(name="prod", kind="loki", token="$NO_SUCH_TOKEN"))  # noqa: S106 - a name


def test_a_token_is_sent_as_the_system_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a bearer's unless the connector says how."""
    monkeypatch.setenv("THE_TOKEN", "s3cret")
    for kind, connector in connectors().items():
        access = access_of(SourceOf(name="prod", kind=kind, token="$THE_TOKEN"))  # noqa: S106 - a name
        assert connector.authorization == access.authorization
        assert 1 == access.authorization.count("{}")
