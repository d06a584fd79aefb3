"""What GitOps controllers say that they applied."""

from lastgood.intake.kubernetes.applied import applies

REVISION = "a1d82b7b138e7d10315e52b9fe7059c98d08de95"
FLUX = {
    "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
    "kind": "Kustomization",
    "name": "prod",
    "namespace": "flux-system",
}


def flux(message: str, revision: str) -> dict[str, object]:
    """An event of Flux's kustomize-controller."""
    notes = {"kustomize.toolkit.fluxcd.io/revision": revision} if revision else {}
    return {"reason": "Progressing", "message": message, "metadata": {"name": "prod.1", "annotations": notes}}


def test_each_object_that_flux_changed_is_a_deploy_of_its_revision() -> None:
    """In both forms of a revision; what did not change is none."""
    message = "Deployment/shop/cart configured\nService/shop/mail unchanged\nConfigMap/shop/cart configured"
    for revision in (f"main@sha1:{REVISION}", f"main/{REVISION}", REVISION):
        ((_, deploy),) = applies(flux(message, revision), FLUX, 5)
        assert ("deploy", "cart", REVISION, 5) == (
            deploy["Kind"],
            deploy["Service"],
            deploy["Version"],
            deploy["Timestamp"],
        )
        assert {"k8s.namespace.name": "shop"} == dict(deploy["Attributes"])


def test_argo_tells_the_application() -> None:
    """And nothing else that it writes."""
    about = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "name": "cart",
        "namespace": "argocd",
    }

    ((_, deploy),) = applies({"message": f"Sync operation to {REVISION} succeeded"}, about, 5)

    assert ("cart", REVISION) == (deploy["Service"], deploy["Version"])
    assert not list(applies({"message": "Updated sync status: Synced -> OutOfSync"}, about, 5))


def test_no_other_event_is_an_apply() -> None:
    """Neither one of a pod, nor one of Flux that changed nothing or names no revision."""
    pod = {"apiVersion": "v1", "kind": "Pod", "name": "cart-1"}

    assert not list(applies({"message": "Deployment/shop/cart configured"}, pod, 5))
    assert not list(applies(flux("Reconciliation finished in 1.7s, next run in 10m0s", REVISION), FLUX, 5))
    assert not list(applies(flux("Deployment/shop/cart configured", ""), FLUX, 5))


def test_a_release_of_helm_is_a_deploy_of_its_chart() -> None:
    """As JSON and as it is printed; one that failed is none."""
    words = "Helm upgrade succeeded for release shop/pay.v7 with chart pay@6.6.2+1f3c9a7d"
    printed = {"kind": "Helmrelease", "name": "pay"}
    for about in (printed, {**printed, "apiVersion": "helm.toolkit.fluxcd.io/v2"}):
        ((_, deploy),) = applies({"reason": "UpgradeSucceeded", "message": words}, about, 5)
        assert ("pay", "6.6.2") == (deploy["Service"], deploy["Version"])
        failed = {"reason": "UpgradeFailed", "message": words.replace("succeeded", "failed")}
        assert not list(applies(failed, about, 5))


def test_flux_prints_what_it_changed_without_a_revision() -> None:
    """The object is a deploy all the same."""
    ((_, deploy),) = applies(
        {"message": "Deployment/shop/cart configured"}, {"kind": "Kustomization", "name": "prod"}, 5
    )

    assert ("cart", "") == (deploy["Service"], deploy["Version"])
