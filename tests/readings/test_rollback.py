"""Rolling a service back: which deploy counts, and the same answer for whoever asks."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cases import case_of, reported
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.rollback import RollBackOf
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.rollback import asked_of, read_roll_back
from lastgood.telemetry.tables import CHANGES, LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

WORLD = """
scenario  a deploy of orders, and another attempt
seed      5
time      2026-11-20 10:00 .. 10:10
service   orders  instances=o-1 version=v1 then version=v2 at 10:05
spans     web "POST /order"  rate=2/s latency=8ms
call      web "POST /order" -> orders Place  latency=10ms errors=0.2% then errors=40% at 10:05
change    deploy orders v1 -> v2  id=d2 at 10:04:50
"""

LIKELY = WeighedChange(
    "d2", ChangeKind.DEPLOY, "orders", START - timedelta(days=99), "v2", ChangeVerdict.LIKELY, 0.8, (), ()
)


@pytest.mark.parametrize("state", ["failed", "aborted", "skipped", "rejected", "error", "cancelled"])
def test_a_deploy_that_never_took_effect_is_not_the_last(store: Store, tmp_path: Path, state: str) -> None:
    """What was tried afterwards and did not happen cannot be rolled back."""
    tried = f"change    deploy orders v2 -> v3  id=d3 state={state} at 10:07\n"
    read = read_roll_back(case_of(store, reported(store, tmp_path, WORLD + tried, 5)), RollBackOf("orders"))

    assert read is not None
    assert ("d2", "v2", "v1") == (read.answer.deploy, read.answer.version, read.answer.previous)
    assert read.previous.holds is True


def test_without_a_deploy_there_is_nothing_to_go_back_to(store: Store, tmp_path: Path) -> None:
    """Of a service that no deploy on record is of."""
    assert read_roll_back(case_of(store, reported(store, tmp_path, WORLD, 5)), RollBackOf("web")) is None


def answered(store: Store, service: str, since: float, until: float, status: str, **attributes: str) -> None:
    """An access log of one route: a request a second."""
    many = int(until - since)
    columns: dict[str, Any] = {
        "Timestamp": nanoseconds(np.linspace(since, until - 1, many)), "ServiceName": [service] * many, "Body": ["GET /quote"] * many,
        "LogAttributes": [
            {"http.request.method": "GET", "http.route": "/quote", "http.response.status_code": status, **attributes}
        ] * many,
    }  # fmt: skip
    put(store, LOGS, columns, f"{service}{since}{status}{attributes}")


def released(store: Store) -> None:
    """Two tags with a commit, and the deploy of the second, whose version has no `v`."""
    rows: tuple[tuple[str, str, int, str, str, str, list[str]], ...] = (
        ("tag/1", "deploy", -7200, "v1.0", "tagged", "", []), ("c2", "commit", -5400, "", "", "tag/2", ["money.go"]),
        ("tag/2", "deploy", -3600, "v1.1", "tagged", "", []), ("d2", "deploy", 1790, "1.1", "", "", []),
    )  # fmt: skip
    columns = {
        "Id": [row[0] for row in rows], "Kind": [row[1] for row in rows],
        "Timestamp": [START + timedelta(seconds=row[2]) for row in rows],
        "EndTimestamp": [START + timedelta(seconds=row[2]) for row in rows], "Service": ["quote"] * len(rows),
        "Version": [row[3] for row in rows], "State": [row[4] for row in rows], "Within": [row[5] for row in rows],
        "Files": [row[6] for row in rows],
    }  # fmt: skip
    store.engine.insert("lg_changes", CHANGES.rows(columns), token="changes").result()  # noqa: S106


def case_in_halves(store: Store) -> Case:
    """The case whose second half is bad."""
    middle, end = START + timedelta(seconds=1800), START + timedelta(seconds=3600)
    halves = Comparison(Window(START, middle), Window(middle, end), given=True)
    return investigate(store, now=end, only="confirm", comparison=halves)[0]


def test_versions_of_log_lines_are_compared_too(store: Store) -> None:
    """The tag's `v1.0` is the `1.0` that lines have; the commits of the tag are the deploy's."""
    released(store)
    answered(store, "quote", 0, 1800, "200", **{"service.version": "1.0"})
    answered(store, "quote", 1800, 3600, "500", **{"service.version": "1.1"})

    read = read_roll_back(case_in_halves(store), RollBackOf("quote"))

    assert read is not None
    assert ("d2", "v1.0") == (read.answer.deploy, read.answer.previous)
    assert read.previous.holds is True
    assert "failed 0 % of 1 800 calls" in read.previous.because.replace("\u202f", " ").replace("\u00a0", " ")
    assert "none of its 1 recorded commits" in read.answer.checks[1].because


def test_failures_at_a_proxy_alone_say_nothing_of_versions(store: Store) -> None:
    """The new version answered all that it wrote down: that it is no worse is not known."""
    released(store)
    answered(store, "quote", 0, 1800, "200", **{"service.version": "1.0"})
    answered(store, "quote", 1800, 3600, "200", **{"service.version": "1.1"})
    answered(store, "haproxy", 1800, 2400, "502", **{"service.peer.name": "be_quote"})

    read = read_roll_back(case_in_halves(store), RollBackOf("quote"))

    assert read is not None
    assert read.previous.holds is None
    assert "cannot be attributed" in read.previous.because


ON_V2 = WORLD.replace("version=v2 at 10:05", "version=v2 at 10:05 then version=v3 at 10:08")
V3 = "change    deploy orders v2 -> v3  id=d3 {state}at 10:08\n"


@pytest.mark.parametrize(
    ("line", "of", "said"),
    [
        ('change migration orders "drop column orders.total" id=m1 at 10:06', "migrations", "drops or renames"),
        ('change flag orders "new-tax" id=f1 at 10:06', "flags and settings", "new-tax"),
        ("change commit orders tax id=c1 within=d2 files=db/migrations/1_tax.sql at 10:01", "migrations", "commit tax"),
        ("change commit orders tax id=c1 within=d3 files=db/migrations/1_tax.sql at 10:01", "migrations", "commit tax"),
    ],
)  # fmt: skip
def test_what_came_since_the_likely_deploy_is_checked(
    store: Store, tmp_path: Path, line: str, of: str, said: str
) -> None:
    """Of all that is taken back, also where the deploy after the likely one is the last."""
    case = case_of(store, reported(store, tmp_path, ON_V2 + V3.format(state="") + line + "\n", 5))
    read = read_roll_back(case, asked_of("orders", LIKELY))

    assert read is not None
    assert ("d3", "v3", "v1", "v2") == (
        read.answer.deploy, read.answer.version, read.answer.previous, read.answer.one_back,
    )  # fmt: skip
    (check,) = [one for one in read.answer.checks if one.of == of]
    assert check.holds is not True
    assert said in check.because


@pytest.mark.parametrize(("state", "one_back"), [("", "v2"), ("state=failed ", "v2"), ("state=skipped ", "")])
def test_one_deploy_back_need_not_be_where_it_goes(
    store: Store, tmp_path: Path, state: str, one_back: str
) -> None:
    """After a roll-forward that failed, too."""
    world = WORLD if state else ON_V2
    case = case_of(store, reported(store, tmp_path, world + V3.format(state=state), 5))
    read = read_roll_back(case, asked_of("orders", LIKELY))

    assert read is not None
    assert ("v1", one_back) == (read.answer.previous, read.answer.one_back)
