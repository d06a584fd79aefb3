"""The telemetry that an incident is about: its files, read anew, or the kept store."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# A process can have one embedded store open, and this one's tests have theirs.
ASK = """
import json, sys
from pathlib import Path
from lastgood.workbench.sources import telemetry
from rooms import config_in, room_in
folder = Path(sys.argv[1])
with room_in(folder, "x", *map(Path, sys.argv[2:])) as room, telemetry(room, config_in(folder)) as (store, loaded):
    print(json.dumps([loaded and len(loaded.inputs), sorted(store.survey()[0].signals)]))
"""


def asked(folder: Path, *inputs: Path) -> object:
    """How many inputs were loaded, and which signals are there."""
    command = [sys.executable, "-c", ASK, str(folder), *map(str, inputs)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_files_are_read_anew_and_none_mean_the_kept_store(tmp_path: Path) -> None:
    """The kept one is empty here."""
    (tmp_path / "app.log").write_text("2026-11-22T14:45:00Z ERROR pay refused\n")

    assert [1, ["logs"]] == asked(tmp_path, tmp_path / "app.log")
    assert [None, []] == asked(tmp_path)


@pytest.mark.slow
def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    """Nobody is told of no trouble because there is nothing to read."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        asked(tmp_path, tmp_path / "gone.log")

    assert "NoDataError: There is no" in caught.value.stderr
    assert "gone.log" in caught.value.stderr
