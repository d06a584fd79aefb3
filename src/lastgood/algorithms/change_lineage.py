"""Which deploy carried a commit, which deploys are one, and which services a change touches: from names, versions and paths."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from lastgood.algorithms.diffs.identifiers import words
from lastgood.algorithms.migration_runs import migrated_by
from lastgood.model.change import OUTSIDE, Change

SAME = timedelta(hours=2)  # between the notices that several feeds give of one deploy
SHORT_SHA = 7  # characters of a revision that tell it from others of one service
TAGGED = "tagged"  # the state of a deploy that only a tag tells of
SHA = re.compile(r"[0-9a-f]{7,64}$")
# A version with its name before it, as repositories of several services tag: name/v1, name-v1, name-1.2, @scope/name@1.
_TAG = re.compile(
    r"^@?(?P<name>[^@\s]*?[A-Za-z][^@\s]*?)(?:[@/](?P<apart>v?\d[^\s/@]*)|[-_](?P<joined>v\d[^\s/@]*|\d+(?:[._-]\d+)+[^\s/@]*))$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"v?\d", re.IGNORECASE)
# What a tag says before its version, and is no name of a part.
_SAID_OF_ALL = frozenset({"v", "ver", "version", "versions", "rel", "release", "releases", "tag", "tags", "deploy", "deploys", "deployed", "deployment", "build", "hotfix", "prod", "production", "live", "stable"})  # fmt: skip
_BEFORE = re.compile(r"prev|old|before|base|from|parent", re.IGNORECASE)
_REVISIONS = re.compile(r"\b[0-9a-f]{7,64}\b")
_ENDING = re.compile(r"[-_.]?(service|svc|server|api|app|deployment|worker|repo)$")
# Folders and repositories whose files are applied by themselves, and go out with no service's deploy.
_APPLIED = re.compile(
    r"^(infra\w*|gitops|terraform|tf|charts|helm\w*|overlays|kustomize|k8s|kubernetes|manifests|clusters|environments|ansible|argocd|flux)(-[\w-]+)?$"
)
# Records of tools that apply what a repository of configuration describes, by an attribute that they alone have.
_APPLIES = ("helm.revision", "argocd.history.id", "ansible.task")
ANSIBLE_TASK = "ansible.task"
# Folders of Ansible whose next part is what a run names: its role, or the group that it plays for.
_ROLES = frozenset({"roles", "group_vars", "host_vars", "playbooks"})
# Words of a repository that configures what others run.
_CONFIGURES = frozenset({"infra", "infrastructure", "gitops", "terraform", "ansible", "puppet", "chef", "salt", "config", "configs", "configuration", "conf", "settings", "values", "manifests", "helm", "charts", "k8s", "kubernetes", "environments", "provisioning", "ops", "compose", "stack", "stacks"})  # fmt: skip
# Tools that apply changes: a service that is called so is the tool's own log, and no place where requests are served.
TOOLS = frozenset({"ansible", "ansible-playbook", "terraform", "puppet", "puppet-agent", "chef", "chef-client", "salt", "salt-minion", "capistrano", "jenkins", "helm", "flux", "argocd"})  # fmt: skip
_SHARED = frozenset({"lib", "libs", "common", "shared", "pkg", "packages", "platform", "core", "commons", "sdk", "util", "utils", "framework", "proto", "protos", "internal"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change belongs: by its place among the changes."""

    carrier: int | None  # the deploy that brought it into production
    touched: frozenset[str]  # services of the telemetry, by name or by the paths of its files
    shared: bool  # its files lie where several services take them from
    waiting: bool = False  # deploys of its service are on record, and none has come since
    untaken: bool = (
        False  # it is shared, and no deploy of those suspected has come since that could have taken it
    )
    earlier: bool = False  # it names a deploy that is not on record: an older one

    @property
    def unrecorded(self) -> bool:
        """Whether nothing tells when it took effect."""
        return self.carrier is None and not (self.waiting or self.untaken or self.earlier)


def tag_parts(tag: str) -> tuple[str, str]:
    """What a tag names, with its folders or scope, and the version: `services/cart` and `v1.2` of `services/cart/v1.2`.

    The name is empty, and the version the whole tag, where the tag is that of everything in its repository.
    """
    found = None if _NUMBERED.match(tag) else _TAG.match(tag)
    if found is None or found["name"].lower() in _SAID_OF_ALL:
        return "", tag
    return found["name"], found["apart"] or found["joined"]


def part_of(name: str) -> str:
    """The service that a tag's name means: without its folders or scope."""
    return name.rstrip("/").rpartition("/")[2]


