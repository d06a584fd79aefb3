"""What a store holds, in words and as JSON."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.signal import Holding, Holdings
from lastgood.surfaces import wording
from lastgood.surfaces.wording import PLAIN


def holdings_text(holdings: Holdings) -> str:
    """A paragraph for each signal, also for those that are not there."""
    return "".join(f"{line}\n" for item in holdings.items for line in _holding(item)).translate(PLAIN)


def _holding(holding: Holding) -> Iterator[str]:
    name = holding.signal.value.ljust(9)
    if not holding.rows or holding.window is None:
        yield f"{name} none"
        return
    times = f"{figures.stamp(holding.window.start)} to {figures.stamp(holding.window.end)}"
    yield f"{name} {figures.counted(holding.rows, 'row')}, {times} ({figures.duration(holding.window.seconds)})"
    if holding.services:
        yield f"          from {wording.listed(holding.services, 10)}"
    if holding.sampled is not None:
        yield f"          sampled: {figures.percent(holding.sampled)} are kept"
    for gap in holding.gaps[:5]:
        yield f"          gap: {figures.stamp(gap.start)} for {figures.duration(gap.seconds)}"


def holdings_document(holdings: Holdings) -> list[dict[str, Any]]:
    """What is held of each signal as JSON values."""
    return [
        {
            "signal": item.signal.value,
            "rows": item.rows,
            "from": figures.stamp(item.window.start) if item.window else None,
            "to": figures.stamp(item.window.end) if item.window else None,
            "services": list(item.services),
            "gaps": [{"from": figures.stamp(gap.start), "to": figures.stamp(gap.end)} for gap in item.gaps],
            "sampled": item.sampled,
        }
        for item in holdings.items
    ]
