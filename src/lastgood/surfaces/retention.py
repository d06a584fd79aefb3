"""What retention did, or would do, in words and as JSON."""

from typing import Any

from lastgood.config import Retention
from lastgood.model import figures
from lastgood.workbench.retention import Retained


def retained_text(found: Retained, *, dry: bool) -> str:
    """A line for each partition that goes."""
    verb = "would drop" if dry else "dropped"
    lines = [
        f"{verb} {one.division.table}, {figures.counted(one.division.rows, 'row')} "
        f"from {figures.stamp(one.division.first)} to {figures.stamp(one.division.last)}, "
        f"{figures.size(one.division.size)}: {one.why}"
        for one in found.dropped
    ]
    return figures.spaced("\n".join(lines or ["nothing to drop"])) + "\n"


def retained_document(found: Retained) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "dropped": [
            {
                "signal": one.division.signal.value,
                "table": one.division.table,
                "partition": one.division.identity,
                "from": figures.stamp(one.division.first),
                "to": figures.stamp(one.division.last),
                "rows": one.division.rows,
                "bytes": one.division.size,
                "because": one.why,
            }
            for one in found.dropped
        ],
        "disk_free_bytes": found.free,
    }


def kept_line(reported: Retention) -> str:
    """`logs 14d, spans 7d 50GB, metrics all`."""
    signals = (("logs", reported.logs), ("spans", reported.spans), ("metrics", reported.metrics))
    return ", ".join(f"{name} {limit or 'all'}" for name, limit in signals)
