"""What errors say in fields of their own: whom they called, and the error itself, beside a text that is a constant."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.called_names import called_name
from lastgood.algorithms.culprit_kinds import kind_of_peer, kind_of_trouble
from lastgood.algorithms.upstream_names import upstream_names
from lastgood.inspections.culprit.weights import FIELDS_NAME
from lastgood.model.attributes import (
    CLIENT_ADDRESS,
    HTTP_STATUS,
    PEER_SERVICES,
    SERVER_ADDRESS,
    URL_FULLS,
    USER_AGENT,
)
from lastgood.readings.case import Case
from lastgood.readings.ended import ITS_OWN_ADDRESS
from lastgood.readings.hosts import own_names
from lastgood.telemetry.derived import first_of

WARNING_SEVERITY, ERROR_SEVERITY = 13, 17  # where they begin (OpenTelemetry, severity number)

CALLED = f"""
SELECT service, called, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM (SELECT service, phase, {first_of(["attributes"], (*PEER_SERVICES, SERVER_ADDRESS, *URL_FULLS))} AS called, {ITS_OWN_ADDRESS} AS own_address
      FROM lg_lines WHERE phase != '' AND severity >= 17)
WHERE called != '' AND NOT own_address GROUP BY service, called ORDER BY bad DESC, service, called LIMIT 200"""
# A request that came here: the host of its line is the one that was asked for.
_ASKED_HERE = f"attributes['{HTTP_STATUS}'] != '' AND (attributes['{CLIENT_ADDRESS}'] != '' OR attributes['{USER_AGENT}'] != '')"
# Hosts that fields of warnings and errors name: adHost, target_url, providerEndpoint.
HOSTS_NAMED = f"""
SELECT service, lower(domain(pair.2)) AS host, min(body) AS text,
       countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_lines ARRAY JOIN arrayFilter(p -> match(p.1, {{keys:String}}) AND NOT match(p.1, {{given:String}}) AND match(p.2, {{hosts:String}}) AND NOT (p.1 = '{SERVER_ADDRESS}' AND {ITS_OWN_ADDRESS}) AND NOT (match(p.1, '(^|[.])host$') AND {_ASKED_HERE}), CAST(attributes, 'Array(Tuple(String, String))')) AS pair
WHERE phase != '' AND severity >= 13 GROUP BY service, host HAVING bad > good ORDER BY bad DESC, service, host LIMIT 200"""
_KEYS = r"(?i)(^|[a-z0-9_.-])(host|host[_.-]?name|endpoint|upstream|peer|remote|target|destination|backend|provider|address|(upstream|target|endpoint|peer|api|provider|remote|backend)[_.-]?ur[il])$"
# What users give to be called back, shown or linked.
_GIVEN = r"(?i)callback|webhook|redirect|refer|return|image|avatar|link|origin|forwarded|request|client|user"
_HOSTS = r"^([a-z]+://)?([A-Za-z0-9_-]+\.)+[A-Za-z]{2,}(:\d+)?(/\S*)?$"
# What a process runs out of is its own, whatever it wanted to do with it.
_OWN = re.compile(
    r"too many open files|\bEMFILE\b|cannot allocate memory|out of memory|no space left|resource temporarily unavailable",
    re.IGNORECASE,
)


def called_in_fields(case: Case, speaking: Collection[str]) -> Iterator[tuple[str, str]]:
    """Who calls whom of those that report, by the fields of errors that became more."""
    for row in case.query(CALLED).dicts():
        callee = _peer(called_name(row["called"]) or row["called"], speaking)
        if row["bad"] > row["good"] and callee in speaking and callee != row["service"]:
            yield row["service"], callee


def peers_in_fields(
    case: Case, speaking: Collection[str], known: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, tuple[str, str]]:
    """The peer that most of a service's new warnings and errors name, and the error: one that reports itself, or one outside.

    `known`: statements, each with its service.
    """
    more: dict[str, float] = defaultdict(float)
    named: dict[tuple[str, str], float] = defaultdict(float)
    texts: dict[tuple[str, str], str] = {}
    for service, row in known:
        grew = row["bad"] - row["good"]
        if grew <= 0 or row["worst"] < WARNING_SEVERITY:
            continue
        more[service] += grew
        host = "" if _OWN.search(row["text"]) else called_name(row["text"])
        peer = _peer(host, speaking) if host else ""
        if peer and peer != service:
            named[service, peer] += grew
            texts.setdefault((service, peer), row["text"])
    found = {
        service: (peer, texts[service, peer])
        for (service, peer), grew in named.items()
        if grew > FIELDS_NAME * more[service]
    }
    return _hosts_in_fields(case, speaking, more) | found


def _hosts_in_fields(
    case: Case, speaking: Collection[str], more: Mapping[str, float]
) -> dict[str, tuple[str, str]]:
    """The host outside that fields of most of a service's new warnings and errors name, and what one of them says."""
    rows = case.query(HOSTS_NAMED, keys=_KEYS, given=_GIVEN, hosts=_HOSTS).dicts()
    if not rows:
        return {}
    own = own_names(case)
    return {
        row["service"]: (row["host"], row["text"])
        for row in reversed(rows)
        if row["bad"] - row["good"] > FIELDS_NAME * more.get(row["service"], 0.0)
        and row["host"] not in own
        and _peer(row["host"], speaking) not in speaking
    }


def about_peers(
    errors: list[Suspicion], peers: Mapping[str, tuple[str, str]], speaking: Collection[str]
) -> list[Suspicion]:
    """The same; errors whose text names no service are about the peer outside that the service's error fields name."""
    outside = {service: found for service, found in peers.items() if found[0] not in speaking}
    return [
        replace(one, component=outside[one.service][0], kind=_kind(*outside[one.service]))
        if one.service in outside and one.kind == "errors"
        else one
        for one in errors
    ]


def _kind(peer: str, text: str) -> str:
    return kind_of_trouble(text, kind_of_peer(peer))


def _peer(host: str, speaking: Collection[str]) -> str:
    return upstream_names([host], speaking)[host]
