"""The prediction language: text in, a prediction out; and what may come next.

    fails(issuer=ANZ) > 50%
    errors(service=checkout, version=new) / errors(version=old) > 5

    prediction = quantity rule | "onset after" TIME
    quantity   = measure ["/" measure]
    measure    = name "(" [argument {"," argument}] ")" [when]
    argument   = attribute ("=" | "!=") value | percentile | "words" | metric
    when       = "in bad" | "in good" | "before onset"       bad unless it says otherwise
    rule       = (">" | ">=" | "<" | "<=") number [unit] | "at baseline" | "rises" | "falls"

Every mistake names its place and what may stand there; the same knowledge completes what is half written.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

from lastgood.algorithms.predictions.expression import (
    BARE,
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
from lastgood.errors import QuerySyntaxError

P = TypeVar("P")

LENGTH = 1000
RULE_FORMS = (">", ">=", "<", "<=", "at baseline", "rises", "falls")
WHENS = ("in bad", "in good", "before onset")
# Over each other they are a factor that means something.
PARTNERS = {
    Kind.SHARE: {Kind.SHARE}, Kind.SECONDS: {Kind.SECONDS}, Kind.PEOPLE: set(),
    Kind.RATE: {Kind.RATE, Kind.COUNT, Kind.AMOUNT}, Kind.COUNT: {Kind.RATE, Kind.COUNT, Kind.AMOUNT},
    Kind.AMOUNT: {Kind.RATE, Kind.COUNT, Kind.AMOUNT},
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_@][\w.@/\-]*")
_WORD = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,12})?")
_UNIT = re.compile(r"\s*(%|/[a-z]+|[a-zµ]+)")
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,3})?)(?=\s*[,)])")
_PARTIAL = re.compile(r'(?:"[^"]*|[^\s,()="!<>]*)$')
_TIME = re.compile(r"\S+(?: \d[\d:.]*\S*)?")


@dataclass(frozen=True, slots=True)
class Slot:
    """What may come at a place: these words, or a name or value that only a store can tell."""

    words: tuple[str, ...] = ()
    of: str = ""  # "attribute", "value", "metric": what the store is to be asked for
    measure: str = ""  # in which measure
    attribute: str = ""  # a value of which attribute

    def __str__(self) -> str:
        named = {"attribute": "an attribute, such as service=checkout", "value": f"a value of {self.attribute}",
                 "metric": "the name of a metric"}  # fmt: skip
        options = [*self.words, *([named[self.of]] if self.of else [])]
        if not options:
            return ""
        return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to go on: the whole text with it."""

    text: str
    word: str


class _Mistake(Exception):  # noqa: N818 - a place and what may stand there; becomes QuerySyntaxError
    def __init__(self, position: int, problem: str, slot: Slot, hint: str = "") -> None:
        super().__init__(problem)
        self.position, self.problem, self.slot, self.hint = position, problem, slot, hint


def parse(text: str) -> Prediction:
    """The prediction that a text means.

    Raises:
        QuerySyntaxError: it means none; carries the position and says what may stand there.
    """
    if len(text) > LENGTH:
        raise QuerySyntaxError(
            text[:60], 0, f"A prediction may have {LENGTH} characters, this one has {len(text)}"
        )
    return _refused(text, _Parser(text).prediction)


def parse_pass(text: str) -> Limit:
    """The rule for the value of a query: `value > 5`.

    Raises:
        QuerySyntaxError: it is none; carries the position.
    """
    return _refused(text, _Parser(text).passing)


def _refused(text: str, read: Callable[[], P]) -> P:
    try:
        return read()
    except _Mistake as mistake:
        hint = mistake.hint or (f"Possible here: {mistake.slot}." if str(mistake.slot) else "")
        raise QuerySyntaxError(text, mistake.position, mistake.problem, hint=hint) from mistake


def complete(text: str, known: Callable[[Slot], Iterable[str]]) -> tuple[Candidate, ...]:
    """The ways in which a text may go on; `known` tells the names and values that a store holds.

    A name is found by its beginning, or by the beginning of any part of it: `iss` finds `card.issuer`.
    """
    begun = _PARTIAL.search(text[:LENGTH])
    before, partial = text[: begun.start()], begun[0] if begun else ""  # type: ignore[union-attr] # it matches nothing at all too
    try:
        _Parser(before).prediction()
    except _Mistake as mistake:
        if mistake.position < len(before.rstrip()):
            return ()
        words = (*mistake.slot.words, *(known(mistake.slot) if mistake.slot.of else ()))
        return tuple(
            Candidate(before + word, word) for word in dict.fromkeys(words) if _begins(word, partial.lower())
        )
    return ()


