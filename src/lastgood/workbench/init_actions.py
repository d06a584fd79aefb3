"""Init, actions: templates for rolling back, turning a flag off, scaling and restarting, each tried as a dry run where there is one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lastgood.outside.discovery import Discovered, tried

# The flag and the file are arguments of the script, never parts of it.
_SWITCH = (
    'jq --arg flag "$1" --arg state "$3" \'.flags[$flag].state = $state\' "$2" > "$2.new" && mv "$2.new" "$2"'
)
_KUBECTL_HAS_NONE = "kubectl has no dry run for it"
_NOT_ASKED = "no cluster was asked: lastgood init --context NAME --force"


@dataclass(frozen=True, slots=True)
class Action:
    """A template, and what came of its dry run: True passed, False failed, None not tried."""

    kind: str
    tool: str
    command: tuple[str, ...]
    passed: bool | None
    result: str
    undo: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()

    @property
    def toml(self) -> list[str]:
        """Its lines in the settings; commented out unless the dry run passed."""
        mark = {True: "dry run passed", False: "dry run FAILED", None: "not tried"}[self.passed]
        lines = ["[[action]]", f'kind = "{self.kind}"', f"command = {_listed(self.command)}"]
        lines += [f"undo = {_listed(self.undo)}"] if self.undo else []
        lines += [f"environment = {_listed(self.environment)}"] if self.environment else []
        off = "" if self.passed else "# "
        return [
            f"# {self.kind} with {self.tool}: {mark}: {_plain(self.result)}",
            *(f"{off}{line}" for line in lines),
            "",
        ]


def actions_of(found: Discovered, context: str) -> Iterator[Action]:
    """One template for each kind of action: of the first tool whose dry run passed, else of the first that can do it."""
    every = (
        *_kubernetes(found, context),
        *_compose(found),
        *_helm(found, context),
        *_argo(found),
        *_nomad(found),
        *_systemd(found),
        *_flagd(found),
        *_launchdarkly(found),
    )
    for kind in dict.fromkeys(one.kind for one in every):
        yield max((one for one in every if one.kind == kind), key=lambda one: one.passed is True)


def quoted(text: str) -> str:
    """A basic string of TOML."""
    letters = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    shown = (letters.get(one) or (one if one.isprintable() else f"\\U{ord(one):08X}") for one in text)
    return f'"{"".join(shown)}"'


def _kubernetes(found: Discovered, context: str) -> Iterator[Action]:
    if not found.contexts:
        return
    base = (
        ("kubectl", f"--context={context}", "--request-timeout=10s")
        if context
        else ("kubectl", "--request-timeout=10s")
    )
    name = ""
    if context:
        there, listed = tried([*base, "get", "deployments", "-o", "name"])
        name = listed.partition("/")[2] if there else ""
    for kind, words, undo in (
        (
            "rollback",
            ("rollout", "undo", "deployment/{service}"),
            (*base, "rollout", "undo", "deployment/{service}"),
        ),
        ("scale", ("scale", "deployment/{service}", "--replicas={replicas}"), ()),
        ("restart", ("rollout", "restart", "deployment/{service}"), ()),
    ):
        passed, result = _dry(base, words, name) if kind != "restart" else (None, _KUBECTL_HAS_NONE)
        if not context:
            passed, result = None, _NOT_ASKED
        elif not name and kind != "restart":
            passed, result = None, "no deployment was listed"
        yield Action(kind, "kubectl", (*base, *words), passed, result, undo, ("KUBECONFIG",))


def _dry(base: Sequence[str], words: Sequence[str], name: str) -> tuple[bool | None, str]:
    filled = [word.replace("{service}", name).replace("{replicas}", "1") for word in words]
    return tried([*base, *filled, "--dry-run=server"]) if name else (None, "")


def _compose(found: Discovered) -> Iterator[Action]:
    if not found.compose or "docker" not in found.programs:
        return
    base = ("docker", "compose", "-f", found.compose)
    for kind, words in (
        ("restart", ("restart", "--", "{service}")),
        ("scale", ("up", "-d", "--no-recreate", "--scale", "{service}={replicas}", "--", "{service}")),
    ):
        if not found.services:
            yield Action(
                kind, "docker compose", (*base, *words), None, "the services of the file are not known"
            )
            continue
        filled = [word.replace("{service}", found.services[0]).replace("{replicas}", "1") for word in words]
        passed, result = tried(["docker", "compose", "--dry-run", "-f", found.compose, *filled])
        yield Action(kind, "docker compose", (*base, *words), passed, result or found.services[0])


def _helm(found: Discovered, context: str) -> Iterator[Action]:
    if "helm" not in found.programs or not found.contexts:
        return
    base = ("helm", f"--kube-context={context}") if context else ("helm",)
    passed, result = None, _NOT_ASKED
    if context:
        there, name = tried([*base, "list", "--short"])
        passed, result = (
            tried([*base, "rollback", "--dry-run", "--", name])
            if there and name
            else (None, "no release was listed")
        )
    yield Action(
        "rollback", "helm", (*base, "rollback", "--", "{service}"), passed, result, (), ("KUBECONFIG",)
    )


def _argo(found: Discovered) -> Iterator[Action]:
    if "argocd" in found.programs:
        command = ("argocd", "app", "rollback", "--", "{service}")
        yield Action(
            "rollback",
            "argocd",
            command,
            None,
            "argocd has no dry run for it",
            (),
            ("ARGOCD_SERVER", "ARGOCD_AUTH_TOKEN"),
        )


def _nomad(found: Discovered) -> Iterator[Action]:
    """Its plan is a dry run of job files alone, not of these commands."""
    for kind, *words in (
        ("rollback", "revert", "--", "{service}", "{job_version}"),  # a number of nomad's own
        ("scale", "scale", "--", "{service}", "{replicas}"),
        ("restart", "restart", "-yes", "--", "{service}"),
    ):
        if found.nomad:
            command, keys = ("nomad", "job", *words), ("NOMAD_ADDR", "NOMAD_TOKEN", "NOMAD_NAMESPACE")
            yield Action(kind, "nomad", command, None, "nomad has no dry run for it", (), keys)


def _systemd(found: Discovered) -> Iterator[Action]:
    if found.systemd:
        command = ("systemctl", "--no-ask-password", "restart", "--", "{service}")
        yield Action("restart", "systemd", command, None, "systemctl has no dry run for it")


def _flagd(found: Discovered) -> Iterator[Action]:
    for file in found.flags[:1]:
        path = file.replace("{", "{{").replace("}", "}}")
        base = ("sh", "-c", _SWITCH.replace("{", "{{").replace("}", "}}"), "sh", "{flag}", path)
        passed, result = (
            tried(["jq", "-e", ".flags | keys[0]", "--", file])
            if "jq" in found.programs
            else (None, "jq is not installed")
        )
        yield Action("flag_off", "flagd", (*base, "DISABLED"), passed, result, (*base, "ENABLED"))


def _launchdarkly(found: Discovered) -> Iterator[Action]:
    if found.launchdarkly:
        base = ("ldcli", "flags")
        rest = ("--project", "{project}", "--environment", "{environment}", "--flag", "{flag}")
        result = "ldcli has no dry run for it" if "ldcli" in found.programs else "ldcli is not installed"
        yield Action(
            "flag_off",
            "ldcli",
            (*base, "toggle-off", *rest),
            None,
            result,
            (*base, "toggle-on", *rest),
            (found.launchdarkly,),
        )


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, words))}]"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
