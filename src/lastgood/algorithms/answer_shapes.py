"""Answer shapes: whether what answers at a target can be the service whose answer was recorded, by content type and JSON paths.

Values differ from request to request, the names of fields seldom do. A server that answers any path alike, such as a proxy's default page,
is no service at all. Versions are compared where the target states its own.
"""

import re
from collections.abc import Mapping

from lastgood.algorithms.body_fields import body_fields
from lastgood.algorithms.same_shape import holds_personal
from lastgood.model.replay import AnswerShape, HttpAnswer, ReplayReport

MOST_PATHS = 200
UNCOMPARED = "not checked: whether it is the service, no working answer was recorded to compare with"
COMPARABLE = "A HAR file with the failing and a working request has one: pass it as --reproduction"
SAME_FIELDS = 0.5  # of the recorded fields that have to be there: a release adds and removes few of them
_PLACE = re.compile(r"\[\d+\]")
_VERSION_HEADERS = re.compile(r"^(?:x-)?(?:app|application|service|api|build|release)?-?version$")
_VERSION_PATHS = frozenset({"$.version", "$.service.version", "$.build.version"})


def shape_of(headers: Mapping[str, str], body: str) -> AnswerShape:
    """The shape of an answer; headers are by their names in lower case."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    paths = dict.fromkeys(_PLACE.sub("[*]", path) for path, _ in body_fields(body) if path not in {"", "$"})
    kept = [path for path in paths if not holds_personal(path)]  # a map may be by e-mail address
    return AnswerShape(kind, tuple(kept[:MOST_PATHS]))


def identity(report: ReplayReport) -> tuple[bool | None, str]:
    """Whether the target can be the service of the recorded request, None where that is not known; and by what, in words."""
    live = report.answers[0]
    if report.elsewhere is not None and _alike(report.elsewhere, live):
        return False, f"the target answers any path alike ({live.status}), so this is no sign of the service"
    stated = _version(live)
    if stated and stated == report.failing.version:
        return False, f"the target states version {stated}, which is the one that failed"
    version = f", it states version {stated}" if stated else ", its version was not checked"
    recorded = report.working.answer if report.working is not None and report.beside else AnswerShape()
    if not recorded:
        return None, f"{UNCOMPARED}{version}. {COMPARABLE}"
    apart = _apart(recorded, shape_of(report.beside[0].headers, report.beside[0].body))
    if apart:
        return False, f"what answers there does not look like the recorded service: {apart}"
    return True, f"the working request is answered in the recorded shape{version}"


def _apart(recorded: AnswerShape, live: AnswerShape) -> str:
    """How two answers differ in shape; empty where one can be the other."""
    if recorded.content_type and recorded.content_type != live.content_type:
        return f"{live.content_type or 'no content type'}, recorded {recorded.content_type}"
    there = sum(path in live.paths for path in recorded.paths)
    if there < SAME_FIELDS * len(recorded.paths):
        return f"{there} of {len(recorded.paths)} recorded fields are in its answer"
    return ""


def _alike(one: HttpAnswer, other: HttpAnswer) -> bool:
    shapes = [shape_of(answer.headers, answer.body) for answer in (one, other)]
    return (
        one.status == other.status
        and shapes[0] == shapes[1]
        and (bool(shapes[0].paths) or one.body == other.body)
    )


def _version(answer: HttpAnswer) -> str:
    """The version that an answer states of its service; empty where it states none."""
    stated = [value for name, value in answer.headers.items() if _VERSION_HEADERS.fullmatch(name)]
    stated += [value.strip('"') for path, value in body_fields(answer.body) if path in _VERSION_PATHS]
    return stated[0] if stated else ""
