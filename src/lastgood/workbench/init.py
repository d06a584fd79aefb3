"""Init: the first `lastgood.toml`, from what can be seen from this machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from lastgood.errors import UsageError
from lastgood.model.figures import counted
from lastgood.outside.discovery import USUAL, Discovered, discover
from lastgood.workbench.init_actions import Action, actions_of, quoted
from lastgood.workbench.init_vendors import vendors_of

LISTED = 8
VARIABLES = tuple(one.variables[0] for one in USUAL)  # that hold addresses of systems


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was looked for."""

    what: str
    found: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Initialised:
    """The file that was written, what was seen, and the templates in it."""

    path: Path
    seen: tuple[Seen, ...]
    actions: tuple[Action, ...]
    folder: Path = Path()  # that was looked in
    empty: bool = False  # nothing was found that could be written


def init(
    path: Path, folder: Path, environment: Mapping[str, str], *, context: str = "", force: bool = False
) -> Initialised:
    """Write the first settings.

    `context` is the context of kubectl whose cluster may be asked for dry runs; without it no cluster is.

    Raises:
        UsageError: the file exists, cannot be written, or there is no such context.
    """
    if path.exists() and not force:
        raise UsageError(f"{path} exists.", hint="To replace it: lastgood init --force")
    found = discover(folder, environment)
    if context and context not in found.contexts:
        known = ", ".join(found.contexts) or "none"
        raise UsageError(f"kubectl has no context {context!r}.", hint=f"There are: {known}.")
    actions = tuple(actions_of(found, context))
    text = "\n".join(
        [*_head(), *_sources(found, context, environment), *(line for one in actions for line in one.toml)]
    )
    try:
        _written(path, text)
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}.") from problem
    empty = not actions and not list(_sources(found, context, environment))
    return Initialised(path, tuple(_seen(found, environment)), actions, folder.resolve(), empty)


def _written(path: Path, text: str) -> None:
    """As a whole or not at all, for its owner alone. No name beside it can be guessed: a link there would be followed."""
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=".lastgood-", encoding="utf-8", delete=False
    ) as file:
        try:
            file.write(text)
            file.close()
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def _head() -> Iterator[str]:
    yield "# Settings of Lastgood: docs/reference/settings.md. Check them: lastgood doctor."
    yield "# In the working directory, they are in force after: lastgood trust"
    yield ""


def _sources(found: Discovered, context: str, environment: Mapping[str, str]) -> Iterator[str]:
    yield from _places(found)
    if found.contexts:
        yield "# Commands of kubectl use the namespace of the context: add --namespace where that is another."
        yield ""
    for one in found.contexts[:LISTED]:
        if context in {"", one}:
            settings = {"name": one, "kind": "kubernetes", "target": one}
            yield from _source("from kubeconfig; not asked", settings)
    remotes = [
        *(("github", "https://api.github.com", one) for one in found.repositories),
        *(("gitlab", f"https://{host}/api/v4", project) for host, project in found.projects),
    ]
    for kind, url, target in remotes:
        variable = f"{kind.upper()}_TOKEN"
        token = {"token": f"${variable}"} if variable in environment else {}
        settings = {"name": kind, "kind": kind, "url": url, "target": target, **token}
        yield from _source("from the remotes of git; not asked", settings)
    for vendor, settings, headers in vendors_of(environment):
        yield from _source(f"{vendor.title}: {', '.join(vendor.needs)} set; not asked", settings, headers)


def _places(found: Discovered) -> Iterator[str]:
    for place in found.places:
        if place.url and (not place.problem or place.variable):
            name = "local" if not place.variable else "prod"
            why = (
                f"not ready when this file was written: {place.problem}"
                if place.problem
                else "ready when this file was written"
            )
            yield from _source(f"{place.name}: {why}", {"name": name, "kind": place.kind, "url": place.url})


def _source(
    comment: str, values: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    yield f"# {comment}"
    yield "[[source]]"
    yield from (f"{name} = {quoted(value)}" for name, value in values.items())
    if headers:
        yield f"headers = {{ {', '.join(f'{name} = {quoted(value)}' for name, value in headers.items())} }}"
    yield ""


def _seen(found: Discovered, environment: Mapping[str, str]) -> Iterator[Seen]:
    for place in found.places:
        where = place.url or f"${place.variable}"
        yield Seen(place.name, not place.problem, where if not place.problem else f"{where}: {place.problem}")
    contexts = (
        f"{counted(len(found.contexts), 'context')} in kubeconfig: {', '.join(found.contexts[:LISTED])}"
    )
    lacking = "kubectl has no context" if "kubectl" in found.programs else "kubectl is not installed"
    yield Seen("Kubernetes", bool(found.contexts), contexts if found.contexts else lacking)
    for program, name in (("argocd", "Argo CD"), ("helm", "Helm")):
        there = program in found.programs
        yield Seen(name, there, f"{program} is {'' if there else 'not '}installed")
    yield Seen(
        "Nomad", found.nomad, "nomad is installed" if found.nomad else "no program nomad, or no $NOMAD_ADDR"
    )
    yield Seen(
        "systemd", found.systemd, "it runs this machine" if found.systemd else "it does not run this machine"
    )
    flags = ", ".join(found.flags[:LISTED]) or (
        f"${found.launchdarkly} (LaunchDarkly)" if found.launchdarkly else ""
    )
    yield Seen("flags", bool(flags), flags or "no file of flagd here, no variable of LaunchDarkly")
    remotes = ", ".join((*found.repositories, *(project for _, project in found.projects))) or (
        counted(found.remotes, "remote") + ", not on GitHub or GitLab" if found.remotes else "no remote"
    )
    yield Seen("git", bool(found.remotes), remotes)
    yield Seen("docker compose", bool(found.compose), found.compose or "no compose file here")
    titles = ", ".join(vendor.title for vendor, _, _ in vendors_of(environment))
    yield Seen("vendors", bool(titles), titles or "no variables of Sentry, Datadog, AWS and others")
