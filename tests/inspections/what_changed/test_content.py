"""What changes hold, held against the symptom."""

from inspections.scenes import change, tips
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.algorithms.rivals import weight
from lastgood.inspections.what_changed.content import read_content, reasons, weights_of
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import (
    ASKED_FOR,
    CERTIFICATE_KIND,
    DNS_KIND,
    IDLE_DIFF,
    LOGS_ONLY,
    MIGRATION_KIND,
    OTHERWISE,
    SHARES_WORDS,
    TYPICAL,
    WORD_OF_DIFF,
    WORDS_COUNTED,
    WORDS_LEAST,
    WORDS_MOST,
)
from lastgood.model.change import Change
from lastgood.model.judgement import Reason

SLOW = Symptoms(frozenset({Trouble.LATENCY, Trouble.CONNECTIONS}), {"settlement": 1.0, "pool": 0.8})


def weighed(one: Change, diff: str, symptoms: Symptoms = SLOW) -> float:
    """The weight of the content of a change that is alone."""
    content = read_content(one, diff)
    return weight(reasons(one, content, symptoms, weights_of([content], ["cart"])))


def test_a_diff_that_makes_the_trouble_weighs_more_than_one_that_makes_another() -> None:
    """A smaller pool for connections that run out; a renamed field; a comment; a test."""
    pool = weighed(change("c", "commit", 1, files=("db.yaml",)), "-workers: 50\n+workers: 5\n")
    field = weighed(change("c", "commit", 1, files=("a.py",)), "-x['total']\n+x['sum']\n")
    comment = weighed(change("c", "commit", 1, files=("a.py",)), "-# a\n+# b\n")
    test = weighed(change("c", "commit", 1, files=("tests/test_a.py",)), "-workers = 50\n+workers = 5\n")

    assert pool > 1 > field > comment == test


def test_a_change_whose_content_is_not_known_stays_as_it_is() -> None:
    """No diff, no words in common."""
    assert 1.0 == weighed(change("c", "deploy", 1), "")


def test_a_setting_in_a_title_counts_as_its_diff() -> None:
    """As an audit log has it."""
    assert weighed(change("c", "config", 1, title="pool_size 50 -> 5"), "") > 2


def test_words_of_the_symptom_in_path_title_and_diff() -> None:
    """In the title more than in the diff; the name of a service tells nothing; a rival's rare word not this one's."""
    title = weighed(change("c", "commit", 1, title="rework Settlement"), "")
    diff = weighed(change("c", "commit", 1), "+settlement_total\n")

    assert title > diff > 1
    assert 1.0 == weighed(change("c", "commit", 1, title="cart"), "", Symptoms(frozenset(), {"cart": 1.0}))


def test_libraries_are_named() -> None:
    """So that their own commits can be found."""
    assert ["shop-http"] == read_content(
        change("c", "commit", 1, files=("requirements.txt",)), "-shop-http==1\n+shop-http==2\n"
    ).libraries


def test_a_migration_may_tell_its_statement_in_its_title() -> None:
    """There is no diff, but SQL."""
    locked = Symptoms(frozenset({Trouble.LOCKS}), {})

    assert (
        weighed(
            change("m", "migration", 1, title="ALTER TABLE orders ALTER COLUMN id TYPE bigint"), "", locked
        )
        > 2
    )


def test_a_name_that_is_taken_away_and_asked_for_tells_most() -> None:
    """The error names the field, written either way; another field's rename is no more than a rename."""
    fails = Symptoms(frozenset({Trouble.CODE}), {"carriercode": 1.0, "carrier": 1.0, "code": 1.0})
    one = change("c", "commit", 1, files=("a.py",))
    asked = weighed(one, '-x["carrier_code"]\n+x["carrierCode"]\n', fails)
    other = weighed(one, '-x["unit_price"]\n+x["unitPrice"]\n', fails)

    assert asked > 2.5 * other > 2.5


