"""The locks agree with pyproject.toml, and every package in them is pinned by its hash."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("runtime", "dev", "bootstrap")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]


def locked(lock: str) -> dict[str, str]:
    """Versions by name."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def name_of(requirement: str) -> str:
    """The normalised name in a requirement."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


@pytest.mark.parametrize(("lock", "wanted"), [("runtime", RUNTIME), ("dev", RUNTIME + DEV)])
def test_every_dependency_is_locked(lock: str, wanted: list[str]) -> None:
    """A name in pyproject.toml without one in the lock: `make lock` was forgotten."""
    assert set() == {name_of(requirement) for requirement in wanted} - set(locked(lock))


@pytest.mark.parametrize("requirement", [r for r in RUNTIME + DEV if "==" in r])
def test_exact_versions_are_the_locked_ones(requirement: str) -> None:
    """What pyproject.toml pins is what is installed."""
    assert requirement.split("==")[1] == locked("dev")[name_of(requirement)]


def test_runtime_and_development_agree() -> None:
    """Tests run against the versions that people install."""
    dev = locked("dev")

    assert {} == {name: version for name, version in locked("runtime").items() if dev[name] != version}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_its_hashes(lock: str) -> None:
    """One `--hash` at least after every name."""
    blocks = re.split(
        r"^(?=[a-z0-9])", (ROOT / "requirements" / f"{lock}.lock").read_text(), flags=re.MULTILINE
    )

    assert [] == [block.split()[0] for block in blocks[1:] if "--hash=sha256:" not in block]
