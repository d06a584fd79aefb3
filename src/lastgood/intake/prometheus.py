"""Prometheus query answers: matrices, vectors and scalars of its HTTP API, one or several in a file.

A "line" is one sample. Native histograms are not read. Expressions without a metric name are stored
under the name of the file.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import Any

from lastgood.decoding.input import Claim, Decoded, Input, Reject, Settings
from lastgood.decoding.instants import NANOSECONDS, scaled
from lastgood.decoding.points import point
from lastgood.decoding.rows import Row, decoded, shown
from lastgood.decoding.tables.elements import elements_of
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_ANSWER = re.compile(rb'"resultType"\s*:\s*"(matrix|vector|scalar)"')
_ERROR = re.compile(rb'\s*\{\s*"status"\s*:\s*"error"\s*,\s*"errorType"\s*:')

Sample = tuple[dict[str, str], Any]  # labels; time in seconds and value as text


def recognise(given: Input) -> Claim | None:
    """An object with a resultType near its start, or an answer that is an error."""
    start = given.head[:4096]
    if start.lstrip()[:1] != b"{":
        return None
    found = _ANSWER.search(start)
    if found:
        return Claim(f"prometheus {found[1].decode()}", 0.98, f"resultType is {found[1].decode()}")
    return Claim("prometheus error", 0.9, "status is error") if _ERROR.match(start) else None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points."""
    del claim
    stem = PurePath(given.name).name.split(".", 1)[0]
    return decoded(_samples(given), partial(_rows, name=stem, otherwise=settings.service), "a sample")


def _samples(given: Input) -> Iterator[Sample | Reject]:
    with given.open() as stream:
        for answer in elements_of(stream):
            yield from _of_answer(answer)


def _of_answer(answer: Any) -> Iterator[Sample | Reject]:
    if isinstance(answer, Reject):
        yield answer
        return
    data = answer.get("data", answer) if isinstance(answer, dict) else None
    result = data.get("result") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(result, list):
        reported = answer.get("error") if isinstance(answer, dict) else None
        yield Reject(1, f"an answer without a result: {reported or 'no data.result'}", shown(answer))
    elif data.get("resultType") == "scalar":
        yield {}, result
    else:
        for series in result:
            yield from _of_series(series)


def _of_series(series: Any) -> Iterator[Sample | Reject]:
    metric = series.get("metric") if isinstance(series, dict) else None
    if not isinstance(metric, dict):
        yield Reject(1, "a series without its labels", shown(series))
        return
    labels = {str(key): str(value) for key, value in metric.items()}
    values = series.get("values") or ([series["value"]] if "value" in series else [])
    if not isinstance(values, list) or not values:
        yield Reject(1, "a series without values (native histograms are not read)", shown(labels))
        return
    for value in values:
        yield labels, value


def _rows(sample: Sample, *, name: str, otherwise: str) -> Iterator[tuple[StoreTable, Row]]:
    labels, (time, value) = sample
    at = scaled(str(time), NANOSECONDS["s"])
    if at is None:
        raise ValueError(f"{time!r} is not a time")
    own = {key: text for key, text in labels.items() if key != "__name__"}
    yield point(labels.get("__name__", name), own, at, float(value), otherwise=otherwise)


SOURCE = Source("prometheus", frozenset({Signal.METRICS}), recognise, decode)
