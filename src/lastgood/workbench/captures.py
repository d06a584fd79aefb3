"""Captures: the failing request to look at and a working one beside it, out of a file or the telemetry."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lastgood.algorithms.captures import from_curl, from_har, pair_of
from lastgood.algorithms.likeness_of_requests import nearest, same_request, tellingest
from lastgood.algorithms.wire_captures import from_wire
from lastgood.errors import NoDataError, UsageError
from lastgood.model.replay import AnswerShape, CapturedRequest
from lastgood.model.window import Window
from lastgood.outside.replay import SENT_BYTES
from lastgood.readings.views.captured import failing_route, of_trace, on_route, route_of, whole
from lastgood.telemetry.reader import Reader
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from lastgood.workbench.windows import held_until

REQUESTS = "requests.json"  # in a folder that `lastgood reproduce` wrote
MOST_CAPTURE = 32 << 20  # bytes of a file
PCAP = frozenset({b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\n\r\r\n"})  # pcap, pcapng
Pair = tuple[CapturedRequest, CapturedRequest | None]


def pair_in(file: Path) -> Pair | None:
    """The failing request of a file and a working one: curl text, HAR, packets as text, a folder of `lastgood reproduce`.

    None where it is something else, such as telemetry.

    Raises:
        UsageError: it is a capture of packets that is not text.
    """
    place = file / REQUESTS if file.is_dir() else file
    if not place.is_file():
        return None
    with place.open("rb") as opened:
        if opened.read(4) in PCAP:
            raise UsageError(
                f"{file} is a binary capture of packets.",
                hint=f"Export it: tshark -r {file.name} -Y http -T json > requests.json",
            )
    if place.stat().st_size > MOST_CAPTURE:
        return None
    raw = place.read_bytes().decode("utf-8", "replace")
    text = raw.replace("\r\n", "\n")
    if (one := from_curl(text, str(file))) is not None:
        return one, None
    if (packets := from_wire(raw, str(file))) is not None:
        return _failing_of(packets, file)
    return _in_json(text, file) if text.lstrip().startswith("{") else None


def _failing_of(requests: tuple[CapturedRequest, ...], file: Path) -> Pair:
    """The failing request of several and a working one; a single one without an answer is taken to fail."""
    if len(requests) == 1 and requests[0].status is None:
        return requests[0], None
    found = pair_of(requests)
    if found is None:
        raise NoDataError(
            f"No request in {file} failed.", hint="A request failed if its status is 400 or above."
        )
    return found


def _in_json(text: str, file: Path) -> Pair | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if file.is_dir() and "failing" in document:
        working = document.get("working")
        return _saved(document["failing"], file), working and _saved(working, file)
    requests = from_har(document, str(file))
    if not requests:
        return None
    return _failing_of(requests, file)


def pair_in_files(files: Sequence[Path]) -> Pair | None:
    """The same of one file, or of two: the failing request, then the working one.

    Raises:
        UsageError: one of two is a capture, and the other is not.
    """
    found = [pair_in(file) for file in files[:2]]
    if not found or found[0] is None or len(files) > 2:
        return None
    if len(found) == 2:
        if found[1] is None:
            raise UsageError(f"{files[1]} is neither a HAR file, curl text nor packets as text.")
        return found[0][0], found[1][0]
    return found[0]


def new_folder(place: Path) -> None:
    """Refuse a folder with something in it.

    Raises:
        UsageError: it is a file, or not empty.
    """
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"{place} is not an empty folder.", hint="Name another one with --out.")


def _saved(one: dict[str, object], file: Path) -> CapturedRequest:
    try:
        return CapturedRequest(
            str(one["method"]), str(one["path"]), headers=dict(one.get("headers") or {}),  # type: ignore[call-overload]
            body=None if one.get("body") is None else str(one["body"]),
            status=int(str(one["status"])) if one.get("status") else None,
            operation=str(one.get("operation") or ""), trace_id=str(one.get("trace_id") or ""), source=str(file),
            missing=tuple(map(str, one.get("missing") or ())),  # type: ignore[call-overload]
            version=str(one.get("version") or ""), answer=_shape(one.get("answer")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as problem:
        raise UsageError(f"{file} is not what lastgood reproduce wrote: {problem}.") from problem


def _shape(saved: object) -> AnswerShape:
    if not isinstance(saved, dict):
        return AnswerShape()
    return AnswerShape(str(saved.get("content_type") or ""), tuple(map(str, saved.get("paths") or ())))


def pair_from(
    store: Store, *, now: datetime, window: Window | None, trace_id: str = "", service: str = ""
) -> tuple[CapturedRequest, CapturedRequest | None, Window]:
    """A failing request, the working one of its route most like it, and their window; nothing later than `now` is read.

    Raises:
        NoDataError: no request failed, there is none of this trace, or all of them came later.
    """
    holdings, reader = store.survey()
    if holdings.telemetry_window is None:
        raise NoDataError("There are no requests to look at.", hint="Load logs or spans: lastgood load PATH…")
    held = held_until(holdings.telemetry_window, now)
    looked = held_until(window or bad_window(store, now) or held, now)
    if trace_id:
        failing = of_trace(reader, held, trace_id.strip().lower().replace("-", ""))
        if failing is None:
            raise NoDataError(
                f"No request has the trace id {trace_id!r}.", hint="lastgood logs lists trace ids."
            )
    else:
        route = failing_route(reader, looked, service)
        if route is None:
            raise NoDataError(
                f"No request failed from {looked.start:%H:%M} to {looked.end:%H:%M} UTC.",
                hint="Give --from and --to.",
            )
        failing = tellingest(on_route(reader, looked, route, failed=True))
    beside = _beside(reader, (looked, held), failing)
    failing = whole(reader, held, failing)
    working = nearest(failing, beside)
    if working is not None:
        working = whole(reader, held, working)
    return failing, working, looked


def _beside(reader: Reader, windows: Sequence[Window], failing: CapturedRequest) -> list[CapturedRequest]:
    """Working requests of its route; of later windows only where the earlier ones have none of its version to compare with.

    What works while others fail shows what the failing ones have in common; what worked at another time may fail too.
    """
    found: list[CapturedRequest] = []
    for window in windows:
        if any(one.version == failing.version and not same_request(failing, one) for one in found):
            break
        seen = on_route(reader, window, route_of(failing), failed=False, version=failing.version)
        found += [one for one in seen if one.trace_id != failing.trace_id or not one.trace_id]
    return found


def bad_window(store: Store, now: datetime) -> Window | None:
    """The window of the incident, if one is confirmed."""
    try:
        case, _ = investigate(store, now=now, only="confirm")
    except NoDataError:
        return None
    return case.comparison.bad if case.comparison else None


def with_body(pair: Pair, file: Path | None) -> Pair:
    """The pair, its failing request with a body from a file where one is named.

    Raises:
        UsageError: there is no such file, or it is too large.
    """
    if file is None:
        return pair
    if not file.is_file() or file.stat().st_size > SENT_BYTES:
        raise UsageError(f"{file} is not a file of at most {SENT_BYTES >> 20} MiB.")
    failing = pair[0]
    left = tuple(one for one in failing.missing if "body" not in one)
    body = file.read_bytes().decode("utf-8", "surrogateescape")
    return replace(failing, body=body, missing=left, body_given=True), pair[1]
