"""Versions of a Nomad job, as `nomad job history -p` prints them, newest first.

Each version is a deploy of the job, from the image before to the new one. One that changed no image is a change of settings, or of
scale where only counts changed. A version whose image no difference names is called by its number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lastgood.decoding.change import Row, change
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import Rows
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_LOOKED_AT = 16_384  # bytes
_VERSION = re.compile(r"Version +=\s*(?P<number>\d+)\s*$")
_SUBMITTED = re.compile(r"Submit Date +=\s*(?P<time>\S.*?)\s*$")
_STABLE = re.compile(r"Stable +=\s*(?P<stable>true|false)\s*$")
_JOB = re.compile(r'\s*[+/-]+ Job: "(?P<job>[^"]+)"')
_COMMAND = re.compile(r"nomad job history (?:-{1,2}[\w-]+(?:=\S+)? )*(?P<job>[\w.-]+)")
_EDIT = re.compile(r'\s*\+/- (?P<key>[\w.\[\]-]+): +"(?P<old>[^"]*)" => "(?P<new>[^"]*)"')
_IMAGE = re.compile(r"(?:.*/)?(?P<name>[^/:@]+)(?::(?P<tag>[^@]+)|@(?P<digest>.+))")
_SHOWN = 3  # edits in a title


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of a job; `line` is where it begins, `edits` are the old and new values by key."""

    line: int
    number: str
    time: str
    stable: bool
    job: str
    edits: Sequence[tuple[str, str, str]]

    def images(self) -> list[tuple[str, str, str]]:
        """The name, old and new version of each image that it changed."""
        pairs = (
            (_IMAGE.fullmatch(old), _IMAGE.fullmatch(new)) for key, old, new in self.edits if key == "image"
        )
        return [(new["name"], _tag(old), _tag(new)) for old, new in pairs if new]


def _tag(image: re.Match[str] | None) -> str:
    return (image["tag"] or image["digest"]) if image else ""


def recognise(given: Input) -> Claim | None:
    """It begins with a version, and says when that was submitted."""
    lines = given.head[:_LOOKED_AT].decode("utf-8-sig", "replace").strip().splitlines()
    if not lines or not _VERSION.match(lines[0]) or not any(map(_SUBMITTED.match, lines)):
        return None
    return Claim("nomad job history", 0.97, "it begins with a version, and has its submit date")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each version; a version without a time is a reject."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    lines, table = content.decode("utf-8-sig", "replace").splitlines(), Rows()
    reference, versions = reference_for(given, settings), _versions(lines)
    named = _COMMAND.search(given.name)
    job = next((one.job for one in versions if one.job), named["job"] if named else "")
    begun = {one.line for one in versions}
    for number, line in enumerate(lines, 1):
        blank = not line.strip()
        if number not in begun:
            yield Tally(1, 0, int(not blank), int(blank))
    ran = ""  # what the version runs that is older than the one before it in the list
    for one in versions:
        images = one.images()
        name, old, new = next(
            (each for each in images if each[0] == job), images[0] if images else ("", ran, ran)
        )
        try:
            row = _row(
                one, one.job or job or name or settings.service, (old, new), moment(one.time, reference)
            )
        except ValueError as wrong:
            yield Reject(one.line, f"not understood: {wrong}", lines[one.line - 1][:REJECT_TEXT])
            yield Tally(1)
            continue
        ran = old
        table.add(*row, one.line)
        yield Tally(1, 1)
    yield from table.rest()
    if problem is not None:
        raise problem


def _versions(lines: Sequence[str]) -> list[_Version]:
    """The versions in the order in which they are printed."""
    begins = [place for place, line in enumerate(lines) if _VERSION.match(line)]
    return [
        _version(begin + 1, lines[begin:end])
        for begin, end in zip(begins, [*begins[1:], len(lines)], strict=False)
    ]


def _version(number: int, lines: Sequence[str]) -> _Version:
    """The version that begins with the first of the lines, which is at a number."""

    def first(pattern: re.Pattern[str]) -> str:
        return next((str(found[1]) for line in lines if (found := pattern.match(line))), "")

    edits = [(found["key"], found["old"], found["new"]) for line in lines if (found := _EDIT.match(line))]
    return _Version(number, first(_VERSION), first(_SUBMITTED), first(_STABLE) != "false", first(_JOB), edits)


def _row(one: _Version, job: str, images: tuple[str, str], time: int) -> Row:
    old, new = images
    edits = "; ".join(f"{key} {before} → {after}" for key, before, after in one.edits[:_SHOWN])
    return change(
        _kind(one), time, id=f"nomad/{job}/{one.number}", service=job, version=new or one.number, previous_version=old if old != new else "",
        title=f"{job} version {one.number}{': ' if edits else ''}{edits}", source="nomad",
        attributes={"nomad.job.version": one.number, "nomad.job.stable": str(one.stable).lower()},
    )  # fmt: skip


def _kind(one: _Version) -> str:
    keys = {key.lower() for key, _, _ in one.edits}
    if "image" in keys or not keys:
        return "deploy"
    return "scaling" if keys == {"count"} else "config"


SOURCE = Source("nomad", frozenset({Signal.CHANGES}), recognise, decode, surest=0.97)
