"""Log queries as SQL: the right lines, whatever the query holds."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastgood.errors import QuerySyntaxError
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.logfilter import log_filter
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from telemetry.rows import emptied

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DAY = Window(datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))
LINES = {
    "slow": (5, "orders", 13, "Payment took 900 ms", {"lg.duration_ns": "900000000"}),
    "refused": (10, "payments", 17, "Charge failed: 402 from /v1/charges", {"http.response.status_code": "402"}),
    "down": (20, "payments", 21, "Out of memory", {"http.response.status_code": "503", "team": "pay's \\ 100%"}),
    "fine": (50, "orders", 9, "order accepted", {"http.response.status_code": "200", "request.id": "9f552451586c0c8a"}),
    "bare": (59, "mail", 0, "queue length 7", {}),
    "unsaid": (12, "post", 0, "Delivery timed out", {}),
}  # fmt: skip


@pytest.fixture(scope="module")
def lines(engine: Engine) -> Store:
    """A store with these lines, which these tests only read."""
    store = emptied(engine)
    rows = list(LINES.values())
    store.engine.insert(
        "otel_logs",
        LOGS.rows(
            {
                "Timestamp": [datetime(2026, 11, 22, 14, row[0], tzinfo=UTC) for row in rows],
                "ServiceName": [row[1] for row in rows],
                "SeverityNumber": [row[2] for row in rows],
                "Body": [row[3] for row in rows],
                "LogAttributes": [list(row[4].items()) for row in rows],
                "ResourceAttributes": [[("service.version", "2.46")]] * len(rows),
            }
        ),
        token="lines",  # noqa: S106 - of an insert
    ).result()
    return store


def found(store: Store, query: str) -> set[str]:
    """The names of the lines that a query matches."""
    chosen = log_filter(query, now=NOW)
    _, reader = store.survey()
    rows = reader.query(
        f"SELECT body FROM lg_lines WHERE {chosen.sql}", chosen.parameters, DAY, scope=Scope()
    )
    bodies = set(rows.table["body"].to_pylist())
    return {name for name, row in LINES.items() if row[3] in bodies}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", set(LINES)),
        ("level:error AND service:payments AND timestamp:[now-1h TO now]", {"refused"}),
        ("level:>=warn", {"slow", "refused", "down"}),
        ("level:WARNING", {"slow"}),
        ("is:error", {"refused", "down", "unsaid"}),
        ("NOT is:error AND service:mail", {"bare"}),
        ("level:[info TO warn]", {"fine", "slow"}),
        ("NOT level:*", {"unsaid", "bare"}),
        ("http.response.status_code:[400 TO 599]", {"refused", "down"}),
        ("status:>402", {"down"}),
        ("status:{402 TO 503}", set()),
        ("NOT status:>=500", {"unsaid", "slow", "refused", "fine", "bare"}),
        ("duration:>500ms", {"slow"}),
        ("CHARGE", {"refused"}),
        ('"of mem"', {"down"}),
        ("pay*took", {"slow"}),
        ("service:pay*", {"refused", "down"}),
        ("service:pay", set()),
        ("message:/^[A-Z].*\\d{3}/", {"slow", "refused"}),
        ("/v1/charges", {"refused"}),
        ("service:(orders OR mail) -level:info", {"slow", "bare"}),
        ("timestamp:>=2026-11-22T14:50:00Z", {"fine", "bare"}),
        ("timestamp:{2026-11-22T14:50:00Z TO *]", {"bare"}),
        ("service.version:2.46 length", {"bare"}),
        ('team:"pay\'s \\\\ 100%"', {"down"}),
        ("team:pay\\'s*", {"down"}),
        ("'; DROP TABLE otel_logs; --", set()),
    ],
)
def test_queries(lines: Store, query: str, expected: set[str]) -> None:
    """Each query finds exactly its lines."""
    assert expected == found(lines, query)


@pytest.mark.parametrize(
    ("query", "position", "problem"),
    [
        ("level:loud", 6, "There is no level"),
        ("is:fine", 3, "The field `is` has one value"),
        ("service:a level:>=loud", 18, "There is no level"),
        ("timestamp:[now-1x TO now]", 15, "A duration was expected"),
        ("timestamp:2026", 10, "as a range"),
        ("duration:>5", 10, "A duration was expected"),
        ("message:/(/", 8, "not a regular expression"),
    ],
)
def test_mistakes_say_where(query: str, position: int, problem: str) -> None:
    """A field asked for what it cannot be is refused at that place."""
    with pytest.raises(QuerySyntaxError) as refused:
        log_filter(query, now=NOW)

    assert problem in refused.value.problem
    assert position == refused.value.position


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_text_gets_into_the_statement(text: str) -> None:
    """The engine gets back what was bound, whatever it is; the statement holds none of it."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    chosen = log_filter(f'field:"{quoted}"', now=NOW)

    assert text in chosen.parameters.values()
    assert log_filter('field:"x"', now=NOW).sql == chosen.sql


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_bound_value_arrives_as_it_is(lines: Store, text: str) -> None:
    """Quotes, backslashes, line ends and NULs reach the engine unchanged."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    chosen = log_filter(f'service:"{quoted}"', now=NOW)
    sent = lines.engine.query("SELECT {q0:String} AS got", chosen.parameters).rows

    assert [{"got": text}] == sent


def test_services_that_are_left_out_are_not_asked_for() -> None:
    """Only those that lines must be of: a query may leave out one that is not there."""
    found = log_filter("service:web (service:mail OR -service:auth) -(service:till)", now=NOW)

    assert ["web", "mail"] == [name for name, _ in found.services]


def test_a_word_finds_the_id_of_a_request_that_the_text_has_not(lines: Store) -> None:
    assert found(lines, "9f552451586c0c8a") == {"fine"}
    assert found(lines, "body:9f552451586c0c8a") == set()
    assert found(lines, "NOT 9f552451586c0c8a") == LINES.keys() - {"fine"}
    assert found(lines, "9f5524515") == set()
