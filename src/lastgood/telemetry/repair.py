"""Repair: an embedded store that does not open is made to open, keeping every part that can be read.

What stops an engine from opening is small: a table's or the database's definition cut short, or more
broken parts than a table's settings tolerate. Definitions are written anew from our own; the limits
are raised in those that lack them. Broken parts are then set aside by the engine itself, as detached.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lastgood.errors import NoDataError, StoreBrokenError
from lastgood.telemetry.embedded import DATABASE, own
from lastgood.telemetry.tables import TABLES, by_day

LIMITS = {"max_suspicious_broken_parts": 1_000_000, "max_suspicious_broken_parts_bytes": 1_000_000_000_000}
_TRY = """
import sys
from lastgood.telemetry.engine import open_engine
with open_engine("chdb://" + sys.argv[1]) as engine:
    print(engine.query("SELECT count() AS n FROM system.detached_parts").rows[0]["n"])
"""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done: files written anew (their old form is kept in `kept`), and parts left out."""

    changed: tuple[str, ...]
    kept: Path | None
    detached_parts: int


def repair(path: Path) -> Repaired:
    """Make the embedded store in a folder open again; a sound store is left as it is.

    Raises:
        NoDataError: there is no store in that folder.
        StoreLockedError: a process has it open.
        StoreBrokenError: it does not open even so.
    """
    if not (path / "engine").is_dir():
        raise NoDataError(f"There is no store in {path}.", hint="Name the folder of the store's address.")
    ownership = own(path)
    try:
        kept = _free_name(path)
        changed = tuple(_mended(path / "engine", kept))
    finally:
        ownership.release()
    tried = subprocess.run(
        [sys.executable, "-c", _TRY, str(path.resolve())], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        raise StoreBrokenError(
            f"The store in {path} still does not open.",
            hint=f"What was changed is kept in {kept}; copy the folder before anything else is tried.",
        )
    return Repaired(changed, kept if changed else None, int(tried.stdout))


def _mended(engine: Path, kept: Path) -> Iterator[str]:
    for name, file, text in _definitions(engine):
        old = file.read_text("utf-8", "replace") if file.exists() else ""
        new = _tolerant(old) if _whole(old) else text
        if new == old:
            continue
        kept.mkdir(exist_ok=True)
        if file.exists():
            shutil.copy2(file, kept / file.name)
        _write(file, new)
        yield name


def _definitions(engine: Path) -> Iterator[tuple[str, Path, str]]:
    """The name, file and, if we can tell, true text of every definition that the engine reads."""
    database = engine / "metadata" / DATABASE
    if database.is_symlink():
        text = f"ATTACH DATABASE _ UUID '{database.readlink().name}'\nENGINE = Atomic\n"
        yield DATABASE, database.with_suffix(".sql"), text
    ours = {table.name: table.ddl for table in TABLES}
    files = sorted(database.glob("*.sql"))
    for file in files:
        identity = _identity(engine, file, files)
        if file.stem in ours and identity:
            body = _divided(ours[file.stem], engine, identity).partition("\n")[2]
            yield file.stem, file, f"ATTACH TABLE _ UUID '{identity}'\n{body}\n"
        else:
            yield file.stem, file, file.read_text("utf-8", "replace")


def _divided(ddl: str, engine: Path, identity: str) -> str:
    """The definition with the partitions that the data have: their names begin with a day or a month."""
    parts = engine.glob(f"store/*/{identity}/*_*_*_*")
    return by_day(ddl) if any(re.match(r"\d{8}_", part.name) for part in parts) else ddl


def _identity(engine: Path, file: Path, files: list[Path]) -> str:
    """The name of a table's data folder: by the engine's link, or the only folder that no one claims."""
    link = engine / "data" / DATABASE / file.stem
    if link.is_symlink():
        return link.readlink().name
    claimed = " ".join(other.read_text("utf-8", "replace") for other in files)
    data = {found.parent.name for found in (engine / "store").glob("*/*/format_version.txt")}
    orphans = [name for name in data if name not in claimed]
    return orphans[0] if len(orphans) == 1 else ""


def _whole(definition: str) -> bool:
    return re.match(
        r"ATTACH (TABLE|DATABASE|VIEW|MATERIALIZED VIEW) _ UUID '[0-9a-f-]{36}'", definition
    ) is not None and (re.search(r"\nENGINE = \w+", definition) is not None)


def _tolerant(definition: str) -> str:
    """The definition with the limits on broken parts raised, if it is a MergeTree's and has lower ones."""
    if "ENGINE = MergeTree" not in definition:
        return definition
    for name, limit in LIMITS.items():
        said = re.search(rf"\b{name} = (\d+)", definition)
        if said and int(said[1]) < limit:
            definition = definition.replace(said[0], f"{name} = {limit}")
        elif not said and "\nSETTINGS " in definition:
            definition = definition.replace("\nSETTINGS ", f"\nSETTINGS {name} = {limit}, ", 1)
        elif not said:
            definition = f"{definition.rstrip()}\nSETTINGS {name} = {limit}\n"
    return definition


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.repair")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _free_name(path: Path) -> Path:
    numbers = (n for n in range(1, 1_000_000) if not (path / f"before-repair-{n}").exists())
    return path / f"before-repair-{next(numbers)}"
