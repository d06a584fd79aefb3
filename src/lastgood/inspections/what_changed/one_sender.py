"""Who sends more: one client that most of the additional requests are of, while the others send as many as before."""

from dataclasses import dataclass

from lastgood.inspections.what_changed.weights import SENDER_FEWEST, SENDER_GROWN, SENDER_SHARE
from lastgood.model.signal import Signal
from lastgood.readings.case import Case

# Attributes that say who sends a request.
_WHO = r"(?i)(^|[._-])(user[._-]?agent|client|tenant|account|customer|partner|org|organi[sz]ation|company|workspace|merchant|consumer|caller|subscriber|project|team|user|key|api[._-]?key|key[._-]id|app)([._-]|$)"
_SENDERS = """
SELECT pair.1 AS name, substring(pair.2, 1, 200) AS value, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_requests ARRAY JOIN arrayFilter(p -> p.2 != '' AND match(p.1, {who:String}), CAST(attributes, 'Array(Tuple(String, String))')) AS pair
WHERE phase != '' GROUP BY name, value HAVING bad >= {fewest:UInt32} ORDER BY bad DESC, name, value LIMIT 50"""
_ALL = (
    "SELECT countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad FROM lg_requests WHERE phase != ''"
)


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender by one attribute, its share of the additional requests, and how many times as many it sends."""

    name: str
    value: str
    share: float
    times: float


def one_sender(case: Case) -> Sender | None:
    """The sender that most of the additional requests are of; None without one."""
    if case.comparison is None or not (case.has(Signal.LOGS) or case.has(Signal.SPANS)):
        return None
    scale = case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)
    whole = case.query(_ALL, window=case.comparison.hull).dicts()[0]
    more = whole["bad"] - whole["good"] * scale
    if more < SENDER_FEWEST:
        return None
    rows = case.query(_SENDERS, window=case.comparison.hull, who=_WHO, fewest=SENDER_FEWEST).dicts()
    found = [
        Sender(row["name"], row["value"], min(1.0, (row["bad"] - usual) / more), row["bad"] / max(usual, 1.0))
        for row in rows
        for usual in [row["good"] * scale]
        if row["good"] < SENDER_SHARE * whole["good"]  # what nearly all are of tells none apart
    ]
    return next((one for one in found if one.share >= SENDER_SHARE and one.times >= SENDER_GROWN), None)
