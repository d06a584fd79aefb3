"""Templates of actions: one for each kind, each valid as a template, whatever a file is called."""

import tomllib

from lastgood.outside.discovery import Discovered
from lastgood.workbench.commands import filled
from lastgood.workbench.init_actions import Action, actions_of, quoted

ALL = Discovered(
    (), frozenset({"kubectl", "helm", "argocd", "docker"}), contexts=("prod",), flags=("a{b}.json", "b.json"),
    compose="compose.yaml", launchdarkly="LD_ACCESS_TOKEN",
)  # fmt: skip
VALUES = {"service": "web", "replicas": "3", "flag": "new-3ds", "project": "p", "environment": "e"}


def test_one_template_for_each_kind_and_each_can_be_filled() -> None:
    """By the tool that comes first; braces in the name of a file stay braces."""
    found = list(actions_of(ALL, ""))

    assert ["rollback", "scale", "restart", "flag_off"] == [one.kind for one in found]
    assert all(one.passed is None for one in found)
    for one in found:
        assert filled(one.command, VALUES, one.kind)
        assert not one.undo or filled(one.undo, VALUES, one.kind)
    assert "a{b}.json" in filled(found[3].command, VALUES, "flag_off")


def test_without_a_cluster_others_stand_in() -> None:
    """Compose restarts and scales; Argo CD rolls back; LaunchDarkly turns a flag off."""
    rest = Discovered(
        (), frozenset({"argocd", "docker"}), compose="compose.yaml", launchdarkly="LD_ACCESS_TOKEN"
    )
    found = {one.kind: one for one in actions_of(rest, "")}

    assert {
        "restart": "docker compose",
        "scale": "docker compose",
        "rollback": "argocd",
        "flag_off": "ldcli",
    } == {kind: one.tool for kind, one in found.items()}
    assert ("LD_ACCESS_TOKEN",) == found["flag_off"].environment
    assert all(filled(one.command, VALUES, kind) for kind, one in found.items())


def test_its_lines_are_toml_whatever_was_printed() -> None:
    """A result cannot leave its comment; one that failed is commented out."""
    one = Action("scale", "kubectl", ("kubectl", 'a"b\\c\n'), passed=True, result="fine\nkind = 'x'")
    failed = Action("scale", "kubectl", ("kubectl",), passed=False, result="no")

    assert ["kubectl", 'a"b\\c\n'] == tomllib.loads("\n".join(one.toml))["action"][0]["command"]
    assert {} == tomllib.loads("\n".join(failed.toml))
    assert "\u202e\x7f" == tomllib.loads(f"a = {quoted(chr(0x202E) + chr(0x7F))}")["a"]
