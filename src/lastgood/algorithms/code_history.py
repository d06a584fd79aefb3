"""Code history: how old the lines are that a commit changes, who wrote them, and who changed its files before.

From the diffs of the recorded commits alone, so any feed that has them will do. The origin of a line is the last earlier commit
that added a line of this text to this file, as `git blame` answers but for lines that occur several times in a file. Measures after
Kamei et al., "A large-scale empirical study of just-in-time quality assurance", IEEE Trans. Softw. Eng. 39 (2013): AGE, NDEV, EXP; and
Bird et al., "Don't touch my code! Examining the effects of ownership on software quality", ESEC/FSE 2011.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from lastgood.algorithms.diffs.unified import IDLE, Hunk, hunks, paths, role_of
from lastgood.model.release import CarriedCommit, CodeHistory

LINE_LETTERS = 3  # letters and digits of a line, to be distinguished from others: a brace is in every file
LINES_TRACED = 0.5  # of the changed lines must be found, for their age to be known
_RENAMES = re.compile(r"^rename from (.+)\nrename to (.+)$", re.MULTILINE)
_DAY = 86_400.0


def histories(commits: Iterable[CarriedCommit], asked: Collection[str]) -> dict[str, CodeHistory]:
    """The history behind each of the commits asked about, by its id.

    `commits`: these and earlier ones in any order. A commit that touches nothing that runs, such as tests only, has none.
    """
    code, found = _Code(), dict[str, CodeHistory]()
    for commit in sorted(commits, key=lambda one: one.at):
        changed = hunks(commit.diff)
        code.rename(commit.diff)
        if commit.commit_id in asked and (history := code.history(commit, changed)) is not None:
            found[commit.commit_id] = history
        code.add(commit, changed)
    return found


def touched(commit: CarriedCommit) -> tuple[str, ...]:
    """The files that a commit touches, by the names that they have after it, and had before."""
    files = commit.files or paths(commit.diff)
    return tuple(dict.fromkeys([*files, *(old for old, _ in _RENAMES.findall(commit.diff))]))


def author(commit: CarriedCommit) -> str:
    """What one person has in common over commits: the address, else the name."""
    return (commit.email or commit.actor).strip().casefold()


@dataclass(slots=True)
class _Code:
    """What the commits so far say: the origin of each line, and who touched which file."""

    lines: dict[str, dict[str, tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(dict))
    files: dict[str, dict[str, tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(dict))
    names: dict[str, str] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)

    def rename(self, diff: str) -> None:
        """A file goes on under another name."""
        for old, new in _RENAMES.findall(diff):
            self.lines[new] = self.lines.pop(old, {})
            self.files[new] = self.files.pop(old, {})

    def add(self, commit: CarriedCommit, changed: Iterable[Hunk]) -> None:
        """One more commit."""
        who = author(commit)
        for file in commit.files or paths(commit.diff):
            self.files[file][commit.commit_id] = commit.at, who
        for hunk in changed:
            known = self.lines[hunk.path]
            for line in hunk.before:
                known.pop(line.text.strip(), None)
            for line in hunk.after:
                known[line.text.strip()] = commit.at, who
        self.names[who], self.seen[who] = commit.actor or who, commit.at

    def history(self, commit: CarriedCommit, changed: Iterable[Hunk]) -> CodeHistory | None:
        """What is known of the code that a commit changes, before it does."""
        files = [file for file in commit.files or paths(commit.diff) if role_of(file) not in IDLE]
        if not files:
            return None
        origins = list(self._origins(changed))
        known = [one for one in origins if one is not None]
        traced = len(known) > len(origins) * LINES_TRACED
        writers = [who for who, _ in Counter(who for _, who in known if who).most_common()] if traced else []
        last = max((self.seen[one] for one in writers), default=None)
        earlier = {key: value for file in files for key, value in self.files.get(file, {}).items()}
        by = Counter(who for _, who in earlier.values() if who)
        ((most, most_commits),) = by.most_common(1) or [("", 0)]
        return CodeHistory(
            median(_days(commit.at, at) for at, _ in known) if traced else None, len(origins),
            tuple(self.names[one] for one in writers), _days(commit.at, last) if last else None,
            len(earlier), by[author(commit)] if author(commit) else None, len(by), self.names.get(most, most),
            most_commits,
        )  # fmt: skip

    def _origins(self, changed: Iterable[Hunk]) -> Iterator[tuple[datetime, str] | None]:
        """When and by whom the lines were written that are lost; of a place that loses none, the lines around it."""
        for hunk in changed:
            if hunk.role in IDLE:
                continue
            known = self.lines.get(hunk.path, {})
            for line in hunk.before or hunk.side("-"):
                text = line.text.strip()
                if sum(map(str.isalnum, text)) >= LINE_LETTERS:
                    yield known.get(text)


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / _DAY
