"""The demo: the shop beside `lastgood serve` breaks, an alert opens an incident, and the answer is reported and acted on."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from shlex import join
from tempfile import mkdtemp
from time import sleep
from typing import Any

from examples.shop.live.control import FILE
from examples.shop.live.play import Run, broken, emptied, opened, say
from examples.shop.live.remedies import REMEDIES
from examples.shop.live.served import served
from lastgood_kit.clock import now

PATIENCE, SETTLED = 120.0, 50.0  # seconds for an answer, and after an action
CONTROL = Path(__file__).with_name("control.py")


def settings(folder: Path, shop: Path) -> str:
    """A lastgood.toml with the shop's own commands for every kind of action."""
    file, flags = shop / FILE, json.dumps
    head = f"store = {flags(f'chdb://{folder}/store')}\nrecord = {flags(f'sqlite:///{folder}/record.db')}\n"
    command = [sys.executable, str(CONTROL), str(file)]
    return head + "".join(
        f'\n[[action]]\nkind = "{kind}"\ncommand = {flags([*command, kind, "{target}"])}\nminutes = 0.2\n'
        for kind in REMEDIES
    )


def demo(run: Run, folder: Path | None, *, act: bool) -> int:
    """0 when it was answered; with `act`, when what was done worked too.

    Without a folder it is a temporary one, of which only store and record stay, and only when there was an answer.
    """
    place = (folder or Path(mkdtemp(prefix="lastgood-demo-"))).resolve()
    home, shop = place / "lastgood", place / "shop"
    emptied(home)
    status = None
    try:
        status = played(replace(run, fault=run.fault or "provider-402", folder=shop), home, act=act)
    finally:
        if folder is None:
            shutil.rmtree(shop if status is not None else place, ignore_errors=True)
    print(f"Store and record are in {home}", flush=True)
    return status


def played(run: Run, home: Path, *, act: bool) -> int:
    """From the healthy shop to the answer, and what was done about it."""
    with served(home, settings(home, run.folder)) as room:
        say(f"lastgood serves on {room.server.api}: log in as admin with {room.password}")
        with opened(run, room.server) as (shop, _):
            onset = broken(shop, run)
            found = room.answered(PATIENCE, able)
            waited = (now() - onset).total_seconds()
            if found is None:
                say(f"no answer {waited:.0f} s after the fault; see {home}/serve.log")
                return 1
            say(f"answered {waited:.0f} s after the fault, on {room.server.api}/incidents/1")
            command = reported(home)
            if not (command and (act or wanted(command))):
                return 0
            lastgood(home, "act", *command, "--yes")
            say(f"the shop serves on for {SETTLED:.0f} s")
            sleep(SETTLED)
    return judged(home)


def able(found: dict[str, Any]) -> bool:
    """Whether an answer names something that this shop can do."""
    return any(one["kind"] in REMEDIES for one in found.get("mitigations") or ())


def judged(home: Path) -> int:
    """0 when the action helped, by the store that the server has left."""
    status, _ = lastgood(home, "verify")
    paper = home / "postmortem.md"
    lastgood(home, "postmortem", "--out", str(paper))
    return status


def reported(home: Path) -> list[str]:
    """Kind and target of what mitigates, after the answer was reported; empty when the shop cannot do any of it."""
    lastgood(home, "incident", "show")
    _, options = lastgood(home, "act", "-o", "json", quiet=True)
    ready = [one for one in json.loads(options or "[]") if one["command"]]
    print(f"\nIn another terminal:\n  export LASTGOOD_CONFIG={home / 'lastgood.toml'}")
    if not ready:
        print("  lastgood act           # lists the options; the shop has a command for none of them")
        return []
    command = [ready[0]["kind"], ready[0]["target"]]
    print(f"  lastgood act {join(command)}")
    print("When the demo has ended, its store and record stay in that folder:")
    print("  lastgood verify        # whether it worked")
    print("  lastgood postmortem --out postmortem.md", flush=True)
    return command


def wanted(command: list[str]) -> bool:
    """Whether a person at the terminal wants it done now; without a terminal the demo ends."""
    if not sys.stdin.isatty():
        return False
    input(f"\nEnter runs `lastgood act {join(command)}`, Ctrl-C ends the demo: ")
    return True


def lastgood(home: Path, *words: str, quiet: bool = False) -> tuple[int, str]:
    """How a command ends, and what it prints if that is not shown, with the settings of this demo."""
    hidden = {"LASTGOOD_STORE", "LASTGOOD_RECORD", "LASTGOOD_INCIDENT"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    environment = {**kept, "LASTGOOD_CONFIG": str(home / "lastgood.toml"), "LASTGOOD_ACTOR": "demo"}
    if not quiet:
        print(f"\n$ lastgood {join(words)}", flush=True)
    out = subprocess.PIPE if quiet else None
    done = subprocess.run(
        [sys.executable, "-m", "lastgood", *words],
        env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout or ""
