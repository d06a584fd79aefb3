"""Retention in words and as JSON."""

from datetime import UTC, datetime

from lastgood.config import Retention
from lastgood.model.retention import Division, Dropped
from lastgood.model.signal import Signal
from lastgood.surfaces.retention import kept_line, retained_document, retained_text
from lastgood.workbench.retention import Retained

AT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
FOUND = Retained(
    (Dropped(Division(Signal.LOGS, "otel_logs", "20261122", AT, AT, 1200, 4_500_000), "older than 7 d"),), 9, full=False
)  # fmt: skip


def test_each_partition_is_a_line_with_its_reason() -> None:
    """A dry run says that it only would."""
    assert retained_text(FOUND, dry=True).startswith(
        "would drop otel_logs, 1 200 rows from 2026-11-22T15:00:00Z"
    )
    assert retained_text(FOUND, dry=False).endswith("4.5 MB: older than 7 d\n")
    assert "nothing to drop\n" == retained_text(Retained((), 9, full=False), dry=True)
    assert ("logs", 4_500_000) == tuple(
        retained_document(FOUND)["dropped"][0][n] for n in ("signal", "bytes")
    )


def test_what_is_kept_is_one_line() -> None:
    """As the settings say it."""
    assert "logs 14d, spans all, metrics 90d 5GB" == kept_line(Retention(logs="14d", metrics="90d 5GB"))
