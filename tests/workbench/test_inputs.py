"""What a person names: folders, files, pipes and devices."""

import os
import threading
from pathlib import Path

import pytest

from lastgood.decoding.text.whose import whose
from lastgood.workbench.inputs import discover


def test_a_folder_that_was_named_says_nothing_about_its_files(tmp_path: Path) -> None:
    """Nor does the one of files that were named; folders that tell files apart do."""
    for name in ("mine/access.log", "mine/checkout/access.log", "shop/access.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    mine, shop = (tmp_path / name for name in ("mine", "shop"))

    def services(*paths: Path) -> list[str]:
        return [whose(given.telling)[0] for given in discover(paths, tmp_path)]

    assert ["", "checkout"] == services(mine)
    assert ["", "checkout", ""] == services(mine, shop)
    assert [""] == services(mine / "access.log")
    assert ["mine", "shop"] == services(mine / "access.log", shop / "access.log")


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


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_that_never_ends_is_refused(tmp_path: Path, device: str) -> None:
    """Nothing of it is read; what is empty is an empty input."""
    (refused,) = discover([Path(device)], tmp_path)
    (empty,) = discover([Path(os.devnull)], tmp_path)

    assert "it is a device: not read" == refused.problem
    assert ("", b"") == (empty.problem, empty.head)
