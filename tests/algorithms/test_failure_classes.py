"""The deepest rule that holds names the class."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lastgood.algorithms.failure_classes import (
    HALF_OF_FAILURES,
    Dependency,
    Exhausted,
    Repeated,
    Reported,
    Signs,
    classes,
)
from lastgood.model.answers import Shape
from lastgood.model.change import ChangeKind
from lastgood.model.failure import ErrorKind, FailureKind

UP, FLAT, DOWN = Shape.UP, Shape.FLAT, Shape.DOWN
REFUSED = Dependency("api.pay.example", 1000, 120.0, 402, 0.95)
OUTSIDE = Signs(
    errors=UP, latency=FLAT, traffic=FLAT, first_bad="api.pay.example", last_good="payments", external=True
)


def reported(events: float, share: float) -> Reported:
    """Errors of orders that speak of something."""
    return Reported(events, share, "orders", "what they say")


CASES = {
    "dependency_contract_change": replace(OUTSIDE, dependency=REFUSED),
    "dependency_down": replace(OUTSIDE, dependency=replace(REFUSED, status=503)),
    "rate_limit": replace(OUTSIDE, dependency=replace(REFUSED, status=429)),
    "dependency_slow": replace(OUTSIDE, errors=FLAT, latency=UP),
    "bad_deploy": replace(OUTSIDE, dependency=REFUSED, change=(ChangeKind.DEPLOY, "v2")),
    "credentials_refused": Signs(errors=UP, words={ErrorKind.CREDENTIALS: reported(40, 0.5)}, change=(ChangeKind.CONFIG, "rotation")),
    "config_error": Signs(errors=UP, change=(ChangeKind.FLAG, "gift cards")),
    "overload": Signs(traffic=UP, latency=UP),
    "retry_storm": Signs(errors=UP, repeated=Repeated("Charge of payments", 1.0, 3.2, 0.6)),
    "traffic_loss": Signs(traffic=DOWN, errors=FLAT),
    "resource_cpu": Signs(latency=UP, culprit="pricing", culprit_kind="cpu", first_bad="pricing", last_good="cart"),
    "noisy_neighbour": Signs(latency=UP, risen=("pricing system.cpu.steal",), culprit_kind="cpu", culprit="pricing"),
    "slow_database": Signs(latency=UP, first_bad="postgresql", last_good="orders", external=True),
    "disk_full": Signs(errors=UP, words={ErrorKind.DISK_FULL: reported(1, 0.01), ErrorKind.TIMEOUT: reported(90, 0.9)}, traffic=UP),
    "pool_starvation": Signs(errors=UP, latency=UP, words={ErrorKind.POOL: reported(40, 0.5), ErrorKind.TIMEOUT: reported(60, 0.8)}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_signs_name_the_class(name: str) -> None:
    """One case a class, with signs of shallower ones beside it."""
    assert name == classes(CASES[name])[0].name


@pytest.mark.parametrize(
    ("changed", "external", "name"),
    [("quote", False, "bad_deploy"), ("quote", True, "dependency_down"), ("web", False, "dependency_down")],
)
def test_a_service_of_your_own_that_was_deployed_is_no_dependency_that_is_down(
    changed: str, external: bool, name: str
) -> None:
    """Where the likely change is of who is called; of another service, or another company's, it is down."""
    signs = replace(
        CASES["dependency_down"],
        first_bad="quote",
        external=external,
        change=(ChangeKind.DEPLOY, "v2"),
        changed=changed,
    )

    assert name == classes(signs)[0].name


def test_slow_statements_explain_a_full_pool() -> None:
    """What holds the connections is the cause: a restart frees them for a moment only. Without errors of a pool it is not."""
    slowed = ("postgresql", "900 slow statements of table orders (6 before)")
    pool = {ErrorKind.POOL: reported(40, 0.5), ErrorKind.REFUSED: reported(40, 0.5)}

    found = classes(Signs(errors=UP, words=pool, slowed=slowed))

    assert ("slow_database", "postgresql") == (found[0].name, found[0].subject)
    assert "pool_starvation" in [one.name for one in found]
    assert "slow_database" not in [one.name for one in classes(Signs(errors=UP, words=pool))]
    assert "slow_database" not in [one.name for one in classes(Signs(errors=UP, slowed=slowed))]


def test_no_sign_names_no_class() -> None:
    """Errors that are up, and nothing else, could be anything."""
    assert () == classes(Signs(errors=UP, latency=FLAT, traffic=FLAT))


def test_few_words_decide_nothing() -> None:
    """Two errors about a pool among many others are noise; one full disk is not."""
    assert () == classes(Signs(errors=UP, words={ErrorKind.POOL: reported(2, 0.01)}))
    assert "disk_full" == classes(Signs(errors=UP, words={ErrorKind.DISK_FULL: reported(1, 0.01)}))[0].name


