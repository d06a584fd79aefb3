"""Discovery: what of a team's systems can be seen from this machine, for the first settings.

Files and programs of this machine are looked at; kubectl, git and docker are asked only what they know themselves. Over the network
goes nothing but one GET of a documented readiness endpoint to each usual loopback address, and to addresses of the environment.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import orjson

from lastgood.outside.unpacking import ASKED, unpacked

_SECONDS = 1.5  # of one GET
_PROGRAM_SECONDS = 10
_MOST = 4096  # bytes of an answer that are looked at
_DEEP = 3  # folders
_SKIPPED = frozenset({"node_modules", "vendor", "venv", "dist", "target", "build"})
_LARGEST = 2_000_000  # bytes of a file of flags
_GITHUB = re.compile(r"github\.com[:/]+([\w.-]+/[\w.-]+?)(?:\.git)?/?$")
_GITLAB = re.compile(r"(?:@|//)(?:[\w.-]+@)?(gitlab\.[\w.-]+)(?::\d+)?[:/]+([\w./-]+?)(?:\.git)?/?$")
COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
PROGRAMS = ("kubectl", "helm", "argocd", "docker", "git", "jq", "ldcli", "nomad", "systemctl")
SYSTEMD = Path("/run/systemd/system")  # is there where systemd is the first process: sd_booted(3)
LAUNCHDARKLY = (
    "LAUNCHDARKLY_ACCESS_TOKEN",
    "LD_ACCESS_TOKEN",
    "LAUNCHDARKLY_API_KEY",
    "LAUNCHDARKLY_SDK_KEY",
)


@dataclass(frozen=True, slots=True)
class Usual:
    """A kind of system: where it usually is, what it answers there when it is ready, and variables that hold its address."""

    kind: str
    name: str
    port: int
    path: str  # of the readiness endpoint
    ready: bytes  # that the answer holds
    variables: tuple[str, ...]
    health_port: int = 0  # where the endpoint has a port of its own


USUAL = (
    Usual("prometheus", "Prometheus", 9090, "/-/ready", b"Prometheus", ("PROMETHEUS_URL", "PROMETHEUS_ADDR")),
    Usual("prometheus", "VictoriaMetrics", 8428, "/health", b"OK", ("VICTORIAMETRICS_URL",)),
    Usual("alertmanager", "Alertmanager", 9093, "/-/ready", b"OK", ("ALERTMANAGER_URL",)),
    Usual("loki", "Loki", 3100, "/ready", b"ready", ("LOKI_ADDR", "LOKI_URL")),
    Usual("victorialogs", "VictoriaLogs", 9428, "/health", b"OK", ("VICTORIALOGS_URL",)),
    Usual("zipkin", "Zipkin", 9411, "/health", b"UP", ("ZIPKIN_URL",)),
    Usual("tempo", "Tempo", 3200, "/ready", b"ready", ("TEMPO_URL", "TEMPO_ADDR")),
    Usual("jaeger", "Jaeger", 16686, "/", b"", ("JAEGER_URL", "JAEGER_QUERY_URL"), 14269),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a system that was tried."""

    kind: str
    name: str
    url: str
    variable: str = ""  # that named it
    problem: str = ""  # why it is not ready; nothing where it is


@dataclass(frozen=True, slots=True)
class Discovered:
    """What can be seen from here."""

    places: tuple[Place, ...]
    programs: frozenset[str]
    contexts: tuple[str, ...] = ()  # of kubectl
    current: str = ""  # its current one
    repositories: tuple[str, ...] = ()  # owner/name on GitHub
    projects: tuple[tuple[str, str], ...] = ()  # host, and group/name there, of a GitLab
    remotes: int = 0  # of git, wherever they are
    flags: tuple[str, ...] = ()  # files of flagd, from here
    compose: str = ""  # a file of docker compose
    services: tuple[str, ...] = ()  # in it
    launchdarkly: str = ""  # the variable with its token
    systemd: bool = False  # whether it runs this machine
    nomad: bool = False  # whether its address is known


