"""The holdings in words."""

from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.surfaces.holdings import holdings_document, holdings_text
from sitreps import WINDOW


def test_holdings_name_what_is_missing() -> None:
    """A signal without rows is said to be none; gaps and sampling are said."""
    holdings = Holdings(
        (
            Holding(Signal.LOGS, 1200, WINDOW, ("orders",), gaps=(WINDOW,), sampled=0.1),
            Holding(Signal.SPANS, 0, None, ()),
        )
    )

    lines = holdings_text(holdings).splitlines()
    assert "logs      1 200 rows, 2026-11-22T13:00:00Z to 2026-11-22T15:16:00Z (2 h 16 min)" == lines[0]
    assert ["          from orders", "          sampled: 10 % are kept"] == lines[1:3]
    assert "spans     none" == lines[-1]
    assert 1200 == holdings_document(holdings)[0]["rows"]
