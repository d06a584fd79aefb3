"""Fetched: the folder with the answers of one window, and the account of it that stands beside them."""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from lastgood.algorithms.secrets import without_secrets
from lastgood.model.fetching import Asked, Fetched, plain
from lastgood.model.window import Window

MANIFEST = ".fetched.json"
SENTENCES, SENTENCE, ACCOUNT_BYTES = (
    20,
    300,
    1 << 20,
)  # of an account: how many are shown, and how long they are


def missing_under(paths: Iterable[Path]) -> tuple[str, ...]:
    """What folders that were fetched say is missing in them: a few short sentences, whoever wrote them."""
    found: list[str] = []
    for path in paths:
        try:
            reported = json.loads(_account(path))["missing"]
            found += [f"fetched: {' '.join(str(one).split())[:SENTENCE]}" for one in reported[:SENTENCES]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue  # not a folder of this tool
    return tuple(found)


def _account(folder: Path) -> bytes:
    """The account in a folder, which may have come from others: no link, no pipe, and not large."""
    handle = os.open(folder / MANIFEST, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("not a file")
        return file.read(ACCOUNT_BYTES)


def cached(name: str, asked_for: Sequence[object], window: Window) -> Path:
    """Where the answers of a window are kept: other settings ask again."""
    digest = hashlib.blake2b(repr(asked_for).encode(), digest_size=16).hexdigest()
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lastgood" / "fetched"
    shown = plain(without_secrets(name))[:60]
    start, end = (f"{moment:%Y%m%dT%H%M}" for moment in (window.start, window.end))
    return home / f"{shown}-{digest}" / f"{start}-{end}"


def write_account(found: Fetched, folder: Path) -> None:
    """Put down what each system gave and what is missing."""
    account = {
        "source": without_secrets(found.name),
        "missing": found.missing,
        "asked": [asdict(one) for one in found.asked],
    }
    (folder / MANIFEST).write_text(json.dumps(account, indent=2), "utf-8")


def read_account(name: str, window: Window, folder: Path) -> Fetched | None:
    """What was fetched before; None where nothing was, or where a system gave nothing and may be back."""
    try:
        reported = json.loads(_account(folder))["asked"]
        asked = [
            Asked(**one | {"files": tuple(one["files"]), "limits": tuple(one["limits"])}) for one in reported
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    whole = not any(one.problem for one in asked)
    return Fetched(name, window, str(folder), tuple(asked), again=True) if whole else None


def put(folder: Path, kind: str, name: str, content: bytes) -> str:
    """The name of the file under the folder that an answer was written to."""
    place = folder / kind
    place.mkdir(exist_ok=True, mode=0o700)
    base = plain(name).lstrip(".")[-150:] or "_"
    free, number = base, 1
    while True:
        try:
            handle = os.open(place / free, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # two systems of one kind, which may be asked at once
            number += 1
            free = f"{number}-{base}"
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return f"{kind}/{free}"
