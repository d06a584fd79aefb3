"""Small cases of what comes in: what each file must be read as, and what a whole triage of it must answer.

`python -m bench.intake_cases FOLDER [--expected DIR] [--only TEXT] [--no-triage]` prints a line for each case, and what is wrong below it. FOLDER holds a
folder for each case. What is right stands in `expected.json` beside the files, or in DIR/CASE/expected.json; its form is in docs/howto/write-an-intake-case.md.
A case with a `grow.py` has a full size too: `python grow.py FOLDER` writes it, and a triage of it is held against `triage`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.figures import Figure

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.decoding.printed import printed
from lastgood.intake._registry import best_claim

NEEDS = "intake"
MARK = "expected.json"
LEVELS = ("", "trace", "debug", "info", "warn", "error", "fatal")
SLOWEST = 120  # seconds of one triage
STATUSES = {"yes": "confirmed", "no": "not confirmed", "unknown": "inconclusive"}
_COLUMNS = {
    "service": ("ServiceName", "Service"), "logger": ("ScopeName",), "body": ("Body",), "trace": ("TraceId",),
    "kind": ("Kind",), "title": ("Title",), "version": ("Version",), "previous": ("PreviousVersion",),
    "actor": ("Actor",), "state": ("State",), "metric": ("MetricName",), "value": ("Value",), "unit": ("MetricUnit",),
}  # fmt: skip
_MAPS = {
    "attributes": ("LogAttributes", "SpanAttributes", "Attributes", "Labels"),
    "resource": ("ResourceAttributes",),
}
_SIGNALS = {"otel_logs": "logs", "otel_traces": "spans", "lg_changes": "changes", "lg_alerts": "alerts"}

Row = Mapping[str, Any]


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """How many cases are right."""
    expected = Path(os.environ["EXPECTED"]) if "EXPECTED" in os.environ else None
    results = [wrong(case, expected, scratch / case.name) for case in cases(data, expected)]
    right = sum(not found for found in results)
    yield Figure("cases right", right, f"of {len(results)}", len(results), "more")


def cases(data: Path, expected: Path | None) -> list[Path]:
    """The folders of the cases that say what is right."""
    return sorted(f for f in data.iterdir() if f.is_dir() and _said_at(f, expected).exists())


def wrong(case: Path, expected: Path | None, scratch: Path, *, triage: bool = True) -> list[str]:
    """What is wrong with a case; nothing when it is right. Prints it."""
    said = json.loads(_said_at(case, expected).read_text())
    found = [
        f"{name}: {what}"
        for name, file in said.get("files", {}).items()
        for what in _of_file(case, name, file, said)
    ]
    if triage and "triage" in said:
        found += [
            f"triage: {what}"
            for one in _listed(said["triage"])
            for what in _of_triage(case, one, said, scratch)
        ]
    print(f"{case.name}: {'right' if not found else f'{len(found)} wrong'}", file=sys.stderr)
    for what in found:
        print(f"    {what}", file=sys.stderr)
    return found


def _said_at(case: Path, expected: Path | None) -> Path:
    beside = case / MARK
    return beside if expected is None or beside.exists() else expected / case.name / MARK


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_file(case: Path, name: str, file: Row, said: Row) -> Iterator[str]:
    given = Input(case / name, name)
    chosen = best_claim(given)
    if chosen is None:
        why = printed(given.head) or "not recognised"
        if not ("unread" in file and file["unread"] in why):
            yield why
        return
    if "unread" in file:
        yield f"read as {chosen[1].format}, not refused"
        return
    source, claim = chosen
    settings = Settings(_time(said.get("now", "2026-11-22T15:00:00Z")), ZoneInfo(said.get("zone", "UTC")))
    rows: list[Row] = []
    rejects, events = 0, 0
    for item in source.decode(given, claim, settings):
        match item:
            case Batch():
                signal = _SIGNALS.get(item.table.name, "metrics")
                rows += [{"signal": signal, **row} for row in item.rows.to_pylist()]
            case Reject():
                rejects += 1
            case Tally():
                events += item.events
    yield from _compared(file, rows, events, rejects, f"as {claim.format}")


def _compared(file: Row, rows: Sequence[Row], events: int, rejects: int, how: str) -> Iterator[str]:
    times = sorted(_row_time(row) for row in rows)
    mine: dict[str, Any] = {
        "events": events,
        "rejects": rejects,
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
        "services": sorted({str(row.get("ServiceName", row.get("Service", ""))) for row in rows} - {""}),
        "signals": sorted({row["signal"] for row in rows}),
        "levels": [_level(row) for row in rows],
    }
    for key, value in file.items():
        if key == "rows":
            yield from _compared_rows(value, rows, how)
        elif (_time(value) if key in {"first", "last"} else value) != mine[key]:
            yield f"{how}: {key} is {mine[key]}, not {value}"


def _compared_rows(said: Sequence[Row | None], rows: Sequence[Row], how: str) -> Iterator[str]:
    if len(said) > len(rows):
        yield f"{how}: {len(rows)} rows, not {len(said)}"
    for number, (wanted, row) in enumerate(zip(said, rows, strict=False), 1):
        for key, value in (wanted or {}).items():
            if key in _MAPS:
                own = {k: v for name in _MAPS[key] for k, v in dict(row.get(name) or {}).items()}
                for inner, text in value.items():
                    if own.get(inner) != text:
                        yield f"row {number}: {inner} is {own.get(inner)!r}, not {text!r}"
            elif (mine := _value(row, key)) != (_time(value) if key == "time" else value):
                yield f"row {number}: {key} is {mine!r}, not {value!r}"


def _value(row: Row, key: str) -> Any:
    if key == "time":
        return _row_time(row)
    if key == "level":
        return _level(row)
    if key == "signal":
        return row["signal"]
    return next((row[name] for name in _COLUMNS[key] if name in row), None)


def _level(row: Row) -> str:
    number = int(row.get("SeverityNumber") or 0)
    return LEVELS[(number + 3) // 4]


def _row_time(row: Row) -> datetime:
    """To the microsecond, as datetimes go."""
    time: Any = row.get("Timestamp", row.get("TimeUnix"))
    whole: datetime = time.to_pydatetime(warn=False) if hasattr(time, "to_pydatetime") else time
    return whole.astimezone(UTC)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _of_triage(case: Path, wanted: Row, said: Row, scratch: Path) -> Iterator[str]:
    folder = scratch if (case / "grow.py").exists() else case
    if folder is scratch and not scratch.exists():
        subprocess.run([sys.executable, str(case / "grow.py"), str(scratch)], check=True)
    now = wanted.get("now", said.get("now", "2026-11-22T15:00:00Z"))
    command = [sys.executable, "-m", "lastgood", "triage", str(folder), "--now", now, "-o", "json"]
    reported = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SLOWEST)
    try:
        sitrep = json.loads(reported.stdout)
    except ValueError:
        yield f"no sitrep: {reported.stderr.strip()[-200:]}"
        return
    yield from _of_sitrep(wanted, sitrep)


def _of_sitrep(wanted: Row, sitrep: Row) -> Iterator[str]:
    verdict = STATUSES.get(sitrep["confirmed"]["verdict"], "none")
    if "verdict" in wanted and verdict not in _listed(wanted["verdict"]):
        yield f"{verdict}, not {' or '.join(_listed(wanted['verdict']))}"
    if "onset" in wanted and verdict == "confirmed":
        at = (sitrep.get("onset") or {}).get("at")
        low, high = map(_time, wanted["onset"])
        if at is None or not low <= _time(at) <= high:
            yield f"onset {at}, not {wanted['onset'][0]} to {wanted['onset'][1]}"
    if "class" in wanted and verdict == "confirmed":
        mine = (sitrep.get("failure_class") or {}).get("name")
        if mine not in _listed(wanted["class"]):
            yield f"class {mine}, not {' or '.join(_listed(wanted['class']))}"
    text = json.dumps(sitrep, ensure_ascii=False)
    yield from (f"{word!r} is not there" for word in wanted.get("says", ()) if word not in text)
    yield from (f"{word!r} is there" for word in wanted.get("says_not", ()) if word in text)


def main() -> int:
    """1 when a case is wrong."""
    wanted = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    wanted.add_argument("data", type=Path)
    wanted.add_argument("--expected", type=Path)
    wanted.add_argument("--only", default="", help="cases whose name has this in it")
    wanted.add_argument("--no-triage", action="store_true")
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        chosen = [case for case in cases(given.data, given.expected) if given.only in case.name]
        results = [
            wrong(case, given.expected, Path(scratch) / case.name, triage=not given.no_triage)
            for case in chosen
        ]
    print(f"{sum(not found for found in results)} of {len(results)} right")
    return int(any(results))


if __name__ == "__main__":
    sys.exit(main())
