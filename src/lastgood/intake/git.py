"""A git repository: its commits with files, sizes and diffs, and its tags as deploys of what they carry.

The repository may be hostile: only plumbing that reads is called, with every setting off that makes
git run a program or fetch (hooks, external diffs, text conversion, signatures, monitors, promisors).
"""

import os
import re
import subprocess
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lastgood.algorithms.change_lineage import part_of, tag_parts
from lastgood.decoding.change import Row, at, change
from lastgood.decoding.input import Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

MOST_COMMITS = 20_000
MOST_DIFFS = 2_000  # of the newest commits
MOST_TAGS = 500
DIFF_BYTES = 64 * 1024  # of one commit
MOST_FILES = 500
_HEADER = b"\x01"
_FIELDS = "%H%x1f%ct%x1f%at%x1f%P%x1f%an%x1f%ae%x1f%B"
_TAG_FIELDS = "%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)%00%(taggername)%00%(contents:subject)"
_SAFE = (
    "--no-pager", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "core.attributesFile=/dev/null", "-c", "log.showSignature=false", "-c", "protocol.allow=never",
    "-c", "core.pager=cat", "-c", "diff.external=", "-c", "core.quotePath=false", "-c", "mailmap.file=/dev/null",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", ""),
}  # fmt: skip
_LOG = ("log", "--all", "--date-order", "--no-show-signature", "--no-mailmap", "--no-color")
_PLAIN = ("--no-ext-diff", "--no-textconv", "--find-renames")
_ANY_NAME = frozenset(["repo", "repository", "git", "src", "source", "code", "app", "checkout", "workspace"])
_ENDING = re.compile(r"(?<=\w)-(repo|repository|service|svc|server|api|app)$")


@dataclass(slots=True)
class _Commit:
    sha: str
    time: int
    authored: int
    parents: list[str]
    author: str
    email: str
    message: str
    files: list[str] = field(default_factory=list)
    additions: int = 0
    deletions: int = 0
    diff: bytearray = field(default_factory=bytearray)
    within: str = ""


