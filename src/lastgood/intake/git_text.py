"""What `git log` prints: commits with author, time and message; with `--stat`, `--numstat` or `-p` also files and diff.

Any `--date` that gives a date and a time, `--format=medium`, `full` and `fuller`. A folder with `.git` says more: load that where
there is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

DIFF_BYTES = 64 * 1024
_COMMIT = re.compile(r"commit (?P<sha>[0-9a-f]{7,64})(?: \(.*\))?$")
_FIELD = re.compile(r"(?P<name>Author|AuthorDate|Commit|CommitDate|Date|Merge): +(?P<value>.*)")
_STAT = re.compile(r" (?P<file>\S.*?) +\| +(?:\d+|Bin)\b")
_NUMSTAT = re.compile(r"(?P<added>\d+|-)\t(?P<taken>\d+|-)\t(?P<file>.*)")
_SUM = re.compile(
    r" \d+ files? changed(?:, (?P<added>\d+) insertions?\(\+\))?(?:, (?P<taken>\d+) deletions?\(-\))?"
)
_ADDRESS = re.compile(r" <(?P<email>[^>]*)>$")


@dataclass(slots=True)
class _Commit:
    sha: str
    place: int
    fields: dict[str, str] = field(default_factory=dict)
    message: list[str] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)
    added: int = 0
    taken: int = 0
    diff: list[str] = field(default_factory=list)
    size: int = 0

    def take(self, line: str) -> None:
        """One more line of it."""
        if self.diff or line.startswith("diff --git "):
            self._patch(line)
        elif not self.message and (found := _FIELD.match(line)):
            self.fields[found["name"]] = found["value"].strip()
        elif line.startswith("    "):
            self.message.append(line[4:])
        elif found := _NUMSTAT.match(line):
            self.files[found["file"]] = None
            self.added += int(found["added"]) if found["added"] != "-" else 0
            self.taken += int(found["taken"]) if found["taken"] != "-" else 0
        elif found := _SUM.match(line):
            self.added, self.taken = int(found["added"] or 0), int(found["taken"] or 0)
        elif found := _STAT.match(line):
            self.files[found["file"]] = None

    def _patch(self, line: str) -> None:
        if line.startswith("+++ b/"):
            self.files[line[6:]] = None
        self.added += line.startswith("+") and not line.startswith("+++")
        self.taken += line.startswith("-") and not line.startswith("---")
        self.size += len(line) + 1
        if self.size <= DIFF_BYTES:
            self.diff.append(line)


def recognise(given: Input) -> Claim | None:
    """A text whose first line names a commit, with an author or a date below."""
    lines = given.head[:4096].decode("utf-8", "replace").lstrip("\ufeff\n").splitlines()
    if lines and _COMMIT.match(lines[0]) and any(_FIELD.match(line) for line in lines[1:5]):
        return Claim("git log", 0.97, "it begins with a commit and its author")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each commit."""
    del claim
    reference = reference_for(given, settings)
    table, events = Rows(), 0
    for commit in _commits(given):
        try:
            row = _row(commit, reference, settings.service)
        except ValueError as wrong:
            yield Reject(commit.place, f"no commit: {wrong}", commit.sha[:REJECT_TEXT])
            yield Tally(lines=1)
            continue
        events += 1
        table.add(*row, commit.place)
        yield from table.full()
    yield from table.rest()
    yield Tally(lines=events, events=events)


def _commits(given: Input) -> Iterator[_Commit]:
    commit: _Commit | None = None
    with given.open() as stream:
        for number, raw in enumerate(text_lines(stream), 1):
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if found := _COMMIT.match(line):
                if commit is not None:
                    yield commit
                commit = _Commit(found["sha"], number)
            elif commit is not None:
                commit.take(line)
    if commit is not None:
        yield commit


def _row(commit: _Commit, reference: Reference, service: str) -> Row:
    reported = commit.fields
    written = reported.get("CommitDate") or reported.get("Date") or reported.get("AuthorDate") or ""
    author = reported.get("Author", "")
    email = _ADDRESS.search(author)
    message = "\n".join(commit.message).strip()
    return change(
        "commit", moment(written, reference), id=commit.sha, service=service, title=message.split("\n")[0], source="git log",
        actor=_ADDRESS.sub("", author), files=list(commit.files), additions=commit.added, deletions=commit.taken,
        diff="\n".join(commit.diff),
        attributes={"author.email": email["email"] if email else "", "message": message if "\n" in message else ""},
    )  # fmt: skip


SOURCE = Source("git_text", frozenset({Signal.CHANGES}), recognise, decode)
