"""Ctrl-C while a module is imported, and where Python would swallow it."""

import subprocess
import sys
from pathlib import Path

import pytest

BEGIN = (
    "import signal, sys\n"
    "from lastgood.surfaces.cli._interrupts import interrupted, unraisable\n"
    "signal.signal(signal.SIGINT, interrupted)\n"
    "sys.unraisablehook = unraisable\n"
    "import os, time\n"
)


def run(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What a program printed that has the handlers."""
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=60,
    )


def test_an_import_is_finished_first(tmp_path: Path) -> None:
    """Then the interrupt is raised."""
    (tmp_path / "half.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhole = 1\n")
    code = "try:\n    import half\n    time.sleep(20)\nexcept KeyboardInterrupt:\n    print(half.whole)"

    ended = run(code, tmp_path)

    assert ("1\n", "") == (ended.stdout, ended.stderr)


def test_an_interrupt_in_a_finaliser_is_not_lost_nor_printed(tmp_path: Path) -> None:
    """Python would print `Exception ignored in` and go on."""
    code = (
        "class Gone:\n    def __del__(self):\n        os.kill(os.getpid(), signal.SIGINT)\n        time.sleep(0)\n"
        "try:\n    Gone()\n    time.sleep(20)\nexcept KeyboardInterrupt:\n    print('interrupted')"
    )

    ended = run(code, tmp_path)

    assert ("interrupted\n", "") == (ended.stdout, ended.stderr)


def test_other_failures_of_finalisers_are_printed(tmp_path: Path) -> None:
    """They are faults."""
    ended = run("class Gone:\n    def __del__(self):\n        1 / 0\nGone()", tmp_path)

    assert "ZeroDivisionError" in ended.stderr


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_whoever_ends_it_interrupts_it(tmp_path: Path, name: str) -> None:
    """What was begun is cleared away; afterwards, and where the signal is ignored, all is as before."""
    code = (
        "from lastgood.surfaces.cli._interrupts import ended_as_well\n"
        f"def end():\n    os.kill(os.getpid(), signal.{name})\n    time.sleep(0.1)\n"
        "try:\n    with ended_as_well():\n        end()\n        print('went on')\n"
        "except KeyboardInterrupt:\n    print('interrupted', flush=True)\n"
        f"assert signal.getsignal(signal.{name}) is signal.SIG_DFL\n"
        f"signal.signal(signal.{name}, signal.SIG_IGN)\n"
        "with ended_as_well():\n    end()\n    print('went on')"
    )

    assert "interrupted\nwent on\n" == run(code, tmp_path).stdout
