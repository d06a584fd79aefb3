"""The embedded store: one owner, limits of its own, and reading that survives a shrinking file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lastgood.errors import CannotRunError, StoreLockedError
from lastgood.telemetry.embedded import own
from lastgood.telemetry.engine import Engine

HOLD = """
import sys
from pathlib import Path
from lastgood.telemetry.embedded import own
held = own(Path(sys.argv[1]))
print("mine", flush=True)
sys.stdin.read()
"""

HINT = """
import sys
from pathlib import Path
from lastgood.errors import StoreLockedError
from lastgood.telemetry.embedded import own
try:
    own(Path(sys.argv[1]))
except StoreLockedError as problem:
    print(problem.hint)
"""

LIMITS = """
import json, sys
from lastgood.telemetry.engine import open_engine
with open_engine(f"chdb://{sys.argv[1]}") as engine:
    rows = engine.query(
        "SELECT name, value FROM system.server_settings WHERE name IN "
        "('max_server_memory_usage', 'mark_cache_size', 'background_pool_size', 'uncompressed_cache_size')"
    ).rows
    print(json.dumps({row["name"]: row["value"] for row in rows}))
"""


PLAN = """
import sys
from lastgood.telemetry.engine import open_engine
with open_engine(f"chdb://{sys.argv[1]}") as engine:
    plan = engine.query("EXPLAIN PIPELINE SELECT sum(number) FROM numbers_mt(100000000)", settings={"max_threads": 2})
    print("\\n".join(line for row in plan.rows for line in row.values()))
"""


@pytest.mark.slow
def test_a_second_process_is_reported_who_owns_the_store(tmp_path: Path) -> None:
    """By number; when the owner ends, however it ends, the store is free."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert b"mine\n" == owner.stdout.readline()
        with pytest.raises(StoreLockedError, match=f"in use by process {owner.pid} "):
            lock(tmp_path)
        owner.kill()
        owner.wait()
    lock(tmp_path)


def test_where_the_owner_has_pages_the_error_leads_there(tmp_path: Path) -> None:
    """While a server runs, what a command would read is on its pages."""
    hold = HOLD.replace("print(", 'held.announce("http://127.0.0.1:8080"); print(')
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert b"mine\n" == owner.stdout.readline()
        done = subprocess.run(
            [sys.executable, "-c", HINT, str(tmp_path)], capture_output=True, text=True, check=True
        )
        assert "Open its pages: http://127.0.0.1:8080\nOr ask a server: " in done.stdout
        owner.kill()
        owner.wait()


def lock(path: Path) -> None:
    """Own a folder and let it go, in a process of its own: this one has a store open already."""
    code = "import sys; from pathlib import Path; from lastgood.telemetry.embedded import own; own(Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    if "StoreLockedError" in done.stderr:
        raise StoreLockedError(done.stderr.splitlines()[-1])
    assert 0 == done.returncode, done.stderr


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    """A file is in the way."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRunError, match="cannot be used"):
        own(tmp_path / "file" / "store")


@pytest.mark.slow
def test_the_engine_has_its_limits(tmp_path: Path) -> None:
    """Without them it takes nine tenths of the memory. In a process of its own: this one's engine is configured otherwise."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITS, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert {
        "background_pool_size": "2",
        "mark_cache_size": "64000000",
        "max_server_memory_usage": "1800000000",
        "uncompressed_cache_size": "700000000",
    } == json.loads(done.stdout)


@pytest.mark.slow
def test_a_query_runs_on_as_many_threads_as_it_may(tmp_path: Path) -> None:
    """Under a limit of memory like ours the engine would run each on one. In a process of its own, like the limits."""
    done = subprocess.run(
        [sys.executable, "-c", PLAN, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "AggregatingTransform" in done.stdout
    assert " 2\n" in done.stdout.split("AggregatingTransform")[1]


def test_what_was_unpacked_once_is_kept(engine: Engine) -> None:
    """Also of tables with more rows than the engine keeps by itself."""
    asked = "SELECT getSetting('use_uncompressed_cache') AS kept, getSetting('merge_tree_max_rows_to_use_cache') AS rows"
    assert [{"kept": True, "rows": 1_000_000_000}] == engine.query(asked).rows


def test_files_are_read_not_mapped(engine: Engine) -> None:
    """A log that is truncated while it is mapped hangs the process."""
    assert [{"method": "pread"}] == engine.query(
        "SELECT getSetting('storage_file_read_method') AS method"
    ).rows