def test_repeated_calls_that_succeed_are_no_storm() -> None:
    """More calls for one request without failures are what a deploy does, say."""
    assert () == classes(Signs(latency=UP, repeated=Repeated("List of stock", 1.0, 9.0, 0.0)))


@given(
    some.dictionaries(some.sampled_from(sorted(ErrorKind)), some.builds(reported, some.floats(0, 1e6), some.floats(0, 1))),
    some.sampled_from([None, *Shape]), some.sampled_from([None, *Shape]), some.booleans(),
    some.sampled_from([None, "cpu", "memory", "code", "database", "external"]),
)  # fmt: skip
def test_each_class_once_with_a_reason(
    words: dict[ErrorKind, Reported],
    errors: Shape | None,
    latency: Shape | None,
    external: bool,
    kind: str | None,
) -> None:
    """Whatever the signs: no class twice, each with a reason and a confidence below 1."""
    found = classes(
        Signs(
            errors, latency, words=words, external=external, first_bad="b", last_good="a", culprit_kind=kind
        )
    )

    assert len(found) == len({one.name for one in found})
    assert all(one.because and 0 < one.confidence < 1 for one in found)


FULL = Exhausted(FailureKind.RESOURCE_HANDLES, "payments", "its descriptors ran out")
BUSY = Exhausted(FailureKind.RESOURCE_CPU, "payments", "its processor is busy")
REFUSES = Signs(errors=UP, dependency=Dependency("payments", 1000, 120.0, 503, 0.95), culprit="payments")


def test_what_ran_out_first_goes_before_what_it_makes_fail() -> None:
    """A dependency that answers 503 for want of descriptors; not where something else ran out of them."""
    first, second = classes(replace(REFUSES, exhausted=(FULL,)))[:2]
    elsewhere = classes(replace(REFUSES, exhausted=(replace(FULL, service="mail"),)))

    assert ["resource_handles", "dependency_down"] == [first.name, second.name]
    assert ("payments", FULL.because) == (first.subject, first.because)
    assert ["dependency_down"] == [one.name for one in elsewhere]


def test_a_processor_that_is_busy_with_more_requests_is_overloaded() -> None:
    """Without more requests it ran out by itself."""
    assert "resource_cpu" == classes(replace(REFUSES, exhausted=(BUSY,)))[0].name
    assert "resource_cpu" not in [
        one.name for one in classes(replace(REFUSES, exhausted=(BUSY,), traffic=UP))
    ]


def test_a_dependency_that_takes_too_long_is_slow_and_not_down() -> None:
    """Most failures say that they waited, and latency is up; as many say so without being slow: it is down."""
    late = replace(
        REFUSES, latency=UP, first_bad="payments", last_good="cart",
        words={ErrorKind.TIMEOUT: reported(80, HALF_OF_FAILURES), ErrorKind.REFUSED: reported(80, 0.5)},
    )  # fmt: skip

    assert "dependency_slow" == classes(late)[0].name
    assert "dependency_down" == classes(replace(late, latency=FLAT))[0].name
    few = {ErrorKind.TIMEOUT: reported(80, 0.9 * HALF_OF_FAILURES)}
    assert "dependency_down" == classes(replace(late, words=few))[0].name


def test_what_is_waited_for_is_named_by_all_of_the_error() -> None:
    """The sample that is shown is cut."""
    late = reported(80, HALF_OF_FAILURES)
    signs = Signs(
        errors=UP,
        words={ErrorKind.TIMEOUT: late},
        culprit="orders",
        culprit_kind="external",
        component="api.tax.example",
    )
    whole = replace(late, text="the read timed out at https://api.tax.example/v2")

    unnamed, named = classes(signs)[0], classes(replace(signs, words={ErrorKind.TIMEOUT: whole}))[0]
    assert (None, "api.tax.example") == (unnamed.subject, named.subject)
    assert "no telemetry names" in unnamed.because
    assert "they name api.tax.example" in named.because


def test_what_the_machine_lacks_comes_before_who_is_not_reached() -> None:
    """Where only those who are not answered say so; a first bad hop is known to be down."""
    refused = Signs(
        errors=UP,
        words={ErrorKind.REFUSED: reported(40, 0.9)},
        culprit="host-7",
        culprit_kind="cpu",
        risen=("host-7 cpu.steal",),
    )
    assert FailureKind.NOISY_NEIGHBOUR == classes(refused)[0].name
    assert FailureKind.DEPENDENCY_DOWN == classes(replace(refused, first_bad="pay"))[0].name
    alone = classes(replace(refused, culprit="orders", culprit_kind="code", risen=()))[0]
    assert (FailureKind.DEPENDENCY_DOWN, None) == (alone.name, alone.subject)
