"""A reproduction as files: curl, payload, test skeletons, a load script and a page about them."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace, Reproduction
from lastgood.surfaces.markdown import escaped
from lastgood.surfaces.skeletons import skeleton
from lastgood.surfaces.wording import PLAIN

LOCAL = "http://localhost:8000"


def files_of(found: Reproduction) -> dict[str, str]:
    """The content of each file by its name."""
    files = {"requests.json": _json(_requests(found)), "failing.sh": curl(found.failing)}
    if found.working is not None:
        files["working.sh"] = curl(found.working)
    if found.failing.body is not None:
        files[payload_name(found.failing)] = found.failing.body
    if found.place is not None and (
        made := skeleton(found.place, payload_name(found.failing), found.failing)
    ):
        files[made[0]] = made[1]
    if found.mix:
        files["load.js"] = _load(found)
    files["README.md"] = _page(found, sorted(files))
    return files


def payload_name(request: CapturedRequest) -> str:
    """`payload.json`, or `payload.txt` for what is no JSON."""
    try:
        json.loads(request.body or "")
    except (ValueError, RecursionError):
        return "payload.txt"
    return "payload.json"


def curl(request: CapturedRequest) -> str:
    """The request as a shell script; the target and credentials come from the environment."""
    text = f"curl --silent --show-error --include --globoff --request {shlex.quote(request.method)}"
    for name, value in request.headers.items():
        variable = _variable(name)
        if value == "[from the environment]":
            text += f' \\\n  --header {shlex.quote(f"{name}: ")}"${{{variable}:?set {variable}}}"'
        else:
            text += f" \\\n  --header {shlex.quote(f'{name}: {value}')}"
    if request.body is not None:
        text += f" \\\n  --data-raw {shlex.quote(request.body)}"
    notes = "".join(f"# missing: {' '.join(one.split())}\n" for one in request.missing)
    return f'#!/bin/sh\n{notes}{text} \\\n  "${{TARGET:-{LOCAL}}}"{shlex.quote(request.path)}\n'


def _variable(header: str) -> str:
    return re.sub(r"\W", "_", f"_{header}" if header[:1].isdigit() else header, flags=re.ASCII).upper()


def _requests(found: Reproduction) -> dict[str, Any]:
    def one(request: CapturedRequest) -> dict[str, Any]:
        return {
            "method": request.method, "path": request.path, "headers": dict(request.headers), "body": request.body,
            "status": request.status, "operation": request.operation, "trace_id": request.trace_id,
            "missing": list(request.missing),
        }  # fmt: skip

    return {"failing": one(found.failing), "working": found.working and one(found.working)}


def _load(found: Reproduction) -> str:
    """A k6 script that sends the mix at the recorded rate."""
    mix = [
        {"method": one.method, "path": one.path, "body": one.body, "share": round(one.share, 4)}
        for one in found.mix
    ]
    rate = max(1, round(found.rate))
    return f"""// The mix of requests of the failing window, at its rate. Run: k6 run -e TARGET={LOCAL} load.js
import http from 'k6/http';
import {{ check }} from 'k6';

export const options = {{
  scenarios: {{
    mix: {{ executor: 'constant-arrival-rate', rate: {rate}, timeUnit: '1s', duration: '60s', preAllocatedVUs: {max(10, rate * 2)} }},
  }},
}};

const TARGET = __ENV.TARGET || '{LOCAL}';
const MIX = {json.dumps(mix, indent=2, ensure_ascii=False)};

export default function () {{
  let left = Math.random();
  const one = MIX.find((each) => (left -= each.share) < 0) || MIX[0];
  const answer = http.request(one.method, TARGET + one.path, one.body, {{ headers: {{ 'content-type': 'application/json' }} }});
  check(answer, {{ 'no server error': (a) => a.status < 500 }});
}}
"""


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
    yield "## The ladder"
    yield ""
    if test := next((name for name in names if "test" in name.lower() or "spec" in name.lower()), None):
        yield f"1. Unit: complete `{test}`, and run it."
    yield "1. Local: start the service, then `lastgood replay . --target http://localhost:8000`, or `sh failing.sh`."
    yield "1. Staging: the same with the staging address. Pass a test account: `--header 'Authorization: Bearer $TOKEN'`."
    yield "1. Production: only with a test account, and only if the request changes nothing."
    if "load.js" in names:
        yield f"1. Load: `k6 run load.js` sends {figures.counted(len(found.mix), 'route')} at the recorded rate."
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


def called(place: FailingPlace) -> str:
    """`Checkout.place` or `place`."""
    return ".".join(filter(None, (place.scope, place.function or "an unnamed function")))


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
