"""The tail of the logs in a store: what is new, once, in looks that cost a bounded amount."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lastgood.errors import BudgetError, QuerySyntaxError
from lastgood.telemetry.tables import LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench import log_tail
from lastgood.workbench.log_tail import MOST_NEW, OFF_BY, LogTail, tail_of
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from telemetry.rows import times

__all__ = ["service"]  # a fixture


def written(opened: Service, at: datetime, *bodies: str) -> None:
    """Lines of web in the store, a millisecond apart."""
    rows = {
        "Timestamp": times([at + timedelta(milliseconds=n) for n in range(len(bodies))]),
        "ServiceName": ["web"] * len(bodies),
        "Body": list(bodies),
    }
    writer = Writer(opened.store.engine, repr(bodies))
    writer.add(LOGS, LOGS.rows(rows))
    writer.flush()


def bodies(tail: LogTail) -> list[str]:
    return [line.body for line in tail.look()[0]]


def test_each_line_is_given_once(service: Service) -> None:
    """The first look gives the last minute; a later one what came since, also with an earlier time."""
    now = service.clock()
    tail = tail_of(service, "body:hello*")
    assert [] == bodies(tail)  # there are no logs at all
    written(service, now, "hello one", "other")
    written(service, now - 2 * OFF_BY, "hello of long ago")
    assert [] == bodies(tail)  # it notices that there are some
    assert ["hello one"] == bodies(tail)
    assert [] == bodies(tail)
    written(service, now - OFF_BY / 2, "hello late")
    assert ["hello late"] == bodies(tail)


def test_a_page_that_comes_back_gets_what_it_has_not(service: Service) -> None:
    """Lines up to its newest are not given again."""
    now = service.clock()
    written(service, now, "one", "two")
    assert ["two"] == bodies(tail_of(service, "", now))


def test_too_many_at_once_are_left_out_and_said_to_be(service: Service) -> None:
    """The newest stay; the first look leaves out nothing that came in since."""
    now = service.clock()
    written(service, now, *(f"old {n}" for n in range(MOST_NEW + 5)))
    tail = tail_of(service, "")
    assert (MOST_NEW, False) == (len((first := tail.look())[0]), first[1])
    written(service, now + timedelta(seconds=1), *(f"new {n}" for n in range(MOST_NEW - 1)))
    assert not tail.look()[1]
    written(service, now + timedelta(seconds=2), *(f"newer {n}" for n in range(MOST_NEW)))
    assert tail.look()[1]


def test_a_look_costs_so_much_and_no_more(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it there is an error, not minutes of work; what cannot be asked is refused at once."""
    written(service, service.clock(), *("x" * 1_000 for _ in range(500)))
    with pytest.raises(QuerySyntaxError):
        tail_of(service, "servis:web")
    monkeypatch.setattr(log_tail, "LOOKING", replace(log_tail.LOOKING, bytes_read=1_000))
    with pytest.raises(BudgetError):
        tail_of(service, "servis:web").look()