def bare(name: str) -> str:
    """A service's name without case, separators' spelling and an ending as `-service`."""
    lower = name.strip().lower().replace("_", "-")
    return _ENDING.sub("", lower) or lower


_NUMBER = re.compile(r"-\d{1,3}$")
_STORE_WORDS = frozenset(
    "db database postgres postgresql pg mysql mariadb mongo mongodb redis cache queue primary replica rds sql store".split()
)


def same(service: str, name: str) -> bool:
    """Whether two names mean one party: equal but for an ending, or one is a whole word of a host name of the other."""
    if not service or not name:
        return False
    if bare(service) == bare(name) or service.lower() in re.split(r"[.:/\s]+", name.lower()):
        return True
    return bare(service) == _NUMBER.sub("", bare(name))  # one of its numbered instances


def owner_of(store: str) -> str:
    """The service that a store is named after: `pricing` of `pricing-db`; empty where it is named after none."""
    parts = [part for part in re.split(r"[-_.]", store.lower()) if part]
    kept = [part for part in parts if part not in _STORE_WORDS and not part.isdigit()]
    return "-".join(kept) if not _STORE_WORDS.isdisjoint(parts) else ""


def configures(change: Change) -> bool:
    """Whether a change is of a repository that configures what others run, and that is no place of its own."""
    return bool(_CONFIGURES & set(re.split(r"[-_./\s]+", change.service.lower())))


def origins(
    changes: Sequence[Change],
    services: Collection[str],
    bumps: Mapping[int, Collection[str]] | None = None,
    suspected: Collection[str] = (),
) -> list[Origin]:
    """The origin of each change. `bumps` says which libraries a change takes in another version, by its place.

    What touches several services was carried by the next deploy of one that is suspected, if there is one.
    """
    names = {bare(service): service for service in services}
    deploys = sorted(
        (
            p
            for p, change in enumerate(changes)
            if change.kind == "deploy" or ANSIBLE_TASK in change.attributes
        ),
        key=lambda place: (changes[place].at, place),
    )
    wanted = frozenset(map(bare, suspected))
    found = [_origin(change, changes, deploys, (names, wanted)) for change in changes]
    for place, libraries in (bumps or {}).items():
        for library in libraries:
            _through_library(library, place, changes, found)
    return found


def one_deploy(changes: Sequence[Change]) -> dict[int, int]:
    """For each deploy that several records tell of, the place of the one that stands for it: the last, and no mere tag.

    A tag, a pipeline's run and the deploy itself are one, if they are of one service and share a version or a revision.
    """
    found: dict[int, int] = {}
    for places in _recorded_alike(changes):
        places.sort(key=lambda place: (changes[place].state != TAGGED, changes[place].at, place))
        last = places[-1]
        near = [p for p in places if changes[p].state == TAGGED or changes[last].at - changes[p].at <= SAME]
        apart = {changes[p].previous for p in near if changes[p].previous and changes[p].state != TAGGED}
        if len(near) > 1 and len(apart) < 2:
            found |= dict.fromkeys(near, last)
    for tag in (p for p, change in enumerate(changes) if change.state == TAGGED and p not in found):
        bearers = _bearers(changes[tag], changes)
        if len({_party(changes[p]) for p in bearers}) == 1:
            last = max(bearers, key=lambda p: (changes[p].at, p))
            found[tag] = found.get(last, last)
    return found


def _bearers(tag: Change, changes: Sequence[Change]) -> list[int]:
    """The places of deploys, of whatever they are, that name the revision of a tag: what the code is of need not be called alike."""
    mine = {one for one in _names_of_release(tag) if SHA.match(one)}
    if not mine:
        return []
    return [
        place
        for place, change in enumerate(changes)
        if change.kind == "deploy" and change.state != TAGGED and mine & _names_of_release(change)
    ]


def superseded(tag: Change, changes: Sequence[Change], until: datetime) -> bool:
    """Whether a deploy of the same service came on record after a tag and before `until`: the tag was out by then."""
    return any(
        change.kind == "deploy"
        and change.state != TAGGED
        and _party(change) == _party(tag)
        and tag.at <= change.at < until
        for change in changes
    )


