"""What is right of an answer about the shop, against the truth of the run and the users' own books."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bench.shop.playing import NO_FAULT, Played

SLOW = 0.8  # seconds, as the edge counts
OPERATION = {
    "http.request.method",
    "url.path",
    "http.route",
    "operation",
}  # say what was asked, not who asked
EDGE = 0.15  # seconds: the window's end and a request's start may be on either side of each other
DECOYS = ("v1.4.1", "v1.4.2", "gift-wrap", "ledger-export")  # in their titles
EXPORT = 3.0  # seconds until what has ended is recorded
LAST, ALLOWED = 15.0, 0.02  # seconds and share of failures that still count as recovered
EARLY = -1.0  # clocks agree, but a request that began before the fault may be caught by it


def judged(run: Played) -> dict[str, Any]:
    """The row of one run."""
    found, truth = run.sitrep, run.truth
    confirmed = (found.get("confirmed") or {}).get("verdict") == "yes"
    row: dict[str, Any] = {"fault": run.fault, "seed": run.seed, "confirmed": confirmed, "took": run.took}
    if run.fault == NO_FAULT:
        return row
    user_visible = onset(run)
    at = (found.get("onset") or {}).get("at")
    changes = found.get("changes") or []
    return row | {
        "onset_error": abs(datetime.fromisoformat(at).timestamp() - user_visible) if at else None,
        "culprit": _named(found) in set(truth["culprits"]) or bool(_parts(found) & set(truth["culprits"])),
        "said_culprit": _named(found),
        "change": _change(truth["change"], changes),
        "said_change": f"{changes[0]['verdict']}: {changes[0]['title']}" if changes else "",
        "decoy_blamed": any(_is_decoy(one) and one["verdict"] == "likely" for one in changes),
        "class": (found.get("failure_class") or {}).get("name") in truth["classes"],
        "said_class": (found.get("failure_class") or {}).get("name"),
        "segment": segment_f1(truth["segment"], _segments(found)),
        "first_mitigation": [_first(found)["kind"], _first(found)["target"]] in truth["remedies"],
        "said_mitigation": f"{_first(found)['kind']} {_first(found)['target']}".strip(),
        "done": " ".join(run.done or ()),
        "recovered": recovered(run),
        "verified": run.effect.get("effect"),
        "false_counts": false_counts(run),
    }


def failed(line: Mapping[str, Any], *, slow: bool) -> bool:
    """Whether a user was harmed by a request."""
    return line["status"] >= 500 or line["status"] == 0 or (slow and line["seconds"] > SLOW)


def onset(run: Played) -> float:
    """When the first user was harmed after the fault; the fault itself where no user is."""
    began = datetime.fromisoformat(run.truth["onset"]).timestamp()
    affected = [
        line["at"]
        for line in run.books
        if line["at"] > began + EARLY and failed(line, slow=run.truth["slow"])
    ]
    return min(affected, default=began)


def recovered(run: Played) -> bool | None:
    """Whether, by the books, users are as well at the end as before the fault; None when nothing was done."""
    if not run.done:
        return None
    began = datetime.fromisoformat(run.truth["onset"]).timestamp()
    end = max(line["at"] for line in run.books) - 1
    late = [line for line in run.books if end - LAST < line["at"] <= end]
    early = [line for line in run.books if line["at"] < began + EARLY]
    return _share(late) <= _share(early) + ALLOWED


def _share(lines: list[dict[str, Any]]) -> float:
    return sum(failed(line, slow=True) for line in lines) / max(1, len(lines))


def segment_f1(truth: Mapping[str, str], said: Iterable[Mapping[str, str]]) -> float | None:
    """F1 over attributes with values, of the best segment; None when the truth is everybody and no one is singled out."""
    wanted = set(truth.items())
    sets = [{pair for pair in where.items() if pair[0] not in OPERATION} for where in said]
    if not wanted:
        return None if not any(sets) else 0.0
    return max((2 * len(wanted & one) / (len(wanted) + len(one)) for one in sets if one), default=0.0)


def false_counts(run: Played) -> str:
    """What is wrong of the card's requests and failures in the bad window; empty when the books agree.

    They are those of all requests or of one path: the sentence of `confirmed` says which.
    """
    impact, window = run.sitrep.get("impact") or {}, (run.sitrep.get("comparison") or {}).get("bad")
    if not window or not impact.get("requests"):
        return ""
    path = re.search(r"edge (/\w+)", run.sitrep["confirmed"]["because"])
    start, end = (datetime.fromisoformat(window[name]).timestamp() for name in ("from", "to"))
    mine = [line for line in run.books if path is None or line["path"].startswith(path[1])]
    wrong = []
    for name, counted in (("requests", mine), ("failed", [one for one in mine if failed(one, slow=False)])):
        low = sum(
            start + EDGE <= line["at"] < end - EDGE and line["at"] + line["seconds"] < run.asked_at - EXPORT
            for line in counted
        )
        high = sum(
            start - EDGE <= line["at"] < end + EDGE and line["at"] + line["seconds"] < run.asked_at + run.took
            for line in counted
        )
        said = impact.get(name)
        if (
            said is not None
            and not low <= said <= high
            and (name == "requests" or impact.get("kind") == "errors")
        ):
            wrong.append(f"{name} {said}, books {low} to {high}")
    return "; ".join(wrong)


def _first(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The option that is named first."""
    return next(iter(found.get("mitigations") or ()), {"kind": "", "target": ""})


def _named(found: Mapping[str, Any]) -> str:
    first = next(iter(found.get("culprits") or ()), None)
    return (
        "" if first is None else str(first["component"] if first["kind"] == "external" else first["service"])
    )


def _parts(found: Mapping[str, Any]) -> set[str]:
    first: Mapping[str, Any] = next(iter(found.get("culprits") or ()), {})
    return {str(first.get("component"))} - {"None"}


def _change(wanted: str, changes: list[dict[str, Any]]) -> bool:
    """Whether the change that did it is first; where none is reported, whether none is called likely."""
    if not wanted:
        return not any(one["verdict"] == "likely" for one in changes)
    return bool(changes) and wanted in changes[0]["title"] and changes[0]["verdict"] in {"likely", "possible"}


def _is_decoy(change: Mapping[str, Any]) -> bool:
    return any(word in change["title"] for word in DECOYS)


def _segments(found: Mapping[str, Any]) -> list[Mapping[str, str]]:
    return [one["where"] for one in (found.get("blast_radius") or {}).get("segments") or ()]
