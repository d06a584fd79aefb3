"""One run of the live shop: broken, asked, mended by the first option that the shop has a command for, asked again.

Everything is asked on the command line, from the recorded files alone, as a person on call would.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from examples.shop.live.demo import settings
from examples.shop.live.play import FAULTS, Run, broken, healthy, opened
from examples.shop.live.remedies import REMEDIES

from lastgood.config import configured
from lastgood.model.clock import system_clock
from lastgood.workbench.room import enter

HEALTHY, BROKEN, SETTLED = 45.0, 28.0, 32.0  # seconds
NO_FAULT, RUN = "healthy", "run.json"
# What a collector does to a fault's telemetry.
THROUGH = {"tail-sampling": ("bad-deploy", "tail-sampling"), "late": ("provider-402", "late")}
NAMES = (*FAULTS, *THROUGH, NO_FAULT)


@dataclass(frozen=True, slots=True)
class Played:
    """What was done, what was said of it, and what the users' own books say."""

    fault: str
    seed: int
    truth: dict[str, Any]
    books: list[dict[str, Any]]
    sitrep: dict[str, Any]
    asked_at: float  # seconds since the epoch
    took: float
    done: tuple[str, str] | None = None
    done_at: float = 0.0
    effect: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON, without the books."""
        return {name: value for name, value in asdict(self).items() if name != "books"}

    @classmethod
    def again(cls, folder: Path) -> "Played":
        """A run that was played before."""
        return cls(**json.loads((folder / RUN).read_text()), books=_books(folder))


def played(fault: str, seed: int, folder: Path) -> Played:
    """A run in a folder, of which the record stays."""
    shutil.rmtree(folder, ignore_errors=True)
    home, record = folder / "lastgood", folder / "record"
    home.mkdir(parents=True)
    what, pipeline = THROUGH.get(fault, (fault, "direct"))
    run = Run(folder / "run", what, HEALTHY, seed=seed, record=record, pipeline=pipeline)
    path = home / "lastgood.toml"
    path.write_text(settings(home, run.folder))
    os.environ["LASTGOOD_CONFIG"] = str(path)
    with opened(run) as (shop, _):
        if fault == NO_FAULT:
            healthy(shop, run, ())
            sleep(BROKEN)
        else:
            broken(shop, run)
            sleep(BROKEN)
        asked, started = _now(), perf_counter()
        _lastgood("incident", "open", "Users are affected", str(record))
        took, sitrep = perf_counter() - started, _sitrep()
        done_at = _now()
        able = _able(sitrep) if fault != NO_FAULT else ()
        option = next(
            (one for one in able if _lastgood("act", *one, "--yes", "--force", "the first did not run")), None
        )
        if option:
            sleep(SETTLED)
    effect = json.loads(_lastgood("verify", "-o", "json") or "{}") if option else {}
    truth = json.loads((run.folder / "truth" / "truth.json").read_text()) if fault != NO_FAULT else {}
    run_of = Played(fault, seed, truth, _books(folder), sitrep, asked, took, option, done_at, effect)
    (folder / RUN).write_text(json.dumps(run_of.document(), indent=1))
    return run_of


def _books(folder: Path) -> list[dict[str, Any]]:
    path = folder / "run" / "truth" / "books.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def _able(sitrep: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The options that the shop has a command for, best first."""
    for one in sitrep.get("mitigations") or ():
        if one["kind"] in REMEDIES:
            yield one["kind"], one["target"]


def _sitrep() -> dict[str, Any]:
    """What was found when the incident was opened; empty when nothing was."""
    config, now = configured(), system_clock()
    with enter(config, system_clock, actor="bench", now=now) as room:
        said = room.incident.triaged
        found: dict[str, Any] = json.loads(room.record.kept(said.document)) if said else {}
    return found


def _lastgood(*words: str) -> str:
    """What a command prints; nothing when it could not do its work."""
    done = subprocess.run(
        [sys.executable, "-m", "lastgood", *words], capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode not in {0, 1, 3}:
        print(f"lastgood {' '.join(words)}: {done.stderr.strip()[-300:]}", file=sys.stderr, flush=True)
        return ""
    return done.stdout


def _now() -> float:
    return datetime.now(UTC).timestamp()  # noqa: TID251