def _recorded_alike(changes: Sequence[Change]) -> Iterator[list[int]]:
    """The places of deploys that share a name, directly or through others."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, change in enumerate(changes):
        if change.kind != "deploy":
            continue
        joined = [place]
        names = [(_party(change), name) for name in _names_of_release(change)]
        for group in {id(groups[name]): groups[name] for name in names if name in groups}.values():
            joined += group
        joined_names = [name for name, group in groups.items() if not set(group).isdisjoint(joined)]
        groups |= dict.fromkeys((*names, *joined_names), joined)
    yield from {id(group): group for group in groups.values()}.values()


def _names_of_release(deploy: Change) -> set[str]:
    """Its version, and the beginnings of the revisions that it names, but for what was there before it."""
    now = (value for name, value in deploy.attributes.items() if not _BEFORE.search(name))
    revisions = {one[:SHORT_SHA] for one in map(str.lower, now) if SHA.match(one) and not one.isdigit()}
    return {
        version_number(deploy.version)[: SHORT_SHA if SHA.match(deploy.version) else None],
        *revisions,
    } - {""}


def _origin(
    change: Change,
    changes: Sequence[Change],
    deploys: list[int],
    known: tuple[Mapping[str, str], frozenset[str]],
) -> Origin:
    names, suspected = known
    own = names.get(bare(change.service))
    by_path = _by_path(change.files, names)
    touched = frozenset({own} if own else by_path)
    shared = not touched and _is_shared(change)
    if change.kind in {"deploy", *OUTSIDE} or (change.kind != "commit" and not change.within):
        return Origin(None, touched, shared)
    named = next((p for p in deploys if change.within and changes[p].change_id == change.within), None)
    if named is not None:
        carried = names.get(_party(changes[named]))
        touched = touched or frozenset({carried} if carried else ())
        shared = shared and not touched
        if changes[named].state != TAGGED:
            return Origin(named, touched, shared)
    return _of_commit(change, changes, deploys, (touched, shared, named, suspected), names)


def _of_commit(
    change: Change,
    changes: Sequence[Change],
    deploys: list[int],
    place: tuple[frozenset[str], bool, int | None, frozenset[str]],
    names: Mapping[str, str],
) -> Origin:
    """The deploy of this very revision or of its tag's version, else the next one of what it touches, else the tag."""
    touched, shared, tag, suspected = place
    services = {bare(name) for name in (*touched, change.service) if name}
    runs = [p for p in deploys if ANSIBLE_TASK in changes[p].attributes]
    run = migrated_by(change, changes)
    if (run := _run(change, changes, runs) if run is None else run) is not None:
        return Origin(run, touched, shared)
    deploys = [p for p in deploys if p not in runs]
    if tag is None and _applied(change, changes, deploys, services):
        return Origin(None, touched, shared)
    mine = [p for p in deploys if _party(changes[p]) in services and changes[p].state != TAGGED]
    mine = [p for p in mine if _party(changes[p]) == bare(change.service)] or mine
    exact = [p for p in deploys if _of_revision(changes[p], change.change_id) and p != tag]
    exact = exact or (_bearers(changes[tag], changes) if tag is not None else [])
    versions = {version_number(change.version)} | (
        {version_number(changes[tag].version)} if tag is not None else set()
    )
    tagged = [p for p in mine if version_number(changes[p].version) in versions - {""}]
    passed = tag is not None and not (exact or tagged) and _older(tag, mine, changes)
    later = [
        p
        for p in exact or tagged or ([] if passed else mine)
        if changes[p].at >= change.at - timedelta(minutes=1)
    ]
    if later:
        about = _about(change, [changes[p] for p in later])
        carrier = max(later, key=lambda p: (about[later.index(p)], _party(changes[p]) in suspected))
        return Origin(carrier, touched or _of_exact(changes[carrier], change, names), shared)
    if tag is not None and (passed or not mine):
        return Origin(tag, touched, shared)
    taking = any(
        changes[p].at >= change.at and (_party(changes[p]) in suspected or not suspected) for p in deploys
    )
    return Origin(
        None,
        touched,
        shared,
        waiting=bool(mine),
        untaken=shared and bool(deploys) and not taking,
        earlier=bool(change.within) and tag is None and not mine,
    )


def _older(tag: int, mine: Sequence[int], changes: Sequence[Change]) -> bool:
    """Whether what it touches was deployed by a later tag of the repository: this tag was out before that."""
    of = changes[tag].service
    versions = {
        version_number(one.version)
        for one in changes
        if one.state == TAGGED and one.service == of and one.at > changes[tag].at
    } - {""}
    return any(version_number(changes[p].version) in versions for p in mine)


def _about(commit: Change, deploys: Sequence[Change]) -> list[int]:
    """For each of several deploys how many words it shares with a commit, of those that not all of them have."""
    said = [
        frozenset(words(f"{one.title} {one.service} {one.attributes.get('host.name', '')}"))
        for one in deploys
    ]
    everywhere = frozenset[str].intersection(*said)
    mine = words(" ".join((commit.title, *commit.files[:200])))
    return [len(spoken & mine - everywhere) for spoken in said]


