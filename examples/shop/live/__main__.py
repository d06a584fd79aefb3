"""`python -m examples.shop.live`: the live shop, healthy, until Ctrl-C; with --fault it breaks after a while.

`… demo` tells the whole: healthy, broken, alerted, and the answer of `lastgood triage`. `… faults` lists the ways.
"""

import argparse
import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from time import sleep

from examples.shop.live.faults import FAULTS, innocent_deploy
from examples.shop.live.recorder import Recorder, Server
from examples.shop.live.served import served
from examples.shop.live.supervisor import Shop

from lastgood_kit.clock import now

FOLDER = Path("build") / "shop-live"
PATIENCE = 120.0  # for the answer of a server
BEFORE_FAULT, AFTER_INNOCENT = 0.75, 0.25  # where in the healthy while the innocent deploy is


def arguments() -> argparse.ArgumentParser:
    """What may be given."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.shop.live", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("what", nargs="?", choices=["run", "demo", "faults"], default="run")
    parser.add_argument(
        "--fault", choices=sorted(FAULTS), help="break it after the healthy while; demo: provider-402"
    )
    parser.add_argument(
        "--healthy", type=float, default=75, metavar="S", help="seconds before the fault (75)"
    )
    parser.add_argument("--broken", type=float, default=50, metavar="S", help="seconds after it (50)")
    parser.add_argument(
        "--mended", type=float, default=0, metavar="S", help="seconds after mending it (0: not mended)"
    )
    parser.add_argument("--rate", type=float, default=8, help="requests a second (8)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of this run; what is in it is replaced")
    parser.add_argument(
        "--record", type=Path, metavar="DIR", help="keep telemetry, changes and alerts for a triage"
    )
    parser.add_argument(
        "--serve", action="store_true", help="demo: beside `lastgood serve`, whose alert opens a room"
    )
    parser.add_argument("--server", help="pages and API of a running `lastgood serve`")
    parser.add_argument("--otlp", default="http://127.0.0.1:4318", help="its OTLP over HTTP")
    parser.add_argument("--key", default="", help="its ingest key")
    return parser


def say(words: str) -> None:
    """One line with the time."""
    print(f"{now():%H:%M:%S}  {words}", flush=True)


@contextmanager
def opened(given: argparse.Namespace) -> Iterator[Shop]:
    """The shop, and where its signals go."""
    server = Server(given.server, given.otlp, given.key) if given.server else None
    for folder in filter(None, (given.folder, given.record)):
        shutil.rmtree(folder, ignore_errors=True)
    with ExitStack() as stack:
        if given.record or server is None:
            recorder = Recorder(given.record or given.folder / "recorded", server)
            stack.callback(recorder.close)
            server = Server(recorder.url, recorder.url, given.key)
        shop = Shop(given.folder.resolve(), server, rate=given.rate, seed=given.seed, clock=now)
        stack.enter_context(shop)
        say(f"the shop serves {given.rate:g} requests a second: {', '.join(shop.processes())}")
        yield shop


def play(shop: Shop, given: argparse.Namespace) -> datetime:
    """A healthy while with an innocent deploy, then the fault; gives back when it was."""
    sleep(given.healthy * BEFORE_FAULT)
    say("inventory is deployed (this one is innocent)")
    innocent_deploy(shop)
    sleep(given.healthy * AFTER_INNOCENT)
    fault, onset = FAULTS[given.fault], now()
    say(f"now: {fault.about}")
    fault.harm(shop, onset)
    shop.truth(
        fault=given.fault, onset=onset, culprit=fault.culprit, change=fault.change, segment=fault.segment,
        mitigation=fault.mitigation,
    )  # fmt: skip
    return onset


def last(shop: Shop, given: argparse.Namespace) -> None:
    """The rest of a run: broken for a while, then mended if that is asked for."""
    sleep(given.broken)
    if given.mended:
        fault = FAULTS[given.fault]
        say(f"mended: {fault.mitigation}")
        fault.mend(shop)
        sleep(given.mended)


def demo(given: argparse.Namespace) -> int:
    """Play it, then ask; 0 when something is found to be wrong."""
    given.fault = given.fault or "provider-402"
    if given.serve:
        return served_demo(given)
    given.record = given.record or given.folder.with_name(given.folder.name + "-recorded")
    with opened(given) as shop:
        play(shop, given)
        sleep(given.broken)
        asked = ["lastgood", "triage", str(given.record), "--now", f"{now():%Y-%m-%dT%H:%M:%SZ}"]
    print(f"$ {' '.join(asked)}", flush=True)
    return int(subprocess.run([sys.executable, "-m", *asked], check=False).returncode != 1)


def served_demo(given: argparse.Namespace) -> int:
    """Play it beside a server: the alert opens an incident, whose answer is waited for while users go on being hurt."""
    folder = given.folder.with_name(given.folder.name + "-served").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    with served(folder) as room:
        say(f"lastgood serves on {room.server.api}: log in as admin with {room.password}")
        given.server, given.otlp, given.key = room.server.api, room.server.otlp, room.server.key
        with opened(given) as shop:
            onset = play(shop, given)
            found = room.answered(PATIENCE)
            waited = (now() - onset).total_seconds()
        if found is None:
            say(f"no answer {waited:.0f} s after the fault; see {folder / 'serve.log'}")
            return 1
        path = found.get("path") or {}
        say(f"incident 1, {waited:.0f} s after the fault: {found['confirmed']['because']}")
        say(f"last good {path.get('last_good')} → first bad {path.get('first_bad')}")
        for change in (found.get("changes") or [])[:2]:
            say(f"{change['verdict']}: {change['kind']} {change['service']}")
    return 0


def main() -> int:
    """Run what was asked for."""
    given = arguments().parse_args()
    if given.what == "faults":
        for name, fault in FAULTS.items():
            print(f"{name:14} {fault.about}")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        if given.what == "demo":
            return demo(given)
        with opened(given) as shop:
            if not given.fault:
                signal.pause()
            play(shop, given)
            last(shop, given)
        return 0
    return 130


if __name__ == "__main__":
    sys.exit(main())
