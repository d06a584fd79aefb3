"""Log patterns: new, more, gone, at their usual rate, and what is not known."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from lastgood.inspections.log_patterns import log_patterns
from lastgood.model.answers import PatternChanges, PatternCount
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.asking import Asking
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

Rate = Callable[[int], float]  # lines a minute, by minute since the start

MINUTES, ONSET = 220, 200
BAD = Comparison(
    Window(START, START + timedelta(minutes=ONSET)),
    Window(START + timedelta(minutes=ONSET), START + timedelta(minutes=MINUTES)),
    given=True,
)


def _log(
    store: Store, body: str, rate: Rate, *, level: int = 9, service: str = "shop", instance: str = "a"
) -> None:
    """Lines at a rate; `{}` in the body is a running number."""
    chance = np.random.default_rng(len(body))
    seconds = np.sort(
        np.concatenate(
            [minute * 60 + chance.uniform(0, 60, chance.poisson(rate(minute))) for minute in range(MINUTES)]
        )
    )
    columns = {
        "Timestamp": nanoseconds(seconds),
        "SeverityNumber": [level] * len(seconds),
        "ServiceName": [service] * len(seconds),
        "Body": [body.format(n) for n in range(len(seconds))],
        "ResourceAttributes": [[("service.instance.id", instance)]] * len(seconds),
    }
    put(store, LOGS, columns, f"{service} {body} {instance}")


def _ask(store: Store, comparison: Comparison | None = BAD) -> Finding:
    holdings, reader = store.survey()
    window = holdings.telemetry_window
    assert window is not None
    case = Case(window, comparison, Scope(), holdings, window.end, Asking(reader).within(None))
    (finding,) = log_patterns.run(case)
    return finding


def _named(patterns: tuple[PatternCount, ...]) -> list[str]:
    return [pattern.template for pattern in patterns]


def _changes(finding: Finding) -> PatternChanges:
    assert isinstance(finding.answer, PatternChanges)
    return finding.answer


def test_every_kind_of_change_is_found(store: Store) -> None:
    """A new error, a louder warning, a heartbeat that ended; what goes on as before is none of them."""
    _log(store, "served order {}", lambda _: 10)
    _log(store, "charge {} failed", lambda m: 5 if m >= ONSET else 0, level=17)
    _log(store, "retrying order {}", lambda m: 12 if m >= ONSET else 2, level=13)
    _log(store, "heartbeat {}", lambda m: 0 if m >= ONSET else 4)
    _log(store, "mailbox {} is full", lambda _: 3, level=17, service="mail")
    _log(store, "  ", lambda m: 5 if m >= ONSET else 0, level=17)  # a blank line is no news

    finding = _ask(store)

    assert Verdict.YES is finding.verdict
    changes = _changes(finding)
    assert ["charge <*> failed"] == _named(changes.new)
    assert ["retrying order <*>"] == _named(changes.more)
    assert ["heartbeat <*>"] == _named(changes.gone)
    assert ["mailbox <*> is full"] == _named(changes.churn)
    (new,) = changes.new
    assert ("shop", "error", 0.0) == (new.service, new.level, new.expected)
    assert new.sample.startswith("charge ")
    assert BAD.bad.holds(new.first)
    assert 2 == len(finding.evidence)


def test_quiet_lines_are_a_no_with_evidence(store: Store) -> None:
    """Nothing changed, and the table says of what."""
    _log(store, "served order {}", lambda _: 10)
    _log(store, "cache refreshed in {} ms", lambda _: 3)
    finding = _ask(store)
    assert Verdict.NO is finding.verdict
    assert finding.evidence


def test_level_stays_beside_the_pattern(store: Store) -> None:
    """The same words as a warning and as an error are two rows of one pattern."""
    _log(store, "slow answer after {} ms", lambda _: 4, level=13)
    _log(store, "slow answer after {} ms ", lambda m: 4 if m >= ONSET else 0, level=17)
    changes = _changes(_ask(store))
    assert [("error", "slow answer after <*> ms")] == [(p.level, p.template) for p in changes.new]
    assert [p.pattern_id for p in changes.new] == [p.pattern_id for p in changes.churn]


def test_one_stray_line_is_not_news_unless_it_is_an_error(store: Store) -> None:
    """Against ten windows, one information is too few; one error is shown."""
    _log(store, "served order {}", lambda _: 10)
    comparison = Comparison(Window(START + timedelta(minutes=180), BAD.good.end), BAD.bad, given=True)
    _log(store, "reloaded settings", lambda m: 400 * (m == 210) / 400)
    _log(store, "disk {} lost", lambda m: 2 * (m == 211), level=17)
    finding = _ask(store, comparison)
    assert ["disk <*> lost"] == _named(_changes(finding).new)
    assert any("times the bad window" in limit for limit in finding.limits)


def test_what_a_process_says_at_its_start_is_not_news(store: Store) -> None:
    """A new instance prints its banner; the error it then makes is news."""
    _log(store, "served order {}", lambda _: 10)
    _log(store, "loaded {} plugins", lambda m: 30 * (m == ONSET + 1), instance="b")
    _log(store, "plugin {} failed", lambda m: 5 * (m >= ONSET + 1), instance="b", level=17)
    finding = _ask(store)
    assert ["plugin <*> failed"] == _named(_changes(finding).new)
    assert any("start-up messages" in limit for limit in finding.limits)


def test_lines_of_a_stack_trace_are_no_patterns(store: Store) -> None:
    """Where each line is logged by itself, the exception's message is shown, not its frames."""
    _log(store, "served order {}", lambda _: 10)
    for text in ("at com.acme.Foo.bar(Foo.java:{})", "java.lang.NullPointerException: tax {} is null"):
        _log(store, text, lambda m: 5 * (m >= ONSET), level=17)
    assert ["java.lang.NullPointerException: tax <*> is <*>"] == _named(_changes(_ask(store)).new)


def test_nothing_to_compare_is_unknown(store: Store) -> None:
    """No comparison, or no lines in one of its windows, is not a no."""
    _log(store, "served order {}", lambda _: 1)
    assert Verdict.UNKNOWN is _ask(store, None).verdict
    later = START + timedelta(days=1)
    ahead = Comparison(BAD.good, Window(later, later + timedelta(hours=1)), given=True)
    assert "log lines end at" in _ask(store, ahead).because
