"""The open store that every verb works on: a throw-away one for `triage PATH`, or a kept one."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from lastgood.model.finding import Finding
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison
from lastgood.telemetry.engine import Engine, open_engine
from lastgood.telemetry.holdings import named, survey
from lastgood.telemetry.layout import Layout, layout_of
from lastgood.telemetry.measuring import Measuring
from lastgood.telemetry.reader import Budget, Reader, Watch
from lastgood.telemetry.samples import Samples
from lastgood.telemetry.unbroken import unbroken
from lastgood.telemetry.writer import create_tables
from lastgood.workbench.budget import TimeBudget


@dataclass(frozen=True, slots=True)
class Store:
    """An engine with its tables in place."""

    engine: Engine
    watch: Watch | None = None  # is shown the rows of every question
    budget: TimeBudget = field(default_factory=TimeBudget)  # of questions
    progress: Callable[[int, int], None] | None = None  # is called with questions answered, and of all
    heard: Callable[[Finding], None] | None = None  # is called with each answer as it comes
    known: tuple[Holdings, Layout] | None = None  # what was there at some time; else it is looked at anew
    fleeting: bool = False  # it is thrown away afterwards
    reading: Budget | None = None  # what one query of it may cost; None: as much as a question's

    def survey(self, samples: Samples | None = None) -> tuple[Holdings, Reader]:
        """What is there now, and a reader for it, which keeps in `samples` what its queries share."""
        holdings, layout = self.known or self._look()
        return holdings, Reader(
            self.engine, holdings.signals, layout, self.reading, watch=self.watch, samples=samples
        )

    def measuring(self, comparison: Comparison) -> Measuring:
        """A way to measure what is there now in two windows."""
        holdings, reader = self.survey()
        return Measuring(reader, holdings, comparison)

    def surveyed(self) -> "Store":
        """The same store, which from now on says that what is there now is there: for many questions in a row."""
        return replace(self, known=self._look())

    def _look(self) -> tuple[Holdings, Layout]:
        layout = layout_of(self.engine)
        return named(survey(self.engine, layout), layout)


@contextmanager
def saved_store(address: str, *, empty: bool = False, daily: bool = False) -> Iterator[Store]:
    """The store at an address; our own tables are made in an embedded one, `daily` for retention, never on a cluster."""
    with open_engine(address) as engine:
        if engine.embedded:
            create_tables(engine, empty=empty, daily=daily)
        yield Store(engine)


@contextmanager
def throwaway_store() -> Iterator[Store]:
    """An empty embedded store that is gone afterwards."""
    folder = tempfile.TemporaryDirectory(prefix="lastgood-", ignore_cleanup_errors=True)
    try:
        with saved_store(f"chdb://{folder.name}", empty=True) as store:
            yield replace(store, fleeting=True)
    finally:
        with unbroken():
            folder.cleanup()
