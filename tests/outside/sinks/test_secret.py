"""Secrets: from a variable or a file, and from nothing else."""

from pathlib import Path

import pytest

from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.secret import secret


def test_a_secret_is_where_its_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """White space around it is none of it."""
    monkeypatch.setenv("TOKEN", "abc\n")
    file = tmp_path / "token"
    file.write_text("def\n")

    assert ["abc", "def", ""] == [secret("$TOKEN"), secret(f"file:{file}"), secret("")]


@pytest.mark.parametrize("held", ["", "  ", "a\nb", "é", "a\x00b"])
def test_what_cannot_be_one_is_said_without_it(held: str, tmp_path: Path) -> None:
    """By the name of its place."""
    file = tmp_path / "token"
    file.write_text(held)

    with pytest.raises(NotSentError, match="token") as caught:
        secret(f"file:{file}")
    assert held.strip() == "" or held not in str(caught.value)


def test_what_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable, the file."""
    monkeypatch.delenv("TOKEN", raising=False)

    with pytest.raises(NotSentError, match="variable TOKEN is not set"):
        secret("$TOKEN")
    with pytest.raises(NotSentError, match="file:/no/such cannot be read"):
        secret("file:/no/such")
