"""Upstream names: what a proxy calls a service, without what it adds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.upstream_names import bare, upstream_names

WORDS = st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8}){0,2}", fullmatch=True)


@pytest.mark.parametrize(
    ("expected", "given_name"),
    [
        ("search", "outbound|8080||search.prod.svc.cluster.local"),
        ("api.cards.example", "outbound|443||api.cards.example"),
        ("prod-billing", "prod-billing-80"),
        ("billing", "billing:8080"),
        ("web", "web-https"),
        ("registry", "registry@file"),
        ("carts", "carts"),
        ("10.2.3.1:8080", "10.2.3.1:8080"),
    ],
)
def test_what_a_proxy_adds_is_taken_off(expected: str, given_name: str) -> None:
    """Direction, cluster and port are no part of a name; an address is not cut."""
    assert expected == bare(given_name)


def test_a_namespace_is_taken_off_where_the_service_is_known() -> None:
    """The longest known name that it ends or begins with."""
    found = upstream_names(
        ["prod-user-profile-80", "billing-prod", "other"], ["profile", "user-profile", "billing"]
    )

    assert {"prod-user-profile-80": "user-profile", "billing-prod": "billing", "other": "other"} == found


def test_a_name_that_may_be_two_services_is_neither() -> None:
    """The only one that has its words beside a product's, or before an ending, is meant."""
    assert {"registry": "device-registry"} == upstream_names(["registry"], ["device-registry", "shop"])
    assert {"registry": "registry"} == upstream_names(["registry"], ["device-registry", "image-registry"])
    assert {"orders-billing": "orders-billing"} == upstream_names(["orders-billing"], ["orders", "billing"])


def test_a_host_keeps_its_domain_unless_it_is_known_without() -> None:
    """Two regions may have one each."""
    assert {"ledger.eu.internal:8080": "ledger.eu.internal"} == upstream_names(
        ["ledger.eu.internal:8080"], ["shop"]
    )
    assert {"ledger.eu.internal:8080": "ledger"} == upstream_names(["ledger.eu.internal:8080"], ["ledger"])


@given(WORDS, st.sets(WORDS, max_size=5))
def test_a_known_name_is_itself(name: str, others: set[str]) -> None:
    """A name that a service has is never another's."""
    assert {name: name} == upstream_names([name], {*others, name})


def test_a_backend_of_a_proxy_is_the_one_service_that_it_names() -> None:
    """Without the mark of a backend; single machines of it do not make it two."""
    assert {"be_render": "invoice-render"} == upstream_names(
        ["be_render"], ["invoice-render", "render-1", "edge"]
    )
    assert {"be_render": "be_render"} == upstream_names(["be_render"], ["invoice-render", "video-render"])
