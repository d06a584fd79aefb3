"""Repair: a store that does not open opens again, with every row that can be read."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lastgood.errors import NoDataError, StoreBrokenError
from lastgood.telemetry.repair import repair

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]

FILL = """
import sys
from lastgood.telemetry.engine import open_engine
from lastgood.telemetry.writer import create_tables
from lastgood.workbench.store import Store
from telemetry.rows import put_lines
with open_engine("chdb://" + sys.argv[1]) as engine:
    create_tables(engine, daily=len(sys.argv) > 2)
    put_lines(Store(engine), 1000)
    put_lines(Store(engine), 500, "web")
"""
COUNT = """
import sys, json
from lastgood.telemetry.engine import open_engine
with open_engine("chdb://" + sys.argv[1]) as engine:
    print(json.dumps(engine.query("SELECT count() AS n FROM lastgood.otel_logs").rows[0]["n"]))
"""

REPAIR = """
import sys, json
from pathlib import Path
from lastgood.telemetry.repair import repair
repaired = repair(Path(sys.argv[1]))
kept = repaired.kept is not None and repaired.kept.is_dir()
print(json.dumps([len(repaired.changed), kept, repaired.detached_parts]))
"""


def run(code: str, path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own: this one may have another store open."""
    return subprocess.run(
        [sys.executable, "-c", code, str(path), *more],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent / 'src'}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with 1,500 lines in two parts."""
    path = tmp_path_factory.mktemp("sound") / "store"
    done = run(FILL, path)
    assert 0 == done.returncode, done.stderr
    return path


def empty_table_definition(store: Path) -> None:
    """As a power cut leaves a file that was not synced."""
    next(store.glob("engine/store/*/*/otel_logs.sql")).write_text("")


def garbage_table_definition(store: Path) -> None:
    """As a failing disk leaves it."""
    next(store.glob("engine/store/*/*/lg_calls.sql")).write_text("ATTACH TABLE _ UU")


def empty_database_definition(store: Path) -> None:
    """The database's own."""
    (store / "engine" / "metadata" / "lastgood.sql").write_text("")


def intolerant_table(store: Path) -> None:
    """A table without our limits, with more broken parts than the engine's defaults bear."""
    definition = next(store.glob("engine/store/*/*/otel_logs.sql"))
    text = definition.read_text().replace(
        "max_suspicious_broken_parts = 1000000", "max_suspicious_broken_parts = 0"
    )
    definition.write_text(text.replace("max_suspicious_broken_parts = 0, ", ""))
    part = next(store.glob("engine/store/*/*/202611_1_1_0"))
    for number in range(10, 130):
        broken = part.with_name(f"202611_{number}_{number}_0")
        broken.mkdir()
        (broken / "checksums.txt").write_text("")


@pytest.mark.parametrize(
    "damage",
    [empty_table_definition, garbage_table_definition, empty_database_definition, intolerant_table],
)
def test_a_damaged_store_opens_again_with_its_rows(
    sound: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """What was changed is kept beside it."""
    store = tmp_path / "store"
    shutil.copytree(sound, store, symlinks=True)
    damage(store)
    broken = run(COUNT, store)
    assert StoreBrokenError.__name__ in broken.stderr
    assert "does not open" in broken.stderr

    changed, kept, _ = json.loads(run(REPAIR, store).stdout)

    assert (1, True) == (changed, kept)
    assert 1500 == json.loads(run(COUNT, store).stdout)


def test_a_store_that_is_divided_by_days_is_mended_as_such(tmp_path: Path) -> None:
    """Its definition must fit the parts that are there."""
    store = tmp_path / "store"
    assert 0 == run(FILL, store, "daily").returncode
    assert list(store.glob("engine/store/*/*/202611??_1_1_0"))
    empty_table_definition(store)

    assert [1, True, 0] == json.loads(run(REPAIR, store).stdout)
    assert 1500 == json.loads(run(COUNT, store).stdout)


def test_a_broken_part_is_set_aside_and_the_rest_stays(sound: Path, tmp_path: Path) -> None:
    """The engine opens with our limits; the repair says how many parts it left out."""
    store = tmp_path / "store"
    shutil.copytree(sound, store, symlinks=True)
    for file in next(store.glob("engine/store/*/*/202611_2_2_0")).iterdir():
        file.write_bytes(b"")
    assert 1000 == json.loads(run(COUNT, store).stdout)
    assert [0, False, 1] == json.loads(run(REPAIR, store).stdout)


def test_a_wrong_option_is_no_damage(sound: Path) -> None:
    """It is the address that must be mended, not the store."""
    code = "import sys; from lastgood.telemetry.engine import open_engine; open_engine(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, f"chdb://{sound}?max_threads=many"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "UsageError: The engine refuses an option of the store's address" in done.stderr


def test_a_folder_without_a_store_is_said_to_have_none(tmp_path: Path) -> None:
    """And nothing is made in it."""
    with pytest.raises(NoDataError):
        repair(tmp_path)
    assert [] == list(tmp_path.iterdir())
