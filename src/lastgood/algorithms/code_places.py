"""Places in code that errors name: files with lines in stack traces and in messages, and the files of a change beside them.

Stack traces of languages that `stack_frames` knows are read by their frames; of others (C#, PHP, Rust, Elixir, Perl, C, Swift)
the places are taken in the order in which they stand, which is from where the error was raised outwards.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lastgood.algorithms.stack_frames import Frame, Language, in_library, library_file, raised

_ENDINGS = "py|rb|go|rs|java|kt|kts|scala|groovy|clj|php|phtml|js|jsx|ts|tsx|mjs|cjs|vue|cs|fs|vb|c|cc|cpp|cxx|h|hpp|m|mm|swift|ex|exs|erl|pl|pm|lua|dart|sql|cbl"
ENDINGS = frozenset(_ENDINGS.split("|"))
# For RE2, and the same with names for what is read: `a.rs:4:36`, `A.cs:line 33`, `a.php(33)`, `a.php on line 33`, `"a.py", line 33`.
NAMES_PLACE = rf"\.({_ENDINGS})(\"?,? (on )?line |:line |:|\()[0-9]"
_PLACE = re.compile(
    rf"(?P<file>(?:[A-Za-z]:)?[\w@~+./\\-]{{0,200}}\w\.(?:{_ENDINGS}))(?:\"?,? (?:on )?line |:line |:|\()(?P<line>\d{{1,6}})(?!\d)"
)
# Names that many files have.
_COMMON = frozenset(
    "index main app application init __init__ mod lib util utils helper helpers handler handlers server client base common types routes models views".split()
)
_BUILT = frozenset({"dist", "build", "out"})  # folders of scripts that were built
_SCRIPTS = frozenset({"js", "jsx", "ts", "tsx", "mjs", "cjs", "vue"})
_PARTS = frozenset(
    {"src", "lib", "api", "core", "common", "internal", "pkg", "cmd", *_BUILT}
)  # folders of a program
_KEPT_BELOW = frozenset(
    {"usr", "opt", "srv", "home", "var", "workspace"}
)  # where programs are kept, in folders
_DEEPEST = 8  # places of one trace
_SURE_LETTERS = 5  # of a file's name, to be known by it alone
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(?P<line>\d{1,9})(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class CodePlace:
    """A file and a line, and how many frames of your own lie between it and where the error was raised."""

    file: str  # with slashes
    line: int  # from 1
    depth: int  # 0: raised there


def places(text: str) -> list[CodePlace]:
    """The places of your own code that an error names, the innermost first; those of libraries are left out."""
    found = raised(text)
    frames = [one for one in found.frames if not in_library(one)] if found else []
    named = [(_path(one), one.line) for one in frames] or list(_mentioned(text))
    return [CodePlace(file, line, depth) for depth, (file, line) in enumerate(dict.fromkeys(named))][
        :_DEEPEST
    ]


def _path(frame: Frame) -> str:
    if frame.language is not Language.JAVA:
        return frame.file.replace("\\", "/")
    package = frame.scope.rpartition(".")[0]
    return f"{package.replace('.', '/')}/{frame.file}" if package else frame.file


def _mentioned(text: str) -> Iterator[tuple[str, int]]:
    for one in _PLACE.finditer(text[:20_000]):
        file = one["file"].replace("\\", "/")
        if not library_file(file):
            yield file, int(one["line"])


def is_file(named: str, changed: str, *, own: bool = False) -> bool:
    """Whether a trace means a file of a repository: paths begin elsewhere, and scripts are built into another folder.

    In the service's `own` repository a file at its top is known below a working folder, whatever its name.
    """
    mine, theirs = _parts(named), _parts(changed)
    if not mine or not theirs or mine[-1] != theirs[-1]:
        return False
    alike = next(
        (n for n, (a, b) in enumerate(zip(reversed(mine), reversed(theirs), strict=False)) if a != b), None
    )
    if alike is None:  # one ends with the other
        shorter = min(len(mine), len(theirs))
        return shorter > 1 or _is_telling(mine[-1]) or (own and len(theirs) == 1 and _is_top(mine[:-1]))
    return alike > 1 or (_is_telling(mine[-1]) and mine[-2] in _BUILT)


def _is_top(folders: Sequence[str]) -> bool:
    """Whether a program is kept there, rather than a part of it: `/app`, `/srv/cart`, `/usr/src/app`."""
    return not folders or (folders[-1] not in _PARTS and (len(folders) == 1 or folders[0] in _KEPT_BELOW))


def is_code(path: str) -> bool:
    """Whether a file is one of those that traces name."""
    return re.search(rf"\.(?:{_ENDINGS})$", path) is not None


def _parts(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part not in {"", ".", ".."}]
    if not parts:
        return []
    stem, _, ending = parts[-1].rpartition(".")
    last = stem.removesuffix(".min") if ending in _SCRIPTS else parts[-1]
    return [*parts[:-1], last]


def _is_telling(name: str) -> bool:
    stem = name.partition(".")[0]
    return len(stem) >= _SURE_LETTERS and stem.lower() not in _COMMON


def signed_lines(diff: str, sign: str) -> Iterator[str]:
    """The lines that a unified diff adds (`+`) or removes (`-`), without the sign, and no names of files."""
    return (line[1:] for line in diff.splitlines() if line.startswith(sign) and not line.startswith(sign * 3))


def added_lines(diff: str) -> dict[str, frozenset[int]]:
    """The numbers of the lines that a unified diff adds, by the file's path after it."""
    found: dict[str, set[int]] = {}
    file, at = "", 0
    for line in diff.splitlines():
        if line.startswith("+++ "):
            file, at = line[4:].split("\t")[0].removeprefix("b/"), 0
        elif hunk := _HUNK.match(line):
            at = int(hunk["line"])
        elif at and line.startswith("+"):
            found.setdefault(file, set()).add(at)
            at += 1
        elif at and not line.startswith(("-", "\\")):
            at += 1
    return {file: frozenset(lines) for file, lines in found.items()}
