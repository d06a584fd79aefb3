"""The way to what is not reached: a change of firewalls, routes, policies or proxies, where new errors say that no connection is made."""

from collections.abc import Iterable

from lastgood.algorithms.network_paths import network_path, unreached_name
from lastgood.inspections.what_changed.weights import CLOSES_WAY, ON_THE_WAY
from lastgood.model.change import Change, ChangeKind
from lastgood.model.judgement import Reason

_KINDS = frozenset({ChangeKind.INFRASTRUCTURE, ChangeKind.CONFIG, ChangeKind.COMMIT, ChangeKind.DEPLOY})


def unreached(errors: Iterable[str]) -> str:
    """The host to which new errors say that no connection is made; empty where there is none."""
    return next(filter(None, map(unreached_name, errors)), "")


def closing_way(change: Change, host: str) -> list[Reason]:
    """That a change is about the way to a host that is not reached: where it takes effect, and what it does there."""
    said = " ".join((change.service, change.title, *change.files, *change.attributes.values()))
    if not host or change.kind not in _KINDS or not (what := network_path(said)):
        return []
    return [Reason(ON_THE_WAY, host=host), Reason(CLOSES_WAY, what=what, host=host)]
