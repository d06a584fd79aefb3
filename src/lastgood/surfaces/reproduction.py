"""A reproduction as files: requests, payloads, a test skeleton, load scripts, a compose file and a page about them."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace, Reproduction
from lastgood.surfaces.compose_hint import compose
from lastgood.surfaces.load_scripts import MIX, k6, locust, mix_document
from lastgood.surfaces.markdown import escaped
from lastgood.surfaces.request_files import LOCAL, curl, hurl, payload_name
from lastgood.surfaces.skeletons import skeleton
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.sending import lacks_body, unfilled

SAMPLES = "payloads.jsonl"


def files_of(found: Reproduction) -> dict[str, str]:
    """The content of each file by its name."""
    files = {"requests.json": _json(_requests(found)), "failing.sh": curl(found.failing)}
    bodies = {"failing": payload_name(found.failing)}
    if found.failing.body is not None:
        files[bodies["failing"]] = found.failing.body
    if found.working is not None:
        files["working.sh"] = curl(found.working)
        bodies["working"] = payload_name(found.working, "working")
        if found.working.body is not None:
            files[bodies["working"]] = found.working.body
    files["requests.hurl"] = hurl(found.failing, found.working, bodies)
    if found.place is not None and (made := skeleton(found.place, bodies["failing"], found.failing)):
        files[made[0]] = made[1]
    if found.mix:
        files |= {MIX: _json(mix_document(found)), "load.js": k6(found), "locustfile.py": locust(found)}
    if found.samples:
        lines = (json.dumps({"failed": one.failed, "body": one.body}) for one in found.samples)
        files[SAMPLES] = "".join(f"{line}\n" for line in lines)
    files["compose.yaml"] = compose(found)
    files["README.md"] = _page(found, sorted(files))
    return files


def _requests(found: Reproduction) -> dict[str, Any]:
    def one(request: CapturedRequest) -> dict[str, Any]:
        return {
            "method": request.method, "path": request.path, "headers": dict(request.headers), "body": request.body,
            "status": request.status, "operation": request.operation, "trace_id": request.trace_id,
            "missing": list(request.missing), "version": request.version,
            "answer": {"content_type": request.answer.content_type, "paths": list(request.answer.paths)},
        }  # fmt: skip

    return {"failing": one(found.failing), "working": found.working and one(found.working)}


def _page(found: Reproduction, names: list[str]) -> str:
    return "\n".join(_about(found, names)).translate(PLAIN) + "\n"


def _about(found: Reproduction, names: list[str]) -> Iterator[str]:
    yield f"# Reproduce {escaped(found.failing.name)}"
    yield ""
    status = f", answered {found.failing.status}" if found.failing.status else ""
    trace = f", trace {found.failing.trace_id}" if found.failing.trace_id else ""
    yield f"Service {escaped(found.failing.service) or 'unknown'}{status}{escaped(trace)}. Secrets are left out."
    if found.place is not None:
        file, function = escaped(found.place.file), escaped(called(found.place))
        yield f"Raised at {file}:{found.place.line} in {function}: {escaped(found.place.error)}."
    yield ""
    yield from _ladder(found, names)
    yield ""
    yield "## Missing"
    yield ""
    yield from (f"- {escaped(one)}" for one in found.missing or ("nothing that is known of",))
    if found.replaced:
        yield ""
        yield "## Replaced"
        yield ""
        yield "Personal data has the same shape, and other letters and digits. If it no longer fails, the value itself matters."
        yield from (f"- {escaped(one)}" for one in found.replaced)


def _ladder(found: Reproduction, names: list[str]) -> Iterator[str]:
    """The steps from a unit test to production, as far as there are files for them."""
    yield "## The ladder"
    yield ""
    if test := next((name for name in names if "test" in name.lower() or "spec" in name.lower()), None):
        yield f"1. Unit: read `{test}`, complete it, and run it. The trace chooses the function that it calls. `lastgood bisect` refuses it until it is complete."
    else:
        yield "1. Unit: no test skeleton, because the code that failed is not known."
    yield f"2. Local: start the service (`compose.yaml` is a start), then `{replay_command(found, '.')}`."
    yield from (f"   {line}" for line in refused(found))
    yield f"   Or `sh failing.sh`, or `hurl --test --variable target={LOCAL} requests.hurl`: it succeeds once the bug is gone."
    yield "3. Staging: the same with the staging address. Pass a test account: `--header 'Authorization: Bearer $TOKEN'`."
    yield "4. Production: only with a test account, and only if the request changes nothing."
    if MIX in names:
        yield f"5. Load: `k6 run load.js` or `locust --headless -f locustfile.py` sends {_mix(found)}. Never to production."
    if SAMPLES in names:
        failing = sum(one.failed for one in found.samples)
        yield ""
        yield f"`{SAMPLES}` has {figures.counted(failing, 'failing payload')} and {figures.count(len(found.samples) - failing)} working ones of this route, of every shape that was recorded."


def replay_command(found: Reproduction, folder: str) -> str:
    """How the request is sent to a service on this machine, with a body to fill in where none was captured."""
    body = ("--body", "FILE") if lacks_body(found.failing) else ()
    return " ".join(["lastgood replay", shlex.quote(folder), "--target", LOCAL, *body])


def refused(found: Reproduction) -> Iterator[str]:
    """That a replay will be refused as it is, and what to add; nothing where it can be sent."""
    if parts := unfilled(found.failing):
        yield f"The path is only a route: the value of {' and '.join(parts)} was not captured. lastgood replay refuses to send it."
        yield "Write a path that failed into requests.json, or set REQUEST_PATH for failing.sh. Then replay it."
    if lacks_body(found.failing):
        yield "The body was not captured: lastgood replay refuses to send this request without one."
        yield "Write a body that failed into a file, and name it with --body. An empty file is an empty body."


def _mix(found: Reproduction) -> str:
    routes = figures.counted(len({one.route for one in found.mix}), "route")
    failing = sum(one.share for one in found.mix if one.failed)
    return f"{routes} at the recorded rate, {figures.percent(failing)} of it requests that failed"


def called(place: FailingPlace) -> str:
    """`Checkout.place` or `place`."""
    return ".".join(filter(None, (place.scope, place.function or "an unnamed function")))


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
