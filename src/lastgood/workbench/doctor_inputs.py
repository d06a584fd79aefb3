"""Doctor, inputs: whether files and folders can be read, and are recognised. Nothing is loaded."""

import shlex
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lastgood.decoding.input import Batch, Claim, Input, Settings
from lastgood.intake._registry import Source, best_claim
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.holdings import SIGNAL_OF
from lastgood.workbench.doctor_sources import Examined
from lastgood.workbench.inputs import discover

MOST_FORMATS = 6  # that are listed
_REACH = timedelta(days=30)  # of telemetry, for sources that depend on it


def examine_inputs(paths: Sequence[Path], settings: Settings) -> Examined:
    """Each path that was named: unreadable, empty, not recognised, or what it was taken for; and the signals in all."""
    signals = set[Signal]()
    reach = Window(settings.now - _REACH, settings.now)
    settings = replace(settings, telemetry=reach)
    return Examined(tuple(_examined(path, settings, signals) for path in paths), frozenset(signals))


def _examined(path: Path, settings: Settings, signals: set[Signal]) -> Diagnosis:
    what = f"input {path}"
    if not path.exists():
        why = "it is a link that leads nowhere" if path.is_symlink() else "it does not exist"
        return Diagnosis(what, Health.BROKEN, why, "Correct the path.")
    if path.is_fifo() or path.is_char_device():
        return Diagnosis(
            what, Health.DOUBTFUL, "it is a stream, which can be read only once", "Check it with triage."
        )
    try:
        if (path / ".git").exists() and not _is_repository(path):
            return Diagnosis(
                what,
                Health.BROKEN,
                "its .git is not a repository",
                "Clone it again, or name the working tree that it belongs to.",
            )
        with tempfile.TemporaryDirectory(prefix="lastgood-doctor-") as spool:
            found = list(discover([path], Path(spool), follow=False))
            claims = [(one, best_claim(one)) for one in found if not one.problem]
            taken = [(one, claim) for one, claim in claims if claim is not None]
            for given, claim in taken:
                signals |= _signals(given, claim, settings)
            return _recognised(what, path, found, Counter(claim.format for _, (_, claim) in taken))
    except OSError as problem:
        return Diagnosis(
            what,
            Health.BROKEN,
            f"it cannot be read: {problem.strerror or problem}",
            "Check its permissions, and those of its folder.",
        )


def _is_repository(path: Path) -> bool:
    git = path / ".git"
    return git.is_file() or ((git / "HEAD").is_file() and (git / "objects").is_dir())


def _signals(given: Input, claimed: tuple[Source, Claim], settings: Settings) -> set[Signal]:
    """The signals in an input, from its beginning: it is read until a kind of row comes again."""
    source, claim = claimed
    found = set[Signal]()
    with suppress(Exception):  # what cannot be decoded is reported when it is loaded
        for item in source.decode(given, claim, settings):
            if not isinstance(item, Batch) or item.table.name not in SIGNAL_OF:
                continue
            if (signal := SIGNAL_OF[item.table.name]) in found:
                break
            found.add(signal)
    return found


def _recognised(what: str, path: Path, found: Sequence[Input], formats: Counter[str]) -> Diagnosis:
    broken = next((one.problem for one in found if one.problem and one.aside is None), "")
    if broken:
        return Diagnosis(
            what,
            Health.BROKEN,
            f"it cannot be read: {broken}",
            "Check its permissions, and that it is whole.",
        )
    if not formats:
        empty = found and all(not one.is_folder and not one.head for one in found)
        why, remedy = (
            ("it is empty", "Check what writes it.")
            if empty or not found
            else (
                "no source recognises it",
                f"Write a mapping: lastgood load {shlex.quote(str(path))} --propose-map map.toml",
            )
        )
        if path.is_dir() and not found:
            why = "there is no file and no git repository in it"
        return Diagnosis(what, Health.BROKEN, why, remedy)
    return _counted(what, path, len([one for one in found if one.aside is None]), formats)


def _counted(what: str, path: Path, files: int, formats: Counter[str]) -> Diagnosis:
    """How many files were recognised, and as what."""
    known = [f"{name} {many}" if path.is_dir() else name for name, many in formats.most_common(MOST_FORMATS)]
    more = len(formats) - len(known)
    listed = ", ".join([*known, *([counted(more, "more format")] if more else [])])
    unknown = files - formats.total()
    if not path.is_dir():
        return Diagnosis(what, Health.GOOD, listed)
    sentence = f"{counted(formats.total(), 'file')} recognised: {listed}"
    if not unknown:
        return Diagnosis(what, Health.GOOD, sentence)
    place = shlex.quote(str(path))
    return Diagnosis(
        what,
        Health.GOOD,
        f"{sentence}; {counted(unknown, 'file')} not recognised",
        f"To see which: lastgood load {place} --explain",
    )
