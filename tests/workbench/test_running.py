"""Running real commands: their end, their output within bounds, and what they are not given."""

import os
import sys
import time
from pathlib import Path

import pytest

from lastgood.algorithms.secrets import BLOT
from lastgood.model.action import RunEnd
from lastgood.workbench.running import MOST_OUTPUT, Printed, run, started


def python(program: str) -> list[str]:
    """A command that runs a program."""
    return [sys.executable, "-c", program]


def test_the_status_and_what_was_printed_are_given_back() -> None:
    """Both streams together, in their order."""
    ended, printed, stopped = run(
        python(
            "import sys; print('one', flush=True); print('two', file=sys.stderr, flush=True); sys.exit(3)"
        ),
        seconds=20,
    )

    assert (RunEnd.EXITED, 3, 8, False, None) == (
        ended.how,
        ended.status,
        ended.size,
        ended.cut_off,
        stopped,
    )
    assert ("one\ntwo\n", False) == (printed, ended.succeeded)


@pytest.mark.slow
def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """Also one that will not be asked; its child is gone as well."""
    mark = tmp_path / "child"
    child = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    program = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "print('working', flush=True)\ntime.sleep(60)"
    )

    ended, printed, _ = run(python(program), seconds=1.5)

    assert (RunEnd.TIMED_OUT, None, "working\n") == (ended.how, ended.status, printed)
    assert "1.5 s" in ended.problem
    if mark.exists():
        assert not _alive(int(mark.read_text()))


def _alive(process: int) -> bool:
    """Whether a process is still there, once it has had time to be buried."""
    for _ in range(50):
        stat = Path(f"/proc/{process}/stat")
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return False
        time.sleep(0.1)
    return True


def test_megabytes_are_bounded() -> None:
    """The beginning and the end are kept, and it is said how much is missing."""
    ended, printed, _ = run(
        python("print('first'); print('x' * 5_000_000); print('last')"),
        seconds=60,
    )

    assert (5_000_012, True, 0) == (ended.size, ended.cut_off, ended.status)
    assert printed.startswith("first\n")
    assert printed.endswith("last\n")
    assert "bytes left out" in printed
    assert len(printed) < MOST_OUTPUT + 100


def test_a_program_that_is_not_there_was_not_started() -> None:
    """Nor one that may not be run."""
    ended, printed, _ = run(["no-such-program-anywhere"], seconds=5)

    assert (RunEnd.NOT_STARTED, None, "") == (ended.how, ended.status, printed)
    assert "no-such-program-anywhere" in ended.problem
    assert RunEnd.NOT_STARTED is run(["/"], seconds=5)[0].how


def test_a_command_is_reported_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of ours but what programs need, and what the team names; nothing to read."""
    monkeypatch.setenv("LASTGOOD_RECORD", "postgresql://me:secret@host/db")
    monkeypatch.setenv("KUBECONFIG", "/etc/kube")
    program = python("import os, sys; print(sorted(os.environ)); print(sys.stdin.read())")

    _, bare, _ = run(program, seconds=20)
    _, passed, _ = run(program, seconds=20, environment=("KUBECONFIG", "NOT_SET"))

    assert "LASTGOOD_RECORD" not in bare
    assert "KUBECONFIG" not in bare
    assert "KUBECONFIG" in passed
    assert "PATH" in bare if "PATH" in os.environ else True


def test_secrets_that_are_printed_are_blotted_out() -> None:
    """Before anything is kept."""
    _, printed, _ = run(["echo", "connecting to postgresql://app:hunter2@db/orders"], seconds=20)

    assert f"connecting to postgresql://app:{BLOT}@db/orders\n" == printed


@pytest.mark.slow
def test_who_leaves_a_child_behind_is_not_waited_for() -> None:
    """A command that starts a server and ends has ended, though the server holds its output."""
    program = python(
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])\nprint('started')"
    )

    ended, printed, _ = run(program, seconds=60)

    assert (0, "started\n") == (ended.status, printed)
    assert ended.seconds < 20


def test_the_middle_is_what_goes() -> None:
    """Byte for byte, however it comes in."""
    printed = Printed(most=10)
    for piece in (b"abc", b"defgh", b"ijklmnop"):
        printed.add(piece)

    assert (16, True) == (printed.size, printed.cut_off)
    assert "abcde\n… 6 bytes left out …\nlmnop" == printed.text


@pytest.mark.slow
def test_a_command_that_runs_beside_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """What it printed is there, and its status once it has ended; one that is not there is said."""
    with started(("sh", "-c", "sleep 60 & echo $! > inner; wait"), folder=tmp_path) as going:
        while not (tmp_path / "inner").exists() or not (tmp_path / "inner").read_text():
            time.sleep(0.01)
        assert None is going.ended()
    assert not _alive(int((tmp_path / "inner").read_text()))
    with started(python("print('done')")) as short:
        while short.ended() is None:
            time.sleep(0.01)
        assert (0, "done\n") == (short.ended(), short.printed.text)
    with started(("no-such-command",)) as none:
        assert "no-such-command" in none.problem
        assert None is none.ended()
