"""In which way calls to a host fail: it answers with a fault, refuses, limits, or gives no answer."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lastgood.algorithms.trouble_words import error_kinds
from lastgood.model.failure import ErrorKind

_STATUS = re.compile(
    r"(?:status(?: code)?[ =:]*|HTTP(?:/[\d.]+)? |answered |returned |:: ?\w+ |^)([1-5]\d\d)\b"
)
_REFUSES_OURS = re.compile(
    r"bad[ _]certificate|certificate[ _]required|client certificate|certificate[ _]unknown|unknown[ _]ca\b",
    re.IGNORECASE,
)
_EXPIRED = re.compile(r"(?<!client )certificate (has |is )?expired|CERT_HAS_EXPIRED", re.IGNORECASE)


class Nature(StrEnum):
    """The ways in which a call fails."""

    FAULT = "answers of a fault"
    DENIED = "refusals of the credential"
    LIMITED = "rate limits"
    WRONG = "refusals of the request"
    UNRESOLVED = "names that do not resolve"
    THEIR_CERTIFICATE = "an expired certificate"
    OUR_CERTIFICATE = "refusals of the client certificate"
    TLS = "TLS errors"
    REFUSED = "refused connections"
    NETWORK = "network errors"
    TIMEOUT = "time-outs"
    OTHER = "other errors"


_BY_WORDS: Mapping[ErrorKind, Nature] = {
    ErrorKind.DNS: Nature.UNRESOLVED,
    ErrorKind.CERTIFICATE: Nature.TLS,
    ErrorKind.CREDENTIALS: Nature.DENIED,
    ErrorKind.DENIED: Nature.DENIED,
    ErrorKind.RATE_LIMIT: Nature.LIMITED,
    ErrorKind.TIMEOUT: Nature.TIMEOUT,
    ErrorKind.NETWORK: Nature.NETWORK,
    ErrorKind.REFUSED: Nature.REFUSED,
}
NO_ANSWERS = frozenset({Nature.REFUSED, Nature.NETWORK, Nature.TIMEOUT})
WAY_OUT = NO_ANSWERS | {Nature.UNRESOLVED, Nature.TLS}  # what a blocked way out looks like too


@dataclass(frozen=True, slots=True)
class Failing:
    """The way in which most calls fail, with its share, and the statuses of those that have one."""

    nature: Nature
    share: float
    status: str  # the most frequent one of that way; empty without


def nature_of(text: str) -> tuple[Nature, str]:
    """The way in which one call failed, and its status: of `503 UNAVAILABLE`; status 0 is none."""
    status, _, words = text.partition(" ")
    if not status.isdigit() or status in {"0", "200"}:
        found = _STATUS.search(words)
        status = found[1] if found and found[1] >= "400" else ""
    kinds = error_kinds(words)
    told = next((_BY_WORDS[kind] for kind in _BY_WORDS if kind in kinds), None)
    if told is Nature.TLS or _REFUSES_OURS.search(words):
        return _certificate(words), ""
    if status in {"401", "403", "407"}:
        return Nature.DENIED, status
    if status == "429":
        return Nature.LIMITED, status
    if told in {Nature.UNRESOLVED, Nature.LIMITED} or (told and not status):
        return told, status
    if status:
        return (Nature.FAULT if status >= "500" else Nature.WRONG), status
    return Nature.OTHER, ""


def failing_as(texts: Mapping[str, int]) -> Failing | None:
    """How most of some failed calls failed; None without any."""
    natures, statuses = Counter[Nature](), Counter[tuple[Nature, str]]()
    for text, many in texts.items():
        nature, status = nature_of(text)
        natures[nature] += many
        statuses[nature, status] += many
    if not natures:
        return None
    nature = max(natures, key=lambda one: (natures[one], one))
    of = {status: many for (one, status), many in statuses.items() if one is nature and status}
    return Failing(
        nature, natures[nature] / natures.total(), max(of, key=lambda one: (of[one], one), default="")
    )


def _certificate(words: str) -> Nature:
    if _REFUSES_OURS.search(words):
        return Nature.OUR_CERTIFICATE
    return Nature.THEIR_CERTIFICATE if _EXPIRED.search(words) else Nature.TLS
