"""`lastgood mcp`: what it needs to start; its answers are tested in tests/surfaces/mcp."""

import pytest
from typer.testing import CliRunner

from lastgood.errors import UsageError
from lastgood.surfaces.cli.app import command_line


@pytest.mark.parametrize(
    ("words", "token", "why"),
    [
        (("--role", "king"), "", "There is no role 'king'"),
        (("--url", "ftp://x"), "a-token-of-a-test", "cannot be used"),
        (("--url", "http://127.0.0.1:1"), "", "The server needs an API token"),
    ],
)
def test_what_is_missing_is_named(
    words: tuple[str, ...], token: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is opened or sent."""
    monkeypatch.setenv("LASTGOOD_API_TOKEN", token)
    found = CliRunner().invoke(command_line("mcp"), ["mcp", *words])

    assert isinstance(found.exception, UsageError)
    assert why in found.exception.message
