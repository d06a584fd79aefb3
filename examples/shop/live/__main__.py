"""`python -m examples.shop.live`: the live shop, healthy, until Ctrl-C; with --fault it breaks after a while.

`… demo` tells the whole beside `lastgood serve`: healthy, broken, alerted, answered. `… faults` lists the ways.
"""

import argparse
import signal
import sys
from pathlib import Path
from time import sleep

from examples.shop.live.demo import demo
from examples.shop.live.pipelines import PIPELINES
from examples.shop.live.play import FAULTS, Run, broken, mended, opened, say
from examples.shop.live.recorder import Server
from examples.shop.live.supervisor import ShopError

FOLDER = Path("build") / "shop-live"


def arguments() -> argparse.ArgumentParser:
    """What may be given."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.shop.live", description=(__doc__ or "").split("\n")[0]
    )
    add = parser.add_argument
    add("what", nargs="?", choices=["run", "demo", "faults"], default="run")
    add("--fault", metavar="NAME", help="break it after the healthy while; demo: provider-402")
    add("--healthy", type=float, default=60, metavar="S", help="seconds before the fault (60)")
    add("--broken", type=float, default=50, metavar="S", help="seconds after it (50)")
    add("--mended", type=float, default=0, metavar="S", help="seconds after mending it (0: not mended)")
    add("--rate", type=float, default=8, help="requests a second (8)")
    add("--seed", type=int, default=3, help="of users and decoys")
    add(
        "--folder",
        type=Path,
        help=f"of this run, new or of an earlier one, which is replaced ({FOLDER}; demo: a temporary one)",
    )
    add("--record", type=Path, metavar="DIR", help="keep telemetry, changes and alerts for a triage")
    add("--pipeline", choices=PIPELINES, default="direct", help="what a collector does to telemetry (direct)")
    add("--act", action="store_true", help="demo: do what mitigates, and verify it")
    add("--server", help="pages and API of a running `lastgood serve`")
    add("--otlp", default="http://127.0.0.1:4318", help="its OTLP over HTTP")
    add("--key", default="", help="its ingest key")
    return parser


def run(given: argparse.Namespace) -> int:
    """Run what was asked for."""
    wanted = Run(
        given.folder or FOLDER, given.fault or "", given.healthy, given.rate, given.seed, given.record
    )
    if given.what == "demo":
        return demo(wanted, given.folder, act=given.act)
    server = Server(given.server, given.otlp, given.key) if given.server else None
    with opened(wanted, server) as (shop, _):
        if not wanted.fault:
            signal.pause()
        broken(shop, wanted)
        sleep(given.broken)
        if given.mended:
            mended(shop, wanted)
            sleep(given.mended)
    return 0


def main() -> int:
    """What was asked for; 130 when it was interrupted."""
    given = arguments().parse_args()
    if given.what == "faults":
        for name, fault in FAULTS.items():
            print(f"{name:16} {fault.about}")
        return 0
    if given.fault not in {None, *FAULTS}:
        print(f"There is no fault {given.fault!r}. The faults are {', '.join(FAULTS)}.", file=sys.stderr)
        return 2
    for sign in (
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGHUP,
    ):  # the first too: a shell ignores it for what runs in the background
        signal.signal(sign, signal.default_int_handler)
    try:
        return run(given)
    except ShopError as problem:
        print(problem, file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        say("ended")
        return 130


if __name__ == "__main__":
    sys.exit(main())
