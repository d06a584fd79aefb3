"""What was fetched, as text and JSON."""

from shlex import quote
from typing import Any

from lastgood.model.fetching import Asked, Fetched
from lastgood.model.figures import counted, duration, stamp
from lastgood.surfaces.invocation import PROGRAM


def fetched_text(found: Fetched) -> str:
    """A line for each system, what is missing, and the command that reads the folder."""
    lines = [f"{found.name}: {stamp(found.window.start)} to {stamp(found.window.end)}"]
    lines += [f"  {_line(one)}" for one in found.asked]
    lines += [f"  missing: {sentence}" for sentence in found.missing]
    if found.again:
        lines.append("  fetched before; nothing was asked again")
    lines.append(f"{PROGRAM} triage {quote(found.folder)}")
    return "\n".join(lines) + "\n"


def _line(one: Asked) -> str:
    what = counted(len(one.files), "file") if one.files else "nothing"
    return f"{one.kind} {one.place}: {what}, {counted(one.requests, 'request')}, {duration(one.seconds)}"


def fetched_document(found: Fetched) -> dict[str, Any]:
    """The same for programs."""
    return {
        "source": found.name,
        "from": stamp(found.window.start),
        "to": stamp(found.window.end),
        "folder": found.folder,
        "again": found.again,
        "missing": list(found.missing),
        "asked": [
            {
                "kind": one.kind, "place": one.place, "files": list(one.files), "requests": one.requests,
                "seconds": round(one.seconds, 3), "limits": list(one.limits), "problem": one.problem,
            }
            for one in found.asked
        ],
    }  # fmt: skip
