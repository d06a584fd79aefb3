"""Doctor, inputs: whether files and folders can be read, and are recognised. Nothing is loaded."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from lastgood.intake._registry import best_claim
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.workbench.inputs import discover


def examine_inputs(paths: Sequence[Path]) -> Iterator[Diagnosis]:
    """Each path that was named: unreadable, empty, not recognised, or what it was taken for."""
    for path in paths:
        yield _examined(path)


def _examined(path: Path) -> Diagnosis:
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
            return _recognised(what, path, Path(spool))
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


def _recognised(what: str, path: Path, spool: Path) -> Diagnosis:
    found = list(discover([path], spool, follow=False))
    broken = next((one.problem for one in found if one.problem and one.aside is None), "")
    if broken:
        return Diagnosis(
            what,
            Health.BROKEN,
            f"it cannot be read: {broken}",
            "Check its permissions, and that it is whole.",
        )
    formats = dict[str, int]()
    for one in found:
        claim = best_claim(one)
        name = claim[1].format if claim else ""
        formats[name] = formats.get(name, 0) + 1
    known = [name for name in formats if name]
    if not known:
        empty = found and all(not one.is_folder and not one.head for one in found)
        why, remedy = (
            ("it is empty", "Check what writes it.")
            if empty or not found
            else ("no source recognises it", "Write a mapping: lastgood load PATH --propose-map map.toml")
        )
        if path.is_dir() and not found:
            why = "there is no file and no git repository in it"
        return Diagnosis(what, Health.BROKEN, why, remedy)
    return Diagnosis(what, Health.GOOD, ", ".join(known[:4]))
