"""`lastgood demo`: the shop is found in a checkout and in a wheel, and started as a program of its own."""

import os
import subprocess
from pathlib import Path

import pytest

from lastgood.errors import CannotRunError
from lastgood.workbench import demo as module
from lastgood.workbench.demo import demo

ROOT = Path(__file__).parents[2]


def test_a_checkout_has_the_shop_and_the_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before what PYTHONPATH says; nothing of the working directory."""
    monkeypatch.setenv("PYTHONPATH", "/own")

    found = demo("faults")

    assert f"{ROOT}:{ROOT / 'kit' / 'src'}:/own" == found.environment["PYTHONPATH"]
    assert ("-P", "-m", "examples.shop.live", "faults") == found.command[1:]


def test_without_the_shop_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an installation that left it out."""
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "site-packages" / "lastgood")

    with pytest.raises(CannotRunError, match="not installed"):
        demo("faults", shipped=tmp_path / "nothing")


def test_without_git_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is started."""
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(CannotRunError, match="needs git"):
        demo("faults")


@pytest.mark.slow
def test_a_wheel_has_all_that_the_shop_needs(tmp_path: Path) -> None:
    """What is in it starts from there alone, in a folder of another service who has `examples` too."""
    from zipfile import ZipFile  # noqa: PLC0415

    from hatchling.builders.wheel import WheelBuilder  # noqa: PLC0415 - only here

    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    ZipFile(built).extractall(tmp_path / "site")
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    program = demo("faults", shipped=tmp_path / "site" / "lastgood" / "shop")
    alone = {**program.environment, "PYTHONPATH": program.environment["PYTHONPATH"].split(os.pathsep)[0]}
    done = subprocess.run(
        program.command, env=alone, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert "bad-deploy" in done.stdout
