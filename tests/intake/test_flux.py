"""Flux: histories of Kustomizations and HelmReleases."""

import json
from pathlib import Path

import pytest

from intake.changed import decode, written
from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim

NEW, OLD = (
    "main@sha1:1f3c9a7d2b4455667788990011223344aabbccdd",
    "main@sha1:0b1c9a7d2b4455667788990011223344aabbccdd",
)
KUSTOMIZATION = {
    "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "shop", "namespace": "flux-system"},
    "status": {
        "lastAppliedRevision": NEW,
        "history": [
            {"digest": "sha256:43ad", "firstReconciled": "2026-11-22T14:41:00Z", "lastReconciled": "2026-11-22T14:55:00Z",
             "lastReconciledStatus": "ReconciliationFailed", "metadata": {"revision": NEW}, "totalReconciliations": 3},
            {"digest": "sha256:ec8d", "firstReconciled": "2026-11-20T10:00:00Z", "lastReconciled": "2026-11-22T14:31:00Z",
             "lastReconciledStatus": "ReconciliationSucceeded", "metadata": {"revision": OLD}, "totalReconciliations": 9},
        ],
    },
}  # fmt: skip
RELEASE = {
    "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": "pay", "namespace": "shop"},
    "status": {
        "history": [
            {"appVersion": "2.4.1", "chartName": "pay", "chartVersion": "6.6.2", "digest": "sha256:2b", "firstDeployed": "2026-11-01T14:24:07Z",
             "lastDeployed": "2026-11-22T14:41:07Z", "name": "pay", "namespace": "shop", "status": "deployed", "version": 7},
        ]
    },
}  # fmt: skip
KEPT = [{"kustomization": "flux-system/shop", "revision": NEW, "lastAppliedTime": "2026-11-22T14:41:00Z"}]
NAMED = {
    "name": "shop",
    "history": [{"revision": "v2.4.0@sha1:1f3c9a7d2b", "appliedAt": "2026-11-22T14:41:00Z"}],
}


def test_each_revision_of_a_kustomization_is_a_deploy(tmp_path: Path) -> None:
    """When it was first reconciled; one that failed is not in force."""
    first, second = decode(written(tmp_path, json.dumps({"kind": "List", "items": [KUSTOMIZATION]}))).changes

    assert ("deploy", "shop", OLD[10:], "") == (
        first["Kind"],
        first["Service"],
        first["Version"],
        first["State"],
    )
    assert "2026-11-22T14:41:00+00:00" == second["Timestamp"].isoformat()
    assert (NEW[10:], OLD[10:], "failed") == (second["Version"], second["PreviousVersion"], second["State"])


def test_a_release_is_of_its_chart_and_when_it_was_last_deployed(tmp_path: Path) -> None:
    """Not when it was first installed."""
    (change,) = decode(written(tmp_path, json.dumps(RELEASE))).changes

    assert ("pay", "2.4.1", "pay-6.6.2") == (
        change["Service"],
        change["Version"],
        change["Attributes"]["helm.chart"],
    )
    assert "2026-11-22T14:41:07+00:00" == change["Timestamp"].isoformat()


@pytest.mark.parametrize(
    ("history", "version"), [(KEPT, NEW[10:]), (NAMED, "v2.4.0")], ids=["entries", "named"]
)
def test_a_history_that_a_script_keeps_is_read(tmp_path: Path, history: object, version: str) -> None:
    """With the object beside each revision, or around them; a tag is the version."""
    (change,) = decode(written(tmp_path, json.dumps(history))).changes

    assert ("shop", version) == (change["Service"], change["Version"])
    assert change["Attributes"]["vcs.ref.head.revision"].startswith("1f3c9a7d2b")
    assert "2026-11-22T14:41:00+00:00" == change["Timestamp"].isoformat()


def test_an_entry_without_a_time_is_a_reject(tmp_path: Path) -> None:
    """And an object that was never reconciled tells nothing."""
    waiting = {**KUSTOMIZATION, "status": {"conditions": []}}
    given = {"items": [KUSTOMIZATION, waiting, {"name": "x", "revision": NEW}]}
    done = decode(written(tmp_path, json.dumps(given)))

    assert 2 == len(done.changes)
    assert [3] == [reject.line for reject in done.rejects]
    assert best_claim(Input(None, "a.json", json.dumps(waiting).encode())) is None
