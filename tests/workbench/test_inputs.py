"""Inputs: files, folders, pipes, and what cannot be read."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from lastgood.errors import NoDataError
from lastgood.intake import _registry
from lastgood.intake._registry import Claim, Input, Source
from lastgood.workbench.inputs import discover


def test_a_folder_gives_its_files_in_order_and_not_the_hidden_ones(tmp_path: Path) -> None:
    """Whatever lies deeper included."""
    (tmp_path / "b").mkdir()
    for name in ("c.log", "b/a.log", ".hidden"):
        (tmp_path / name).write_text("x")

    assert ["b/a.log", "c.log"] == [
        str(given.path.relative_to(tmp_path)) for given in discover([tmp_path], tmp_path) if given.path
    ]


def test_a_pipe_is_put_down_so_that_it_can_be_read_twice(tmp_path: Path) -> None:
    """As in `lastgood triage <(kubectl logs …)`."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("2026-11-22T14:41:00Z x\n",))
    writer.start()
    (given,) = discover([pipe], tmp_path)
    writer.join()

    with given.open() as stream:
        assert b"2026-11-22T14:41:00Z x\n" == given.head == stream.read()


def test_a_link_that_leads_nowhere_is_an_input_with_a_problem(tmp_path: Path) -> None:
    """Its neighbours are not lost for it; named by itself it is an error."""
    (tmp_path / "gone.log").symlink_to(tmp_path / "nothing")
    (tmp_path / "here.log").write_text("x")

    gone, here = discover([tmp_path], tmp_path)
    assert "leads nowhere" in gone.problem
    assert "" == here.problem
    with pytest.raises(NoDataError):
        list(discover([tmp_path / "gone.log"], tmp_path))


def test_a_repository_beside_telemetry_is_read_whole(tmp_path: Path) -> None:
    """Its tracked files are source, and no telemetry; what is not tracked is looked at."""
    repository = tmp_path / "incident" / "payments"
    repository.mkdir(parents=True)
    for name in ("fixture.log", "new.log"):
        (repository / name).write_text("2026-11-22T14:00:00Z error x\n")
    for arguments in (["init", "-q"], ["add", "fixture.log"]):
        subprocess.run(["git", *arguments], cwd=repository, check=True)
    assert ["payments", "new.log"] == [Path(g.name).name for g in discover([tmp_path / "incident"], tmp_path)]
    assert ["payments", "fixture.log", "new.log"] == [
        Path(g.name).name for g in discover([repository], tmp_path)
    ]


def test_a_folder_that_no_source_can_judge_still_gives_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is that of the folder alone."""

    def recognise(_: Input) -> Claim | None:
        raise RuntimeError("no one expected this")

    broken = Source("broken", frozenset(), recognise, lambda *_: iter(()), folders=True)
    every = (*_registry.sources(), broken)
    monkeypatch.setattr(_registry, "sources", lambda: every)
    (tmp_path / "a.log").write_text("x")

    folder, file = discover([tmp_path], tmp_path)

    assert "a fault of Lastgood: RuntimeError: no one expected this" == folder.problem
    assert (tmp_path / "a.log", "") == (file.path, file.problem)
