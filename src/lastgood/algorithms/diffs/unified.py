"""A unified diff read: the places it changes, each with the lines lost, got and left around them.

Diffs come from git, from other tools, cut off anywhere, or as bare lines with a sign in front: all are
read, nothing is an error. The form is that of GNU diffutils ("Detailed Description of Unified Format").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, islice, takewhile

MOST_LINES = 2000  # changed lines of one diff that are read
MOST_READ = 8 * MOST_LINES
LONGEST_LINE = 400  # characters of a line
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
        (
            Role.PROSE,
            r"\.(md|rst|adoc|txt)$|(^|/)docs?/|(^|/)(README|LICEN[CS]E|COPYING|NOTICE|AUTHORS|CONTRIBUTING|CHANGELOG|NEWS|TODO)($|\.)",
        ),
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
    """One line: its text without the sign, its number in the new file where that is known, and the sign."""

    text: str
    number: int | None = None
    sign: str = " "


@dataclass(slots=True)
class Hunk:
    """Lines of one place of a file, as they are and as they were: a sign says which."""

    path: str
    heading: str = ""  # usually the function
    lines: list[Line] = field(default_factory=list)

    @property
    def role(self) -> Role:
        """What the file is for."""
        return role_of(self.path)

    @property
    def before(self) -> list[Line]:
        """The lines that it lost."""
        return [line for line in self.lines if line.sign == "-"]

    @property
    def after(self) -> list[Line]:
        """The lines that it got."""
        return [line for line in self.lines if line.sign == "+"]

    @property
    def above(self) -> list[str]:
        """The unchanged lines before the first change."""
        return [line.text for line in takewhile(lambda line: line.sign == " ", self.lines)]

    def side(self, sign: str) -> list[Line]:
        """The place as it was (`-`) or is (`+`)."""
        return [line for line in self.lines if line.sign in {" ", sign}]

    def runs(self) -> Iterator[tuple[list[Line], list[Line]]]:
        """Lines lost and got with nothing between them."""
        for changed, lines in groupby(self.lines, key=lambda line: line.sign != " "):
            if changed:
                run = list(lines)
                yield [line for line in run if line.sign == "-"], [line for line in run if line.sign == "+"]


def role_of(path: str) -> Role:
    """What a file is for, by its name; what has no name and no known ending is taken for code."""
    return next((role for role, pattern in _ROLES if pattern.search(path)), Role.CODE)


def hunks(diff: str, path: str = "") -> tuple[Hunk, ...]:
    """The places that a diff changes; `path` is the file of lines that stand before any header."""
    reading = _Reading(path)
    for text in islice(diff.splitlines(), MOST_READ):
        reading.take(text[:LONGEST_LINE])
        if reading.changed >= MOST_LINES:
            break
    return tuple(hunk for hunk in reading.found if any(line.sign != " " for line in hunk.lines))


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
    """A diff on its way to hunks."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.changed = 0
        self._number: int | None = None
        self._inside = False  # a hunk: before the first, --- and +++ are names
        self.found = [Hunk(path)]

    def take(self, text: str) -> None:
        if match := _NAMES.match(text):
            self._move(match[2])
        elif match := _HUNK.match(text):
            self._inside, self._number = True, int(match[1])
            self.found.append(Hunk(self.path, match[2]))
        elif (name := self._header(text)) is not None:
            self._move(name or self.path)
        elif text.startswith(("+", "-", " ", "\t")) or not text or not self._inside:
            self._line(text)

    def _header(self, text: str) -> str | None:
        if not text.startswith(("--- ", "+++ ")):
            return None
        signs = {
            line.sign for line in takewhile(lambda line: line.sign != " ", reversed(self.found[-1].lines))
        }
        old = text.startswith("--- ") and "-" not in signs
        new = text.startswith("+++ ") and "+" not in signs
        return _name(text[4:]) if old or new else None

    def _move(self, path: str) -> None:
        self.path, self._number, self._inside = path, None, False
        self.found.append(Hunk(path))

    def _line(self, text: str) -> None:
        sign = text[0] if text.startswith(("+", "-")) else " "
        self.found[-1].lines.append(
            Line(text[1:] if sign != " " else text.removeprefix(" "), self._number, sign)
        )
        self.changed += sign != " "
        if sign != "-" and self._number is not None:
            self._number += 1


def _name(text: str) -> str | None:
    """The file of a header line; empty for no file, None where the line is not a header but a changed line."""
    name = text.split("\t", maxsplit=1)[0].strip().strip('"')
    if name == "/dev/null":
        return ""
    if re.match(r"[ab]/", name):
        return name[2:]
    return name if re.fullmatch(r"[\w./@+-]+\.\w+|[\w.@+-]+/[\w./@+-]+", name) else None
