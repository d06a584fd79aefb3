"""Calls to others are seen with what is around them: a loop, a wait, a retry."""

import pytest

from lastgood.algorithms.diffs.calling import calling_effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


def kinds(diff: str, path: str = "cart.py") -> set[EffectKind]:
    """The kinds of the effects of all places."""
    return {effect.kind for hunk in hunks(diff, path) for effect in calling_effects(read(hunk))}


def test_a_call_under_a_loop_that_was_there_is_a_call_for_each() -> None:
    """The loop stands above; what is deeper is in it, other lines are not."""
    looped = " for item in items:\n+    price = client.get_price(item)\n     total += price\n"

    assert {EffectKind.CALLS_IN_LOOP} == kinds(looped)
    assert EffectKind.CALLS_IN_LOOP not in kinds(looped.replace("+    price", "+price"))


def test_what_is_gone_through_is_asked_for_once() -> None:
    """The call before the loop is not in it."""
    assert set() == kinds("-for a in names:\n+for a in client.fetch_names():\n     show(a)\n")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", "rows = repo.find_many(ids)", "rows = [repo.find_one(i) for i in ids]"),
        ("a.ts", "const r = await repo.findByIds(ids);", "const r = ids.map((i) => repo.findOne(i));"),
        ("A.java", "var r = repo.findAllById(ids);", "ids.forEach(i -> r.add(repo.findById(i)));"),
        ("a.rb", "r = repo.find_many(ids)", "r = ids.map { |i| repo.find_one(i) }"),
        ("A.kt", "val r = repo.findMany(ids)", "val r = ids.map { repo.findOne(it) }"),
    ],
)
def test_one_call_for_all_became_one_for_each(path: str, before: str, after: str) -> None:
    """In the loops of every language."""
    assert {EffectKind.CALLS_IN_LOOP} == kinds(f"-{before}\n+{after}\n", path)
    assert set() == kinds(f"-{after}\n+{before}\n", path)


def test_several_at_once() -> None:
    """One after another before."""
    assert {EffectKind.CONCURRENCY_RAISED} == kinds(
        " for _, p := range ps {\n-\tvisit(p)\n+\tgo visit(p)\n }\n", "a.go"
    )


def test_tries_without_a_pause() -> None:
    """The wait between them is gone."""
    assert {EffectKind.RETRY_ADDED} == kinds(
        " for i := 0; i < 5; i++ {\n \tf()\n-\ttime.Sleep(pause)\n }\n", "a.go"
    )


def test_a_handler_that_is_no_longer_registered() -> None:
    """A route, not a look-up of the same name."""
    assert {EffectKind.REGISTRATION_REMOVED} == kinds("-app.get('/orders', orders);\n", "a.ts")
    assert set() == kinds("-settings.get(name, fallback);\n", "a.ts")
