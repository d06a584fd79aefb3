"""`kubectl get pods`: on which node each pod runs, when its containers were last started again, and since when it exists.

Ages count back from when the text was written: the time of the file, or now. kubectl cuts them to a unit, so what they
tell of lies up to one unit earlier (apimachinery, `duration.HumanDuration`). Where a pod runs is stored as the metric
`kube_pod_info` of kube-state-metrics. It is of a moment that the telemetry covers, because the pod ran there then; without
telemetry there is nothing that a node could be asked of.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lastgood.algorithms.identity import workload_of
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.moments import age
from lastgood.decoding.points import point
from lastgood.decoding.rows import Row
from lastgood.decoding.tables.aligned import decode_rows, headings, rows
from lastgood.decoding.text.whose import reference_for
from lastgood.intake._registry import Source
from lastgood.model.attributes import NAMESPACE, NODE, POD
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

_HEADS = frozenset(["NAME", "READY", "STATUS", "RESTARTS", "AGE"])
_PROMPT = re.compile(r"\s*(?:\S{0,60}[$#>] ?)?kubectl\b.*|\s*")
_AGO = re.compile(r"(?P<times>\d+) \((?P<last>\w+) ago\)")
_NONE = frozenset(["", "<none>", "<unset>"])
_MARGIN = 1_000  # ns before the end of what telemetry covers, which is no part of it


@dataclass(frozen=True, slots=True)
class _Time:
    """When the text was written, and what telemetry covers, in nanoseconds."""

    printed: int
    covered: tuple[int, int]


def recognise(given: Input) -> Claim | None:
    """The headings of the table, below a command at most; with nodes, or with times of restarts."""
    text = given.head.decode("utf-8-sig", "replace")
    header = next((line for line in text.splitlines()[:4] if not _PROMPT.fullmatch(line)), "")
    named = set(headings(header))
    if not named >= _HEADS or not ("NODE" in named or _AGO.search(text)):
        return None
    return Claim("kubectl get pods", 0.97, "it has the headings of kubectl get pods")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """For each pod a point of where it runs, a change for its last restart, and a line that it was made."""
    del claim
    time = _time(reference_for(given, settings), settings)
    yield from decode_rows(
        given,
        _HEADS,
        _PROMPT,
        lambda header, line: _rows(rows(header, [line])[0], time) if header else (),
    )


def _time(reference: Reference, settings: Settings) -> _Time:
    held = settings.telemetry
    covered = (to_nanoseconds(held.start), to_nanoseconds(held.end) - _MARGIN) if held else (0, 0)
    return _Time(reference.latest, covered)


def _rows(row: Mapping[str, str], time: _Time) -> Iterator[tuple[StoreTable, Row]]:
    name, node = row["NAME"].removeprefix("pod/"), _said(row, "NODE")
    if " " in name or not row["AGE"]:
        raise ValueError("it has no name and no age")
    begun, made = _between(row["AGE"], time.printed)
    resource = {POD: name, NODE: node, NAMESPACE: _said(row, "NAMESPACE")}
    labels = {"pod": name, "node": node, "namespace": resource[NAMESPACE], "pod_ip": _said(row, "IP")}
    moment = min(max(time.printed, time.covered[0]), time.covered[1])
    if node and begun <= moment:
        yield point("kube_pod_info", {key: text for key, text in labels.items() if text}, moment, 1.0)
    where = f" on {node}" if node else ""
    if found := _AGO.fullmatch(row["RESTARTS"]):
        at, until = _between(found["last"], time.printed)
        yield change(
            "infrastructure", at, until=until, id=f"{name}/{found['times']}", service=workload_of(name), state="Restarted",
            title=f"restart {found['times']} of {name}{where}, then {row['STATUS']}", source="kubernetes",
            attributes={**resource, "k8s.container.restart_count": found["times"], "k8s.pod.status": row["STATUS"]},
        )  # fmt: skip
    if time.covered[0] <= made <= time.covered[1]:
        yield logged(
            f"pod {name} was made{where}, later {row['STATUS']}", made, service=workload_of(name), source="k8s.pods",
            resource={key: text for key, text in resource.items() if text},
        )  # fmt: skip


def _said(row: Mapping[str, str], head: str) -> str:
    text = row.get(head, "")
    return "" if text in _NONE else text


def _between(text: str, printed: int) -> tuple[int, int]:
    """From when to when an age may count back, which is cut to its last unit.

    Raises:
        ValueError: it is no age.
    """
    until = printed - age(text)
    return until - age(f"1{text.strip()[-1]}"), until


SOURCE = Source(
    "pod_lists",
    frozenset({Signal.METRICS, Signal.CHANGES, Signal.LOGS}),
    recognise,
    decode,
    late=True,
)
