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
    """No trouble is not reported because there is nothing to read."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        asked(tmp_path, tmp_path / "gone.log")

    assert "NoDataError: There is no" in caught.value.stderr
    assert "gone.log" in caught.value.stderr


ASK_IMPORTED = """
import sys
from pathlib import Path
from lastgood.workbench.case_file import exported, imported
from lastgood.workbench.room import enter
from lastgood.workbench.sources import telemetry
from records import START, ticking
from rooms import config_in, room_in
folder, trusted = Path(sys.argv[1]), sys.argv[2] == "trusted"
(folder / "from").mkdir()
with room_in(folder / "from", "x", folder / "app.log") as room:
    exported(room, folder / "case.zip", "")
imported(config_in(folder), ticking(), folder / "case.zip")
with enter(config_in(folder), ticking(), actor="lee", now=START) as room:
    with telemetry(room, config_in(folder), trust_case=trusted) as (store, loaded):
        print(loaded.rows)
"""


@pytest.mark.slow
@pytest.mark.parametrize("trusted", [True, False])
def test_files_that_an_imported_case_names_are_read_only_when_it_is_trusted(
    tmp_path: Path, *, trusted: bool
) -> None:
    """A case from elsewhere could name any file of this machine."""
    (tmp_path / "app.log").write_text("2026-11-22T14:45:00Z ERROR pay refused\n")
    done = subprocess.run(
        [sys.executable, "-c", ASK_IMPORTED, str(tmp_path), "trusted" if trusted else ""],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{Path(__file__).parents[1]}:{Path(__file__).parents[2] / 'src'}"},
    )

    assert (0 if trusted else 1) == done.returncode, done.stderr
    assert trusted or "UntrustedCaseError: Incident 1 was imported. A list of files to read" in done.stderr
