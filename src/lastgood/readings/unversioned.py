"""Failures of a service that only a proxy in front of it wrote down: they carry no version, so no version can be cleared.

A process that breaks off writes no line of its request, and a request that reached no process has none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lastgood.algorithms.upstream_names import upstream_names
from lastgood.model.attributes import UPSTREAMS
from lastgood.model.figures import count
from lastgood.model.judgement import Amount, Count
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.reader import Rows

# fmt: off
UNVERSIONED_LEAST = Count(5, "failures without a version, beyond those with one", "judgement: fewer come by chance")
UNVERSIONED_SHARE = Amount(0.01, "of a service's requests failed without a version, from which versions cannot be compared", "judgement: one in a hundred is an incident")
# fmt: on
_AT_PROXIES = f"""
SELECT service AS proxy, {first_of(["attributes"], UPSTREAMS)} AS upstream, count() AS requests, countIf(failed) AS failures
FROM lg_served WHERE version = '' AND upstream != '' GROUP BY proxy, upstream ORDER BY proxy, upstream LIMIT 2000"""
_WITH_VERSION = """
SELECT service, countIf(failed) AS failures FROM lg_served WHERE version != '' GROUP BY service ORDER BY service LIMIT 2000"""


@dataclass(frozen=True, slots=True)
class Unversioned:
    """Requests to a service as a proxy saw them, and how many failures carry a version."""

    proxy: str
    service: str
    requests: int
    failures: int
    versioned: int

    @property
    def share(self) -> float:
        """Of the requests, those that failed and carry no version."""
        return max(0, self.failures - self.versioned) / max(self.requests, 1)

    @property
    def said(self) -> str:
        """That they cannot be attributed."""
        return (
            f"{count(self.failures)} of {count(self.requests)} requests to {self.service} failed at {self.proxy}, and "
            f"{count(self.versioned)} of these failures carry a version: the others cannot be attributed to one"
        )


def unversioned_failures(
    ask: Callable[[str, Mapping[str, Any]], Rows], services: Sequence[str], share: float
) -> Unversioned | None:
    """Of some services that with the most failures of which no version is known, beyond a share of its requests; None: none has."""
    versioned = {row["service"]: int(row["failures"]) for row in ask(_WITH_VERSION, {}).dicts()}
    rows = ask(_AT_PROXIES, {}).dicts()
    named = upstream_names({row["upstream"] for row in rows}, {*versioned, *services})
    sums: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        whole = sums.setdefault((row["proxy"], named[row["upstream"]]), [0, 0])
        whole[0] += int(row["requests"])
        whole[1] += int(row["failures"])
    found = [
        Unversioned(proxy, service, requests, failures, min(failures, versioned.get(service, 0)))
        for (proxy, service), (requests, failures) in sums.items()
        if service in services and service != proxy
    ]
    many = [one for one in found if one.failures - one.versioned >= UNVERSIONED_LEAST and one.share > share]
    return max(many, key=lambda one: one.failures - one.versioned, default=None)
