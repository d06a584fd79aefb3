"""Tail: what is appended to files, loaded as it comes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from lastgood.decoding.input import Claim, Input, Settings
from lastgood.decoding.text.whose import telling
from lastgood.intake._registry import Source, best_claim
from lastgood.model.clock import Clock
from lastgood.workbench.inputs import folder_named
from lastgood.workbench.load_input import load_part
from lastgood.workbench.store import Store

MOST_AT_ONCE = 16 * 1024 * 1024


@dataclass
class Tail:
    """Files that grow: `refresh` loads what has been appended in whole lines since the last look.

    A file that has become shorter was rotated, and is read from its start. What is there when the
    tail is made is taken as read already.
    """

    store: Store
    paths: tuple[Path, ...]
    clock: Clock
    zone: tzinfo
    _read: dict[Path, int] = field(default_factory=dict)
    _claims: dict[Path, tuple[Source, Claim]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in _files(self.paths):
            self._read[path] = path.stat().st_size

    def refresh(self) -> None:
        """Load what has been appended."""
        for path in _files(self.paths):
            size, done = path.stat().st_size, self._read.get(path, 0)
            if size != done:
                self._load(path, done if size > done else 0)

    def _load(self, path: Path, start: int) -> None:
        with path.open("rb") as stream:
            stream.seek(start)
            text = stream.read(MOST_AT_ONCE)
        whole = text[: text.rfind(b"\n") + 1]
        self._read[path] = start + len(whole)
        chosen = self._claims.get(path) or best_claim(Input(path, str(path)))
        if whole and chosen:
            self._claims[path] = chosen
            part = Input(None, f"{path}@{start}", whole, telling=self._telling(path))
            load_part(self.store, part, chosen, Settings(self.clock(), self.zone))

    def _telling(self, path: Path) -> str:
        """What of its name may say whose the file is."""
        named = next(one for one in self.paths if path == one or one in path.parents)
        return telling(str(path), str(folder_named(named, self.paths)))


def _files(paths: Iterable[Path]) -> list[Path]:
    """The files under the paths that can be opened again: not standard input, nothing hidden."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += _files(child for child in sorted(path.iterdir()) if not child.name.startswith("."))
        elif path.is_file():
            found.append(path)
    return found
