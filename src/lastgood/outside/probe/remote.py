"""The same URL asked from other machines: by their curl, over ssh.

After the manuals ssh(1) and curl(1). ssh asks for no password (BatchMode): a key or an agent has to be there. The address is the one
that was probed from here, so that no machine is made to ask another one; the body is thrown away there.
"""

import re
import shlex
import subprocess

import orjson

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import UsageError
from lastgood.model.probe_report import Elsewhere, Place
from lastgood.outside.probe.answer import AGENT
from lastgood.outside.probe.limits import Limits
from lastgood.outside.probe.target import Target

_HOST = re.compile(r"(?:[A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9][\w.:-]*")  # never an option
_SSH = ("ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "--")
_REPORTED = 200  # characters of what a program says
# curl's exit statuses, and the layer that each is of.
_LAYERS = {6: Place.DNS, 7: Place.NETWORK, 28: Place.NETWORK, 35: Place.TLS, 51: Place.TLS, 60: Place.TLS}
_SSH_FAILED, _NO_PROGRAM = 255, 127


def seen_from(host: str, target: Target, address: str, limits: Limits) -> Elsewhere:
    """What curl on a host saw of an address.

    Raises:
        UsageError: it is not the name of a host.
    """
    if not _HOST.fullmatch(host):
        raise UsageError(f"{host!r} is not the name of a host.", hint="Write HOST or USER@HOST, as for ssh.")
    place = f"[{address}]" if ":" in address else address
    asked = [
        "curl", "--silent", "--show-error", "--output", "/dev/null", "--proto", "=http,https", "--user-agent", AGENT,
        "--max-time", f"{2 * limits.step_seconds:g}", "--resolve", f"{target.host}:{target.port}:{place}",
        "--write-out", "%{json}", "--", f"{target.scheme}://{target.authority}{target.path}",
    ]  # fmt: skip
    try:
        ended = subprocess.run(
            [*_SSH, host, shlex.join(asked)], capture_output=True, stdin=subprocess.DEVNULL, check=False,
            timeout=2 * limits.step_seconds + 10,
        )  # fmt: skip
    except FileNotFoundError:
        return Elsewhere(host, problem="there is no ssh here")
    except subprocess.TimeoutExpired:
        return Elsewhere(host, problem="it gave no answer in time")
    said = without_secrets(" ".join(ended.stderr.decode("utf-8", "replace").split())[:_REPORTED])
    if ended.returncode in {_SSH_FAILED, _NO_PROGRAM}:
        return Elsewhere(host, problem=said or "ssh failed")
    try:
        answer = orjson.loads(ended.stdout)
        status, total = int(answer.get("http_code") or 0), float(answer.get("time_total") or 0.0)
    except (ValueError, AttributeError, TypeError):
        return Elsewhere(host, problem=said or "curl there is older than 7.70")
    layer = _LAYERS.get(ended.returncode, Place.ORIGIN) if ended.returncode else None
    return Elsewhere(host, status or None, total, layer, said if layer else "")
