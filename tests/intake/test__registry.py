"""Who claims an input."""

import os
import random
import resource
from contextlib import suppress
from pathlib import Path
from time import monotonic

import hypothesis
import pytest
from hypothesis import strategies as st

from intake.as_kept import Record, changes, records
from intake.seeds import SEEDS, mishap, spoiled
from lastgood.decoding.input import Claim, Input
from lastgood.intake._registry import Source, best_claim, sources
from outcomes import outcome


def test_nobody_claims_random_bytes() -> None:
    """Better no source than a wrong one."""
    assert best_claim(Input(None, "noise", bytes(range(256)) * 8)) is None


def test_every_source_stands_an_empty_input() -> None:
    """Recognising never fails."""
    assert [] == [s.name for s in sources() if not s.folders and s.recognise(Input(None, "empty", b""))]


@pytest.mark.parametrize("name", SEEDS)
def test_a_source_that_is_not_asked_would_not_have_been_the_one(name: str) -> None:
    """No claim is surer than its source can be, and the surest of all is found."""
    given = Input(None, name, SEEDS[name])
    claims = [
        (claim.confidence, s.name, s.surest)
        for s in sources()
        if not s.folders and (claim := s.recognise(given))
    ]
    best = best_claim(given)

    assert all(confidence <= surest for confidence, _, surest in claims)
    assert max(claims, default=(0.0, "", 0.0))[1] == (best[0].name if best else "")


@hypothesis.given(st.integers(0, 10**9))
def test_no_mishap_of_an_input_escapes_its_source(seed: int) -> None:
    """Cut off, flipped, nested, huge numbers, odd bytes: rejects, and an account that adds up."""
    name, content = spoiled(seed)
    claim = best_claim(Input(None, name, SEEDS[name]))
    if claim is not None:
        assert outcome(content, name, by=claim).balanced


@pytest.mark.table
@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_an_input(name: str) -> None:
    """Else spoiling it would test nothing."""
    found = outcome(SEEDS[name], f"{name}.crontab" if name == "crontab" else name)

    assert found.balanced
    assert 0 < found.tally[1]
    assert [] == found.rejects


@pytest.mark.table
@pytest.mark.parametrize("record", records(), ids=lambda record: record.name)
def test_records_of_changes_are_read_as_teams_keep_them(record: Record) -> None:
    """When, what, of which service and version; a plan, a question, what was seen and a log are no changes."""
    assert [] == record.wrong()


# What people write: a text in prose must not be taken for it because it speaks of deploys.
BY_PEOPLE = {"transcripts", "shift_books", "release_notes", "mails", "calendars", "settings_diffs"}
TEXTS = sorted(Path(__file__).parents[1].glob("scenarios/**/*.txt")) + sorted(Path(__file__).parents[2].glob("docs/**/*.md"))  # fmt: skip


@pytest.mark.table
@pytest.mark.parametrize("name", SEEDS)
def test_no_seed_of_another_source_became_a_record_of_people(name: str) -> None:
    """A log that speaks of restarts and releases, a table of requests, a trace."""
    chosen = best_claim(Input(None, f"{name}.crontab" if name == "crontab" else name, SEEDS[name]))
    own = ("chat", "shift book", "release notes", "mail", "calendar", "diff of settings")
    assert chosen is not None
    assert (chosen[0].name in BY_PEOPLE) == (name in own)


@pytest.mark.table
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_prose_and_scenarios_are_no_changes(path: Path) -> None:
    """Documents about deploys, and worlds in which there are some."""
    assert [] == changes(path.name, path.read_text())


FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "0.5"))  # of each source; `make fuzz` takes a minute
LONGEST = 10.0  # seconds that one small input may take, on a busy machine
MOST_MEMORY = 512 << 20  # bytes by which the process may grow
FILES = [source for source in sources() if not source.folders]


@pytest.mark.slow
@pytest.mark.parametrize("source", FILES, ids=lambda source: source.name)
def test_a_source_stands_whatever_becomes_of_its_inputs(source: Source) -> None:
    """Fuzzed from its own small inputs: no exception, every row accounted for, bounded time and memory."""
    seeds = {name: claim for name, content in SEEDS.items() if (claim := _own_claim(source, name, content))}
    assert seeds, f"{source.name} has no seed"
    end, grown = monotonic() + FUZZ_SECONDS, _memory()

    @hypothesis.settings(max_examples=1_000_000, deadline=None, phases=[hypothesis.Phase.generate], database=None,
                         suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip
    @hypothesis.given(st.sampled_from(sorted(seeds)), st.integers(0, 2**63))
    def fuzz(name: str, seed: int) -> None:
        if monotonic() > end:
            raise _EnoughError
        content = mishap(random.Random(seed), SEEDS[name])
        given = Input(None, name, content)
        started = monotonic()
        claim = source.recognise(given) or seeds[name]
        assert outcome(content, name, by=(source, claim)).balanced, (name, seed)
        assert monotonic() - started < LONGEST, (name, seed)

    with suppress(_EnoughError):
        fuzz()
    assert _memory() - grown < MOST_MEMORY


class _EnoughError(BaseException):
    """The time for a source is over; nothing that Hypothesis would look into."""


def _own_claim(source: Source, name: str, content: bytes) -> Claim | None:
    found = best_claim(Input(None, f"{name}.crontab" if name == "crontab" else name, content))
    return found[1] if found and found[0] is source else None


def _memory() -> int:
    """The most that the process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
