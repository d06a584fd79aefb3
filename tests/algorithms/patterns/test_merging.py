"""Merging: which keys are one pattern."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.patterns.keys import Key, key_of
from lastgood.algorithms.patterns.merging import merge, slots_of

SYMBOLS = st.sampled_from(
    ["<*>", "open", "close", "user", "file", "a.b.c", "x.y.z", "p.q.r", "eth#", "(", ")", "=", '"']
)
KEYS = st.lists(st.lists(SYMBOLS, min_size=1, max_size=7).map(tuple), max_size=25)


def _patterns(*messages: str) -> int:
    return len(set(merge(key_of(message) for message in messages).values()))


def test_a_value_in_one_place_makes_it_a_variable() -> None:
    """A word where others have a value is a value."""
    assert 1 == _patterns("retry after 5 tries", "retry after many tries")


def test_few_words_stay_apart_and_many_are_a_variable() -> None:
    """Two outcomes are two patterns; five names in one place are one."""
    assert 2 == _patterns("card was declined today", "card was expired today")
    assert 1 == _patterns(*(f"asked {name} for help" for name in ("ann", "bob", "cid", "dan", "eva")))


def test_a_first_word_says_what_happened() -> None:
    """Five first words stay apart, for the first word carries identity."""
    assert 5 == _patterns(*(f"{verb} the large file" for verb in ("read", "wrote", "lost", "found", "moved")))


def test_words_after_user_are_names() -> None:
    """Two are enough where the word before says that a name comes."""
    assert 1 == _patterns("login by user ann accepted", "login by user bob accepted")


def test_the_name_of_a_field_is_never_a_variable() -> None:
    """What stands before `=` says which field it is."""
    names = ("size", "count", "age", "depth", "width", "weight")
    assert len(names) == _patterns(*(f"cache set {name}=1" for name in names))


def test_optional_notes_make_no_difference() -> None:
    """`(3 left)` may be there or not when the rest agrees; so may a longer span where others have a value."""
    assert 1 == _patterns("parcel was sent away", "parcel (7) was sent away")


def test_packages_in_several_places_are_variables() -> None:
    """Three keys that differ in dotted names at once are one pattern."""
    messages = ("cast a.b.One to a.c.Two now", "cast b.b.One to b.c.Two now", "cast e.b.One to e.c.Two now")
    assert 1 == _patterns(*messages)


def test_slots_are_listed_fullest_first() -> None:
    """A slot is where keys differ while they agree everywhere else."""
    keys = [key_of(text) for text in ("door opened", "door closed", "door locked", "lid opened")]
    (first, members), (second, fewer) = slots_of(keys)
    assert ((1, ("door",), ()), 3) == (first, len(members))
    assert ((0, (), ("opened",)), 2) == (second, len(fewer))


@given(KEYS)
def test_the_order_of_keys_makes_no_difference(keys: list[Key]) -> None:
    """The result is a function of the set."""
    assert merge(keys) == merge(reversed(keys))


@given(KEYS)
def test_every_key_has_a_representative(keys: list[Key]) -> None:
    """Nothing is lost, and nothing is made up."""
    assert set(keys) == set(merge(keys))
