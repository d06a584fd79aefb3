"""Stack frames: where an exception was raised, out of the text of a stack trace.

Python, JavaScript and TypeScript, Java and Kotlin, Go and Ruby, as their runtimes print them. The frame that matters is
the innermost one that is not of a library or of the runtime itself.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TRACE_LINE, LONGEST_TRACE = 500, 200_000  # characters


class Language(StrEnum):
    """What the code is written in."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    JAVA = "java"
    GO = "go"
    RUBY = "ruby"


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in code."""

    language: Language
    file: str
    line: int
    function: str
    scope: str = ""  # class or package
    code: str = ""  # the line itself, where the trace has it


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception and its frames, the innermost first."""

    kind: str
    message: str
    frames: tuple[Frame, ...]

    @property
    def own(self) -> Frame | None:
        """The innermost frame of the system's own code; else the innermost; None without frames."""
        return next(
            (one for one in self.frames if not in_library(one)), self.frames[0] if self.frames else None
        )


_LIBRARIES = re.compile(
    r"site-packages|dist-packages|/lib/python\d|lib/python3|<frozen|<string>|node_modules|node:|^internal/|/usr/local/go/|/go/pkg/mod/"
    r"|^runtime/|/gems/|/rubies/|/ruby/\d"
)
_JAVA_LIBRARIES = re.compile(
    r"^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|org\.(?:spring|apache|hibernate|eclipse|jboss|junit|postgresql)|io\.(?:netty|grpc)|reactor|com\.(?:mysql|fasterxml|zaxxer))\b"
)
_PYTHON_FRAME = re.compile(
    r'^[ \t]*File "(?P<file>[^"\n]+)", line (?P<line>\d+), in (?P<function>[^\n]+)(?:\n(?![ \t]*File ")[ \t]+(?P<code>[^\n]+))?',
    re.MULTILINE,
)
_PYTHON_END = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$", re.MULTILINE)
_JS_FRAME = re.compile(
    r"^[ \t]*at (?:async )?(?:(?P<function>[^\s(]+(?: \[as \w+\])?) \()?(?P<file>[^\s()]*?):(?P<line>\d+):\d+\)?[ \t\r]*$",
    re.MULTILINE,
)
_JAVA_FRAME = re.compile(
    r"^[ \t]*at (?:[\w.@/-]*/)?(?P<scope>[\w.$]+)\.(?P<function>[\w$<>]+)\((?P<file>[\w$]+\.(?:java|kt|scala|groovy)):(?P<line>\d+)\)",
    re.MULTILINE,
)
_GO_FRAME = re.compile(
    r"^(?P<function>[\w./*()-]+)\([^\n]*\)\n[ \t]+(?P<file>[^\s:]+\.go):(?P<line>\d+)", re.MULTILINE
)
_RUBY_FRAME = re.compile(
    r"^[ \t]*(?:from |\d+: from )?(?P<file>[^\s:]+\.rb):(?P<line>\d+):in [`'](?:block (?:\(\d+ levels\) )?in )?(?P<function>[^']+)'",
    re.MULTILINE,
)
_RUBY_NAMED = re.compile(
    r":in [`'][^'\n]+': (?P<message>[^\n]*) \((?P<kind>[A-Z][\w:]*)\)[ \t\r]*$", re.MULTILINE
)
_RAILS_NAMED = re.compile(r"^(?P<kind>[A-Z][\w:]*) \((?P<message>[^\n]*)\):[ \t\r]*$", re.MULTILINE)
_NAMED = re.compile(
    r"^(?:Caused by: |Uncaught |Exception in thread \"[^\"]*\" )?(?P<kind>(?:[\w$]+[.:]+)*[A-Z][\w$]*(?:Error|Exception|Failure|Fault))(?:: (?P<message>[^\n]*))?",
    re.MULTILINE,
)
_PANIC = re.compile(r"^panic: (?P<message>[^\n]+)", re.MULTILINE)


def raised(text: str) -> Raised | None:
    """The exception of a text; None where it has no stack trace of a kind that is known.

    Patterns take time that grows with the square of a line: lines and the text are cut.
    """
    text = "\n".join(line[:LONGEST_TRACE_LINE] for line in text[:LONGEST_TRACE].split("\n"))
    for read in (_python, _java, _javascript, _go, _ruby):
        if found := read(text):
            return found
    return None


def library_file(path: str) -> bool:
    """Whether a file lies where libraries and runtimes do."""
    return bool(_LIBRARIES.search(path))


def in_library(frame: Frame) -> bool:
    """Whether a place is of a library or of the runtime itself."""
    if frame.language is Language.JAVA:
        return bool(_JAVA_LIBRARIES.match(frame.scope))
    return library_file(frame.file) or (frame.language is Language.GO and frame.scope == "runtime")


def _python(text: str) -> Raised | None:
    start = text.rfind("Traceback (most recent call last):")
    if start < 0:
        return None
    frames = [
        Frame(
            Language.PYTHON,
            one["file"],
            int(one["line"]),
            one["function"].strip(),
            code=(one["code"] or "").strip(),
        )
        for one in _PYTHON_FRAME.finditer(text, start)
    ]
    ends = [*_PYTHON_END.finditer(text, start)]
    kind, message = (ends[-1]["kind"], ends[-1]["message"] or "") if ends else ("", "")
    return Raised(kind, message, tuple(reversed(frames))) if frames else None


def _java(text: str) -> Raised | None:
    root = text.rfind("Caused by: ")
    part = text[root:] if root >= 0 else text
    frames = [
        Frame(Language.JAVA, one["file"], int(one["line"]), one["function"], one["scope"])
        for one in _JAVA_FRAME.finditer(part)
    ]
    return _with_name(part, frames)


def _javascript(text: str) -> Raised | None:
    frames = []
    for one in _JS_FRAME.finditer(text):
        function = (one["function"] or "").partition(" [as")[0].removeprefix("new ")
        scope, _, name = function.rpartition(".")
        if one["file"] and one["file"] != "native":
            frames.append(
                Frame(Language.JAVASCRIPT, one["file"].removeprefix("file://"), int(one["line"]), name, scope)
            )
    return _with_name(text, frames)


def _go(text: str) -> Raised | None:
    panic = _PANIC.search(text)
    frames = []
    for one in _GO_FRAME.finditer(text):
        if one["function"].startswith(("panic", "runtime/", "created by")):
            continue
        package, _, function = one["function"].rpartition("/")[2].partition(".")
        frames.append(Frame(Language.GO, one["file"], int(one["line"]), function, package))
    if not frames:
        return None
    return Raised("panic" if panic else "", panic["message"] if panic else "", tuple(frames))


def _ruby(text: str) -> Raised | None:
    frames = []
    for one in _RUBY_FRAME.finditer(text):
        scope, _, function = one["function"].replace(".", "#").rpartition("#")
        frames.append(Frame(Language.RUBY, one["file"], int(one["line"]), function, scope))
    named = _RUBY_NAMED.search(text) or _RAILS_NAMED.search(text)
    return (
        Raised(named["kind"], named["message"], tuple(frames))
        if frames and named
        else _with_name(text, frames)
    )


def _with_name(text: str, frames: list[Frame]) -> Raised | None:
    if not frames:
        return None
    named = _NAMED.search(text)
    return Raised(named["kind"] if named else "", (named["message"] or "") if named else "", tuple(frames))
