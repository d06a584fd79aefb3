"""One run: by the status of a command, and by what its server answers."""

import socket
import sys
import time
from pathlib import Path

import pytest

from lastgood.errors import CannotRunError, UsageError
from lastgood.model.bisection import RunOutcome
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import UNFILLED, FailingPlace
from lastgood.surfaces.skeletons import skeleton
from lastgood.workbench.bisect_run import by_address, by_status
from sites import OK, says, site

SERVES = """
import socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    for status in sys.argv[2:]:
        client, _ = server.accept()
        client.recv(65536)
        client.sendall(f"HTTP/1.1 {status} x\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n".encode())
        client.close()
    server.accept()
"""


def free_port() -> int:
    """One that no one listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.slow
def test_the_status_decides_and_the_last_line_is_kept(tmp_path: Path) -> None:
    """0, 125, anything else; a command that is not there cannot be run."""
    commands = {
        "echo fine": RunOutcome.GOOD, "echo x; echo no build; exit 125": RunOutcome.SKIP, "echo oops >&2; exit 3": RunOutcome.BAD,
    }  # fmt: skip
    ran = [by_status("a", ("sh", "-c", one), 20, (), tmp_path) for one in commands]

    assert [*commands.values()] == [one.outcome for one in ran]
    assert ["fine", "no build", "oops"] == [one.said for one in ran]
    assert "ended after" in by_status("a", ("sleep", "9"), 0.1, (), tmp_path).said
    for command in (("no-such-command",), ("sh", "-c", "no-such-command")):
        with pytest.raises(CannotRunError, match="no-such-command"):
            by_status("a", command, 20, (), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("function", ["place", ""])
def test_a_skeleton_that_is_not_filled_in_is_no_test(tmp_path: Path, function: str) -> None:
    """It fails wherever it is run, here with the recorded error; completed, its status decides."""
    place = FailingPlace("python", "/app/orders.py", 1, function, "", "", "KeyError", "", "orders")
    name, text = skeleton(place, "payload.json", CapturedRequest("POST", "/orders", body="{}")) or ("", "")
    (tmp_path / "payload.json").write_text("{}")
    (tmp_path / "orders.py").write_text("def place(order): return order['zip']\n")
    (tmp_path / name).write_text(text)
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name)
    with pytest.raises(UsageError, match="skeleton of lastgood reproduce that is not filled in"):
        by_status("a", command, 60, (), tmp_path)
    whole = [line for line in text.splitlines() if UNFILLED not in line]
    (tmp_path / name).write_text("\n".join([*whole, "    module().place(payload)", ""]))

    assert RunOutcome.BAD is by_status("a", command, 60, (), tmp_path).outcome
    (tmp_path / "orders.py").write_text("def place(order): return order.get('zip')\n")
    assert RunOutcome.GOOD is by_status("a", command, 60, (), tmp_path).outcome


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        (["204"], RunOutcome.GOOD),
        (["302"], RunOutcome.GOOD),
        (["404"], RunOutcome.BAD),
        (["503", "503", "200"], RunOutcome.GOOD),
    ],
)
def test_the_answer_decides(tmp_path: Path, statuses: list[str], outcome: RunOutcome) -> None:
    """One that is not ready yet is waited for."""
    port = free_port()
    found = by_address(
        "a",
        (sys.executable, "-c", SERVES, str(port), *statuses),
        f"http://127.0.0.1:{port}/",
        20,
        (),
        tmp_path,
    )

    assert (outcome, f"http://127.0.0.1:{port}/ answers {statuses[-1]}") == (found.outcome, found.said)


HANGS = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
held = [server.accept() for _ in range(2)]
time.sleep(60)
"""


@pytest.mark.slow
def test_an_answer_that_does_not_come_in_time_is_not_waited_for(tmp_path: Path) -> None:
    """The limit of a run holds for the answer in flight as well."""
    port = free_port()
    command = (sys.executable, "-c", HANGS, str(port))
    found = by_address("a", command, f"http://127.0.0.1:{port}/", 1.0, (), tmp_path)

    assert RunOutcome.SKIP == found.outcome
    assert found.seconds < 4


@pytest.mark.slow
def test_a_server_that_does_not_come_up_is_skipped(tmp_path: Path) -> None:
    """It ends, with its last line; it does not listen in time; one that is never ready is bad."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"

    assert (RunOutcome.SKIP, "no build") == outcome_of(tmp_path, ("sh", "-c", "echo no build; exit 1"), url)
    assert (RunOutcome.SKIP, f"{url} did not answer in time") == outcome_of(tmp_path, ("sleep", "20"), url)
    never = (sys.executable, "-c", SERVES, str(port), *["503"] * 100)
    assert (RunOutcome.BAD, f"{url} still answers 503") == outcome_of(tmp_path, never, url, 2)


def outcome_of(
    folder: Path, command: tuple[str, ...], url: str, seconds: float = 0.5
) -> tuple[RunOutcome, str]:
    """The outcome of a run, and what it said."""
    found = by_address("a", command, url, seconds, (), folder)
    return found.outcome, found.said


def test_what_is_there_already_is_not_taken_for_the_commit(tmp_path: Path) -> None:
    """Each commit would be answered alike. An address that is none is refused; so is a command that is none."""
    with site(says(OK)) as port, pytest.raises(UsageError, match="already answers"):
        by_address("a", ("true",), f"http://127.0.0.1:{port}/", 5, (), tmp_path)
    for url in ("ftp://localhost/", "http://a:b:c/", "localhost"):
        with pytest.raises(UsageError, match="address"):
            by_address("a", ("true",), url, 5, (), tmp_path)
    with pytest.raises(CannotRunError):
        by_address("a", ("no-such-command",), f"http://127.0.0.1:{free_port()}/", 5, (), tmp_path)


@pytest.mark.slow
def test_what_a_run_left_running_is_gone_at_the_next(tmp_path: Path) -> None:
    """A server that is left would answer for the next commit."""
    left = "sleep 60 >/dev/null 2>&1 & echo $!"
    said = by_status("a", ("sh", "-c", left), 20, (), tmp_path).said

    for _ in range(100):
        state = Path(f"/proc/{said}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("it runs on")
