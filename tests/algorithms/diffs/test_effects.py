"""What a diff does is read out of its structure, in every language, and nothing is read out of what does not run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.diffs.samples import HARMLESS, IDLE, SAMPLES
from lastgood.algorithms.diffs.effects import commented, effects, explained, idle, logged
from lastgood.algorithms.diffs.kinds import EffectKind, Trouble


@pytest.mark.parametrize(
    ("path", "diff", "wanted"), SAMPLES, ids=[f"{s[0]} {i}" for i, s in enumerate(SAMPLES)]
)
def test_what_an_edit_does_is_recognised(path: str, diff: str, wanted: set[EffectKind]) -> None:
    """The effect that an engineer reads out of it is among those found, with a line of the diff."""
    found = effects(diff, [path])

    assert wanted <= {effect.kind for effect in found}
    assert all(effect.path == path and effect.line for effect in found)


@pytest.mark.parametrize(("path", "diff"), IDLE, ids=[path for path, _ in IDLE])
def test_what_does_not_serve_has_no_effect(path: str, diff: str) -> None:
    """Tests, prose, styles and pipelines may say anything."""
    assert () == effects(diff, [path])
    assert idle(diff, [path])


@pytest.mark.parametrize(("path", "diff"), HARMLESS, ids=[f"{s[0]} {i}" for i, s in enumerate(HARMLESS)])
def test_what_only_reads_otherwise_has_no_effect(path: str, diff: str) -> None:
    """A comment, a local name, a typo."""
    assert () == effects(diff, [path])
    assert not idle(diff, [path])


def test_one_file_that_runs_is_enough_to_be_no_idle_change() -> None:
    """Code with its test is code."""
    assert not idle("", ["src/cart.py", "tests/test_cart.py"])
    assert not idle("", [])


def test_an_effect_says_from_what_to_what_and_where() -> None:
    """The values with their units, the line and the function."""
    diff = "@@ -7,3 +7,3 @@\n func Fetch(u string) {\n-\tc.SetTimeout(5*time.Second)\n+\tc.SetTimeout(50*time.Millisecond)\n }\n"
    (found,) = effects(diff, ["a.go"])

    assert ("SetTimeout 5*time.Second → 50*time.Millisecond", 8, "Fetch") == (
        found.what,
        found.number,
        found.function,
    )


def test_what_is_renamed_wherever_it_is_declared_is_the_same() -> None:
    """A member that the diff declares under its new name; of one that it does not, others may not know."""
    used = "diff --git a/a.py b/a.py\n@@ -1,3 +1,3 @@\n-    show(order.total)\n+    show(order.amount)\n"
    declared = "diff --git a/b.py b/b.py\n@@ -1,3 +1,3 @@\n-        self.total = total\n+        self.amount = total\n"

    assert [EffectKind.FIELD_RENAMED] == [effect.kind for effect in effects(used)]
    assert () == effects(used + declared)


def test_what_a_new_function_refuses_was_never_taken() -> None:
    """Until something calls it."""
    made = "+def place(order):\n+    if not order.region:\n+        raise BadRequest()\n+    save(order)\n"

    assert () == effects(made, ["a.py"])
    assert [EffectKind.CHECK_ADDED] == [effect.kind for effect in effects(f"{made}+place(a)\n", ["a.py"])]


def test_comments_alone() -> None:
    """Every changed line is one, or not."""
    assert commented("-# a\n+# b\n", ["a.py"])
    assert not commented("-# a\n+b = 1\n", ["a.py"])
    assert not commented("")


def test_what_log_lines_say_alone() -> None:
    """How a line reads, not how many there are nor what else is done."""
    assert logged('-  log.Printf("got %s", q)\n+  slog.Info("got", "q", q)\n', ["a.go"])
    assert logged("-log_format: text\n+log_format: json\n", ["a.yaml"])
    assert not logged("-log_level: info\n+log_level: debug\n", ["a.yaml"])
    assert not logged('-  log.Printf("got %s", q)\n+  load(q)\n', ["a.go"])


def test_an_effect_explains_what_it_typically_does_more_than_what_it_may_do() -> None:
    """A pool that was lowered: its own exhaustion, slowness at times, a certificate never."""
    (lowered,) = effects("-pool_size: 50\n+pool_size: 5\n", ["a.yaml"])

    assert [1.0, 0.35, 0.0] == [
        explained(lowered, {trouble})
        for trouble in (Trouble.CONNECTIONS, Trouble.LATENCY, Trouble.CERTIFICATE)
    ]


_PIECES = st.sampled_from(
    ["diff --git a/x.py b/x.py", "--- a/x.py", "+++ b/x.py", "@@ -1,2 +1,2 @@ def f():", "-", "+", " ", "\\ No newline at end of file",
     "timeout=", "30", "if x is None:", "for a in b:", "LIMIT", "{", "'", '"', "\x00", "999999999999999999999", "*", "1e999"]
)  # fmt: skip


@given(
    st.one_of(
        st.text(),
        st.binary().map(lambda raw: raw.decode("utf-8", "replace")),
        st.lists(_PIECES).map("\n".join),
        st.lists(_PIECES).map("".join),
    ),
    st.lists(st.text(), max_size=2),
)
def test_no_text_stops_it(text: str, files: list[str]) -> None:
    """Whatever the bytes, effects come back, each with its meaning, the same ones each time."""
    found = effects(text, files)

    assert found == effects(text, files)
    assert all(effect.meaning.typical or effect.meaning.at_times for effect in found)
    idle(text, files)
    commented(text, files)


@pytest.mark.parametrize(
    "piece", ["x", "a.b(", "a=", " ", "1*", "a/", "static final ", "if a.b(c(d(", "ALTER x "]
)
def test_no_line_takes_long_to_read(piece: str) -> None:
    """What comes of a line does not grow with its repetition: long lines are cut."""
    line, longer = (f"+{piece * count}" for count in (400, 40_000))

    assert effects(line, ["a.py"]) == effects(longer, ["a.py"])
