"""A real Prometheus of its own, with the series of a text in OpenMetrics; its data folder is gone afterwards."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import httpx

READY_WITHIN = 60  # seconds; a busy machine is no failure


@contextmanager
def prometheus(text: str) -> Iterator[str]:
    """A running server that holds these series; gives its address."""
    if shutil.which("promtool") is None:
        raise FileNotFoundError("Prometheus is not installed: make prometheus")
    with TemporaryDirectory(prefix="lastgood-prom-") as name:
        folder = Path(name)
        (folder / "series.txt").write_text(text)
        (folder / "prometheus.yml").write_text("global: {scrape_interval: 1h}\n")
        blocks = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "series.txt", "data"]
        subprocess.run(blocks, check=True, capture_output=True, cwd=folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{free.getsockname()[1]}"
        server = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
             "--storage.tsdb.retention.time=100y", f"--web.listen-address={place}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        try:
            _wait(server, f"http://{place}/-/ready")
            yield f"http://{place}"
        finally:
            server.terminate()
            server.wait(READY_WITHIN)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    end = monotonic() + READY_WITHIN
    while monotonic() < end and server.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(address, timeout=1).is_success:
                return
        sleep(0.05)
    raise TimeoutError("Prometheus did not start")


def exposition(start: float, seconds: int, step: int, breaks_at: int, failing: float = 0.25) -> str:
    """Two hours of a shop, as samples of counters: from `breaks_at` on, a share of the calls to payments fails."""
    calls = {("gateway", "200"): 20.0, ("checkout", "200"): 8.0, ("payments", "200"): 4.0}
    lines = ["# TYPE http_server_requests counter"]
    failures = dict.fromkeys(("gateway", "checkout", "payments"), 0.0)
    total = dict.fromkeys(calls, 0.0)
    rows: dict[str, list[str]] = {}
    for moment in range(0, seconds, step):
        for (service, code), rate in calls.items():
            bad = 4.0 * step * failing if moment >= breaks_at else 0.0
            failures[service] += bad
            total[service, code] += rate * step - bad + (moment * 7 % 5)
            at = start + moment
            for label, value in (("200", total[service, code]), ("503", failures[service])):
                name = f'http_server_requests_total{{service="{service}",code="{label}"}}'
                rows.setdefault(name, []).append(f"{name} {value:.0f} {at:.3f}")
    for samples in rows.values():
        lines += samples
    return "\n".join([*lines, "# EOF", ""])
