"""Each file under a path is found once, whatever its names, and links lead out only if asked."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lastgood.decoding.input import Claim, Input
from lastgood.errors import NoDataError
from lastgood.intake import _registry
from lastgood.intake._registry import Source
from lastgood.model.loading import Aside
from lastgood.workbench.inputs import discover


def test_a_folder_gives_its_files_in_order_and_not_the_hidden_ones(tmp_path: Path) -> None:
    """Whatever lies deeper included."""
    (tmp_path / "b").mkdir()
    for name in ("c.log", "b/a.log", ".hidden"):
        (tmp_path / name).write_text("x")

    assert ["b/a.log", "c.log"] == [
        str(given.path.relative_to(tmp_path)) for given in discover([tmp_path], tmp_path) if given.path
    ]


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


def names(paths: list[Path], spool: Path, *, follow: bool = False) -> dict[str, str]:
    """The last part of each input's name, with why it is not read."""
    return {Path(g.name).name: g.problem for g in discover(paths, spool, follow=follow)}


def test_links_that_lead_around_end(tmp_path: Path) -> None:
    """One file is one input, though the folder is in itself twice."""
    folder = tmp_path / "d"
    (folder / "deep").mkdir(parents=True)
    (folder / "x.log").write_text("x")
    (folder / "loop").symlink_to(".")
    (folder / "deep" / "up").symlink_to("..")

    found = list(discover([folder], tmp_path))

    assert [folder / "x.log"] == [given.path for given in found if not given.problem]
    assert [f"same folder as {folder}"] * 2 == [given.problem for given in found if given.problem]


def test_a_file_counts_once_whatever_its_names(tmp_path: Path) -> None:
    """A link, a hard link, and a file named beside its folder are the same file, which is no fault."""
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.log").write_text("x")
    (folder / "b.log").symlink_to("a.log")
    (folder / "c.log").hardlink_to(folder / "a.log")

    found = list(discover([folder, folder / "a.log"], tmp_path))

    assert [Aside.SAME] * 3 == [given.aside for given in found if given.problem]
    assert {f"same file as {folder / 'a.log'}"} == {given.problem for given in found if given.problem}
    assert [folder / "a.log"] == [given.path for given in found if not given.problem]


def test_a_link_out_of_the_folder_is_followed_only_if_asked(tmp_path: Path) -> None:
    """It is named; so is a linked folder. A link named on the command line is followed."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "o.log").write_text("x")
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "file.log").symlink_to(tmp_path / "out" / "o.log")
    (folder / "linked").symlink_to(tmp_path / "out")

    reported = names([folder], tmp_path)
    assert ["file.log", "linked"] == list(reported)
    assert all("a link that leads out, to" in problem for problem in reported.values())
    followed = names([folder], tmp_path, follow=True)
    assert {"file.log": f"same file as {folder / 'linked' / 'o.log'}", "o.log": ""} == followed
    assert {"o.log": ""} == names([folder / "linked"], tmp_path)
    assert {"file.log": f"same file as {tmp_path / 'out' / 'o.log'}", "o.log": ""} == {
        name: problem
        for name, problem in names([folder, tmp_path / "out"], tmp_path).items()
        if name != "linked"
    }


def test_of_the_names_of_a_container_log_the_one_that_says_whose_it_is_stays(tmp_path: Path) -> None:
    """Kubernetes links its long names to files that are called 0.log."""
    pod = tmp_path / "log" / "pods" / "cart" / "main"
    pod.mkdir(parents=True)
    (pod / "0.log").write_text("x")
    containers = tmp_path / "log" / "containers"
    containers.mkdir()
    name = f"cart-7f9c6d9f5b-x2x2l_shop_main-{'0a' * 32}.log"
    (containers / name).symlink_to(pod / "0.log")

    assert {name: "", "0.log": f"same file as {containers / name}"} == names([tmp_path / "log"], tmp_path)


def test_what_a_hidden_folder_holds_is_read_where_a_link_leads_to_it(tmp_path: Path) -> None:
    """As in mounted ConfigMaps."""
    (tmp_path / "d" / "..data").mkdir(parents=True)
    (tmp_path / "d" / "..data" / "crontab").write_text("x")
    (tmp_path / "d" / "crontab").symlink_to("..data/crontab")

    assert {"crontab": ""} == names([tmp_path / "d"], tmp_path)


@pytest.mark.slow
def test_a_tree_deeper_than_the_stack_is_walked(tmp_path: Path) -> None:
    """Its only file is found."""
    deep = tmp_path / "d" / Path(*"d" * 400)
    deep.mkdir(parents=True)
    (deep / "x.log").write_text("x")
    names([tmp_path / "d" / "d"], tmp_path)  # whatever is imported on the way needs more stack
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    try:
        found = list(discover([tmp_path], tmp_path))
    finally:
        sys.setrecursionlimit(limit)

    assert [deep / "x.log"] == [given.path for given in found]


def test_a_name_that_is_no_text_is_shown_as_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 become U+FFFD; the file is read."""
    (tmp_path / os.fsdecode(b"caf\xe9.log")).write_text("x")

    (given,) = discover([tmp_path], tmp_path)
    assert ("caf\ufffd.log", b"x") == (Path(given.name).name, given.head)


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
