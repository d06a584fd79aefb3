"""What `lastgood init` found and wrote, as lines and as JSON."""

from typing import Any

from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.init import Initialised

_RESULT = {True: "dry run passed", False: "dry run failed, commented out", None: "not tried"}


def init_text(done: Initialised) -> str:
    """What was found, what was not, each template with its dry run, and what to do next."""
    lines = [f"{'found    ' if one.found else 'not found'}  {one.what}: {one.sentence}" for one in done.seen]
    lines += [
        f"action     {one.kind} with {one.tool}: {_RESULT[one.passed]}: {one.result}" for one in done.actions
    ]
    lines += [f"Wrote {done.path}. Read it, then:", "lastgood trust && lastgood doctor"]
    return "\n".join(lines).translate(PLAIN) + "\n"


def init_document(done: Initialised) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "file": str(done.path),
        "seen": [{"what": one.what, "found": one.found, "sentence": one.sentence} for one in done.seen],
        "actions": [
            {
                "kind": one.kind,
                "tool": one.tool,
                "command": list(one.command),
                "dry_run": one.passed,
                "result": one.result,
            }
            for one in done.actions
        ],
    }
