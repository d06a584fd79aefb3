"""The first bad line: which, what came before it, and when it reached whom."""

from datetime import timedelta

import numpy as np

from lastgood.inspections.first_occurrence import first_occurrence
from lastgood.inspections.log_patterns import log_patterns
from lastgood.model.answers import Answer, FirstOccurrence, PatternChanges
from lastgood.model.evidence import LogSample, Table
from lastgood.model.figures import spaced
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.asking import Asking
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

HOUR = 3600.0
COMPARISON = Comparison(
    Window(START, START + timedelta(hours=1)),
    Window(START + timedelta(hours=1), START + timedelta(minutes=70)),
    given=True,
)


def _log(
    store: Store, service: str, body: str, seconds: list[float], *, level: int = 9, trace: str = ""
) -> None:
    columns = {
        "Timestamp": nanoseconds(np.array(seconds)),
        "SeverityNumber": [level] * len(seconds),
        "ServiceName": [service] * len(seconds),
        "TraceId": [trace] * len(seconds),
        "Body": [body.format(n) for n in range(len(seconds))],
        "ResourceAttributes": [[("service.instance.id", f"{service}-{n % 2}")] for n in range(len(seconds))],
    }
    put(store, LOGS, columns, f"{service} {body}")


def _ask(store: Store, comparison: Comparison | None = COMPARISON) -> Finding:
    holdings, reader = store.survey()
    window = holdings.telemetry_window
    assert window is not None
    case = Case(window, comparison, Scope(), holdings, window.end, Asking(reader).within(None))
    changes = next(log_patterns.run(case)).answer
    answers: dict[type, Answer] = {PatternChanges: changes} if changes else {}
    case = Case(window, comparison, Scope(), holdings, window.end, Asking(reader).within(None), answers)
    (finding,) = first_occurrence.run(case)
    return finding


def test_the_first_line_its_past_and_its_spread(store: Store) -> None:
    """The database fails first, the shop two seconds later; what the database said before is shown."""
    _log(store, "db", "wrote {} pages", [float(n) for n in range(0, 4200, 20)])
    _log(store, "shop", "served {}", [float(n) for n in range(0, 4200, 5)])
    _log(store, "db", "disk is full, {} bytes free", [HOUR + 10 + n for n in range(60)], level=17)
    _log(store, "shop", "order {} failed", [HOUR + 12 + n for n in range(60)], level=17)

    finding = _ask(store)

    assert Verdict.YES is finding.verdict
    answer = finding.answer
    assert isinstance(answer, FirstOccurrence)
    assert (START + timedelta(seconds=HOUR + 10), "db") == (answer.at, answer.service)
    assert "disk is full, 0 bytes free" == answer.text
    assert ["db", "shop"] == [service for service, _ in answer.spread]
    sample, table = finding.evidence
    assert isinstance(sample, LogSample)
    assert ["db", "db"] == [service for _, service, _ in sample.lines][-2:]
    assert "disk is full, 0 bytes free" == sample.lines[-1][2]
    assert "wrote 180 pages" == sample.lines[-2][2]
    assert isinstance(table, Table)
    assert 4 == len(table.rows)


def test_the_same_request_is_shown_when_it_is_known(store: Store) -> None:
    """With a trace id, what came before is the request, across services."""
    _log(store, "db", "wrote {} pages", [float(n) for n in range(0, 4200, 20)])
    _log(store, "web", "GET /basket {}", [HOUR + 9.0], trace="ab")
    _log(store, "db", "disk is full", [HOUR + 10.0], level=17, trace="ab")
    sample = _ask(store).evidence[0]
    assert isinstance(sample, LogSample)
    assert ["GET /basket 0", "disk is full"] == [text for _, _, text in sample.lines]


def test_services_that_clocks_cannot_order_are_named(store: Store) -> None:
    """Twenty milliseconds between hosts are no order."""
    _log(store, "db", "wrote {} pages", [float(n) for n in range(0, 4200, 20)])
    _log(store, "db", "disk is full", [HOUR + 10.0], level=17)
    _log(store, "shop", "order failed", [HOUR + 10.02], level=17)
    (limit,) = _ask(store).limits
    assert spaced(limit).startswith("shop followed within 100 ms")


def test_without_a_bad_pattern_nothing_is_said(store: Store) -> None:
    """Quiet logs have no first bad line, and that is unknown rather than no."""
    _log(store, "db", "wrote {} pages", [float(n) for n in range(0, 4200, 20)])
    assert Verdict.UNKNOWN is _ask(store).verdict
    assert Verdict.UNKNOWN is _ask(store, None).verdict
