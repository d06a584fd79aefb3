"""Metrics as text: what a /metrics page gives, in Prometheus' format or OpenMetrics.

Samples without a time are of the time of a comment before them, else of now. Exemplars and creation times are left out; counters and the parts
of histograms are cumulative sums, quantiles of summaries are gauges.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from lastgood.decoding.change import at
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.instants import NANOSECONDS
from lastgood.decoding.points import COUNTERS, Reported, point
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.whole import BROKEN, broken, lines
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal

_TYPE = re.compile(
    rb"^# TYPE (\S+) (counter|gauge|histogram|summary|untyped|unknown|info|stateset|gaugehistogram)\s*$",
    re.MULTILINE,
)
_ABOUT = re.compile(r"# (TYPE|HELP|UNIT) (\S+) ?(.*)")
# What whoever kept a page wrote above it: `# scraped 2026-11-22T14:41:00Z from …`.
_TAKEN = re.compile(r"#.*?\b(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| ?UTC|[+-]\d\d:?\d\d))")
_EXEMPLAR = re.compile(r"\s#\s*\{.*$")
_SUFFIXES = (*COUNTERS, "_created", "_info")


def recognise(given: Input) -> Claim | None:
    """Text with a TYPE line."""
    found = _TYPE.search(given.head)
    if found is None:
        return None
    form = "openmetrics" if b"\n# EOF" in given.head or b"\n# UNIT " in given.head else "prometheus text"
    return Claim(form, 0.97, f"it states that {found[1].decode('utf-8', 'replace')} is a {found[2].decode()}")


@dataclass
class _Families:
    """What the comment lines said of each metric: TYPE, HELP and UNIT."""

    reported: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: int | None = None  # when, in nanoseconds, as a comment tells

    def of(self, sample: str, what: str) -> str:
        """What was said of the metric that a sample belongs to."""
        if (what, sample) in self.reported:
            return self.reported[what, sample]
        bases = (sample.removesuffix(suffix) for suffix in _SUFFIXES if sample.endswith(suffix))
        return next((self.reported[what, base] for base in bases if (what, base) in self.reported), "")

    def is_counter(self, sample: str) -> bool:
        """Whether a sample only grows."""
        match self.of(sample, "TYPE"):
            case "counter":
                return True
            case "histogram" | "summary":
                return sample.endswith(COUNTERS)
            case "" | "untyped" | "unknown":
                return sample.endswith("_total")
            case _:
                return False


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points; comment lines count as continuations."""
    # OpenMetrics counts seconds where the older format counts milliseconds.
    scale = 1000.0 if claim.format == "openmetrics" or b"# EOF" in given.head else 1.0
    families, rows = _Families(), Rows()
    now = to_nanoseconds(settings.now)
    with given.open() as stream:
        try:
            for place, raw in enumerate(lines(stream), 1):
                line = raw.decode("utf-8", "replace").strip()
                try:
                    yield _line(line, families, rows, (now, scale, settings.service))
                except BAD as problem:
                    yield Reject(place, f"not a sample: {problem}", line[:REJECT_TEXT])
                    yield Tally(lines=1)
                yield from rows.full()
        except BROKEN as problem:
            yield from rows.rest()
            raise broken(problem) from problem
    yield from rows.rest()


def _line(line: str, families: _Families, rows: Rows, given: tuple[int, float, str]) -> Tally:
    if not line:
        return Tally(lines=1, blanks=1)
    if line.startswith("#"):
        if about := _ABOUT.fullmatch(line):
            families.reported[about[1], about[2]] = about[3]
        elif found := _TAKEN.match(line):
            families.taken = at(found[1].replace(" UTC", "Z").replace("UTC", "Z"))
        return Tally(lines=1, continuations=1)
    sample = _sample(line)
    if sample.name.endswith("_created") and families.of(sample.name, "TYPE") in {
        "counter",
        "histogram",
        "summary",
    }:
        return Tally(lines=1, blanks=1)
    now, scale, otherwise = given
    now = now if families.taken is None else families.taken
    time = now if sample.timestamp is None else round(sample.timestamp * scale * NANOSECONDS["s"])
    reported = Reported(
        unit=families.of(sample.name, "UNIT"),
        about=families.of(sample.name, "HELP"),
        counter=families.is_counter(sample.name),
    )
    made = point(sample.name, sample.labels, time, sample.value, reported=reported, otherwise=otherwise)
    rows.add(*made)
    return Tally(lines=1, events=1)


def _sample(line: str) -> Any:
    # Importing it costs a tenth of a second that loading other files need not pay.
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415

    families = list(text_string_to_metric_families(_EXEMPLAR.sub("", line) + "\n"))
    samples = [sample for family in families for sample in family.samples]
    if len(samples) != 1:
        raise ValueError(f"{len(samples)} samples in one line")
    return samples[0]


SOURCE = Source("openmetrics", frozenset({Signal.METRICS}), recognise, decode)
