"""The live shop: it serves, breaks in earnest, is recorded without its truth, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from examples.shop.live.control import ask
from examples.shop.live.play import FAULTS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PATH = os.pathsep.join(map(str, (ROOT / "src", ROOT / "kit" / "src", ROOT)))


def command(folder: Path, *words: str) -> list[str]:
    """The shop in a folder."""
    here = ["--folder", str(folder / "run"), "--record", str(folder / "record"), "--rate", "14"]
    return [sys.executable, "-m", "examples.shop.live", *here, *words]


def of_shop(folder: Path) -> list[str]:
    """The command lines of processes whose working folder is that of a shop."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@dataclass(frozen=True)
class Played:
    """A run that is over."""

    record: Path
    books: list[dict[str, Any]]
    truth: dict[str, Any]
    left: list[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The provider's fault, after twenty seconds."""
    folder = tmp_path_factory.mktemp("shop")
    words = ["--fault", "provider-402", "--healthy", "20", "--broken", "20"]
    subprocess.run(
        command(folder, *words), cwd=ROOT, env={**os.environ, "PYTHONPATH": PATH}, check=True, timeout=240
    )
    truth = folder / "run" / "truth"
    books = [json.loads(line) for line in (truth / "books.jsonl").read_text().splitlines()]
    return Played(folder / "record", books, json.loads((truth / "truth.json").read_text()), of_shop(folder))


def spans(record: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, str]]]:
    """Service, span, and its attributes as texts, of everything that was recorded."""
    for line in (record / "traces.jsonl").read_text().splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            who = {a["key"]: next(iter(a["value"].values())) for a in resource["resource"]["attributes"]}
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    reported = {
                        a["key"]: str(next(iter(a["value"].values()))) for a in span.get("attributes", ())
                    }
                    yield who["service.name"], span, reported


def test_nothing_is_left_behind(played: Played) -> None:
    """No process of the shop runs on."""
    assert [] == played.left


def test_every_request_is_recorded_as_the_users_saw_it(played: Played) -> None:
    """The edge's spans have exactly the outcomes of the load generator's own books, for each issuer."""
    key = "http.response.status_code"
    recorded = sorted((reported[key], reported["card.issuer"]) for who, span, reported in spans(played.record)
                      if who == "edge" and span["kind"] == 2)  # fmt: skip
    seen = sorted((str(line["status"]), line["issuer"]) for line in played.books)

    assert len(seen) > 60
    assert seen == recorded


def test_a_trace_goes_through_all_services(played: Played) -> None:
    """From the edge to payments, with the user on every server span."""
    traces: dict[str, set[str]] = {}
    for who, span, reported in spans(played.record):
        if span["kind"] == 2 and reported.get("user.id"):
            traces.setdefault(span["traceId"], set()).add(who)

    assert {"edge", "checkout", "inventory", "payments"} in traces.values()


def test_what_breaks_is_what_was_broken(played: Played) -> None:
    """Checkouts fail for one issuer, from the fault on; on a busy machine some others are late too."""
    onset = datetime.fromisoformat(played.truth["onset"]).timestamp()
    late = [line for line in played.books if line["at"] > onset + 1 and line["path"] == "/checkout"]

    def share(lines: list[dict[str, Any]]) -> float:
        failed = [line for line in lines if line["status"] >= 500]
        return len(failed) / len(lines)

    assert share([line for line in late if line["issuer"] == "anz"]) > 0.9
    assert share([line for line in late if line["issuer"] != "anz"]) < 0.1
    assert share([line for line in played.books if line["at"] < onset]) < 0.1


def test_the_truth_is_not_in_the_record(played: Played) -> None:
    """Neither the fault's name nor what is said of it, nor the load generator's books."""
    texts = [path.read_text(errors="replace") for path in played.record.rglob("*") if path.is_file()]
    fault = FAULTS["provider-402"]

    assert "provider-402" == played.truth["fault"]
    assert [] == [
        word for word in ("provider-402", fault.about, "remedies") for text in texts if word in text
    ]
    assert not list(played.record.rglob("books*"))


def test_the_alert_and_the_changes_are_recorded(played: Played) -> None:
    """An innocent deploy, the provider's notice, and an alert that fires."""
    alert = json.loads((played.record / "alert-1.json").read_text())
    changes = [json.loads(line) for line in (played.record / "changes.ndjson").read_text().splitlines()]
    page = json.loads((played.record / "status-page.json").read_text())

    assert "firing" == alert["status"]
    assert ["v1.4.1"] == [c["version"] for c in changes if c["kind"] == "deploy"]
    assert 1 == len(page["incidents"])


def test_triage_names_the_provider_and_the_issuer(played: Played) -> None:
    """From the record alone, in a process of its own."""
    asked = [sys.executable, "-m", "lastgood", "triage", str(played.record), "-o", "json"]
    environment = {**os.environ, "PYTHONPATH": PATH}
    answer = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False, timeout=120)

    assert 1 == answer.returncode, answer.stderr
    for word in ("cardgate.example", "card.issuer", "anz"):
        assert word in answer.stdout


def until(true: Callable[[], object], seconds: float = 30) -> bool:
    """Whether something becomes true in time."""
    end = monotonic() + seconds
    while not (found := bool(true())) and monotonic() < end:
        sleep(0.2)
    return found


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_shop_leaves_nothing_behind(tmp_path: Path, sign: signal.Signals) -> None:
    """It does what its control asks for; Ctrl-C ends every process in order; when the supervisor is killed, they notice."""
    environment = {**os.environ, "PYTHONPATH": PATH}
    shop = subprocess.Popen(command(tmp_path), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert shop.stdout
    assert "the shop serves" in shop.stdout.readline()
    running = len(of_shop(tmp_path))
    answers = [
        ask(tmp_path / "run" / "control.json", kind, "cardgate.example") for kind in ("failover", "fly")
    ]
    shop.send_signal(sign)
    shop.wait(60)
    shop.stdout.close()

    assert 11 == running
    assert [(True, "failover cardgate.example: done"), (False, "this shop has no fly")] == answers
    assert until(lambda: not of_shop(tmp_path))