def _of_exact(deploy: Change, commit: Change, names: Mapping[str, str]) -> frozenset[str]:
    """The service that a record says it brought this very revision to."""
    exact = _of_revision(deploy, commit.change_id) and _party(deploy) in names
    return frozenset({names[_party(deploy)]} if exact else ())


def _run(change: Change, changes: Sequence[Change], runs: Sequence[int]) -> int | None:
    """The first run of Ansible after a commit that names a role or a group whose files it changes."""
    parts = [(folder, name) for file in change.files[:200] for folder, name in pairwise(file.split("/"))]
    named = {bare(name.partition(".")[0]) for folder, name in parts if folder in _ROLES}
    soonest = change.at - timedelta(minutes=1)
    return next((p for p in runs if changes[p].at >= soonest and named & _names_of_run(changes[p])), None)


def roles(change: Change) -> frozenset[str]:
    """The roles of Ansible whose files a commit changes, or whose task a run is: the programs that it configures."""
    role, colon, _ = change.attributes.get(ANSIBLE_TASK, "").partition(" : ")
    parts = [pair for file in change.files[:200] for pair in pairwise(file.split("/"))]
    return frozenset({*(name for folder, name in parts if folder == "roles"), *([role] if colon else ())})


def _names_of_run(run: Change) -> set[str]:
    """The role of its task, the group that it plays for, and its hosts."""
    role, colon, _ = run.attributes[ANSIBLE_TASK].partition(" : ")
    hosts = run.attributes.get("host.name", "").split(", ")
    return {bare(name) for name in (role if colon else "", run.service, *hosts) if name}


def _applied(
    change: Change, changes: Sequence[Change], deploys: Collection[int], parties: Collection[str]
) -> bool:
    """Whether a commit acts by itself: all of it lies where infrastructure is described, in a repository that no deploy is of.

    So does one of a repository that is called the configuration of something: it is copied to where it is read, and a
    deploy of what reads it is none of its own. Neither does where a tool's records tell of what it applied to those
    `parties` that it touches.
    """
    folders = {file.partition("/")[0] for file in change.files[:200] if "/" in file}
    said = re.split(r"[-_./\s]+", change.service.lower())
    named_so = bool(_APPLIED.match(change.service.lower())) or (len(said) > 1 and said[-1] in _CONFIGURES)
    own = named_so or (bool(folders) and all(_APPLIED.match(folder.lower()) for folder in folders))
    named = any(
        bare(changes[p].service) == bare(change.service)
        or _of_revision(changes[p], change.change_id)
        or (_party(changes[p]) in parties and any(name in changes[p].attributes for name in _APPLIES))
        for p in deploys
    )
    return own and not named


def version_number(version: str) -> str:
    """A version to compare with others: without the name of its part, case and a `v`."""
    return tag_parts(version.strip())[1].lower().removeprefix("v")


def _party(deploy: Change) -> str:
    """Whose deploy it is: of the part of a repository that its version names, else of its service."""
    return bare(part_of(tag_parts(deploy.version)[0]) or deploy.service)


def _of_revision(deploy: Change, commit: str) -> bool:
    """Whether a deploy names a commit: as its version, or among the revisions in its attributes."""
    sha = commit.lower()
    if not SHA.match(sha):
        return False
    reported = _REVISIONS.findall(" ".join([deploy.version, *deploy.attributes.values()]).lower())
    return any(sha.startswith(one) or one.startswith(sha) for one in reported)


def _by_path(files: Sequence[str], names: Mapping[str, str]) -> frozenset[str]:
    found = set[str]()
    for file in files[:200]:
        *folders, name = file.split("/")
        found.update(names[part] for part in map(bare, (*folders, name.partition(".")[0])) if part in names)
    return frozenset(found)


def _is_shared(change: Change) -> bool:
    parts = {part.lower() for file in change.files[:200] for part in file.split("/")[:-1]}
    said = set(re.split(r"[-_./\s]+", change.service.lower()))
    return bool(_SHARED & (parts | said))


def _through_library(library: str, place: int, changes: Sequence[Change], found: list[Origin]) -> None:
    """A commit of a library reaches whoever took the library's next version, with the deploy that carried that."""
    taker = found[place]
    name = bare(re.split(r"[/:]", library)[-1])
    for other, change in enumerate(changes):
        if (
            change.kind == "commit"
            and bare(change.service) == name
            and change.at <= changes[place].at
            and not found[other].touched
        ):
            carrier = taker.carrier if changes[place].kind != "deploy" else place
            found[other] = Origin(carrier, taker.touched, shared=True, waiting=taker.waiting)
