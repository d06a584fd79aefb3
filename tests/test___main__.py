"""Starting: `python -m lastgood` and nothing imported before it is needed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

HEAVY = ("numpy", "pyarrow", "scipy", "chdb", "clickhouse_connect", "jinja2", "vl_convert", "sqlglot")


def test_help_imports_nothing_heavy() -> None:
    """A person who asks for help does not wait for a database engine."""
    asked = [sys.executable, "-X", "importtime", "-m", "lastgood", "--help"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines()}

    assert "triage" in said.stdout
    assert set() == imported & set(HEAVY)


def test_arrow_does_not_bring_pandas() -> None:
    """Half a second of every run that nothing uses."""
    code = (
        "import sys\nfrom lastgood.__main__ import main\nsys.argv = ['lastgood', '--version']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import pyarrow as pa\npa.array([1, 2]).to_numpy()\nprint('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "False" == said.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("end", "status"), [("pass", 0), ("sys.exit(3)", 3), ("sys.exit('no')", 1), ("1 / 0", 1)]
)
def test_it_ends_at_once_after_everything_else(end: str, status: int) -> None:
    """What was to happen at the end has happened, what was written is there, and the status is that of the run."""
    code = (
        "import atexit, sys, threading, time\nimport lastgood.surfaces.cli.app as app\n"
        f"def run():\n    atexit.register(print, 'left')\n    {end}\n"
        "app.run = run\nfrom lastgood.__main__ import main\n"
        "class Last:\n    def __del__(self): print('taken apart')\nlast = Last()\n"
        "threading.Thread(target=lambda: (time.sleep(0.1), print('waited'))).start()\nmain()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (status, ["waited", "left"]) == (said.returncode, said.stdout.splitlines())
    assert ("ZeroDivisionError" in said.stderr) == ("/" in end)


STARTED = "import sys; import lastgood.__main__ as it; print('started', flush=True); it.main()"


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0])
def test_an_interrupt_is_silent_whenever_it_comes(after: float, tmp_path: Path) -> None:
    """While it imports, loads, asks or closes: status 130, no word, no traceback. What had ended by then has ended."""
    lines = [
        f'{{"timestamp": "2026-11-20T12:{n // 60:02}:{n % 60:02}Z", "message": "did {n}"}}'
        for n in range(900)
    ]
    log = tmp_path / "app.jsonl"
    log.write_text("\n".join(lines))
    (tmp_path / "left").mkdir()
    command = [sys.executable, "-c", STARTED, "triage", str(log)]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "left")}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert "started\n" == running.stdout.readline()
        sleep(after)
        os.killpg(running.pid, signal.SIGINT)
        shown, said = running.communicate(timeout=60)

    assert "" == said
    assert running.returncode in ({0, 130} if shown else {130})


def test_where_interrupts_are_ignored_they_stay_so() -> None:
    """As for what a script starts in the background."""
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.argv = ['lastgood', '--version']\n"
        "import lastgood.surfaces.cli.app as app\n"
        "app.run = lambda: print(signal.getsignal(signal.SIGINT))\n"
        "from lastgood.__main__ import main; main()"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "1" == said.stdout.strip().rpartition(".")[2].replace("SIG_IGN", "1")
