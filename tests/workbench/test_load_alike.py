"""Small inputs of one kind are decoded together, and one at fault costs only itself."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.decoding.input import Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.intake import _registry
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import LOGS
from lastgood.workbench import load_alike
from lastgood.workbench.load import load
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
KIND = b"of one kind"


class Together:
    """A source that decodes its inputs together, and remembers how many at once."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    def decode(self, given: Input, _claim: Claim, settings: Settings) -> Decoded:
        """One event an input."""
        if b"fault" in given.head:
            raise ValueError(given.name)
        yield Batch(LOGS, LOGS.rows({"Timestamp": [settings.now], "Body": [given.head.decode()]}))
        yield Tally(lines=1, events=1)

    def together(self, inputs: Sequence[Input], settings: Settings) -> Iterator[list[Batch | Reject | Tally]]:
        """All of them; a fault of one costs the whole call."""
        self.groups.append(len(inputs))
        for given in inputs:
            yield list(self.decode(given, Claim("kind", 1.0, ""), settings))


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Together:
    """It stands beside the real ones."""
    made = Together()

    def recognise(given: Input) -> Claim | None:
        return Claim("kind", 1.0, "it says so") if given.head.startswith(KIND) else None

    kept = Source(
        "together", frozenset({Signal.LOGS}), recognise, made.decode,
        alike=lambda _given, _settings: "one", together=made.together,
    )  # fmt: skip
    every = (*_registry.sources(), kept)
    monkeypatch.setattr(_registry, "sources", lambda: every)
    return made


def written(folder: Path, *texts: bytes) -> None:
    """A file of each."""
    for number, text in enumerate(texts):
        (folder / f"{number}.x").write_bytes(KIND + text)


def test_what_waits_is_decoded_together_when_there_are_enough(
    store: Store, tmp_path: Path, source: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the rest at the end; each has its own account."""
    monkeypatch.setattr(load_alike, "MOST_TOGETHER", 2)
    written(tmp_path, b" a", b" b", b" c")

    found = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert [2, 1] == source.groups
    assert [("0.x", 1), ("1.x", 1), ("2.x", 1)] == [(Path(one.name).name, one.events) for one in found]


def test_one_at_fault_costs_only_itself(store: Store, tmp_path: Path, source: Together) -> None:
    """Each is decoded alone then."""
    written(tmp_path, b" a", b" fault", b" c")

    found = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert [3] == source.groups
    assert [False, True, False] == ["ValueError" in one.problem for one in found]