def discover(folder: Path, environment: Mapping[str, str], usual: Sequence[Usual] = USUAL) -> Discovered:
    """What there is, seen from a folder; nothing that is missing is an error."""
    programs = frozenset(name for name in PROGRAMS if shutil.which(name))
    remotes = _lines(["git", "-C", str(folder), "remote", "-v"]) if "git" in programs else []
    urls = dict.fromkeys(line.split()[1] for line in remotes if len(line.split()) > 1)
    repositories = dict.fromkeys(found[1] for url in urls if (found := _GITHUB.search(url)))
    projects = dict.fromkeys((found[1], found[2]) for url in urls if (found := _GITLAB.search(url)))
    compose = next((name for name in COMPOSE if (folder / name).is_file()), "")
    asks = compose and "docker" in programs
    has_kubectl = "kubectl" in programs
    return Discovered(
        places=tuple(_places(environment, usual)),
        programs=programs,
        contexts=tuple(_lines(["kubectl", "config", "get-contexts", "-o", "name"])) if has_kubectl else (),
        current="".join(_lines(["kubectl", "config", "current-context"])[:1]) if has_kubectl else "",
        repositories=tuple(repositories),
        projects=tuple(projects),
        remotes=len(urls),
        flags=tuple(_flag_files(folder)),
        compose=compose,
        services=tuple(_lines(["docker", "compose", "-f", str(folder / compose), "config", "--services"]))
        if asks
        else (),
        launchdarkly=next((name for name in LAUNCHDARKLY if environment.get(name)), ""),
        systemd="systemctl" in programs and SYSTEMD.is_dir(),
        nomad="nomad" in programs and bool(environment.get("NOMAD_ADDR")),
    )


def tried(command: Sequence[str]) -> tuple[bool, str]:
    """Whether a command ended well, and the first line that it printed: for dry runs."""
    try:
        ended = subprocess.run(
            command, capture_output=True, timeout=_PROGRAM_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return False, type(problem).__name__
    printed = (ended.stdout if ended.returncode == 0 else ended.stderr or ended.stdout).decode(
        "utf-8", "replace"
    )
    return ended.returncode == 0, " ".join(printed.split("\n", 1)[0].split())[:160]


def _lines(command: list[str]) -> list[str]:
    try:
        ended = subprocess.run(
            command, capture_output=True, timeout=_PROGRAM_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    text = ended.stdout.decode("utf-8", "replace") if ended.returncode == 0 else ""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _places(environment: Mapping[str, str], usual: Sequence[Usual]) -> Iterator[Place]:
    """Addresses of the environment, and where none is given the usual one on this machine."""
    for one in usual:
        named = next(((name, environment[name]) for name in one.variables if environment.get(name)), None)
        if named is None:
            url = f"http://127.0.0.1:{one.port}"
            asked = f"http://127.0.0.1:{one.health_port}" if one.health_port else url
            yield Place(one.kind, one.name, url, problem=_problem(asked, one, direct=True))
        else:
            yield _named(one, *named)


def _named(one: Usual, variable: str, url: str) -> Place:
    try:
        split = urlsplit(url if "//" in url else f"http://{url}")
        valid = split.scheme in {"http", "https"} and bool(split.hostname) and split.port != 0
    except ValueError:
        return Place(one.kind, one.name, "", variable, "it is not an address")
    if not valid:
        return Place(one.kind, one.name, "", variable, "it is not an address")
    # Neither a password nor a query goes into the settings.
    clean = split._replace(netloc=split.netloc.rpartition("@")[2], query="", fragment="").geturl().rstrip("/")
    asked = clean
    if one.health_port:
        if split.port != one.port:
            apart = "its readiness endpoint is on a port of its own; not asked"
            return Place(one.kind, one.name, clean, variable, apart)
        asked = f"{split.scheme}://{split.hostname}:{one.health_port}"
    return Place(one.kind, one.name, clean, variable, _problem(asked, one, direct=False))


def _problem(url: str, one: Usual, *, direct: bool) -> str:
    """Why a system is not ready at an address; one GET, no redirect, no proxy on the way to this machine."""
    try:
        with (
            httpx.Client(
                headers={"accept-encoding": ASKED}, timeout=_SECONDS, trust_env=not direct
            ) as client,
            client.stream("GET", f"{url}{one.path}") as answer,
        ):
            body = unpacked(answer, _MOST)
            if answer.status_code >= 300:
                return f"it answers {answer.status_code} to {one.path}"
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        return "no answer in time" if isinstance(problem, httpx.TimeoutException) else "nothing answers"
    return "" if one.ready in body else f"what answers is not {one.name}"


def _flag_files(folder: Path) -> Iterator[str]:
    """JSON files with flags as flagd has them: an object `flags` whose members have variants."""
    for path in _json_files(folder, _DEEP):
        try:
            document = orjson.loads(path.read_bytes()) if path.stat().st_size <= _LARGEST else None
        except (OSError, orjson.JSONDecodeError):
            continue
        flags = document.get("flags") if isinstance(document, dict) else None
        if (
            isinstance(flags, dict)
            and flags
            and all(isinstance(one, dict) and "variants" in one for one in flags.values())
        ):
            yield str(path.relative_to(folder))


def _json_files(folder: Path, deep: int) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for path in inside:
        if (
            path.is_symlink()
            or path.name.startswith(".")
            or path.name in _SKIPPED
            or not path.name.isprintable()
        ):
            continue
        if path.is_dir() and deep > 1:
            yield from _json_files(path, deep - 1)
        elif path.suffix == ".json" and path.is_file():
            yield path