def recognise(given: Input) -> Claim | None:
    """A folder with `.git`, or one that is a bare repository itself."""
    if given.path is None or not given.path.is_dir():
        return None
    if (given.path / ".git").exists():
        return Claim("git repository", 0.99, "it has .git")
    if all((given.path / name).exists() for name in ("HEAD", "objects", "refs", "config")):
        return Claim("bare git repository", 0.99, "it has HEAD, objects and refs")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A commit for each of the newest MOST_COMMITS, a deploy for each tag.

    Raises:
        OSError: git is not there, or cannot read the repository.
    """
    del claim
    if given.path is None:
        raise FileNotFoundError("A repository is a folder.")
    name = settings.service or service_of(_name(given.path, settings.services), settings.services)
    commits: dict[str, _Commit] = {}
    rejects = 0
    for number, raw in enumerate(
        _records(given.path, f"--format={_FIELDS}", f"--max-count={MOST_COMMITS}"), 1
    ):
        try:
            commit = _commit(raw)
            commits[commit.sha] = commit
        except ValueError as problem:
            rejects += 1
            yield Reject(number, f"no commit: {problem}", raw[:200].decode("utf-8", "replace"))
    _count(given.path, commits)
    _show(given.path, commits)
    rows, tags = Rows(), 0
    for row in _deploys(given.path, name, commits, settings.services):
        tags += 1
        rows.add(*row)
    for commit in commits.values():
        rows.add(*_row(commit, name))
        yield from rows.full()
    yield from rows.rest()
    yield Tally(lines=len(commits) + tags + rejects, events=len(commits) + tags)


def tracked(path: Path) -> frozenset[Path]:
    """The files of a working tree that its commits hold; none where git cannot say."""
    try:
        names = [name.decode("utf-8", "surrogateescape") for name in _tokens(path, "ls-files", "-z")]
    except OSError:
        return frozenset()
    return frozenset(path / name for name in names if name)


@contextmanager
def _git(path: Path, *arguments: str) -> Iterator[IO[bytes]]:
    with subprocess.Popen(
        ["git", *_SAFE, "-C", str(path), *arguments],
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as running:
        if running.stdout is None:
            raise OSError("git gives no output")
        yield running.stdout
        running.stdout.close()
    if running.returncode not in {0, -13, 141}:  # closed before its end
        raise OSError(f"git {arguments[0]} ended with status {running.returncode}")


def _tokens(path: Path, *arguments: str) -> Iterator[bytes]:
    """What git prints, split at NUL."""
    rest = b""
    with _git(path, *arguments) as stream:
        while piece := stream.read(1 << 20):
            *whole, rest = (rest + piece).split(b"\0")
            yield from whole
    if rest.strip():
        yield rest


def _records(path: Path, *arguments: str) -> Iterator[bytes]:
    return (token for token in _tokens(path, *_LOG, "-z", *arguments) if token.strip())


def _commit(raw: bytes) -> _Commit:
    fields = raw.decode("utf-8", "replace").split("\x1f", 6)
    if len(fields) != 7:
        raise ValueError("its fields cannot be distinguished")
    sha, time, authored, parents, author, email, message = fields
    return _Commit(sha.strip(), at(time), at(authored), parents.split(), author, email, message.strip())


def _count(path: Path, commits: Mapping[str, _Commit]) -> None:
    """Fill in the files and sizes of the newest commits."""
    tokens = _tokens(path, *_LOG, *_PLAIN, "-z", "--numstat", "--format=%x01%H", f"--max-count={MOST_DIFFS}")
    commit = None
    for token in tokens:
        if token.startswith(_HEADER):
            commit = commits.get(token[1:41].decode("ascii", "replace"))
            continue
        counts = re.fullmatch(rb"\n?(\d+|-)\t(\d+|-)\t(.*)", token, re.DOTALL)
        if counts is None:
            continue
        name = counts[3]
        if not name:  # a rename: the old name and the new one follow
            next(tokens, b"")
            name = next(tokens, b"")
        if commit is not None:
            commit.additions += int(counts[1]) if counts[1] != b"-" else 0
            commit.deletions += int(counts[2]) if counts[2] != b"-" else 0
            if len(commit.files) < MOST_FILES:
                commit.files.append(name.decode("utf-8", "replace"))


def _show(path: Path, commits: Mapping[str, _Commit]) -> None:
    """Fill in the diffs of the newest commits, each up to DIFF_BYTES."""
    commit = None
    with _git(path, *_LOG, *_PLAIN, "-p", "--format=%x01%H", f"--max-count={MOST_DIFFS}") as stream:
        while line := stream.readline(DIFF_BYTES):  # a line of any length
            if line.startswith(_HEADER) and len(line) == 42:
                commit = commits.get(line[1:41].decode("ascii", "replace"))
            elif commit is not None and len(commit.diff) < DIFF_BYTES:
                commit.diff += line if commit.diff or line.strip() else b""


def _deploys(path: Path, name: str, commits: Mapping[str, _Commit], services: Iterable[str]) -> Iterator[Row]:
    """A deploy for each tag, oldest first, of the service that it names, else of the repository's.

    The commits that it carries, and none before it did, are within it.
    """
    tags = [tag for tag in _tags(path) if tag.head in commits]
    parts = {tag.part for tag in tags} - {""}
    touched = {sha: _touched(commit.files, parts) for sha, commit in commits.items()} if parts else {}
    previous: dict[str, str] = {}
    seen: dict[str, set[str]] = {}
    for tag in tags:
        whose = service_of(part_of(tag.part), services) if tag.part else name
        identity = f"tag/{name}/{tag.full}"
        carried = _carry(commits, tag, identity, (touched, seen.setdefault(tag.part, set())))
        yield change(
            "deploy", tag.time, id=identity, service=whose, version=tag.version, source="git",
            previous_version=previous.get(tag.part, ""), title=f"{tag.full}: {tag.subject}" if tag.subject else tag.full,
            actor=tag.tagger or commits[tag.head].author, state="tagged",
            attributes={"vcs.ref.head.revision": tag.head, "vcs.ref.head.name": tag.full, "commits": str(carried)},
        )  # fmt: skip
        previous[tag.part] = tag.version


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag; `part` is what it names of the repository, empty if it is that of all of it."""

    full: str
    part: str
    version: str
    head: str
    time: int
    tagger: str
    subject: str


