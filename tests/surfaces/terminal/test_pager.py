"""The pager: only for people, only when it is needed, silent when they leave."""

import os
import pty
import sys
import time
from pathlib import Path

import pytest

from lastgood.surfaces.card import card_of
from lastgood.surfaces.terminal.pager import show_card
from sitreps import broken, quiet

PAGER = "import sys; print('PAGED', sys.stdin.read().count(chr(10)))"
RUN = """
import os, sys
sys.path[:0] = {path!r}
os.environ.update({environment!r})
from lastgood.surfaces.card import card_of
from lastgood.surfaces.terminal.pager import show_card
from sitreps import broken, quiet
os.environ.pop("PAGER", None) if not {environment!r} else None
show_card(card_of({sitrep}()), paged={paged})
print("END")
"""


def on_a_terminal(sitrep: str, environment: dict[str, str], *, paged: bool = True, typed: bytes = b"") -> str:
    """What a person sees who has a terminal of 24 lines."""
    size = {"LINES": "24", "COLUMNS": "80", "TERM": "xterm"}
    code = RUN.format(path=sys.path, environment={**size, **environment}, sitrep=sitrep, paged=paged)
    child, terminal = pty.fork()
    if not child:
        os.execv(sys.executable, [sys.executable, "-c", code])  # noqa: S606 - our own interpreter
    seen = b""
    if typed:
        while b"READY" not in seen:
            seen += os.read(terminal, 4096)
        time.sleep(0.2)
        os.write(terminal, typed)
    try:
        while chunk := os.read(terminal, 4096):
            seen += chunk
    except OSError:
        pass  # its end
    os.waitpid(child, 0)
    return seen.decode()


@pytest.fixture
def pager(tmp_path: Path) -> dict[str, str]:
    """One that says that it was used."""
    script = tmp_path / "pager.py"
    script.write_text(PAGER)
    return {"LASTGOOD_PAGER": f"{sys.executable} {script}", "PAGER": "false"}


def test_what_is_longer_than_the_terminal_is_paged(pager: dict[str, str]) -> None:
    """Through LASTGOOD_PAGER before PAGER; what fits is printed."""
    assert "PAGED" in (long := on_a_terminal("broken", pager))
    assert "DO NOW" not in long
    short = on_a_terminal("quiet", pager)
    assert "PAGED" not in short
    assert "All signals are within their baseline" in short


@pytest.mark.slow
@pytest.mark.parametrize("said", ["", "cat", "no-such-pager", "'"])
def test_it_can_be_switched_off(pager: dict[str, str], said: str) -> None:
    """By the environment, by the option; one that is not there is none."""
    assert "DO NOW" in on_a_terminal("broken", {"LASTGOOD_PAGER": said})
    assert "DO NOW" in on_a_terminal("broken", pager, paged=False)


@pytest.mark.slow
def test_leaving_is_silent(tmp_path: Path) -> None:
    """Ctrl-C in the pager ends the pager and shows nothing."""
    script = tmp_path / "pager.py"
    script.write_text("import time; print('READY', flush=True); time.sleep(30)")
    stop = (
        "try:\n    " + script.read_text().replace("; ", "\n    ") + "\nexcept KeyboardInterrupt:\n    pass\n"
    )
    script.write_text(stop)
    shown = on_a_terminal("broken", {"LASTGOOD_PAGER": f"{sys.executable} {script}"}, typed=b"\x03")

    assert "Traceback" not in shown
    assert shown.rstrip().endswith("END")


def test_what_is_piped_is_never_paged(
    pager: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No terminal, no pager."""
    for name, value in pager.items():
        monkeypatch.setenv(name, value)

    for sitrep in (broken, quiet):
        show_card(card_of(sitrep()))

    assert "PAGED" not in capfd.readouterr().out
