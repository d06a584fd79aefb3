"""The pager: a card that is longer than the terminal is shown page by page."""

import os
import shlex
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from shutil import get_terminal_size, which
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastgood.surfaces.card import Card

LESS = ("less", "-FRX")


def show_card(card: "Card", *, paged: bool = True) -> None:
    """Print a card; through the pager where it is longer than the terminal, and `paged`."""
    from lastgood.surfaces.terminal.text import write_card

    if not paged or not (sys.stdin.isatty() and sys.stdout.isatty()) or (pager := _pager()) is None:
        write_card(card, sys.stdout)
        return
    text = _Terminal()
    write_card(card, text)
    if text.getvalue().count("\n") < get_terminal_size().lines or not _through(pager, text.getvalue()):
        write_card(card, sys.stdout)


def _pager() -> tuple[str, ...] | None:
    """LASTGOOD_PAGER, PAGER, else less; None where it is switched off (empty, or `cat`) or not there."""
    said = os.environ.get("LASTGOOD_PAGER", os.environ.get("PAGER"))
    try:
        words = LESS if said is None else tuple(shlex.split(said))
    except ValueError:
        return None
    return words if words and words != ("cat",) and which(words[0]) else None


def _through(pager: tuple[str, ...], text: str) -> bool:
    """Whether the pager took the text. It handles Ctrl-C itself; here it is silent, and so is leaving early."""
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    try:
        reader = subprocess.Popen(
            pager, stdin=subprocess.PIPE, env=environment, text=True, encoding="utf-8", errors="replace"
        )
    except OSError:
        return False
    with suppress(BrokenPipeError, KeyboardInterrupt):
        reader.communicate(text)
    while reader.poll() is None:
        with suppress(KeyboardInterrupt):
            reader.wait()
    return True


class _Terminal(StringIO):
    """What is written for a terminal, kept."""

    def isatty(self) -> bool:
        """As the terminal that it is for."""
        return True
