"""Load scripts: the recorded mix of requests at its rate, for k6 and Locust.

The scripts are always the same. What was recorded is data that they read, `mix.json`.
"""

from math import ceil
from typing import Any

from lastgood.model.reproduction import Reproduction
from lastgood.surfaces.request_files import LOCAL, flat

MIX = "mix.json"
LONGEST_ROUTE = 200  # characters

_K6 = f"""import http from 'k6/http';
import {{ check }} from 'k6';

const MIX = JSON.parse(open('./{MIX}'));
const TARGET = __ENV.TARGET || '{LOCAL}';
const LOGIN = __ENV.AUTHORIZATION ? {{ authorization: __ENV.AUTHORIZATION }} : {{}};

export const options = {{
  scenarios: {{
    mix: {{
      executor: 'constant-arrival-rate', rate: MIX.rate, timeUnit: MIX.per, duration: __ENV.DURATION || '60s',
      preAllocatedVUs: MIX.users,
    }},
  }},
}};

export default function () {{
  let left = Math.random();
  const one = MIX.requests.find((each) => (left -= each.share) < 0) || MIX.requests[0];
  const type = one.body === null ? {{}} : {{ 'content-type': one.content_type }};
  const headers = Object.assign({{}}, LOGIN, type);
  const tags = {{ name: one.route, recorded: one.failed ? 'failed' : 'worked' }};
  const answer = http.request(one.method, TARGET + one.path, one.body, {{ headers, tags }});
  check(answer, {{ 'no server error': (found) => found.status > 0 && found.status < 500 }}, tags);
}}
"""
_LOCUST = f'''import json
import os
import random
from pathlib import Path

from locust import HttpUser, constant_throughput, task

MIX = json.loads(Path(__file__).with_name("{MIX}").read_text(encoding="utf-8"))
SHARES = [one["share"] for one in MIX["requests"]]


class Recorded(HttpUser):
    """Sends one request a second, as they were mixed."""

    host = os.environ.get("TARGET", "{LOCAL}")
    wait_time = constant_throughput(1)

    @task
    def send(self):
        """Send one of the recorded requests."""
        one = random.choices(MIX["requests"], SHARES)[0]
        headers = {{"authorization": os.environ["AUTHORIZATION"]}} if "AUTHORIZATION" in os.environ else {{}}
        body = None if one["body"] is None else one["body"].encode("utf-8")
        if body is not None:
            headers["content-type"] = one["content_type"]
        name = one["route"].partition(" ")[2] + (" (failed when recorded)" if one["failed"] else "")
        self.client.request(one["method"], one["path"], data=body, headers=headers, name=name)
'''


def mix_document(found: Reproduction) -> dict[str, Any]:
    """The mix as JSON values: requests with their shares, and the rate, a minute where it is below one a second."""
    rate, per = (found.rate, "1s") if found.rate >= 1 else (found.rate * 60, "1m")
    return {
        "rate": max(1, round(rate)), "per": per, "users": max(10, ceil(found.rate) * 2),
        "requests": [
            {
                "method": one.method, "path": one.path, "route": one.route[:LONGEST_ROUTE], "body": one.body,
                "content_type": one.content_type, "share": round(one.share, 6), "failed": one.failed,
            }
            for one in found.mix
        ],
    }  # fmt: skip


def k6(found: Reproduction) -> str:
    """A script for k6."""
    return f"// Run: k6 run -e TARGET={LOCAL} load.js\n{_missing(found, '//')}{_K6}"


def locust(found: Reproduction) -> str:
    """A script for Locust; its users send one request a second each."""
    users = max(1, round(found.rate))
    run = f"# Run: locust --headless -f locustfile.py --host {LOCAL} -u {users} -r {users} -t 60s\n"
    return f"{run}{_missing(found, '#')}{_LOCUST}"


def _missing(found: Reproduction, mark: str) -> str:
    return "".join(f"{mark} missing: {flat(one)}\n" for one in found.missing)
