"""The prediction language: what it means, what it refuses and where, how it completes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.predictions.expression import (
    MEASURES,
    UNITS,
    Expected,
    Filter,
    Kind,
    Limit,
    Measure,
    OnsetAfter,
    Prediction,
    Quantity,
    Trend,
    When,
)
from lastgood.algorithms.predictions.language import PARTNERS, Slot, complete, parse, parse_pass
from lastgood.errors import QuerySyntaxError

PIECES = st.sampled_from(
    ["fails(", "errors(", "latency(", "metric(", "lines(", "users(", ")", "issuer", "=", "!=", "ANZ", ",", " ", "/", ">",
     "<=", "50", "%", "ms", "at baseline", "rises", "in good", "before onset", "onset after", "p99", '"', "\\", "value"]
)  # fmt: skip
NAMES = st.from_regex(r"[a-z_][a-z_.]{0,8}", fullmatch=True)
VALUES = st.text(min_size=1, max_size=8).filter(lambda text: text.strip())
FILTERS = st.lists(st.builds(Filter, NAMES, VALUES, st.booleans()), max_size=3).map(tuple)
MOMENTS = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
AMOUNTS = st.integers(0, 10**6).map(lambda n: n / 1000)


@st.composite
def measures(draw: st.DrawFn, names: Sequence[str]) -> Measure:
    """Any measure of these names."""
    name = draw(st.sampled_from(names))
    reported = name == "metric" or (name == "lines" and draw(st.booleans()))
    subject = draw(VALUES) if reported else ""
    percentile = draw(st.sampled_from(("50", "95", "99.9"))) if name == "latency" else ""
    return Measure(name, draw(FILTERS), subject, percentile, draw(st.sampled_from(When)))


@st.composite
def predictions(draw: st.DrawFn) -> Prediction:
    """Any prediction that can be written."""
    if draw(st.integers(0, 9)) == 0:
        return OnsetAfter(draw(MOMENTS))
    measure = draw(measures(tuple(MEASURES)))
    partners = [name for name, kind in MEASURES.items() if kind in PARTNERS[measure.kind]]
    ratio: bool = draw(st.booleans())
    over = draw(measures(partners)) if partners and ratio else None
    quantity = Quantity(measure, over)
    compares = quantity.kind is not Kind.PEOPLE and all(m.when is not When.GOOD for m in quantity.measures)
    if compares and draw(st.booleans()):
        return Expected(quantity, draw(st.sampled_from(Trend)))
    unit = draw(st.sampled_from(sorted(UNITS[quantity.kind])))
    amount = draw(st.floats(0, 1) if (quantity.kind, unit) == (Kind.SHARE, "") else AMOUNTS)
    return Expected(quantity, Limit(draw(st.sampled_from((">", ">=", "<", "<="))), round(amount, 6), unit))


@pytest.mark.parametrize(
    ("normal", "text"),
    [
        ("fails(issuer=ANZ) > 50%", "fails( issuer = ANZ )>50%"),
        ("latency(service=x, p95) > 200ms", "latency(service=x, p95) > 200 ms"),
        ("errors(service=x, version=new) / errors(service=x, version=old) > 5",
         "errors(service=x,version=new) / errors(version=old) > 5"),
        ("errors(service=x, version=new) / errors() > 5", "errors(service=x, version=new) / errors() > 5"),
        ('lines("charge failed", level=error) rises', 'lines("charge failed", level=error)   rises'),
        ('metric("db.pool.wait", service=x) falls', "metric(db.pool.wait, service=x) falls"),
        ("latency(service=x, p95) at  baseline".replace("  ", " "), "latency(service=x) at   baseline"),
        ("latency(p99.9) in good < 1.5s", "latency(p99.9) in good < 1.5s"),
        ("traffic() before onset rises", "traffic() before onset rises"),
        ("users(failed=true) >= 100", "users(failed=true) in bad >= 100"),
        ('fails(operation="POST /pay") at baseline', 'fails(operation="POST /pay") at baseline'),
        ("onset after 2026-11-22T14:41:00Z", "onset after 2026-11-22 15:41:00+01:00"),
    ],
)  # fmt: skip
def test_the_normal_form(normal: str, text: str) -> None:
    """White space, the window and the percentile that are meant anyway, and the service of a ratio are filled in."""
    assert normal == str(parse(text))


@given(predictions())
def test_what_is_written_is_read_back(prediction: Prediction) -> None:
    """The normal form of a prediction means the same prediction, but for the service of new and old versions."""
    again = parse(str(prediction))

    assert str(again) == str(parse(str(again)))
    if "version=new" not in str(prediction) and "version=old" not in str(prediction):
        assert prediction == again


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    """Nothing but a prediction or QuerySyntaxError comes out, and the position lies in the text; completing never fails."""
    position = 0
    try:
        parse(text)
    except QuerySyntaxError as refused:
        position = refused.position

    assert 0 <= position <= len(text)
    assert all(found.text.endswith(found.word) for found in complete(text, lambda _: ("card.issuer", "b")))


@pytest.mark.parametrize(
    ("text", "position", "problem", "hint"),
    [
        ("", 0, "A measure was expected", "fails("),
        ("fail(issuer=ANZ) > 5%", 0, "'fail' is not a measure", "errors("),
        ("fails", 5, "ends too early", "("),
        ("fails(issuer) > 5%", 6, "An attribute and its value", "an attribute"),
        ("fails(issuer~ANZ) > 5%", 12, "`~` was not expected", "= or !="),
        ("fails(issuer=) > 5%", 13, "`)` was not expected", "a value of issuer"),
        ('fails(issuer="A) > 5%', 13, "never closed", "a value of issuer"),
        ('fails(issuer="") > 5%', 13, "Nothing stands", "a value of issuer"),
        ("fails(issuer=ANZ > 5%", 17, "`>` was not expected", ", or )"),
        ("fails() ", 8, "ends too early", "at baseline"),
        ("fails() at", 10, "ends too early", "baseline"),
        ("fails() > ", 10, "A number was expected", "> 50%"),
        ("fails() > 50", 10, "at most 1", "> 50%"),
        ("fails() > 50ms", 12, "A share has no unit 'ms'", "> 50%"),
        ("latency() > 200", 12, "A latency needs its unit", "> 200ms"),
        ("fails() / traffic() > 5", 10, "'traffic' cannot stand over this", "errors("),
        ("users() / count() > 5", 8, "`/` was not expected", "at baseline"),
        ("users() rises", 8, "cannot be compared", ">="),
        ("fails() in good at baseline", 16, "the baseline itself", ">="),
        ("fails() rises twice", 14, "complete before this", "One prediction"),
        ("metric() rises", 7, "A metric was expected", "the name of a metric"),
        ("metric(a, b) rises", 10, "An attribute and its value", "an attribute"),
        ("onset before 14:00", 6, "`b` was not expected", "after"),
        ("onset after noon", 12, "This is not a time", "2026"),
        ("latency(p0) > 1s", 8, "An attribute and its value", "p50"),
    ],
)  # fmt: skip
def test_mistakes_say_where_and_what_is_possible(text: str, position: int, problem: str, hint: str) -> None:
    """The position is that of the mistake; the hint says what may stand there."""
    with pytest.raises(QuerySyntaxError) as refused:
        parse(text)

    assert problem in refused.value.problem
    assert position == refused.value.position
    assert hint in refused.value.hint


def test_a_long_text_is_refused() -> None:
    """Whatever it says."""
    with pytest.raises(QuerySyntaxError, match="1000 characters"):
        parse("fails() rises" + " " * 1000)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["fails("], "fai"),
        (["onset after"], "on"),
        (["fails(card.issuer"], "fails(iss"),
        (["latency(p50", "latency(p95", "latency(p99", "latency(plan"], "latency(p"),
        (["fails(issuer=ANZ"], "fails(issuer=A"),
        (["fails() at baseline"], "fails() a"),
        (["fails() at baseline"], "fails() at "),
        (["fails() in bad", "fails() in good"], "fails() in "),
        (["fails() / fails(", "fails() / errors("], "fails() / "),
        ([], "nothing(iss"),
        ([], "fails() rises "),
    ],
)
def test_completions(expected: list[str], text: str) -> None:
    """Every way to go on that begins as what is there."""
    names = {"attribute": ("card.issuer", "plan"), "value": ("ANZ", "Chase")}

    assert expected == [found.text for found in complete(text, lambda slot: names[slot.of])]


def test_a_store_is_asked_for_what_it_needs() -> None:
    """The measure, and the attribute whose values are wanted."""
    asked: list[Slot] = []

    def known(slot: Slot) -> tuple[str, ...]:
        asked.append(slot)
        return ()

    complete("errors(service=", known)

    assert [("value", "errors", "service")] == [(slot.of, slot.measure, slot.attribute) for slot in asked]


def test_the_rule_of_a_query() -> None:
    """A plain number, and nothing else."""
    assert Limit(">=", 5.5, "") == parse_pass("value >= 5.5")
    for text, position in (("5 > value", 0), ("value is 5", 6), ("value > 5%", 9), ("value > 5 or", 10)):
        with pytest.raises(QuerySyntaxError) as refused:
            parse_pass(text)
        assert position == refused.value.position


def test_times_without_a_zone_are_utc() -> None:
    """As everywhere in the record."""
    assert OnsetAfter(datetime(2026, 11, 22, 14, 41, tzinfo=UTC)) == parse("onset after 2026-11-22T14:41")
    assert timedelta(0) == parse("onset after 2026-11-22").moment.utcoffset()  # type: ignore[union-attr] # it is one
