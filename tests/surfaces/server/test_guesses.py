"""A limit on guessing passwords."""

from lastgood.surfaces.server.guesses import FAILURES, MOST_KNOWN, Guesses


def test_a_name_or_an_address_may_fail_only_so_often() -> None:
    """Another one may still; the right password forgets the failures; there is a bound on what is known."""
    guesses = Guesses()
    for _ in range(FAILURES):
        assert not guesses.too_many("name a", "address 1")
        guesses.failed("name a", "address 1")

    assert guesses.too_many("name a", "address 2")
    assert guesses.too_many("name b", "address 1")
    assert not guesses.too_many("name b", "address 2")
    guesses.succeeded("name a", "address 1")
    assert not guesses.too_many("name a", "address 1")
    for number in range(MOST_KNOWN + 2):
        guesses.failed(f"name {number}")
    assert not guesses.too_many("name 0")
