"""The editor: whatever it saves comes back."""

import pytest

from lastgood.errors import CannotRunError
from lastgood.surfaces.cli._editor import edited


def test_what_was_saved_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor is a command with arguments; VISUAL is asked before EDITOR."""
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.setenv("VISUAL", "sed -i s/old/new/")

    assert "a new draft\n" == edited("an old draft\n".replace("an", "a"))


@pytest.mark.parametrize("editor", ["false", "no-such-editor", "'unclosed"])
def test_an_editor_that_does_not_work_is_said(editor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It gave up, is not there, cannot be read."""
    monkeypatch.setenv("VISUAL", editor)

    with pytest.raises(CannotRunError, match="did not work"):
        edited("x")