def _tags(path: Path) -> list[_Tag]:
    """The newest MOST_TAGS tags, oldest first."""
    with _git(path, "for-each-ref", "--sort=-creatordate", f"--count={MOST_TAGS}", f"--format={_TAG_FIELDS}", "refs/tags") as stream:  # fmt: skip
        lines = stream.read().decode("utf-8", "replace").splitlines()
    found = []
    for line in reversed(lines):
        full, target, peeled, time, tagger, subject = (line.split("\0") + [""] * 6)[:6]
        if time:
            found.append(_Tag(full, *tag_parts(full), peeled or target, at(time), tagger, subject))
    return found


def _touched(files: Iterable[str], parts: Iterable[str]) -> frozenset[str]:
    """The parts of a repository that files lie in folders of."""
    folders = {_bare(folder) for file in files for folder in file.split("/")[:-1]}
    return frozenset(part for part in parts if _bare(part_of(part)) in folders)


def _carry(
    commits: Mapping[str, _Commit],
    tag: _Tag,
    identity: str,
    known: tuple[Mapping[str, frozenset[str]], set[str]],
) -> int:
    """Put commits within a tag: those since the tag before it of the same part that touch the part, or none."""
    touched, seen = known
    waiting, carried = deque([tag.head]), 0
    while waiting:
        sha = waiting.popleft()
        commit = commits.get(sha)
        if commit is None or sha in seen:
            continue
        seen.add(sha)
        waiting.extend(commit.parents)
        mine = not tag.part or not touched.get(sha) or tag.part in touched[sha]
        if mine and not commit.within:
            commit.within = identity
            carried += 1
    return carried


def _row(commit: _Commit, name: str) -> Row:
    title, _, body = commit.message.partition("\n")
    return change(
        "commit", commit.time, id=commit.sha, service=name, title=title, actor=commit.author, version=commit.sha[:12],
        previous_version=commit.parents[0][:12] if commit.parents else "", within=commit.within, files=commit.files,
        additions=commit.additions, deletions=commit.deletions, diff=commit.diff.decode("utf-8", "replace"), source="git",
        attributes={
            "vcs.ref.head.revision": commit.sha, "author.email": commit.email, "message": body.strip(),
            "parents": " ".join(commit.parents), "authored_ns": str(commit.authored),
        },
    )  # fmt: skip


def _name(path: Path, services: Collection[str]) -> str:
    """The repository's name: of its origin if it has one, else of the folder, unless that says nothing and is no service."""
    config = path / ".git" / "config" if (path / ".git").is_dir() else path / "config"
    try:
        found = re.search(
            r'\[remote "origin"\][^\[]*?\burl\s*=\s*(\S+)', config.read_text("utf-8", "replace")
        )
    except OSError:
        found = None
    full = found[1] if found else str(path.resolve())
    name = re.split(r"[/:\\]", full.rstrip("/"))[-1].removesuffix(".git")
    return "" if name.lower() in _ANY_NAME and name not in services else name


def service_of(repository: str, services: Iterable[str]) -> str:
    """The one service that has the repository's name, or has it but for an ending as `-service`; else that name."""
    same = {name for name in services if name.lower() == repository.lower()}
    like = same or {name for name in services if _bare(name) == _bare(repository)}
    return like.pop() if len(like) == 1 else repository


def _bare(name: str) -> str:
    return _ENDING.sub("", name.lower().replace("_", "-"))


SOURCE = Source(
    "git", frozenset({Signal.CHANGES}), recognise, decode, folders=True, covers=tracked, late=True
)
