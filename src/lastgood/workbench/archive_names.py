"""Archive names: what members are called as inputs, and which of them a name alone rules out."""

import re
from collections.abc import Iterator

from lastgood.decoding.input import Input
from lastgood.model.loading import Aside


def named(given: Input, member: str) -> str:
    """What a member is called as an input: the archive, and its path in it."""
    return f"{given.name}!/{shown(member).removeprefix('./').lstrip('/')}"


def shown(name: str) -> str:
    """A name as valid text, whatever bytes it is made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def leading_out(name: str) -> str:
    """Why a member is not read whose path leads out of the archive; empty where it does not."""
    parts = re.split(r"[/\\]", name)
    if not parts[0] or ".." in parts or re.match(r"[A-Za-z]:[/\\]", name):
        return "its path leads out of the archive: not read"
    return ""


def hidden(name: str) -> bool:
    """As in folders, what begins with a dot is not read; nor what macOS keeps beside each file."""
    return any((p.startswith(".") and p not in {".", ".."}) or p == "__MACOSX" for p in name.split("/"))


def repository(given: Input, name: str, known: set[str]) -> Iterator[Input]:
    """One word about each git repository."""
    folder, mark, _ = f"/{name}/".partition("/.git/")
    if mark and folder not in known:
        known.add(folder)
        yield Input(
            None,
            named(given, f"{folder}/.git".lstrip("/")),
            b"",
            problem="a git repository in an archive: unpack the archive to have its commits read",
            aside=Aside.MEMBER,
        )
