"""How right are the answers about a live shop that breaks in earnest, and does doing the first of them help?

The figures of a battery that was played before: `python -m bench.shop --out DATA/shop-battery`.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Figure

NEEDS, RESULTS = "shop-battery", "results.jsonl"
TRUE = {True: "yes", False: "**no**", None: "-"}
COLUMNS = (
    "fault", "seed", "confirmed", "onset_error", "culprit", "change", "segment", "class", "first_mitigation",
    "recovered", "verified", "false_counts",
)  # fmt: skip


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Shares over all runs with a fault, and one figure for each run."""
    del scratch
    rows = [json.loads(line) for line in (data / RESULTS).read_text().splitlines()]
    faulty = [row for row in rows if "culprit" in row]
    quiet = [row for row in rows if "culprit" not in row]
    for name, limit in (
        ("confirmed", 0.95),
        ("culprit", 0.9),
        ("change", 0.9),
        ("class", None),
        ("first_mitigation", None),
    ):
        yield _share(name, faulty, limit)
    acted = [row for row in faulty if row["recovered"] is not None]
    yield _share("recovered", acted, None)
    errors = [row["onset_error"] for row in faulty if row["onset_error"] is not None]
    yield Figure("onset error, median", median(errors) if errors else 0.0, "s", 30)
    yield Figure("decoy blamed", sum(row["decoy_blamed"] for row in faulty) / max(1, len(faulty)), "", 0.03)
    yield Figure("runs with a false count", sum(bool(row["false_counts"]) for row in faulty), "", 0)
    if quiet:
        alarms = sum(row["confirmed"] for row in quiet)
        yield Figure("false alarms", alarms, "", 0, note=f"{len(quiet)} healthy runs")
    for row in faulty:
        right = sum(
            bool(row[name]) for name in ("confirmed", "culprit", "change", "class", "first_mitigation")
        )
        yield Figure(f"{row['fault']}, seed {row['seed']}", right, "of 5 right", note=_words(row))


def _share(name: str, rows: list[dict[str, Any]], limit: float | None) -> Figure:
    right = sum(bool(row[name]) for row in rows)
    note = f"{right} of {len(rows)}"
    return Figure(f"{name.replace('_', ' ')} right", right / max(1, len(rows)), "", limit, "more", note)


def _words(row: dict[str, Any]) -> str:
    """What was not right, and what was done."""
    wrong = {
        "confirmed": "not confirmed", "culprit": f"culprit {row['said_culprit'] or 'none'}",
        "change": f"change {row['said_change'] or 'none'}", "class": f"class {row['said_class'] or 'none'}",
        "first_mitigation": f"first option {row['said_mitigation'] or 'none'}",
    }  # fmt: skip
    reported = [words for name, words in wrong.items() if not row[name]]
    if row["recovered"] is not None:
        reported.append(
            f"did {row['done']}: {'recovered' if row['recovered'] else 'not recovered'}, verify: {row['verified']}"
        )
    return "; ".join([*reported, *filter(None, [row["false_counts"]])])


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as Markdown."""
    lines = [" | ".join(COLUMNS), " | ".join("---" for _ in COLUMNS)]
    lines += [" | ".join(_cell(row.get(name)) for name in COLUMNS) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return TRUE[value]
    return f"{value:.1f}" if isinstance(value, float) else str(value)
