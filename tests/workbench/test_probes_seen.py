"""The probes of a record, as a question reads them."""

from pathlib import Path

from lastgood.model.boundary import ProbeSeen
from lastgood.workbench.asked_outside import Answered, keep
from lastgood.workbench.probe import Asked, Limits, probe
from lastgood.workbench.probes_seen import probes_seen
from records import START
from rooms import room_in
from sites import OK, says, site


def test_the_last_probe_of_each_host(tmp_path: Path) -> None:
    """With the place of the fault, and whether an edge was compared with its origin; other evidence is none."""
    refused = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with site(says(refused)) as port, site(says(OK)) as behind, room_in(tmp_path) as room:
        url = f"http://127.0.0.1:{port}/"
        probe(Asked(url), Limits(allow_private=True), START, room)
        first = probes_seen(room)
        probe(Asked(url, origin=f"127.0.0.1:{behind}"), Limits(allow_private=True), START, room)
        keep(room, Answered("5 rows", "lastgood sql", "db", ("a",), ((1,),)))
        last = probes_seen(room)

    assert not first.by_host["127.0.0.1"].compared
    said = "the edge answers with status 403, the origin with 200"
    assert {"127.0.0.1": ProbeSeen(url, "edge", said, compared=True)} == last.by_host
