"""Health checks in settings: what they ask, and how long they wait."""

import pytest

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind


def kinds(path: str, old: str, new: str, above: str) -> list[EffectKind]:
    """The effects of one changed line below another."""
    diff = f"--- a/{path}\n+++ b/{path}\n@@ -1,2 +1,2 @@\n {above}\n-{old}\n+{new}\n"
    return [one.kind for one in effects(diff, (path,))]


@pytest.mark.parametrize(
    ("path", "old", "new", "above"),
    [
        ("edge/haproxy.cfg", "    option httpchk GET /up", "    option httpchk GET /deep", "backend wares"),
        ("edge/haproxy.cfg", "    http-check send meth GET uri /up", "    http-check send meth GET uri /deep", "backend wares"),
        ("edge/haproxy.cfg", "    timeout check 4s", "    timeout check 900ms", "defaults"),
        ("edge/nginx.conf", "    health_check uri=/up;", "    health_check uri=/deep;", "location / {"),
        ("edge/target.tf", '    path = "/up"', '    path = "/deep"', "  health_check {"),
        ("edge/target.yaml", "  HealthCheckPath: /up", "  HealthCheckPath: /deep", "WaresGroup:"),
        ("wares/deployment.yaml", "      path: /up", "      path: /deep", "    readinessProbe:"),
    ],
)  # fmt: skip
def test_a_health_check_that_asks_for_something_else(path: str, old: str, new: str, above: str) -> None:
    """Of a balancer as of a platform; or waits for less long."""
    assert [EffectKind.PROBE_TIGHTENED] == kinds(path, old, new, above)


@pytest.mark.parametrize(
    ("old", "new"), [("    timeout check 900ms", "    timeout check 4s"), ("    timeout server 4s", "    timeout server 900ms")]
)  # fmt: skip
def test_what_is_no_stricter_check(old: str, new: str) -> None:
    """One that waits longer, and a time that requests have."""
    assert EffectKind.PROBE_TIGHTENED not in kinds("edge/haproxy.cfg", old, new, "defaults")


def test_a_path_of_something_else() -> None:
    """Only a check's path is one."""
    assert [] == kinds("wares/app.yaml", "path: /up", "path: /deep", "server:")
