"""Starts the shop's processes, deploys them anew while they serve, and leaves none behind."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any, Self
from urllib.error import URLError
from urllib.request import urlopen

from examples.shop.live.history import FIRST, History
from examples.shop.live.recorder import Server

from lastgood_kit.changes import Change, Reporter
from lastgood_kit.clock import Clock

ROOT = Path(__file__).parents[3]
SERVICES = ("inventory", "payments", "checkout", "edge")  # in the order in which they need each other
PATIENCE = 60.0
FLAGS = ("stock-forecast", "gift-wrap")


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the shop."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]
    url: str
    version: str


class Shop:
    """The whole shop; use it in a `with`."""

    def __init__(self, folder: Path, server: Server, *, rate: float, seed: int, clock: Clock) -> None:
        self.folder, self._server, self._clock = folder, server, clock
        self._rate, self._seed = rate, seed
        self.history = History(folder)
        self.books = folder / "truth" / "books.jsonl"
        for name in ("truth", "logs"):
            (folder / name).mkdir()
        self._running: dict[str, Running] = {}
        self._reporter = Reporter(server.api, server.key)
        self.flip()

    def __enter__(self) -> Self:
        """Start everything, users last."""
        try:
            self._start("provider", "examples.shop.live.provider")
            for service in SERVICES:
                self._start(service, f"shop.{service}", FIRST)
                self._announce()
            self._start("watcher", "examples.shop.live.watcher")
            self._start("alerter", "examples.shop.live.alerter")
            self._start("load", "examples.shop.live.load", words=(str(self._rate), str(self._seed)))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self.stop()

    def stop(self) -> None:
        """End users first, then what they use; what does not end in time is killed."""
        for name in reversed(self._running):
            self._end(self._running[name])
        self._running.clear()

    def deploy(self, service: str, tag: str) -> None:
        """Put another release of a service in the place of the one that serves, without a gap, and report it."""
        old, start = self._running[service], self._clock()
        self._start(service, f"shop.{service}", tag)
        self._announce()
        change = Change(
            "deploy", start, f"{service} {old.version} → {tag}", service, tag, old.version, actor="deploy job",
            until=self._clock(), id=f"{service}-{tag}-{start:%H%M%S}",
        )  # fmt: skip
        self._reporter.report(change)
        sleep(1)  # callers that have just read the old address
        self._end(old)

    def flip(self, *on: str) -> None:
        """Turn on these flags and all others off, as a deploy of flags does."""
        flags = {
            name: {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on" if name in on else "off"}
            for name in FLAGS
        }  # fmt: skip
        _write(self.folder / "flags.json", {"flags": flags})

    def conduct(self, **what: Any) -> None:
        """How the provider behaves from now on."""
        _write(self.folder / "conduct.json", what)

    def truth(self, **what: Any) -> None:
        """Note what was really done, where only a judge looks."""
        told = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in what.items()
        }
        _write(self.folder / "truth" / "truth.json", told)

    def processes(self) -> dict[str, int]:
        """The ids of what runs."""
        return {name: one.process.pid for name, one in self._running.items()}

    def _start(self, name: str, module: str, version: str = "", words: tuple[str, ...] = ()) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        paths = [ROOT, ROOT / "kit" / "src", *([self.history.build(version)] if version else [])]
        log = (self.folder / "logs" / f"{name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "examples.shop.live.child", module, *words],
            env=self._environment(url, version, paths), cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the supervisor, which ends them in order
        )  # fmt: skip
        self._running[name] = Running(process, log, url, version)
        if version or name == "provider":
            self._wait(name, self._running[name], "/health/" if version else "/ping")

    def _environment(self, url: str, version: str, paths: list[Path]) -> dict[str, str]:
        def where(name: str) -> str:
            return self._running[name].url if name in self._running else ""

        return {
            **os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "SUPERVISOR": str(os.getpid()),
            "PORT": url.rpartition(":")[2], "SERVICE_VERSION": version, "ADDRESSES": str(self.folder / "addresses.json"),
            "PROVIDER_URL": where("provider"), "EDGE_URL": where("edge"), "FLAGS": str(self.folder / "flags.json"),
            "DATABASE": str(self.folder / "stock.db"), "CONDUCT": str(self.folder / "conduct.json"), "BOOKS": str(self.books),
            "OTEL_EXPORTER_OTLP_ENDPOINT": self._server.otlp, "LASTGOOD_URL": self._server.api,
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{self._server.key}", "LASTGOOD_KEY": self._server.key,
        }  # fmt: skip

    def _announce(self) -> None:
        """Tell the services where each of them is."""
        known = {name: one.url for name, one in self._running.items() if name in {*SERVICES, "provider"}}
        _write(self.folder / "addresses.json", known)

    def _wait(self, name: str, running: Running, path: str) -> None:
        until = monotonic() + PATIENCE
        while monotonic() < until and running.process.poll() is None:
            try:
                with urlopen(running.url + path, timeout=5):  # noqa: S310
                    return
            except (URLError, OSError):
                sleep(0.1)
        raise RuntimeError(f"{name} does not become healthy; see {self.folder / 'logs' / f'{name}.log'}")

    @staticmethod
    def _end(running: Running) -> None:
        running.process.terminate()
        try:
            running.process.wait(10)
        except subprocess.TimeoutExpired:
            running.process.kill()
            running.process.wait()
        running.log.close()


def _write(path: Path, document: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(document, indent=1))
    fresh.replace(path)
