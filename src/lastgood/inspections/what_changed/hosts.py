"""Where a change was made, host by host, as its record names them; and whether hosts without it fail alike."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lastgood.algorithms.change_lineage import bare
from lastgood.inspections.what_changed.weights import (
    HOST_ERRORS,
    HOST_TIMES,
    ONLY_ITS_HOSTS,
    OTHER_HOSTS_TOO,
    ROLLED_OUT,
)
from lastgood.model.change import Change
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.series import IS_BAD_LINE

HOSTS = f"""
SELECT service, if(resource['host.name'] != '', resource['host.name'], instance) AS host, countIf(phase = 'bad') AS now,
       countIf(phase = 'bad' AND {IS_BAD_LINE}) AS bad, countIf(phase = 'good' AND {IS_BAD_LINE}) AS good
FROM lg_lines WHERE phase != '' AND service IN {{services:Array(String)}} AND host != ''
GROUP BY service, host ORDER BY service, host LIMIT 1000"""
_NAMES_HOSTS = re.compile(r"^(hosts?|servers?|machines?|nodes?|targets?|instances?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Host:
    """The error lines of a service on one of its hosts."""

    lines: int
    bad: int
    good: int

    @property
    def ill(self) -> bool:
        """Whether it logs errors that it did not."""
        return self.bad >= HOST_ERRORS and self.bad >= HOST_TIMES * self.good


def read_hosts(case: Case, services: Collection[str]) -> Mapping[tuple[str, str], Host]:
    """The hosts of services by service and name; nothing where lines name no host."""
    if not services or case.comparison is None or not case.has(Signal.LOGS):
        return {}
    rows = case.query(HOSTS, window=case.comparison.hull, services=sorted(services)).dicts()
    return {(row["service"], row["host"]): Host(row["now"], row["bad"], row["good"]) for row in rows}


def made_on(
    change: Change, hosts: Mapping[tuple[str, str], Host], changes: Iterable[Change] = ()
) -> list[Reason]:
    """Whether hosts that it was not made on are ill as well, or those alone that it was made on.

    Records of other hosts among `changes`, of the same version shortly before or after, are the same roll-out.
    """
    rolled_out = [change, *(other for other in changes if _one_rollout(change, other))]
    mine = {
        host: reported for (service, host), reported in hosts.items() if bare(service) == bare(change.service)
    }
    with_it = {host for host in mine if any(_named(host, one) for one in rolled_out)}
    without = set(mine) - with_it
    if not with_it or not without:
        return []
    spread = sorted(host for host in without if mine[host].ill)
    if spread:
        return [Reason(OTHER_HOSTS_TOO, made=min(with_it), other=spread[0])]
    if any(mine[host].ill for host in with_it) and all(mine[host].lines >= HOST_ERRORS for host in without):
        return [Reason(ONLY_ITS_HOSTS, made=min(with_it))]
    return []


def _one_rollout(change: Change, other: Change) -> bool:
    alike = (change.kind, bare(change.service)) == (other.kind, bare(other.service))
    named = change.version == other.version if change.version else change.title == other.title != ""
    return alike and named and abs(change.at - other.at) <= ROLLED_OUT


def _named(host: str, change: Change) -> bool:
    reported = (value for name, value in change.attributes.items() if _NAMES_HOSTS.match(name))
    return any(
        word == host or host.startswith(f"{word}.")
        for text in reported
        for word in re.split(r"[\s,;]+", text)
    )
