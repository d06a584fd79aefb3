"""The one check that decides between the host and the system."""

from lastgood.inspections.us_or_them import weights as w
from lastgood.inspections.us_or_them.gathered import Gathered
from lastgood.inspections.us_or_them.natures import Nature
from lastgood.inspections.us_or_them.reasons import Weighing


def check_of(found: Gathered, weighing: Weighing) -> str:
    """The check, by what is in doubt."""
    host, nature = found.host, weighing.failing.nature if weighing.failing else None
    if weighing.has(w.ALL_HOSTS):
        return "resolve and reach one of them from another network"
    if weighing.change is not None:
        return f"undo the {weighing.change.cited} on one instance and compare its calls of {host}"
    if nature in _BY_NATURE:
        return _BY_NATURE[nature].format(host=host)
    if found.probe is None:
        return f"run lastgood probe https://{host}/ from another network"
    return f"check the status page of {host}"


_BY_NATURE = {
    Nature.DENIED: "check whether your credential of {host} is valid",
    Nature.LIMITED: "compare your calls with your quota at {host}",
    Nature.WRONG: "send one of the refused requests to {host} by hand",
    Nature.UNRESOLVED: "resolve {host} at another name server",
    Nature.OUR_CERTIFICATE: "check the end of the client certificate for {host}",
    Nature.TLS: "run lastgood probe https://{host}/ and read the layer of its certificate",
}
