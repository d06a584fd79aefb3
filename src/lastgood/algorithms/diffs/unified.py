"""A unified diff read: the runs of lines that one place lost and got, with their file and what stands around them.

Diffs come from git, from other tools, cut off anywhere, or as bare lines with a sign in front: all are
read, nothing is an error. The form is that of GNU diffutils ("Detailed Description of Unified Format").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MOST_LINES = 800  # changed lines of one diff that are read
LONGEST = 300  # characters of a line
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)")
_NAMES = re.compile(r'diff --git "?a/(.+?)"? "?b/(.+?)"?$')


class Role(StrEnum):
    """What a file is for."""

    CODE = "code"
    CONFIG = "config"
    SQL = "sql"
    MANIFEST = "manifest"  # names the libraries that are used
    TEST = "test"
    PROSE = "prose"  # for people
    LOOK = "look"  # styles and pictures
    PIPELINE = "pipeline"  # builds and checks, does not serve


IDLE = frozenset({Role.TEST, Role.PROSE, Role.LOOK, Role.PIPELINE})  # does not run where requests are served

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (
            Role.PIPELINE,
            (
                r"(^|/)(\.github|\.gitlab|\.circleci|\.buildkite)/|\.gitlab-ci|(^|/)(Jenkinsfile|Makefile|\.travis|\.pre-commit"
                r"|\.editorconfig|\.gitignore|\.eslintrc|CODEOWNERS|azure-pipelines)"
            ),
        ),
        (
            Role.TEST,
            (
                r"(^|/)(tests?|__tests__|spec|specs|testdata|fixtures|e2e)/|(^|/)test_[^/]*$|_(test|spec)\.[a-z]+$"
                r"|\.(test|spec)\.[a-z]+$|Tests?\.(java|cs|kt|scala)$"
            ),
        ),
        (
            Role.MANIFEST,
            (
                r"(^|/)(requirements[^/]*\.(txt|in|lock)|package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|go\.(mod|sum)"
                r"|pom\.xml|build\.gradle(\.kts)?|Cargo\.(toml|lock)|Gemfile(\.lock)?|poetry\.lock|Pipfile(\.lock)?|composer\.json"
                r"|pyproject\.toml|libs\.versions\.toml|[^/]+\.csproj|Directory\.Packages\.props|mix\.exs)$"
            ),
        ),
        (Role.PROSE, r"\.(md|rst|adoc|txt)$|(^|/)docs?/|(^|/)(LICENSE|NOTICE|AUTHORS|CHANGELOG)($|\.)"),
        (Role.LOOK, r"\.(css|scss|sass|less|svg|png|jpe?g|gif|ico|woff2?)$"),
        (Role.SQL, r"\.(sql|ddl)$|(^|/)(migrations?|migrate|changelogs?|liquibase|flyway|alembic)/"),
        (
            Role.CONFIG,
            (
                r"\.(ya?ml|toml|json5?|ini|cfg|conf|config|properties|env|hcl|tf|tfvars|xml|plist|cue|jsonnet|service)$"
                r"|(^|/)(\.env[^/]*|Dockerfile[^/]*|[^/]*\.Dockerfile|Caddyfile|Corefile|Procfile|values[^/]*\.yaml)$"
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Line:
    """One changed line: its text without the sign, and its number in the new file where that is known."""

    text: str
    number: int | None = None


@dataclass(slots=True)
class Edit:
    """Lines that one place lost and got, and what stands before them."""

    path: str
    before: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)
    heading: str = ""  # of the hunk: usually the function
    above: tuple[str, ...] = ()  # unchanged lines just before
    below: tuple[str, ...] = ()

    @property
    def role(self) -> Role:
        """What the file is for."""
        return role_of(self.path)

    @property
    def empty(self) -> bool:
        """Whether nothing was changed."""
        return not (self.before or self.after)


def role_of(path: str) -> Role:
    """What a file is for, by its name; what has no name and no known ending is taken for code."""
    return next((role for role, pattern in _ROLES if pattern.search(path)), Role.CODE)


def edits(diff: str, path: str = "") -> tuple[Edit, ...]:
    """The edits of a diff; `path` is the file of lines that stand before any header."""
    reading = _Reading(path)
    for text in diff.splitlines():
        reading.take(text[:LONGEST])
        if reading.lines >= MOST_LINES:
            break
    return tuple(edit for edit in reading.closed() if not edit.empty)


def paths(diff: str) -> tuple[str, ...]:
    """The files that a diff names, each once."""
    found: dict[str, None] = {}
    for line in diff.splitlines():
        if match := _NAMES.match(line):
            found[match[2]] = None
        elif line.startswith("+++ ") and (name := _name(line[4:])):
            found[name] = None
    return tuple(found)


class _Reading:
    """A diff on its way to edits."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines = 0
        self._found: list[Edit] = []
        self._heading = ""
        self._number: int | None = None
        self._context: list[str] = []
        self._edit = Edit(path)
        self._inside = False  # a hunk: before the first, --- and +++ are names

    def take(self, text: str) -> None:
        if match := _NAMES.match(text):
            self._move(match[2])
        elif match := _HUNK.match(text):
            self._close()
            self._inside, self._number, self._heading, self._context = True, int(match[1]), match[2], []
            self._edit = self._new()
        elif (name := self._header(text)) is not None:
            self._move(name or self.path)
        elif text.startswith(("+", "-")):
            self._changed(text[0], text[1:])
        elif text.startswith((" ", "\t")) or not text or not self._inside:
            self._plain(text.removeprefix(" "))

    def _header(self, text: str) -> str | None:
        old = text.startswith("--- ") and not self._edit.before
        new = text.startswith("+++ ") and not self._edit.after
        return _name(text[4:]) if old or new else None

    def closed(self) -> Iterator[Edit]:
        self._close()
        return iter(self._found)

    def _move(self, path: str) -> None:
        self._close()
        self.path, self._heading, self._number, self._context, self._inside = path, "", None, [], False
        self._edit = self._new()

    def _new(self) -> Edit:
        return Edit(self.path, heading=self._heading, above=tuple(self._context[-8:]))

    def _changed(self, sign: str, text: str) -> None:
        if self._edit.below:
            self._close()
            self._edit = self._new()
        self.lines += 1
        (self._edit.after if sign == "+" else self._edit.before).append(Line(text, self._number))
        if sign == "+" and self._number is not None:
            self._number += 1

    def _plain(self, text: str) -> None:
        if self._number is not None:
            self._number += 1
        self._context.append(text)
        if self._edit.empty:
            self._edit.above = tuple(self._context[-8:])
        else:
            self._edit.below = (*self._edit.below, text)[:8]

    def _close(self) -> None:
        if not self._edit.empty:
            self._found.append(self._edit)
        self._edit = self._new()


def _name(text: str) -> str | None:
    """The file of a header line; empty for no file, None where the line is not a header but a changed line."""
    name = text.split("\t", maxsplit=1)[0].strip().strip('"')
    if name == "/dev/null":
        return ""
    if re.match(r"[ab]/", name):
        return name[2:]
    return name if re.fullmatch(r"[\w./@+-]+\.\w+|[\w.@+-]+/[\w./@+-]+", name) else None