def test_what_only_changes_log_lines_weighs_little() -> None:
    """Less than what makes another trouble, more than a comment."""
    logs = weighed(change("c", "commit", 1, files=("a.yaml",)), "-log_format: text\n+log_format: json\n")

    assert weighed(change("c", "commit", 1, files=("a.py",)), "-# a\n+# b\n") < logs < 0.5


def found(one: Change, diff: str, symptoms: Symptoms = SLOW) -> list[Reason]:
    """The reasons of a change's content that is alone."""
    content = read_content(one, diff)
    return reasons(one, content, symptoms, weights_of([content], ["cart"]))


def test_each_content_weighs_what_its_row_says() -> None:
    """What is typical, at times, otherwise; what is asked for; log lines, tests, and kinds that are a trouble."""
    one = change("c", "commit", 1, files=("a.py",))
    smaller = "-pool_size: 50\n+pool_size: 5\n"
    pool = Symptoms(frozenset({Trouble.CONNECTIONS}), {})
    fails = Symptoms(frozenset({Trouble.CODE}), {"carriercode": 1.0})
    logs, tests = (
        change("c", "commit", 1, files=("a.yaml",)),
        change("c", "commit", 1, files=("tests/test_a.py",)),
    )

    assert tips(found(change("c", "commit", 1, files=("db.yaml",)), smaller, pool), TYPICAL)
    assert tips(found(one, '-x["total"]\n+x["sum"]\n', pool), OTHERWISE)
    assert tips(found(one, '-x["carrier_code"]\n+x["carrierCode"]\n', fails)[:1], ASKED_FOR)
    assert tips(found(logs, "-log_format: text\n+log_format: json\n"), LOGS_ONLY)
    assert tips(found(tests, smaller), IDLE_DIFF)
    for kind, trouble, row in (
        ("certificate", Trouble.CERTIFICATE, CERTIFICATE_KIND), ("dns", Trouble.DNS, DNS_KIND), ("migration", Trouble.LOCKS, MIGRATION_KIND),
    ):  # fmt: skip
        assert tips(found(change("c", kind, 1), "", Symptoms(frozenset({trouble}), {})), row)
    resolver, dns = (
        change("c", "commit", 1, files=("coredns/Corefile",)),
        Symptoms(frozenset({Trouble.DNS}), {}),
    )
    assert tips(found(resolver, "-forward . 10.0.0.2\n+forward . 10.0.0.3\n", dns)[-1:], DNS_KIND)
    assert [] == found(logs, "-retries: 2\n+retries: 3\n", Symptoms(frozenset(), {}))


def test_shared_words_count_by_their_rarity() -> None:
    """The rarest few, less when only the diff has them, none below the least, and no more than the most."""

    def words(title: str, diff: str, **rare: float) -> list[Reason]:
        symptoms = Symptoms(frozenset(), dict.fromkeys(rare, 1.0))
        one = change("c", "commit", 1, title=title)
        return reasons(one, read_content(one, diff), symptoms, rare)

    least = float(WORDS_LEAST)
    three = words("alpha bravo delta gamma", "", alpha=0.3, bravo=0.3, delta=0.3, gamma=0.25)

    assert tips(words("alpha", "", alpha=least), SHARES_WORDS * (1 + least))
    assert [] == words("alpha", "", alpha=least * 0.99)
    assert tips(words("", "+alpha\n", alpha=1.0), SHARES_WORDS * (1 + WORD_OF_DIFF))
    assert tips(three, 1 + 0.3 * WORDS_COUNTED)
    assert tips(words("alpha bravo", "", alpha=WORDS_MOST, bravo=1.0), SHARES_WORDS * (1 + WORDS_MOST))


def test_the_first_commit_of_a_repository_changed_nothing() -> None:
    """All of it is new; one with a parent shows what it did."""
    diff = "+memory: 256Mi\n+connection_timeout: 2\n"
    read = [
        read_content(
            change("c", "commit", 1, files=("app.yaml",), attributes={"authored_ns": "1", **more}), diff
        )
        for more in ({}, {"parents": "a1b2c3d4"})
    ]

    assert [False, True] == [content.read for content in read]
