"""What `lastgood init` found and wrote, as lines and as JSON."""

from typing import Any

from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.init import VARIABLES, Initialised

_RESULT = {True: "dry run passed", False: "dry run failed, commented out", None: "not tried, commented out"}


def init_text(done: Initialised) -> str:
    """What was found, what was not, each template with its dry run, and what to do next."""
    lines = [f"{'found    ' if one.found else 'not found'}  {one.what}: {one.sentence}" for one in done.seen]
    lines += [
        f"action     {one.kind} with {one.tool}: {_RESULT[one.passed]}: {one.result}" for one in done.actions
    ]
    lines += _nothing(done) if done.empty else []
    lines += [f"Wrote {done.path}. Read it, then:", "lastgood trust && lastgood doctor"]
    return "\n".join(lines).translate(PLAIN) + "\n"


def _nothing(done: Initialised) -> list[str]:
    """Where was looked, and what to do, where nothing was found."""
    return [
        "",
        "Nothing was found that Lastgood could ask. It looked at:",
        f"  {done.folder}: git remotes, compose files, files of flagd",
        "  this machine: kubeconfig, programs in PATH, the ports above on 127.0.0.1",
        f"  the environment: {', '.join(VARIABLES)}",
        "What to do, any of these:",
        "  Go to the folder of your service, then: lastgood init",
        f"  Set one of the variables to the address of your system, then: lastgood init {done.path} --force",
        "  Write a [[source]] yourself: docs/howto/fetch-from-your-systems.md",
        "  Use files, which need no settings: lastgood triage PATH…",
        "",
    ]


def init_document(done: Initialised) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "file": str(done.path),
        "empty": done.empty,
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
