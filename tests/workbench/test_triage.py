"""The sitrep: what was found, and what cannot be known."""

from datetime import UTC, datetime, timedelta

from lastgood.model.finding import Verdict
from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_what_cannot_be_known_is_said(store: Store) -> None:
    """Ten quiet log lines: nothing is confirmed or blamed, and every gap has its reason."""
    writer = Writer(store.engine, "ten lines")
    times = [NOON + timedelta(minutes=minute) for minute in range(10)]
    writer.add(LOGS, LOGS.rows({"Timestamp": times, "ServiceName": ["orders"] * 10, "Body": ["tick"] * 10}))
    writer.flush()

    sitrep = triage(store, now=NOON + timedelta(minutes=11))

    assert sitrep.is_real is not Verdict.YES
    assert (None, None) == (sitrep.onset, sitrep.path)
    assert sitrep.unknown
    assert {f.because for f in sitrep.findings if f.verdict is Verdict.UNKNOWN} <= {
        reason.removeprefix(f"{f.question} ") for f in sitrep.findings for reason in sitrep.unknown
    }
