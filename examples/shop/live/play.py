"""A run of the shop: it opens, is healthy for a while among decoys, breaks, and may be mended."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import sleep

from examples.shop.live.control import Control
from examples.shop.live.decoys import chosen
from examples.shop.live.faults import known
from examples.shop.live.pipelines import PIPELINES
from examples.shop.live.recorder import Recorder, Server
from examples.shop.live.remedies import REMEDIES
from examples.shop.live.supervisor import Shop, ShopError
from lastgood_kit.clock import now

FAULTS = known()
MARK = ".shop-run"  # a file that says that a folder was made here, and may be removed
FIRST_DECOY, SECOND_DECOY = 0.45, 0.75  # where in the healthy while


@dataclass(frozen=True, slots=True)
class Run:
    """What is played, and where."""

    folder: Path
    fault: str = ""
    healthy: float = 75
    rate: float = 8
    seed: int = 3
    record: Path | None = None
    pipeline: str = "direct"


def say(words: str) -> None:
    """One line with the time."""
    print(f"{now():%H:%M:%S}  {words}", flush=True)


def emptied(folder: Path) -> None:
    """Make a folder for a run; what an earlier run left in it is removed, and anything else is refused."""
    mark = folder / MARK
    if folder.exists() and not (folder.is_dir() and (mark.is_file() or not any(folder.iterdir()))):
        raise ShopError(f"{folder} is not empty, and not of an earlier run: name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()


@contextmanager
def opened(run: Run, server: Server | None = None) -> Iterator[tuple[Shop, Control]]:
    """The shop and its control; its signals go to a server, to files, or to both."""
    for folder in filter(None, (run.folder, run.record)):
        emptied(folder)
    with ExitStack() as stack:
        if run.record or server is None or run.pipeline != "direct":
            recorder = Recorder(run.record or run.folder / "recorded", server, PIPELINES[run.pipeline]())
            stack.callback(recorder.close)
            server = Server(recorder.url, recorder.url, server.key if server else "")
        shop = Shop(run.folder.resolve(), server, run.rate, run.seed, now)
        stack.enter_context(shop)
        control = stack.enter_context(Control(shop))
        say(f"the shop serves {run.rate:g} requests a second: {', '.join(shop.processes())}")
        yield shop, control


def healthy(shop: Shop, run: Run, busy: tuple[str, ...]) -> list[str]:
    """A while with decoys, which spare busy services; says what they were."""
    first, second = chosen(run.seed, busy)
    sleep(run.healthy * FIRST_DECOY)
    for decoy, until in ((first, SECOND_DECOY - FIRST_DECOY), (second, 1 - SECOND_DECOY)):
        say(f"beside the point: {decoy.about}")
        decoy.begin(shop)
        sleep(run.healthy * until)
    return [first.about, second.about]


def broken(shop: Shop, run: Run) -> datetime:
    """A healthy while with decoys, then the fault; gives back when it began."""
    fault = FAULTS[run.fault]
    decoys, onset = healthy(shop, run, fault.culprits), now()
    say(f"now it breaks: {fault.about}")
    fault.harm(shop, onset)
    shop.truth(
        fault=run.fault, seed=run.seed, onset=onset, culprits=fault.culprits, change=fault.change,
        classes=fault.classes, segment=dict(fault.segment), remedies=fault.remedies, slow=fault.slow,
        decoys=decoys,
    )  # fmt: skip
    return onset


def mended(shop: Shop, run: Run) -> None:
    """Do what is right."""
    kind, target = FAULTS[run.fault].remedies[0]
    say(f"mended: {kind} {target}")
    REMEDIES[kind](shop, target)
