"""The editor: a text shown to a person, and what came of it."""

import os
import shlex
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from lastgood.errors import CannotRunError


def edited(text: str) -> str:
    """The text as it was saved. The editor is that of VISUAL or EDITOR, else vi.

    Raises:
        CannotRunError: there is no such editor, or it gave up.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with TemporaryDirectory(prefix="lastgood-") as folder:
        file = Path(folder) / "text.md"
        file.write_text(text, "utf-8")
        before = signal.signal(
            signal.SIGINT, lambda *_: None
        )  # Ctrl-C is the editor's, which has the default
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)
            return file.read_text("utf-8")
        except (OSError, subprocess.CalledProcessError, ValueError) as problem:
            raise CannotRunError(
                f"The editor {editor!r} did not work: {problem}.",
                hint="Set EDITOR, or give the text as an option.",
            ) from problem
        finally:
            signal.signal(signal.SIGINT, before)
