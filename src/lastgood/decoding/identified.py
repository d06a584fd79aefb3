"""Identified: rows under the names of whom they are about, by the law of names; the names that were given are kept.

Spans and metrics are as their senders say. A sidecar keeps a name of its own, because its requests are its workload's
too, and would be counted twice.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.identity import RUNTIMES, SIDECARS, Role, called, party, workload_of
from lastgood.decoding.input import Batch
from lastgood.decoding.text.events import empty_maps, entries, maps_of_columns, merged_maps
from lastgood.model.attributes import HOST_NAME, INSTANCE_ID, NAMED, PEER_SERVICES, POD, SERVICE_NAME
from lastgood.telemetry.tables import ALERTS, CHANGES, LOGS

Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
TRAEFIK = "traefik"
UNIT = "_SYSTEMD_UNIT"  # of the journal, where a runtime calls itself by its own name
_UNIT = r"(?P<about>[A-Za-z][A-Za-z0-9_@.-]*\.service)\b"
# Whom those speak of who report on a machine: a unit of systemd, a control group of one, a pod.
_ABOUT = (
    rf"^{_UNIT}",
    rf"\b(?:Start|Stopp?|Reload)(?:ed|ing) {_UNIT}",
    rf"\bFailed to start {_UNIT}",
    rf"task_memcg=\S*/{_UNIT}",
    r'\bpod="?[a-z0-9-]+/(?P<about>[a-z][a-z0-9.-]*)"?',
)
_POD_IN_FRONT = r"^\[?(?P<about>[a-z][a-z0-9.-]*-[a-z0-9]{6,10}-[a-z0-9]{5})\]?[ :]"


def identified(batch: Batch, owner: str = "") -> Batch:
    """The rows of log lines, changes and alerts under the names of whom they are about; other rows as they are.

    `owner` is whom the name of the input says. The name that was given stays as the attribute `lg.named`.
    """
    if batch.table is LOGS:
        return Batch(LOGS, _lines(batch.rows, owner))
    if batch.table in (CHANGES, ALERTS):
        return Batch(batch.table, _events(batch.rows, "Attributes" if batch.table is CHANGES else "Labels"))
    return batch


def _with(rows: pa.Table, *names: str) -> pa.Table:
    """The rows with columns that their source left out."""
    for name in names:
        if name not in rows.column_names:
            maps = name.endswith("Attributes") or name == "Labels"
            rows = rows.append_column(
                name, empty_maps(len(rows)) if maps else pa.repeat(pa.scalar(""), len(rows))
            )
    return rows


def _events(rows: pa.Table, attributes: str) -> pa.Table:
    rows = _with(rows, "Service", attributes)
    given = _texts(rows, "Service")
    of = {name: called(name) for name in set(given)}
    names = np.array([of[name] for name in given], object)
    return _renamed(rows, "Service", names, {attributes: {NAMED: given}})


def _lines(rows: pa.Table, owner: str) -> pa.Table:
    if "ServiceName" not in rows.column_names:
        return rows
    coded = pc.fill_null(rows["ServiceName"].combine_chunks(), "").dictionary_encode()
    given = coded.dictionary.to_pylist()
    meant = [party(name) for name in given]
    apart = SIDECARS | RUNTIMES
    if all(one.name == name and name not in apart for name, one in zip(given, meant, strict=True)):
        return rows
    rows = _with(rows, "Body", "ScopeName", "LogAttributes", "ResourceAttributes")
    codes = coded.indices.to_numpy()
    were, names, roles, instances = (
        np.array(values, object)[codes]
        for values in (given, [m.name for m in meant], [m.role for m in meant], [m.instance for m in meant])
    )
    explicit, pods, hosts = (_resource(rows, key) for key in (SERVICE_NAME, POD, HOST_NAME))
    _sidecars(names, were, roles, pods)
    in_units = np.isin(were, sorted(RUNTIMES))
    names[in_units] = _first(_units(rows)[in_units], were[in_units])
    machine = roles == Role.HOST
    names[machine] = _first(_spoken_of(rows, machine), _short(hosts[machine]), were[machine])
    nobody = roles == Role.NOBODY
    in_front = np.array([party(name).instance for name in _found(rows, nobody, _POD_IN_FRONT)], object)
    of_pods = [np.array([workload_of(pod) for pod in some], object) for some in (in_front, pods[nobody])]
    names[nobody] = _first(*of_pods, np.full(nobody.sum(), owner, object))
    instances[nobody] = in_front
    upstream = roles == Role.UPSTREAM
    upstreams = np.where(upstream, names, "")
    names[upstream] = owner or TRAEFIK
    kept = explicit == were
    names[kept], instances[kept], upstreams[kept] = were[kept], "", ""
    scopes = np.where(
        machine & (names != were) & (_texts(rows, "ScopeName") == ""), were, _texts(rows, "ScopeName")
    )
    rows = rows.set_column(rows.column_names.index("ScopeName"), "ScopeName", pa.array(scopes, pa.string()))
    more = {
        "LogAttributes": {NAMED: were, PEER_SERVICES[0]: upstreams},
        "ResourceAttributes": {INSTANCE_ID: instances},
    }
    return _renamed(rows, "ServiceName", names, more)


def _units(rows: pa.Table) -> Texts:
    """The service of the unit of systemd that each line is of; empty where it is of none."""
    return np.array([called(unit) if unit else "" for unit in _resource(rows, UNIT, "LogAttributes")], object)


def _sidecars(names: Texts, were: Texts, roles: Texts, pods: Texts) -> None:
    """Name the proxies beside services: as they are named, or by the pod that they are in."""
    names[roles == Role.SIDECAR] = were[roles == Role.SIDECAR]
    for row in np.flatnonzero(np.isin(were, sorted(SIDECARS)) & (pods != "")):
        names[row] = f"{workload_of(pods[row])}-{were[row]}"


def _spoken_of(rows: pa.Table, which: Mask) -> Texts:
    """The service of the unit or the pod that lines speak of; empty where they speak of the machine."""
    about = _first(*(_found(rows, which, pattern) for pattern in _ABOUT))
    of = {name: workload_of(name) if "." not in name else party(name).name for name in set(about)}
    return np.array([of[name] if party(of[name]).role is Role.SERVICE else "" for name in about], object)


def _short(hosts: Texts) -> Texts:
    return np.array([host if host[:1].isdigit() else host.partition(".")[0] for host in hosts], object)


def _found(rows: pa.Table, which: Mask, pattern: str) -> Texts:
    """What a pattern finds in the bodies of some rows, empty where it does not."""
    bodies = rows["Body"].combine_chunks().filter(pa.array(which))
    return _objects(pc.struct_field(pc.extract_regex(bodies, pattern), "about"))


def _first(*given: Texts) -> Texts:
    """The first of several texts that says something, row by row."""
    found = given[0].copy()
    for more in given[1:]:
        empty = found == ""
        found[empty] = more[empty]
    return found


def _renamed(rows: pa.Table, name: str, names: Texts, more: dict[str, dict[str, Texts]]) -> pa.Table:
    """The rows with other names in a column, and with more attributes where they changed."""
    were = _texts(rows, name)
    changed = names != were
    if not changed.any():
        return rows
    rows = rows.set_column(rows.column_names.index(name), name, pa.array(names, pa.string()))
    for place, values in more.items():
        added = {key: pa.array(np.where(changed, texts, ""), pa.string()) for key, texts in values.items()}
        maps = merged_maps(rows[place].combine_chunks(), maps_of_columns(added, len(rows)))
        rows = rows.set_column(rows.column_names.index(place), rows.schema.field(place), maps)
    return rows


def _texts(rows: pa.Table, name: str) -> Texts:
    return _objects(rows[name].combine_chunks())


def _objects(column: pa.Array) -> Texts:
    return np.array(pc.fill_null(column, "").to_pylist(), object)


def _resource(rows: pa.Table, key: str, column: str = "ResourceAttributes") -> Texts:
    """An attribute of every row, empty where it has none."""
    at, keys, values = entries(rows[column].combine_chunks())
    wanted = pc.equal(keys, key)
    found = np.full(len(rows), "", object)
    found[at[wanted.to_numpy(zero_copy_only=False)]] = values.filter(wanted).to_pylist()
    return found
