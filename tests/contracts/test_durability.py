"""What the store promises when things end badly: nothing acknowledged is lost, and leaving never crashes."""

import fcntl
import json
import multiprocessing
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(TESTS)}

WRITE = """
import sys
from lastgood.telemetry.engine import open_engine
from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import create_tables
from telemetry.rows import START, times
batch, origin = 1000, sys.argv[2]
with open_engine("chdb://" + sys.argv[1]) as engine:
    create_tables(engine)
    serial = 0
    while True:
        body = f"{origin}/{serial}"
        rows = LOGS.rows({"Timestamp": times([START] * batch), "Body": [body] * batch})
        engine.insert("otel_logs", rows, token=body).result()
        print(body, flush=True)
        serial += 1
"""
COUNT = """
import json, sys
from lastgood.telemetry.engine import open_engine
with open_engine("chdb://" + sys.argv[1]) as engine:
    rows = engine.query("SELECT Body, count() AS n FROM lastgood.otel_logs GROUP BY Body").rows
print(json.dumps({row["Body"]: row["n"] for row in rows}))
"""
LEAVE = """
import signal, sys, threading
from lastgood.telemetry.engine import open_engine
from lastgood.errors import LastgoodError
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background
ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))"
def ask():
    try:
        engine.query(ENDLESS)
    except LastgoodError:
        pass
try:
    with open_engine("chdb://" + sys.argv[1]) as engine:
        others = [threading.Thread(target=ask) for _ in range(2)]
        for other in others:
            other.start()
        threading.Timer(0.5, lambda: print("running", flush=True)).start()
        if sys.argv[2] == "close":
            import time
            time.sleep(1)
        else:
            engine.query(ENDLESS)
except KeyboardInterrupt:
    sys.exit(130)
"""


def started(code: str, *arguments: str) -> "subprocess.Popen[str]":
    """A program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored(store: Path) -> dict[str, int]:
    """Rows by batch, after opening it again."""
    counting = started(COUNT, str(store))
    out, errors = counting.communicate(timeout=300)
    assert 0 == counting.returncode, errors
    found: dict[str, int] = json.loads(out)
    return found


def acknowledged(writer: "subprocess.Popen[str]", seconds: float) -> list[str]:
    """What a writer said was stored before it was killed; it was alive and had said something."""
    assert writer.stdout is not None
    first = writer.stdout.readline().strip()
    time.sleep(seconds)
    assert writer.poll() is None, "the writer must be alive when it is killed"
    writer.kill()
    said = [first, *writer.stdout.read().split()]
    writer.communicate()
    assert first
    return said


def test_nothing_acknowledged_is_lost_by_kill(tmp_path: Path) -> None:
    """Eight kills of a writer at full speed: every batch is there, whole, and once."""
    said: list[str] = []
    for number in range(8):
        said += acknowledged(started(WRITE, str(tmp_path), str(number)), 0.3 + number * 0.1)
        found = stored(tmp_path)
        assert [] == [batch for batch in said if batch not in found]
        assert {1000} == set(found.values())
    assert len(said) > 8


@pytest.mark.parametrize(
    ("how", "sent", "status"),
    [("close", None, 0), ("interrupt", signal.SIGINT, 130), ("terminate", signal.SIGTERM, 143)],
)
def test_leaving_under_load_is_clean(
    tmp_path: Path, how: str, sent: signal.Signals | None, status: int
) -> None:
    """With three endless queries in flight."""
    leaving = started(LEAVE, str(tmp_path), how)
    try:
        assert leaving.stdout is not None
        assert "running\n" == leaving.stdout.readline()
        if sent is not None:
            leaving.send_signal(sent)
        _, errors = leaving.communicate(timeout=300)
    finally:
        leaving.kill()  # nothing endless is left behind
    assert status == leaving.returncode, errors


def test_a_spawned_pool_works_beside_an_open_store(store: object) -> None:
    """Forked ones would hang: the engine's threads are not in the child."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert [0, 1, 2] == pool.map_async(abs, [0, -1, -2]).get(timeout=300)


# linux/fs/ext4/ext4.h: everything fails from now on, and nothing more is written, not even the journal.
EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    """A file system in a file, mounted."""
    subprocess.run(["mount", "-o", "loop", str(image), str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def volume(folder: Path, megabytes: int) -> tuple[Path, Path]:
    """A new file system in a file, and a folder to mount it on."""
    image, place = folder / "image", folder / "volume"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes * 1_000_000)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    return image, place


def cut_power(place: Path) -> None:
    """Only what the kernel had written to the device survives."""
    root = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(root, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
    finally:
        os.close(root)


def mountable() -> bool:
    """Whether this machine lets us mount a file: root, with loop devices."""
    return os.geteuid() == 0 and Path("/dev/loop0").exists() and shutil.which("mkfs.ext4") is not None


if mountable():  # elsewhere the settings that this proves are asserted on every table: test_tables

    def test_nothing_acknowledged_is_lost_by_a_power_cut(tmp_path: Path) -> None:
        """The file system goes down under a writer at full speed; what it said is there when it is mounted again."""
        image, place = volume(tmp_path, 1500)
        with mounted(image, place):
            writer = started(WRITE, str(place / "store"), "0")
            assert writer.stdout is not None
            said = [writer.stdout.readline().strip() for _ in range(40)]
            assert writer.poll() is None
            cut_power(place)
            writer.kill()
            said += writer.communicate()[0].split()
        with mounted(image, place):
            found = stored(place / "store")
        assert [] == [batch for batch in said if batch not in found]

    def test_a_full_disk_fails_cleanly_and_keeps_what_was_said(tmp_path: Path) -> None:
        """The insert fails with its reason; everything acknowledged can be read."""
        image, place = volume(tmp_path, 120)
        with mounted(image, place):
            (place / "ballast").write_bytes(b"x" * 90_000_000)
            writer = started(WRITE, str(place / "store"), "0")
            out, errors = writer.communicate(timeout=300)
            assert "QueryFailedError" in errors
            said = out.split()
            assert said
            (place / "ballast").unlink()
            found = stored(place / "store")
            assert [] == [batch for batch in said if batch not in found]
