"""What people say that they did, and what they only ask, plan or report."""

import pytest

from lastgood.decoding.tables.spoken import named, told


@pytest.mark.parametrize(
    ("said", "kind", "service", "version"),
    [
        ("rolled out search-api 4.2", "deploy", "search-api", "4.2"),
        ("ok, rolled back payments to 1.9.0", "deploy", "payments", "1.9.0"),
        ("portal 5.8.2 going to www1 (new footer)", "deploy", "portal", "5.8.2"),
        ("crew-app back at 26.2.2 on node 1", "deploy", "crew-app", "26.2.2"),
        ("deploying shop 0123abc now", "deploy", "shop", "0123abc"),
        ("rollback of pay 2.1", "deploy", "pay", "2.1"),
        ("reverted the config push on edge-proxy", "config", "edge-proxy", ""),
        ("turned instant-payouts on for five tenants", "flag", "", ""),
        ("restarted varnish", "config", "varnish", ""),
        ("raised the connection limit on pg-orders to 200", "config", "pg-orders", ""),
        ("merged the retry fix of cart-api", "commit", "cart-api", ""),
        ("merged and ran the redis clean-up from before lunch", "config", "", ""),
        ("kasse-api ist jetzt auf 6.6.1", "deploy", "kasse-api", "6.6.1"),
        ("scaled offers to 12 pods", "scaling", "offers", ""),
        ("ran the migration on ledger-db", "migration", "ledger-db", ""),
        ("renewed the certificate on edge", "certificate", "", ""),
        ("gw-2 neu gestartet", "config", "gw-2", ""),
        ("MES auf 5.5.1 aktualisiert", "deploy", "MES", "5.5.1"),
        ("mise en production de billetterie 4.8.0", "deploy", "billetterie", "4.8.0"),
        ("instalada versión 2.0.7 de tarifas", "deploy", "tarifas", "2.0.7"),
        ("subimos o catalogo 1.20.0", "deploy", "catalogo", "1.20.0"),
        ("polis-api teruggedraaid naar 4.0.2", "deploy", "polis-api", "4.0.2"),
        ("wdrożono rozliczenia 8.0.1", "deploy", "rozliczenia", "8.0.1"),
        ("rilasciato carrello 3.1.0", "deploy", "carrello", "3.1.0"),
        ("zaiko 5.2.0 をデプロイ", "deploy", "zaiko", "5.2.0"),
    ],
)
def test_work_that_was_done_is_told(said: str, kind: str, service: str, version: str) -> None:
    """In the languages of teams."""
    found = told(said)
    assert found is not None
    assert (kind, service, version) == (found.kind, found.service, found.version)


@pytest.mark.parametrize(
    "said",
    [
        "has anybody deployed 2.4.1?",
        "should we roll back to 1.9",
        "will deploy pay 2.2 tomorrow",
        "did not restart gw-2",
        "deployed it",
        "since cart 2.1 was deployed users see errors",
        "p95 doubled",
        "I updated her address",
        "changed the card as well",
        "deploy of 12.4 was at nine",
        "5.8.2 touches no cookies",
        "wir rollen morgen cart 3.1 aus",
        "geplant: Neustart der Historian-DB",
        "mañana desplegamos 9.2.2",
        "à faire demain : déployer billetterie 4.8.1",
        "jutro wdrożymy 8.0.2",
        "明日 cart 3.1 をリリース予定",
        "alert: latency high on search",
        "",
    ],
)
def test_what_is_asked_planned_denied_or_seen_is_no_work(said: str) -> None:
    """Nothing of it changed the system at that time."""
    assert told(said) is None


def test_each_sentence_is_weighed_by_itself() -> None:
    """A plan in the next sentence, or behind a comma, takes nothing back."""
    first, second = (
        told("danke. cart 3.1 ausgerollt. Sollen wir warten?"),
        told("restarted gw-2, will look later"),
    )
    assert first is not None
    assert second is not None
    assert (("cart", "3.1"), "gw-2") == ((first.service, first.version), second.service)


def test_a_known_name_wins() -> None:
    """Of the services that sent telemetry, the longest that is said."""
    found = told("restarted the checkout api pods", ("checkout", "checkout api", "api"))
    assert found is not None
    assert "checkout api" == found.service
    moved = told("portal 5.8.2 going to www1", ("www1", "portal-web"))
    assert moved is not None
    assert "portal" == moved.service


def test_a_title_names_a_service_and_a_version() -> None:
    """Or none."""
    assert ("pg-main", "16.4") == named("Maintenance: upgrade pg-main to 16.4")
    assert ("", "") == named("Wartungsfenster Speichersystem")


def test_a_long_text_is_looked_at_from_its_beginning() -> None:
    """In bounded time."""
    assert told("x" * 1_000_000 + " deployed pay 2.1") is None


@pytest.mark.parametrize("words", ["a ", "so, ", "we've ", "ok: ", "i, i: "])
def test_words_said_over_and_over_take_no_time(words: str) -> None:
    """Each blank and comma is read in one way only."""
    assert told(words * 100) is None
