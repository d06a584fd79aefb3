"""`lastgood serve` beside the shop: started on free ports with keys of this run, asked for its answer, and stopped."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from typing import Any
from urllib.request import Request, urlopen

from examples.shop.live.recorder import Server
from examples.shop.live.supervisor import ShopError

PATIENCE, FILE = 60.0, "lastgood.toml"
_API, _OTLP = re.compile(r"API on (http://\S+)"), re.compile(r"(http://\S+) \(HTTP\)")


@dataclass(frozen=True, slots=True)
class Room:
    """Where the server takes data in, a token to read its answers, and the password of `admin` for its pages."""

    server: Server
    token: str
    password: str

    def get(self, route: str) -> Any:
        """A document of the API; None when it is not there yet."""
        asked = Request(self.server.api + route, headers={"authorization": f"Bearer {self.token}"})  # noqa: S310
        with suppress(OSError), urlopen(asked, timeout=10) as answer:  # noqa: S310
            return json.load(answer)
        return None

    def answered(self, patience: float, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """The first sitrep of the first incident that is sure that it is real, and is enough; the last one in time."""
        until, last = monotonic() + patience, None
        while monotonic() < until:
            found: dict[str, Any] | None = self.get("/api/incidents/1/sitrep")
            if found and (found.get("confirmed") or {}).get("verdict") == "yes":
                last = found
                if enough(found):
                    break
            sleep(1)
        return last


@contextmanager
def served(folder: Path, settings: str) -> Iterator[Room]:
    """A server with an empty store in a folder, and with these settings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(settings)
    key, token, password = f"lgi_{token_hex(16)}", f"lgt_{token_hex(16)}", token_hex(8)
    secrets = {
        "LASTGOOD_INGEST_KEY": key,
        "LASTGOOD_API_TOKEN": token,
        "LASTGOOD_ADMIN_PASSWORD": password,
        "LASTGOOD_CONFIG": str(folder / FILE),
    }
    ports = [f"--{name}-port=0" for name in ("http", "otlp-grpc", "otlp-http")]
    where = [f"--store=chdb://{folder / 'store'}", f"--record=sqlite:///{folder / 'record.db'}"]
    log = folder / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "examples.shop.live.child", "lastgood", "serve", *where, *ports],
            env={**os.environ, **secrets, "SUPERVISOR": str(os.getpid())},
            stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            api, otlp = _addresses(process, log)
            yield Room(Server(api, otlp, key), token, password)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _addresses(process: subprocess.Popen[bytes], log: Path) -> tuple[str, str]:
    until = monotonic() + PATIENCE
    while monotonic() < until and process.poll() is None:
        said = log.read_text()
        api, otlp = _API.search(said), _OTLP.search(said)
        if api and otlp:
            return api[1], otlp[1]
        sleep(0.1)
    raise ShopError(f"lastgood serve does not start:\n{log.read_text()[-500:]}")