def _begins(word: str, partial: str) -> bool:
    low = word.lower()
    return low.startswith(partial) or any(
        part.startswith(partial) for part in re.split(r"[._\s]", low) if part
    )


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def more(self) -> bool:
        """Whether something is left after white space."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def fail(self, slot: Slot, problem: str = "", *, at: int | None = None, hint: str = "") -> NoReturn:
        """Refuse the text here."""
        position = self.at if at is None else at
        if not problem:
            found = self.text[position : position + 1]
            problem = f"`{found}` was not expected" if found else "The prediction ends too early"
        raise _Mistake(position, problem, slot, hint)

    def take(self, mark: str) -> bool:
        """Take a mark if it comes next."""
        if self.more() and self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def phrase(self, phrase: str) -> bool:
        """Take words, whatever white space parts them, if they come next."""
        pattern = re.compile(r"\s+".join(phrase.split()) + r"(?![\w.])")
        found = pattern.match(self.text, self.at) if self.more() else None
        self.at = found.end() if found else self.at
        return found is not None

    def prediction(self) -> Prediction:
        """The whole text."""
        if self.phrase("onset"):
            return self.onset()
        quantity = self.quantity()
        rule = self.rule(quantity)
        if self.more():
            self.fail(Slot(), "The prediction is complete before this", hint="One prediction at a time.")
        return Expected(quantity, rule)

    def passing(self) -> Limit:
        """A rule for the value of a query."""
        if not self.phrase("value"):
            self.fail(Slot(("value",)), hint="For example value > 5.")
        sign = next((sign for sign in (">=", "<=", ">", "<") if self.take(sign)), None)
        limit = self.limit(sign, Kind.AMOUNT) if sign else self.fail(Slot(RULE_FORMS[:4]))
        if self.more():
            self.fail(Slot(), "The rule is complete before this")
        return limit

    def onset(self) -> OnsetAfter:
        """What comes after `onset`."""
        if not self.phrase("after"):
            self.half(("after",))
        self.more()
        start, found = self.at, _TIME.match(self.text, self.at)
        example = "onset after 2026-11-22T14:41:00Z"
        if found is None:
            self.fail(Slot(), "A time was expected", hint=f"For example {example}.")
        self.at = found.end()
        if self.more():
            self.fail(Slot(), "The prediction is complete before this", hint="One prediction at a time.")
        try:
            moment = datetime.fromisoformat(found[0])
            return OnsetAfter((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
        except (ValueError, OverflowError):
            self.fail(Slot(), "This is not a time", at=start, hint=f"For example {example}.")

    def half(self, phrases: tuple[str, ...]) -> NoReturn:
        """Refuse, offering the rest of phrases of which words may stand here already."""
        here = self.text[self.at :].strip()
        rest = tuple(p[len(here) :].strip() for p in phrases if here and p.startswith(f"{here} "))
        if rest:
            self.at = len(self.text)
        self.fail(Slot(rest or phrases))

    def quantity(self) -> Quantity:
        """A measure, or a ratio of two."""
        measure = self.measure(Slot((*(f"{name}(" for name in MEASURES), "onset after")))
        if not PARTNERS[measure.kind] or not self.take("/"):
            return Quantity(measure)
        partners = (name for name, kind in MEASURES.items() if kind in PARTNERS[measure.kind])
        over = self.measure(Slot(tuple(f"{name}(" for name in partners)))
        measure, over = _of_one_service(measure, over)
        return Quantity(measure, over)

    def measure(self, slot: Slot) -> Measure:
        """A name of those that may stand here, what it is about, and when."""
        self.more()
        start, found = self.at, _NAME.match(self.text, self.at)
        if found is None:
            self.fail(slot, "" if self.more() else "A measure was expected")
        if f"{found[0]}(" not in slot.words:
            known = "cannot stand over this" if found[0] in MEASURES else "is not a measure"
            self.fail(slot, f"{found[0]!r} {known}")
        self.at = found.end()
        if not self.take("("):
            self.fail(Slot(("(",)))
        measure = self.arguments(Measure(found[0], position=start))
        if measure.name == "metric" and not measure.subject:
            self.fail(Slot(of="metric", measure="metric"), "A metric was expected", at=self.at - 1)
        if measure.name == "latency" and not measure.percentile:
            measure = replace(measure, percentile="95")
        return replace(measure, when=self.when())

    def when(self) -> When:
        return next((when for when in When if self.phrase(when.value)), When.BAD)

    def arguments(self, measure: Measure) -> Measure:
        """All up to the closing parenthesis."""
        if self.take(")"):
            return measure
        while True:
            measure = self.argument(measure)
            if self.take(")"):
                return measure
            if not self.take(","):
                self.fail(Slot((",", ")")))

    def argument(self, measure: Measure) -> Measure:
        percents = ("p50", "p95", "p99") if measure.name == "latency" and not measure.percentile else ()
        subject = measure.name in {"lines", "metric"} and not measure.subject and not measure.filters
        of = "metric" if measure.name == "metric" and subject else "attribute"
        slot = Slot(
            (*percents, *(('"words"',) if subject and measure.name == "lines" else ())), of, measure.name
        )
        if not self.more():
            self.fail(slot)
        if percents and (found := _PERCENTILE.match(self.text, self.at)) and float(found[1]) > 0:
            self.at = found.end()
            return replace(measure, percentile=f"{float(found[1]):g}")
        if subject and self.text[self.at] == '"':
            return replace(measure, subject=self.quotation(slot))
        found = _NAME.match(self.text, self.at)
        if found is None:
            self.fail(slot)
        start, self.at = self.at, found.end()
        bare = self.more() and self.text[self.at] in ",)"
        if subject and measure.name == "metric" and bare:
            return replace(measure, subject=found[0])
        equal = not self.take("!=")
        if equal and not self.take("="):
            self.at = start if bare else self.at
            self.fail(
                slot if bare else Slot(("=", "!=")),
                "An attribute and its value were expected" if bare else "",
            )
        value = self.value(Slot(of="value", measure=measure.name, attribute=found[0]))
        return replace(measure, filters=(*measure.filters, Filter(found[0], value, equal, start)))

    def value(self, slot: Slot) -> str:
        """What an attribute is held against."""
        if not self.more():
            self.fail(slot)
        if self.text[self.at] == '"':
            return self.quotation(slot)
        found = BARE.match(self.text, self.at)
        if found is None:
            self.fail(slot)
        self.at = found.end()
        return found[0]

    def quotation(self, slot: Slot) -> str:
        """Text in double quotes; a backslash takes the character after it literally."""
        start, reported = self.at, ""
        self.at += 1
        while self.text[self.at : self.at + 1] != '"':
            character = self.text[self.at : self.at + 1]
            if not character:
                self.fail(slot, "This quote is never closed", at=start)
            if character == "\\":
                self.at += 1
            reported += self.text[self.at : self.at + 1]
            self.at += 1
        self.at += 1
        return reported if reported.strip() else self.fail(slot, "Nothing stands in these quotes", at=start)

    def rule(self, quantity: Quantity) -> Limit | Trend:
        """What it must pass."""
        whens = WHENS if self.text[: self.at].rstrip().endswith(")") else ()
        ratio = ("/",) if quantity.over is None and PARTNERS[quantity.kind] else ()
        self.more()
        start = self.at
        trend = next((trend for trend in Trend if self.phrase(trend.value)), None)
        if trend:
            return self.trend(trend, quantity, start)
        sign = next((sign for sign in (">=", "<=", ">", "<") if self.take(sign)), None)
        if sign is None:
            self.half((*RULE_FORMS, *whens, *ratio))
        return self.limit(sign, quantity.kind)

    def trend(self, trend: Trend, quantity: Quantity, start: int) -> Trend:
        """A comparison with the good window, if it can be one."""
        signs = Slot(RULE_FORMS[:4])
        if any(measure.when is When.GOOD for measure in quantity.measures):
            self.fail(signs, "The good window is the baseline itself", at=start)
        if quantity.kind is Kind.PEOPLE:
            self.fail(signs, "Users of windows of different length cannot be compared", at=start)
        return trend

    def limit(self, sign: str, kind: Kind) -> Limit:
        units = UNITS[kind]
        example = {Kind.SHARE: "50%", Kind.SECONDS: "200ms", Kind.RATE: "5/s"}.get(kind, "5")
        hint = f"For example {sign} {example}."
        self.more()
        start, number = self.at, _NUMBER.match(self.text, self.at)
        if number is None:
            self.fail(Slot(), "A number was expected", hint=hint)
        self.at = number.end()
        unit = _UNIT.match(self.text, self.at)
        reported = unit[1] if unit else ""
        if reported not in units:
            problem = (
                f"{_KINDS[kind]} has no unit {reported!r}" if reported else f"{_KINDS[kind]} needs its unit"
            )
            at = unit.start(1) if unit else start
            self.fail(Slot(tuple(u for u in units if u)), problem, at=at, hint=hint)
        if kind is Kind.SHARE and not reported and float(number[0]) > 1:
            self.fail(Slot(), "A share is at most 1", at=start, hint=f"For example {sign} {number[0]}%.")
        self.at = unit.end() if unit else self.at
        return Limit(sign, float(number[0]), reported)


_KINDS = {
    Kind.SHARE: "A share", Kind.SECONDS: "A latency", Kind.RATE: "Traffic", Kind.COUNT: "A count",
    Kind.PEOPLE: "A count", Kind.AMOUNT: "A metric, compared in its own unit,", Kind.FACTOR: "A ratio",
}  # fmt: skip


def _of_one_service(one: Measure, other: Measure) -> tuple[Measure, Measure]:
    """Both of the service that one of them names, where versions `new` and `old` are set against each other."""
    return _served(one, other), _served(other, one)


def _served(measure: Measure, other: Measure) -> Measure:
    service = other.named("service")
    if service is None or measure.named("service") or measure.named("version") not in {"new", "old"}:
        return measure
    return replace(measure, filters=(Filter("service", service), *measure.filters))
