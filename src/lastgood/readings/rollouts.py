"""Roll-outs that only a cluster's events tell of: one replica set grows while another of the same workload shrinks.

A Deployment replaces its pods by making a ReplicaSet of a new template hash and shrinking the old one (Kubernetes
documentation, Deployments, Updating a Deployment). Its events are a dozen; what was done is one deploy. A replica set
that grows or shrinks alone is scaling, and stays so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from lastgood.model.attributes import POD
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Time

# fmt: off
ROLL_OUT_TAKES = Time(30, "min between two events of a workload, for them to be of one roll-out", "judgement: Kubernetes gives up on a Deployment after 10 min without progress; slow starts take longer")
# fmt: on
_SCALED = re.compile(r"Scaled (?P<way>up|down) replica set (?P<name>[\w.-]+)-(?P<hash>[a-z0-9]{5,10})\b")
_POD = re.compile(r"(?P<name>[\w.-]+)-(?P<hash>[a-z0-9]{5,10})-[a-z0-9]{5}$")
_STOPPED = "Killing"
RELOADED = "Reloaded"  # the workload was started again for new settings, which is the change
_FIRST = re.compile(r"\bto 1(?: from 0)?$")  # of a replica set that had no pod


def with_rollouts(changes: Sequence[Change]) -> list[Change]:
    """The changes with each roll-out as one deploy, in place of the events that it consists of.

    Where another feed tells of the deploy too, the events are taken out and the feed's record stays.
    """
    parts = sorted((part for one in changes if (part := _part(one))), key=lambda part: (part[0], part[1].at))
    found, taken = list[Change](), set[int]()
    for workload, own in groupby(parts, key=lambda part: part[0]):
        for together in _near([part[1:] for part in own]):
            deploy = _rollout(workload, together)
            if deploy is None:
                continue
            taken |= {id(one) for one, _, _ in together}
            if not any(_tells(one, deploy) for one in changes):
                found.append(deploy)
    return [*(one for one in changes if id(one) not in taken), *found]


_Part = tuple[Change, str, bool]  # an event, the hash that it is about, and whether that grows


def _part(one: Change) -> tuple[str, Change, str, bool] | None:
    """The workload of an event that a roll-out may consist of, with the event, the hash and whether it grows."""
    if scaled := _SCALED.search(one.title):
        return scaled["name"], one, scaled["hash"], scaled["way"] == "up"
    pod = _POD.match(one.attributes.get(POD, "")) if one.state == _STOPPED else None
    return (pod["name"], one, pod["hash"], False) if pod else None


def _near(own: Sequence[_Part]) -> Iterator[list[_Part]]:
    together = list[_Part]()
    for part in own:
        if together and part[0].at - together[-1][0].at > ROLL_OUT_TAKES:
            yield together
            together = []
        together.append(part)
    yield together


def _rollout(workload: str, together: Iterable[_Part]) -> Change | None:
    """The deploy that these events are, if one hash grows and another shrinks, or one gets its first pod."""
    parts = list(together)
    grown = {made for _, made, grows in parts if grows}
    fallen = {made for _, made, grows in parts if not grows}
    shrunk = fallen - grown
    first = next((one for one, _, grows in parts if grows), None)
    if len(grown) != 1 or first is None or not (shrunk or (_FIRST.search(first.title) and not fallen)):
        return None
    new, old = next(iter(grown)), min(shrunk, default="")
    return replace(
        first,
        change_id=f"{workload}-{new}",
        kind=ChangeKind.DEPLOY,
        until=max(one.until for one, _, _ in parts),
        service=first.service or workload,
        title=f"roll-out of {workload}: replica set {workload}-{new}"
        + (f" in place of {workload}-{old}" if old else ""),
        state="",
    )


def _tells(one: Change, deploy: Change) -> bool:
    """Whether a feed's own record is of this deploy."""
    near = deploy.at - ROLL_OUT_TAKES <= one.at <= deploy.until
    told = one.kind is ChangeKind.DEPLOY or one.state == RELOADED
    return near and told and one.service == deploy.service
