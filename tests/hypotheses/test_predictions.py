"""Predictions against whole incidents: every verdict, for a reason that can be read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.predictions.expression import When
from lastgood.errors import QueryFailedError, QuerySyntaxError
from lastgood.hypotheses.predictions import (
    Result,
    Scene,
    check,
    check_typed,
    completions,
    written,
)
from lastgood.model.figures import spaced
from lastgood.model.prediction import Outcome
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.measuring import Measuring
from lastgood.workbench.store import Store
from scenario_language.asking import written as world_of

pytestmark = pytest.mark.slow  # whole answers, over a store each

SCENARIOS = Path(__file__).parents[1] / "scenarios"
Checks = Callable[[str], Result]


def at(hour: int, minute: int, second: int = 0) -> datetime:
    """A time of the day of the scenarios with cards."""
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=UTC)


SCENE = Scene(
    Comparison(Window(at(14, 0), at(14, 24, 45)), Window(at(14, 25), at(14, 40))),
    (at(14, 24, 50), at(14, 25, 10)),
)


@pytest.fixture
def cards(store: Store) -> Measuring:
    """A third party that fails for the cards of one issuer."""
    world_of(store, SCENARIOS / "one_card_issuer.txt")
    return store.measuring(SCENE.comparison)


VERDICTS = [
    (Outcome.SUPPORTED, "fails(issuer=ANZ) > 50%", "of 296 requests"),
    (Outcome.SUPPORTED, "fails(issuer!=ANZ) at baseline", "before 0.2 %"),
    (Outcome.SUPPORTED, "fails(issuer=ANZ) / fails(issuer!=ANZ) > 10", " times to "),
    (Outcome.SUPPORTED, "errors(peer=api.stripe.com) rises", "of 3543 calls, before 0.22 %"),
    (Outcome.SUPPORTED, "latency(peer=api.stripe.com, p50) at baseline", "140 ms (138 ms to 143 ms)"),
    (Outcome.SUPPORTED, 'lines("Charge failed for order <*>", level=error) rises', "0.271/s"),
    (Outcome.SUPPORTED, "count(issuer=ANZ) >= 296", "296"),
    (Outcome.SUPPORTED, "traffic(status=402, peer=api.stripe.com) / traffic() > 0.01", "times"),
    (Outcome.SUPPORTED, "onset after 2026-11-20T14:22:00Z", "between 14:24:50 and 14:25:10"),
    (Outcome.REFUTED, "onset after 2026-11-20T14:26:00Z", "between 14:24:50 and 14:25:10"),
    (Outcome.REFUTED, "latency(service=payments) rises", "before"),
    (Outcome.REFUTED, "fails() at baseline", "of 3543 requests, before 0.22 %"),
    (
        Outcome.REFUTED,
        "errors(service=payments, version=new) / errors(version=old) > 5",
        "0.72 times (0.5 times to 1 times)",
    ),
    (Outcome.REFUTED, "traffic() before onset rises", "/s"),
    (Outcome.REFUTED, 'lines("out of memory") > 0', "0"),
    (Outcome.INCONCLUSIVE, "fails(issuer=ANZ) > 75%", "requests would decide, there are 296"),
    (Outcome.INCONCLUSIVE, "fails(issuer=ANZ, provider=adyen, user=user0001) > 50%", "too few"),
    (Outcome.INCONCLUSIVE, "onset after 2026-11-20T14:25:00Z", "between"),
    (Outcome.UNTESTABLE, "metric(db.pool.wait) rises", "there are no metrics"),
    (Outcome.UNTESTABLE, "fails(colour=red) > 5%", "no request carries 'colour'"),
    (Outcome.UNTESTABLE, "fails(issuer=ANX) > 5%", "there is Barclays, Chase, ANZ"),
]


def test_every_verdict(cards: Measuring) -> None:
    """With what was measured; a verdict that was measured has evidence with its query."""
    reported = {text: check(written(text, cards), cards, SCENE) for _, text, _ in VERDICTS}

    assert [(outcome, text) for outcome, text, _ in VERDICTS] == [
        (reported[text].checked.outcome, text) for _, text, _ in VERDICTS
    ]
    assert [] == [
        result.checked
        for (_, text, why) in VERDICTS
        if why not in spaced((result := reported[text]).checked.because)
    ]
    measured = [
        r
        for r in reported.values()
        if r.checked.outcome is not Outcome.UNTESTABLE and r.checked.kind != "time"
    ]
    assert all("FROM lg_" in table.provenance.sql for result in measured for table in result.evidence)
    assert all(result.evidence and result.checked.now for result in measured)


def test_the_names_are_written_out(cards: Measuring) -> None:
    """When it is written, as far as the store has them; a name of several attributes is refused."""
    assert "fails(card.issuer=ANZ, colour=red) > 50%" != str(
        written("fails(issuer=ANZ, colour=red) > 50%", cards)
    )
    assert "fails(card.issuer=ANZ) > 50%" == str(written("fails(issuer=ANZ) > 50%", cards))
    assert "fails(issuer=ANZ) > 50%" == str(written("fails(issuer=ANZ) > 50%"))
    with pytest.raises(QuerySyntaxError, match="could be several") as refused:
        written("fails(id=x) > 50%", cards)
    assert 6 == refused.value.position
    assert "service.instance.id" in refused.value.hint


def test_what_is_half_written_goes_on(cards: Measuring) -> None:
    """With the names and values of the store."""
    assert ["fails(card.issuer"] == [c.text for c in completions("fails(iss", cards)]
    assert ["fails(issuer=ANZ"] == [c.text for c in completions("fails(issuer=A", cards)]
    assert ["latency(service=payments"] == [c.text for c in completions("latency(service=pa", cards)]
    assert ["fails(peer=api.stripe.com"] == [c.text for c in completions("fails(peer=str", cards)]
    assert [] == [c.text for c in completions("fails(iss", None)]


TYPED = [
    (
        Outcome.SUPPORTED,
        "SELECT countIf(failed) AS value FROM lg_requests WHERE phase = 'bad'",
        "the value is",
    ),
    (Outcome.REFUTED, "SELECT count() FROM lg_alerts", "the value is 0"),
    (Outcome.UNTESTABLE, "SELECT service FROM lg_requests", "rows; a rule reads one"),
    (Outcome.UNTESTABLE, "SELECT 'x' AS value", "is not a number"),
    (Outcome.UNTESTABLE, "SELECT 1 AS a, 2 AS b", "is called value"),
    (Outcome.UNTESTABLE, "SELECT avg(value) FROM lg_points", "is not a number"),
]


def test_a_query_that_somebody_typed(cards: Measuring) -> None:
    """Its one value passes the rule or does not; what is no value decides nothing."""
    reported = [check_typed(sql, "value > 5", cards) for _, sql, _ in TYPED]

    assert [outcome for outcome, _, _ in TYPED] == [result.checked.outcome for result in reported]
    assert [] == [
        r.checked
        for (_, _, why), r in zip(TYPED, reported, strict=True)
        if why not in spaced(r.checked.because)
    ]
    assert all(
        sql.split()[-1] in r.evidence[0].provenance.sql
        for (_, sql, _), r in zip(TYPED, reported, strict=True)
    )


def test_a_typed_query_cannot_do_harm(cards: Measuring) -> None:
    """It is refused before it runs."""
    for sql in ("DROP TABLE otel_logs", "SELECT * FROM url('http://example.com')", "SELECT"):
        refused(sql, cards)


def refused(sql: str, cards: Measuring) -> None:
    """A query that is not run."""
    with pytest.raises((QuerySyntaxError, QueryFailedError)):
        check_typed(sql, "value > 5", cards)


def test_without_an_onset() -> None:
    """The run-up ends with the good window."""
    scene = Scene(SCENE.comparison)

    assert scene.comparison.good.end == scene.run_up.end
    assert scene.run_up.length < timedelta(minutes=7)
    assert SCENE.run_up.start == SCENE.baseline(When.RUN_UP).end
    assert SCENE.comparison.good == SCENE.baseline(When.BAD)
