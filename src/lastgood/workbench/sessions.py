"""Pasted sessions: text of several commands with their prompts, or of several headed tables, each part an input of its own.

`$ helm history ingest` above its table, then `$ kubectl get events`, is what a person copies out of a terminal. A part is
named after its command, so that it is read as the output of that command, and whose it is can be seen. Parts whose commands
have no form of their own, such as figures of `df` after `date`, stay together as they were.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lastgood.decoding.input import UNREADABLE, Input

SESSION_BYTES = 4 << 20  # what is longer is a log
TITLE_LETTERS = 100  # of a command, in the name of its part
FIRST_LINES = 40  # among which a part begins
# Programs whose output has a form that is read by itself.
_COMMAND = (
    r"(?P<command>(?:sudo +)?(?:kubectl|oc|helm|argocd|git|gh|glab|docker|podman|flux|openssl|terraform|nomad|journalctl|dmesg|crontab|"
    r"cat|zcat|tail|head|grep|less|more|aws|gcloud|az|consul|psql|mysql|redis-cli|ansible-playbook|puppet|salt|capistrano|heroku|fly|flyctl)\b.*)"
)
_PROMPT = re.compile(
    rf"^(?:[$#%\u276f>]|PS [^>\n]*>|[\w.-]+@[\w.-]+[: ][^$#>\n]*[$#>]|\[[\w.-]+@[^\]\n]+\][$#]) *{_COMMAND}$"
)
_HEADING = re.compile(
    r"^(?:={2,}|-{2,}|#{2,4}|\*{2}) *(?P<name>[\w][\w./ -]{1,58}?) *(?:={2,}|-{2,}|\*{2})?:?$"
)
_HEADER = re.compile(r"^[A-Z][A-Z()/_-]*(?: [A-Z()/_-]+)*(?: {2,}[A-Z][A-Z()/_-]*(?: [A-Z()/_-]+)*)+ *$")
_OF_WHOM = re.compile(
    r"(?:kubectl|oc|docker|podman) +logs +(?:-(?:n|c|l|-namespace|-container|-selector|-since|-tail)[ =]\S+ +|-\S+ +)*(?:\w+/)?(?P<process>[a-z][\w.-]*)"
    r"|journalctl .*?(?:-u|--unit[= ]) *(?P<unit>[\w@.-]+)|(?:cat|zcat|tail|head|less|more|grep) .*?(?P<file>[\w./-]*[\w-]\.(?:log|txt|json|csv|out|gz)(?:\.\d+)?)"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A command or a heading, and the lines below it."""

    title: str
    command: bool
    first: int  # the line that it begins at, from 1
    lines: Sequence[str]


def sections(given: Input, spool: Path) -> Iterator[Input]:
    """The parts of a pasted session as inputs; the input itself where it is none. Writes into `spool` only."""
    parts = _parts(given)
    if not parts:
        yield given
        return
    spool.mkdir(mode=0o700)
    header: dict[str, str] = {}
    for number, part in enumerate(parts):
        lines = _with_header(part, header)
        place = spool / str(number)
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
        shown = " ".join(re.sub(r"[^\w.=:-]+", " ", part.title).split())[:TITLE_LETTERS]
        inner = f"{number + 1} {shown}".rstrip()
        yield replace(
            given, path=None, content=None, name=f"{given.name}!/{inner}", spool=place, origin=f"{given.origin or given.name}!/{inner}",
            telling=_telling(part) or given.telling,
        )  # fmt: skip


def _parts(given: Input) -> list[_Part]:
    if given.problem or given.is_folder or given.size > SESSION_BYTES or given.head[:1] in {b"{", b"<", b""}:
        return []
    first = given.head[:8192].decode("utf-8", "replace").splitlines()[:FIRST_LINES]
    if not any(map(_PROMPT.match, first)) and not any(map(_HEADER.match, first)):
        return []
    try:
        with given.open() as stream:
            text = stream.read(SESSION_BYTES + 1).decode("utf-8", "replace")
    except UNREADABLE:
        return []
    lines = text.splitlines()
    begins = [(n, begun) for n in range(len(lines)) if (begun := _begins(lines, n))]
    if not begins or (len(begins) == 1 and not begins[0][1][1]):
        return []
    ends = [n for n, _ in begins[1:]] + [len(lines)]
    parts = [
        _Part(*begun, n + 2, _trimmed(lines[n + 1 : end]))
        for (n, begun), end in zip(begins, ends, strict=True)
    ]
    before = _trimmed(lines[: begins[0][0]])
    rest = [line for line in before if not line.startswith("#")]
    return [
        *([_Part("", command=False, first=1, lines=before)] if rest else []),
        *(part for part in parts if part.lines),
    ]


def _begins(lines: Sequence[str], at: int) -> tuple[str, bool] | None:
    """What begins there: the command, or the heading above the head of a table."""
    if prompt := _PROMPT.match(lines[at]):
        return " ".join(prompt["command"].split()), True
    heading = _HEADING.match(lines[at])
    below = next((line for line in lines[at + 1 : at + 3] if line.strip()), "")
    return (heading["name"], False) if heading and _HEADER.match(below) else None


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    """Without blank lines at the ends."""
    kept = [n for n, line in enumerate(lines) if line.strip()]
    return lines[kept[0] : kept[-1] + 1] if kept else []


def _with_header(part: _Part, seen: dict[str, str]) -> Sequence[str]:
    """The lines below the head of the table that the same command printed before, where they have none."""
    program = " ".join(part.title.split()[:2]) if part.command else "heading"
    if _HEADER.match(part.lines[0]):
        seen[program] = part.lines[0]
        return part.lines
    return [seen[program], *part.lines] if program in seen else part.lines


def _telling(part: _Part) -> str:
    """What says whose the output is: the file or unit that a command names, else the command's words."""
    if not part.command:
        return f"{part.title}.log" if part.title else ""
    whom = _OF_WHOM.search(part.title)
    name = next((text for text in whom.groups() if text), "") if whom else ""
    return (
        name
        if "." in name or "/" in name
        else f"{name or '-'.join(re.findall(r'[a-z]+', part.title.split(' -')[0].split('|')[0])[:3])}.log"
    )
