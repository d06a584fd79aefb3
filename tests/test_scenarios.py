"""Incidents as readable text: each is made, asked about, and answered as a truthful tool must answer.

`scenarios/unmet` names those that are not answered right yet, each with what is said instead. One that is
answered right has to leave the list, so the list is always what is really open.
"""

import re
from pathlib import Path

import pytest

from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.card import card_of
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.store import Store
from scenario_language.asking import asked, unmet
from scenario_language.expectations import failures
from scenario_language.generated import write

FOLDER = Path(__file__).with_name("scenarios")
SCENARIOS = sorted(FOLDER.rglob("*.txt"))
SEEDS = range(1, 13)
UNMET = dict(line.split(": ", 1) for line in (FOLDER / "unmet").read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(store: Store, path: Path) -> None:
    """Every expectation of the file holds, unless the file is known to be answered wrong, and it still is."""
    scenario, sitrep = asked(store, path)
    reported(path.stem, list(map(str, failures(scenario, sitrep.findings))))
    if path in CARDS:
        assert [] == long_sentences(sitrep)


@pytest.mark.parametrize("seed", SEEDS)
def test_scenario_of_a_seed(store: Store, tmp_path: Path, seed: int) -> None:
    """The same of worlds that no one has chosen."""
    path = write(tmp_path, seed)
    reported(path.stem, list(map(str, unmet(store, path))))


@pytest.mark.parametrize("name", ["one_card_issuer", "deploy_breaks_checkout", "one_unlucky_user"])
def test_users_who_are_named_by_their_address(store: Store, tmp_path: Path, name: str) -> None:
    """The same answers, though the store has tokens in place of addresses: users are still distinguished and counted."""
    path = tmp_path / f"{name}.txt"
    path.write_text(
        re.sub(r"(\{user:\d+\})", r"\1@shop.example", (FOLDER / path.name).read_text("utf-8")), "utf-8"
    )
    found = list(map(str, unmet(store, path)))
    users = store.engine.query(
        "SELECT countIf(SpanAttributes['user.id'] LIKE '%@%') AS shown, countIf(SpanAttributes['user.id'] LIKE 'email:%') AS tokens "
        f"FROM {store.engine.database}.otel_traces"
    ).rows[0]

    assert ([], 0) == (found, users["shown"])
    assert users["tokens"] > 0


def test_the_list_of_open_ones_names_nothing_else() -> None:
    """Every name in it is a scenario's."""
    assert set() == set(UNMET) - {path.stem for path in SCENARIOS} - {f"seed_{seed}" for seed in SEEDS}


SENTENCE_WORDS = 20
# A stop, or a bracket, after which a reader may breathe; and what telemetry says, which is as long as it is.
_STOP = re.compile(r"(?<=[.!?:;])\s+|\s+[()|·]\s*|[()]")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|`[^`]*`')
CARDS = [path for path in SCENARIOS if path.parent == FOLDER]


def long_sentences(sitrep: Sitrep) -> list[str]:
    """What of the card has more than 20 words from one stop to the next; what telemetry says is one word."""
    card = card_of(sitrep)
    texts = [
        card.headline,
        *(cell for section in card.sections for row in section.rows for cell in row.cells),
    ]
    sentences = [
        one
        for text in texts
        for one in _STOP.split(_QUOTED.sub("X", text.translate(PLAIN)).replace("\u00a0", "_"))
    ]
    assert len(sentences) > 5
    return [one for one in sentences if len(re.findall(r"\S*\w\S*", one)) > SENTENCE_WORDS]


def reported(name: str, found: list[str]) -> None:
    """Holds what was found against what is known."""
    if name in UNMET:
        assert found, f"{name} is answered right now: take it out of {FOLDER / 'unmet'}"
    else:
        assert [] == found
