"""Starts the shop's processes, deploys them anew while they serve, and leaves none behind."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, RLock, Thread
from time import monotonic, sleep
from typing import IO, Any, Self
from urllib.request import urlopen

from examples.shop.live import WORDS
from examples.shop.live.certificates import Authority
from examples.shop.live.history import FIRST, History
from examples.shop.live.recorder import Server
from lastgood_kit.changes import Change, Kind, Reporter
from lastgood_kit.clock import Clock

ROOT = Path(__file__).parents[3]
KIT = ROOT / "kit" / "src"  # in the wheel the kit is beside the examples
PROVIDERS = ("cardgate.example", "paysure.example")
SERVICES = (
    "inventory", "search", "payments", "worker", "checkout", "edge",
)  # in the order in which they need each other  # fmt: skip
PATIENCE = 60.0
FLAGS = ("stock-forecast", "gift-wrap")
REGIONS = ("eu", "us", "apac")
SETTINGS: dict[str, Any] = {
    "provider": dict.fromkeys(REGIONS, PROVIDERS[0]), "search_ttl": 600, "popular": list(WORDS), "kept_out": [],
}  # fmt: skip
MEMORY = 300 * 2**20  # bytes that a service may have before it is killed, as in a container
DISK = 2_000_000  # bytes of checkout's volume


class ShopError(Exception):
    """A process of the shop, or the server beside it, does not start."""


def free_port() -> int:
    """A port of the loopback address that no one uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the shop."""

    name: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    url: str
    version: str


@dataclass
class Shop:
    """The whole shop; use it in a `with`."""

    folder: Path
    server: Server
    rate: float
    seed: int
    clock: Clock
    lock: RLock = field(default_factory=RLock)  # one thing is done to the shop at a time

    def __post_init__(self) -> None:
        for name in ("truth", "logs", "disk"):
            (self.folder / name).mkdir(parents=True)
        self.history, self.authority = History(self.folder), Authority(self.folder / "certificates")
        self.books = self.folder / "truth" / "books.jsonl"
        self.reporter = Reporter(self.server.api, self.server.key)
        self._running: list[Running] = []
        self._before: dict[str, list[str]] = {}
        self._ended, self._on = Event(), frozenset[str]()
        self._settings = [SETTINGS]
        self.flip()
        self.put("settings", SETTINGS)
        self.put("hidden", {})
        for name in PROVIDERS:
            self.authority.certify(name, self.clock() + timedelta(days=30))

    def __enter__(self) -> Self:
        """Start everything, users last."""
        try:
            for name in PROVIDERS:
                self._start(name, "examples.shop.live.provider")
            for service in SERVICES:
                self._start(service, f"shop.{service}", FIRST)
            self.announce()
            for one in list(self._running):
                self._wait(one)
            self._start("watcher", "examples.shop.live.watcher", FIRST)
            self._start("alerter", "examples.shop.live.alerter", FIRST)
            self._start("load", "examples.shop.live.load", FIRST, (str(self.rate), str(self.seed)))
            self._kernel = Thread(target=self._kill_the_greedy, daemon=True)
            self._kernel.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self.stop()

    def stop(self) -> None:
        """End users first, then what they use; what does not end in time is killed."""
        self._ended.set()
        with self.lock:
            for one in self.of("load"):
                _end(one)
            for one in self._running:
                one.process.terminate()
            for one in self._running:
                _end(one)
            self._running.clear()

    def deploy(self, service: str, tag: str) -> None:
        """Put another release of a service in the place of all that serve, without a gap, and report it."""
        with self.lock:
            old, start = self.of(service), self.clock()
            self._before.setdefault(service, []).append(old[0].version)
            self._replace(old, tag)
            self._report_deploy(service, old[-1].version, tag, start)

    def canary(self, service: str, tag: str) -> None:
        """Put another release beside the one that serves, which says no version, and report it."""
        with self.lock:
            old, start = self.of(service)[0], self.clock()
            self._before.setdefault(service, []).append(old.version)
            unnamed = self._start(service, f"shop.{service}", tag, environment={"SERVICE_VERSION": ""})
            self._wait(unnamed)
            self.announce()
            self._report_deploy(service, old.version, tag, start)

    def roll_back(self, service: str) -> None:
        """Deploy the version before the last deploy."""
        known = self._before.get(service)
        if not known:
            raise ValueError(f"{service} has not been deployed")
        self.deploy(service, known.pop())
        known.pop()

    def restart(self, name: str) -> None:
        """The same version anew, without a gap."""
        with self.lock:
            old = self.of(name)
            self._replace(old, old[-1].version)

    def set_clock(self, service: str, seconds: float) -> None:
        """Move a service to a host whose clock is wrong."""
        with self.lock:
            old = self.of(service)
            self._replace(old, old[-1].version, {"CLOCK_OFFSET": str(seconds)})

    def of(self, name: str) -> list[Running]:
        """The processes of a service."""
        return [one for one in self._running if one.name == name]

    def flip(self, flag: str = "", *, on: bool = False) -> None:
        """Turn a flag on or off."""
        if flag:
            self._on = self._on | {flag} if on else self._on - {flag}
        flags = {
            name: {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on" if name in self._on else "off"}
            for name in FLAGS
        }  # fmt: skip
        self.put("flags", {"flags": flags})

    def configure(self, service: str, title: str, **settings: Any) -> None:
        """Change settings, and report it."""
        self._settings.append({**self._settings[-1], **settings})
        self.put("settings", self._settings[-1])
        self.report("config", title, service)

    def revert(self, service: str) -> None:
        """The settings before the last change."""
        if len(self._settings) > 1:
            self._settings.pop()
        self.put("settings", self._settings[-1])
        self.report("config", f"{service}: settings as before", service)

    def conduct(self, provider: str = PROVIDERS[0], **what: Any) -> None:
        """How a provider behaves from now on."""
        self.put(f"conduct-{provider}", what)

    def report(self, kind: Kind, title: str, service: str = "", **more: Any) -> None:
        """Put a change on the feed."""
        now = self.clock()
        self.reporter.report(
            Change(kind, now, title, service, actor="platform", id=f"{kind}-{now:%H%M%S%f}", **more)
        )

    def start(self, name: str, module: str, *words: str) -> None:
        """A process that serves no one, such as a job."""
        with self.lock:
            self._start(name, module, FIRST, words)

    def end(self, name: str) -> None:
        """End all processes of a name."""
        with self.lock:
            for one in self.of(name):
                self._running.remove(one)
                _end(one)

    def truth(self, **what: Any) -> None:
        """Note what was really done, where only a judge looks."""
        reported = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in what.items()
        }
        self.put("truth/truth", reported)

    def put(self, name: str, document: Any) -> None:
        """Replace one of the files that processes read while they run."""
        path = self.folder / f"{name}.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(document, indent=1))
        fresh.replace(path)

    def processes(self) -> dict[str, int]:
        """The ids of what runs."""
        return {one.name: one.process.pid for one in self._running}

    def announce(self) -> None:
        """Tell the services where each of them is, but for names that do not resolve."""
        hidden = json.loads((self.folder / "hidden.json").read_text())
        known = {
            name: [one.url for one in self.of(name)]
            for name in (*PROVIDERS, *SERVICES) if name not in hidden
        }  # fmt: skip
        self.put("addresses", known)

    def _replace(self, old: list[Running], tag: str, environment: Mapping[str, str] | None = None) -> None:
        name = old[0].name
        module = "examples.shop.live.provider" if name in PROVIDERS else f"shop.{name}"
        fresh = self._start(name, module, tag, environment=environment)
        self._wait(fresh)
        for one in old:
            self._running.remove(one)
        self.announce()
        sleep(1)  # callers that have just read the old address
        for one in old:
            _end(one)

    def _report_deploy(self, service: str, before: str, tag: str, start: datetime) -> None:
        change = Change(
            "deploy", start, f"{service} {before} → {tag}", service, tag, before, actor="deploy job",
            until=self.clock(), id=f"{service}-{tag}-{start:%H%M%S}",
        )  # fmt: skip
        self.reporter.report(change)

    def _start(
        self,
        name: str,
        module: str,
        version: str = "",
        words: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Running:
        port = free_port()
        url = f"{'https' if name in PROVIDERS else 'http'}://127.0.0.1:{port}"
        paths = [ROOT, KIT, *([self.history.build(version)] if version else [])]
        log = (self.folder / "logs" / f"{name}.log").open("ab")
        whole = {
            **self._environment(), "PORT": str(port), "SERVICE_VERSION": version,
            "PYTHONPATH": os.pathsep.join(map(str, paths)), "PROVIDER": name,
            "CERTIFICATE": str(self.folder / "certificates" / f"{name}.pem"), "CONDUCT": str(self.folder / f"conduct-{name}.json"),
            **(environment or {}),
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "examples.shop.live.child", module, *words],
            env=whole, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the supervisor, which ends them in order
        )  # fmt: skip
        self._running.append(Running(name, process, log, url, version))
        return self._running[-1]

    def _environment(self) -> dict[str, str]:
        def place(name: str) -> str:
            return str(self.folder / name)

        return {
            **os.environ, "SUPERVISOR": str(os.getpid()), "ADDRESSES": place("addresses.json"),
            "SETTINGS": place("settings.json"), "FLAGS": place("flags.json"), "TRAFFIC": place("traffic.json"),
            "DATABASE": place("stock.db"), "CATALOGUE": place("catalogue.db"), "QUEUE": place("orders.db"),
            "DISK": place("disk"), "DISK_BYTES": str(DISK), "PROVIDER_CA": str(self.authority.ca), "BOOKS": str(self.books),
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.server.otlp, "LASTGOOD_URL": self.server.api,
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{self.server.key}", "LASTGOOD_KEY": self.server.key,
        }  # fmt: skip

    def _wait(self, running: Running) -> None:
        until = monotonic() + PATIENCE
        while monotonic() < until and running.process.poll() is None:
            if _well(running):
                return
            sleep(0.1)
        raise ShopError(
            f"{running.name} does not become healthy; see {self.folder / 'logs' / f'{running.name}.log'}"
        )

    def _kill_the_greedy(self) -> None:
        """What the kernel and the platform do: kill a service that has too much memory, and start it again."""
        while not self._ended.wait(0.5):
            for one in [one for one in self._running if one.name in SERVICES and _resident(one) > MEMORY]:
                one.process.kill()
                one.process.wait()
                with self.lock:
                    if not self._ended.is_set() and one in self._running:
                        self._running.remove(one)
                        self._start(one.name, f"shop.{one.name}", one.version)
                        self.announce()


def _well(running: Running) -> bool:
    """Whether a process answers; a provider does once its port takes connections."""
    port = int(running.url.rpartition(":")[2])
    try:
        if running.name in PROVIDERS:
            with socket.create_connection(("127.0.0.1", port), 1):
                return True
        with urlopen(running.url + "/health/", timeout=5):  # noqa: S310
            return True
    except OSError:
        return False


def _resident(running: Running) -> int:
    """Bytes of memory of a process; 0 when it has ended."""
    try:
        pages = Path(f"/proc/{running.process.pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _end(running: Running) -> None:
    running.process.terminate()
    try:
        running.process.wait(10)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()
    running.log.close()
