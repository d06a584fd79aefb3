"""One request's life in words and as JSON."""

from datetime import timedelta

from lastgood.model.evidence import Provenance
from lastgood.surfaces.trace import life_document, life_text
from lastgood.workbench.trace import Life, LifeLine, LifeSpan
from sitreps import WINDOW, at

START = at("14:30:00")
LIFE = Life(
    "4bf9", "spans",
    (
        LifeSpan(START, 0, "web", "POST /orders", "Server", 50_000_000, True, "500", "web-1", orphan=False),
        LifeSpan(START + timedelta(milliseconds=5), 1, "pay", "charge", "Client", 30_000_000, True, "402 refused", "", orphan=False),
        LifeLine(START + timedelta(milliseconds=9), 2, "pay", "error", "card\nrefused", ""),
    ),
    START, START + timedelta(milliseconds=50), ("web", "pay"), cut_off=False, provenance=(Provenance("", {}, WINDOW, 3, 0.0),),
)  # fmt: skip


def test_a_life_is_reported_in_order() -> None:
    """Start and length, services, the deepest failure, then each step with its time."""
    expected = """\
4bf9 · 2026-11-22 14:30:00.000000 UTC · 50 ms · found by spans
services: web, pay
deepest failure: pay charge

      0.000 ms    50.000 ms web POST /orders [server] ✗ 500
      5.000 ms    30.000 ms   pay charge [client] ✗ 402 refused
      9.000 ms                  · error pay: card refused
"""

    assert expected == life_text(LIFE)


def test_a_life_as_json() -> None:
    """Spans and lines are distinguished, values keep their units."""
    document = life_document(LIFE)

    assert ["span", "span", "line"] == [step["step"] for step in document["steps"]]
    assert 30_000_000 == document["steps"][1]["duration_ns"]
