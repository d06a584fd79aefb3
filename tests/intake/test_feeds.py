"""Entries of feeds as changes of third parties."""

from outcomes import outcome
from platforms import ATOM, RSS


def test_an_entry_is_a_change_of_a_third_party() -> None:
    """Of the one that the feed is called after; an entry without a time is a reject."""
    found = outcome(RSS, "feed.xml")
    first, _ = found.rows["lg_changes"]

    assert ("third_party", "Amazon Web Services Service Status", "feed/https://status.aws.test/#sqs_1") == (
        first["Kind"], first["Service"], first["Id"]
    )  # fmt: skip
    assert first["Title"].endswith(
        "Service impact: Increased Error Rates: We are investigating increased error rates & latencies."
    )
    assert ["not understood: an entry without a time"] == [one.reason for one in found.rejects]
    assert found.balanced


def test_who_wrote_it_and_where() -> None:
    """As Atom says it."""
    (row,) = outcome(ATOM, "feed.xml").rows["lg_changes"]

    assert ("Kim", "https://payments.test/1", "Payments: Cards fail: Investigating") == (
        row["Actor"],
        row["Url"],
        row["Title"],
    )


def test_a_feed_that_is_cut_off_is_a_reject() -> None:
    """As a whole."""
    found = outcome(ATOM[:300], "feed.xml")

    assert ["no whole feed, or one that declares entities"] == [one.reason for one in found.rejects]
    assert found.balanced
