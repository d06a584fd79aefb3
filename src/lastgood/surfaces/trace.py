"""One request's life in words and as JSON."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.trace import Life, LifeLine, LifeSpan


def life_text(life: Life) -> str:
    """The steps in order: time since the start, duration, service and what happened; failures are marked."""
    return "".join(
        f"{line}\n" for line in (*_head(life), *(_step(life, step) for step in life.steps))
    ).translate(PLAIN)


def _head(life: Life) -> Iterator[str]:
    length = figures.duration((life.end - life.start).total_seconds())
    yield f"{life.request_id} · {life.start:%Y-%m-%d %H:%M:%S.%f} UTC · {length} · found by {life.found_by}"
    yield f"services: {', '.join(service or '-' for service in life.services)}"
    failure = life.first_failure
    if failure is not None:
        what = failure.name if isinstance(failure, LifeSpan) else failure.body.splitlines()[0]
        where = "deepest failure" if isinstance(failure, LifeSpan) else "first error"
        yield f"{where}: {failure.service} {what}"
    if life.cut_off:
        yield "limit reached: this life is longer than what is shown"
    yield ""


def _step(life: Life, step: LifeSpan | LifeLine) -> str:
    since = figures.milliseconds((step.time - life.start).total_seconds())
    indent = "  " * min(step.depth, 20)
    if isinstance(step, LifeLine):
        body = " ".join(step.body.split())
        return f"{since:>14} {'':>12} {indent}· {step.level or '-'} {step.service}: {body}"
    took = figures.milliseconds(step.duration_ns / 1e9)
    failed = f" ✗ {step.what or 'failed'}" if step.failed else ""
    orphan = " (its parent is missing)" if step.orphan else ""
    return f"{since:>14} {took:>12} {indent}{step.service} {step.name} [{step.kind.lower()}]{failed}{orphan}"


def life_document(life: Life) -> dict[str, Any]:
    """The life as JSON values."""
    return {
        "id": life.request_id,
        "found_by": life.found_by,
        "from": figures.stamp(life.start),
        "to": figures.stamp(life.end),
        "services": list(life.services),
        "cut_off": life.cut_off,
        "steps": [_document(step) for step in life.steps],
    }


def _document(step: LifeSpan | LifeLine) -> dict[str, Any]:
    common = {
        "time": figures.stamp(step.time),
        "depth": step.depth,
        "service": step.service,
        "instance": step.instance or None,
    }
    if isinstance(step, LifeLine):
        return {"step": "line", **common, "level": step.level or None, "body": step.body}
    return {
        "step": "span",
        **common,
        "name": step.name,
        "kind": step.kind,
        "duration_ns": step.duration_ns,
        "failed": step.failed,
        "failure": step.what or None,
    }
