"""Is the answer through Prometheus, Loki and Tempo that of the files, and how long does it take?

Recordings of the live shop, `DATA/shop-battery/*/record` (`python -m bench.shop`), are put into a real Prometheus, and into a
Loki and a Tempo that are played by their documented APIs. `lastgood triage --source prod` is compared with
`lastgood triage` of the recording. Changes, alerts and the status page are files in both. One recording more:

    python -m examples.shop.live --fault dns --folder build/run --record DATA/shop-battery/dns-1/record
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.figures import Figure

NEEDS = "shop-battery"
TESTS = Path(__file__).parents[1] / "tests"
STEP = 30.0  # seconds between two points of a series, of the two hours that are fetched
NOISE = 0.1  # of a share: sampled requests may differ by so much
MOST_REQUESTS, MOST_SECONDS = 50, 15


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, and what it cost."""

    sitrep: Mapping[str, Any]
    seconds: float
    cpu: float
    requests: int = 0


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """For each recording, what is equal, and the cost."""
    rows = [
        (path.parent.name, *told(path, scratch / path.parent.name)) for path in sorted(data.glob("*/record"))
    ]
    for name in ("verdict", "culprit", "change", "onset", "counts"):
        right = sum(name not in differences(files, fetched) for _, files, fetched in rows)
        yield Figure(f"{name} equal", right / max(1, len(rows)), "", 1, "more", f"{right} of {len(rows)}")
    clock = max(one.seconds for _, _, one in rows)
    note = f"of CPU, nothing cached; {clock:.0f} s on the clock, with whatever else ran"
    yield Figure("longest triage", max(one.cpu for _, _, one in rows), "s", MOST_SECONDS, note=note)
    yield Figure("most requests", max(one.requests for _, _, one in rows), "", MOST_REQUESTS)
    for name, files, fetched in rows:
        differing = "; ".join(f"{key}: {value}" for key, value in differences(files, fetched).items())
        note = f"of CPU, {fetched.requests} requests; the files {files.cpu:.1f} s"
        yield Figure(name, fetched.cpu, "s", note="; ".join(filter(None, (note, differing))))


def told(record: Path, scratch: Path) -> tuple[Told, Told]:
    """The answer of the files, and that of the systems that hold the same."""
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    from rehomed import elsewhere, end_of, homes, settings  # noqa: PLC0415

    scratch.mkdir(parents=True)
    now = f"{end_of(record):%Y-%m-%dT%H:%M:%SZ}"
    files = triage(scratch, str(record), "--now", now)
    with homes(record) as addresses:
        (scratch / "lastgood.toml").write_text(settings(addresses))
        fetched = triage(scratch, *map(str, elsewhere(record)), "--source", "prod", "--now", now)
    return files, fetched


def triage(scratch: Path, *words: str) -> Told:
    """What the command line answers, in a process of its own."""
    environment = {
        **os.environ, "LASTGOOD_CONFIG": str(scratch / "lastgood.toml"), "XDG_CACHE_HOME": str(scratch / "cache"),
    }  # fmt: skip
    (scratch / "lastgood.toml").touch()
    before, started = _cpu(), perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "lastgood", "triage", *words, "-o", "json"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = perf_counter() - started
    accounts = [
        json.loads(path.read_text()) for path in scratch.glob("cache/lastgood/fetched/*/*/.fetched.json")
    ]
    asked = sum(one["requests"] for account in accounts for one in account["asked"])
    if done.returncode not in {0, 1, 3}:
        raise RuntimeError(done.stderr)
    return Told(json.loads(done.stdout), took, _cpu() - before, asked)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def differences(files: Told, fetched: Told) -> dict[str, str]:
    """What is not equal, by name: for each `files / fetched`."""
    one, other = _said(files.sitrep), _said(fetched.sitrep)
    found = {
        name: f"{one[name]} / {other[name]}"
        for name in ("verdict", "culprit", "change")
        if one[name] != other[name]
    }
    if not _near(one["onset"], other["onset"]):
        found["onset"] = f"{one['onset']} / {other['onset']}"
    if abs(one["counts"] - other["counts"]) > NOISE:
        found["counts"] = f"{one['counts']:.3f} / {other['counts']:.3f}"
    return found


def _near(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds()) <= STEP


def _said(sitrep: Mapping[str, Any]) -> dict[str, Any]:
    culprit: Mapping[str, Any] = next(iter(sitrep.get("culprits") or ()), {})
    change: Mapping[str, Any] = next(
        (one for one in sitrep.get("changes") or () if one["verdict"] in {"likely", "possible"}), {}
    )
    return {
        "verdict": (sitrep.get("confirmed") or {}).get("verdict"),
        "culprit": (culprit.get("service"), culprit.get("component")) if culprit else None,
        "change": (change.get("id"), change.get("verdict")) if change else None,
        "onset": (sitrep.get("onset") or {}).get("at"),
        "counts": (sitrep.get("impact") or {}).get("failure_share") or 0.0,
    }
