"""The demo's files: the same on every run, small, understood to the last line, and answered truthfully."""

from hashlib import blake2b
from pathlib import Path

import pytest
from examples.shop.demo import INCIDENT, generate

from lastgood.model.loading import LoadReport
from lastgood.workbench.investigate import investigate
from lastgood.workbench.load import load
from lastgood.workbench.store import Store
from scenario_language.expectations import failures
from scenario_language.grammar import parse

pytestmark = pytest.mark.slow
SCENARIO = parse(INCIDENT)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make demo` triages."""
    folder = tmp_path_factory.mktemp("demo") / "shop"
    generate(folder)
    return folder


def loaded(store: Store, shop: Path) -> LoadReport:
    """The account of loading it."""
    return load(
        store, [shop], now=SCENARIO.whole.end, zone=SCENARIO.whole.start.tzinfo or pytest.fail("no zone")
    )


def digests(folder: Path) -> dict[str, str]:
    """What is in every file that is not git's own."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(folder)): blake2b(path.read_bytes()).hexdigest() for path in files}


def test_the_same_files_every_time(shop: Path, tmp_path: Path) -> None:
    """To the byte, and at most 20 MB of them."""
    generate(tmp_path / "again")

    assert digests(shop) == digests(tmp_path / "again")
    assert sum(path.stat().st_size for path in shop.rglob("*") if path.is_file()) <= 20 * 10**6


def test_every_file_is_understood(store: Store, shop: Path) -> None:
    """Every file has its source, the repository as a whole, and no line is rejected."""
    report = loaded(store, shop)

    assert [] == [(i.name, i.first_rejects) for i in report.inputs if i.rejects]
    assert [] == [i.name for i in report.inputs if not i.source]


def test_the_answer_is_the_true_one(store: Store, shop: Path) -> None:
    """What the scenario expects, from its files."""
    loaded(store, shop)

    _, findings = investigate(store, now=SCENARIO.whole.end)

    assert [] == list(failures(SCENARIO, findings))
