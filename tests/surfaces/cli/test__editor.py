"""The editor: whatever it saves comes back."""

import os
from pathlib import Path

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


def test_an_interrupt_in_the_editor_is_the_editors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many use Ctrl-C as a key; what is saved afterwards counts."""
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\nkill -INT {os.getpid()}\nsleep 0.1\necho later >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))

    assert "draft\nlater\n" == edited("draft\n")
