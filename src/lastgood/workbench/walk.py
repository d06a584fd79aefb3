"""Walk: what is found under paths: each file once, whatever its names, and links that lead out only if asked.

A file counts once, whatever its names (links, hard links, a folder and its child both named). The name kept is
the one that says most about whose the file is; the others are reported. A link that leads out of what was named
is reported, and followed only if asked; a link that was named itself is followed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lastgood.decoding.input import Input
from lastgood.decoding.text.whose import telling, whose
from lastgood.intake._registry import best_claim
from lastgood.model.loading import Aside
from lastgood.workbench.faults import fault_of

_Identity = tuple[int, int]  # device and inode


@dataclass(frozen=True, slots=True)
class _Place:
    """A path to look at."""

    path: Path
    named: bool = False  # by a person, rather than found in a folder
    linked: bool = False  # a link that is followed
    covered: frozenset[Path] = frozenset()  # files that a source of the folder reads
    within: Path = Path()  # the folder that was named


@dataclass(frozen=True, slots=True)
class _Found:
    given: Input
    identity: _Identity | None = None  # None: nothing else can be the same
    linked: bool = False


@dataclass
class Walk:
    """What is found, place by place, without recursion: trees may be deeper than the stack."""

    roots: tuple[str, ...]
    follow: bool
    _found: list[_Found] = field(default_factory=list)
    _walked: dict[_Identity, str] = field(default_factory=dict)
    _later: list[_Place] = field(default_factory=list)  # links to folders: their real names go first

    def keep(self, given: Input, identity: _Identity | None = None, *, linked: bool = False) -> None:
        """Remember an input."""
        self._found.append(_Found(given, identity, linked))

    def under(self, path: Path, within: Path) -> None:
        """Everything under a path that a person named, in a folder that was named with it."""
        self._all(_Place(path, named=True, within=within))

    def linked_folders(self) -> None:
        """What links to folders lead to and nothing else did."""
        while self._later:
            place = self._later.pop(0)
            same = self._walked.get(_identity(place.path))
            if same is None:
                self._all(place)
            else:
                self.keep(_aside(place.path, Aside.SAME, f"same folder as {same}"))

    def once(self) -> Iterator[Input]:
        """Each input once, under its best name; the other names say of which file they are another name."""
        best: dict[_Identity, _Found] = {}
        for found in self._found:
            if found.identity is None:
                continue
            other = best.get(found.identity)
            if other is None or _worth(found) > _worth(other):
                best[found.identity] = found
        for found in self._found:
            kept = best[found.identity] if found.identity is not None else found
            if kept is found:
                yield found.given
            else:
                text = f"same file as {kept.given.name}"
                yield replace(found.given, aside=Aside.SAME, problem=text)

    def _all(self, start: _Place) -> None:
        left = [start]
        seen = set(self._walked) if start.linked else set()
        while left:
            place = left.pop()
            try:
                if place.path.is_symlink() and not (place.named or place.linked or self._follows(place)):
                    continue
                if place.path.is_dir():
                    left += reversed(self._children(place, seen))
                else:
                    self._file(place)
            except OSError as problem:
                self.keep(unread(place.path, f"it cannot be read: {problem.strerror}"))

    def _follows(self, place: _Place) -> bool:
        """Whether a link is looked at here and now; otherwise it is reported, or looked at last."""
        if not place.path.exists():
            return True  # it is reported as what leads nowhere
        target = os.path.realpath(place.path)
        if not self.follow and not any(_within(target, root) for root in self.roots):
            self.keep(_aside(place.path, Aside.LINK, f"a link that leads out, to {target}: not followed"))
            return False
        if place.path.is_dir():
            self._later.append(replace(place, linked=True))
            return False
        return True

    def _children(self, place: _Place, seen: set[_Identity]) -> list[_Place]:
        identity = _identity(place.path)
        if identity in seen:  # the same folder mounted inside itself
            return []
        seen.add(identity)
        self._walked.setdefault(identity, _shown(place.path))
        children = sorted(child for child in place.path.iterdir() if not child.name.startswith("."))
        given = Input(place.path, _shown(place.path))
        try:
            chosen = best_claim(given)
        except Exception as fault:  # noqa: BLE001 - the files in it may be read all the same
            chosen = None
            self.keep(replace(given, problem=fault_of(fault)))
        covered = place.covered
        if chosen is not None:
            self.keep(given, identity)
            if chosen[0].covers is not None and not place.named:
                # A repository beside the telemetry: the samples of its tests are no one's incident. One
                # that was named itself may well hold the telemetry.
                covered |= chosen[0].covers(place.path)
        return [_Place(child, covered=covered, within=place.within) for child in children]

    def _file(self, place: _Place) -> None:
        path = place.path
        if not path.is_file():
            self.keep(unread(path, "it is neither a file nor a folder, or leads nowhere"))
        elif path not in place.covered:
            given = Input(path, _shown(path), telling=telling(_shown(path), _shown(place.within)))
            self.keep(given, _identity(path), linked=path.is_symlink())


def _worth(found: _Found) -> tuple[int, bool]:
    """How much a name says about whose the file is; of equal ones the real name goes before a link."""
    service, resource = whose(found.given.telling)
    return len(resource) + bool(service), not found.linked


def _identity(path: Path) -> _Identity:
    status = path.stat()
    return status.st_dev, status.st_ino


def _within(target: str, root: str) -> bool:
    return target == root or target.startswith(root.rstrip(os.sep) + os.sep)


def _shown(path: Path) -> str:
    """The name as valid text, whatever bytes it is made of."""
    return os.fsencode(path).decode("utf-8", "replace")


def unread(path: Path, problem: str) -> Input:
    """An input that is only reported, with why it is not read."""
    return Input(path, _shown(path), problem=problem)


def _aside(path: Path, aside: Aside, text: str) -> Input:
    return Input(path, _shown(path), problem=text, aside=aside)
