"""Series as monitoring systems answer in JSON: Grafana, CloudWatch, Datadog, Azure, Google, New Relic, Graphite, Zabbix, InfluxDB, sadf and others.

A "line" is one value. Whose a series is, is in its labels, in its name, or in the name of the file.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from lastgood.decoding.input import Claim, Decoded, Input, Reject, Settings
from lastgood.decoding.labels import service_of
from lastgood.decoding.points import COUNTERS, Reported, point
from lastgood.decoding.rows import BAD, Row, decoded, shown
from lastgood.decoding.tables.elements import elements_of
from lastgood.decoding.text.whose import whose_figures
from lastgood.intake._registry import Source
from lastgood.intake.metric_answers.forms import FORMS, Form
from lastgood.intake.metric_answers.sample import Sample
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_HOSTS = (
    "host",
    "hostname",
    "instance_name",
    "node",
    "server",
    "vm",
    "computer",
    "dbinstanceidentifier",
    "instanceid",
)
HEAD = 64 * 1024


def recognise(given: Input) -> Claim | None:
    """JSON with the keys of one of these answers."""
    form = _form_of(given)
    return Claim(form.name, 0.97, f"it has the keys of {form.name}") if form else None


def _form_of(given: Input) -> Form | None:
    head = given.head[:HEAD]
    if given.is_folder or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        return None
    return next((form for form in FORMS if all(sign.search(head) for sign in form.signs)), None)


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points."""
    form = next(one for one in FORMS if one.name == claim.format)
    stem = PurePath(given.name).name.split(".", 1)[0]
    owner = whose_figures(given.telling) or settings.service
    return decoded(_samples(given, form, stem), lambda sample: _rows(sample, owner), "a value")


def _samples(given: Input, form: Form, stem: str) -> Iterator[Sample | Reject]:
    with given.open() as stream:
        for document in elements_of(stream):
            if isinstance(document, Reject):
                yield document
                continue
            try:
                yield from _of(document, form, stem)
            except BAD as problem:
                yield Reject(1, f"not an answer of {form.name}: {problem}", shown(document))


def _of(document: Any, form: Form, stem: str) -> Iterator[Sample]:
    if (
        form.name == "Zabbix history"
        and isinstance(document, dict)
        and isinstance(document.get("result"), list)
    ):
        for element in document["result"]:
            yield from form.samples(element, stem)
        return
    yield from form.samples(document, stem)


def _rows(sample: Sample, owner: str) -> Iterator[tuple[StoreTable, Row]]:
    lower = {key.lower(): text for key, text in sample.labels.items()}
    host = next((lower[key] for key in _HOSTS if lower.get(key)), "")
    labels = {key.lower() if key.lower() in _HOSTS else key: text for key, text in sample.labels.items()}
    service = service_of(labels) or sample.otherwise or host or owner
    table, row = point(
        sample.name,
        labels,
        sample.time,
        sample.value,
        reported=Reported(sample.unit, counter=sample.name.endswith(COUNTERS)),
    )
    yield table, {**row, "ServiceName": service}


SOURCE = Source("metric_answers", frozenset({Signal.METRICS}), recognise, decode)
