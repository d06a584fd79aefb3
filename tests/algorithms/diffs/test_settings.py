"""Settings are read before and after, with what was done to them."""

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.settings import purpose, setting_effects
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks
from lastgood.algorithms.metric_meaning import words


def reported(diff: str, path: str = "app.yaml") -> list[tuple[EffectKind, str, float | None]]:
    """Kind, what, and seconds of every effect."""
    (hunk,) = hunks(diff, path)
    return [(effect.kind, effect.what, effect.seconds) for effect in setting_effects(read(hunk))]


def test_a_lifetime_that_is_shortened_says_when_it_bites() -> None:
    """An hour later, not at once."""
    assert [(EffectKind.TTL_SHORTENED, "token_lifetime 24h → 1h", 3600.0)] == reported(
        "-token_lifetime: 24h\n+token_lifetime: 1h\n"
    )


def test_a_setting_that_is_raised_is_reported_from_one_that_is_lowered() -> None:
    """The same name, both ways."""
    assert EffectKind.POOL_RAISED is reported("-workers: 4\n+workers: 64\n")[0][0]
    assert EffectKind.POOL_LOWERED is reported("-workers: 64\n+workers: 4\n")[0][0]


def test_zero_is_no_limit() -> None:
    """A timeout of 0 is none, a retention of 0 ends at once."""
    assert EffectKind.TIMEOUT_LENGTHENED is reported("-timeout: 30s\n+timeout: 0s\n")[0][0]
    assert EffectKind.SIZE_UNLIMITED is reported("-max_body: 100\n+max_body: 0\n")[0][0]


def test_another_unit_is_no_change() -> None:
    """Half a second by another name."""
    assert [] == reported("-timeout: 500ms\n+timeout: 0.5s\n")


def test_a_setting_that_another_of_its_purpose_replaces_is_compared_with_it() -> None:
    """The name went, the timeout stayed, but shorter."""
    assert EffectKind.TIMEOUT_SHORTENED is reported("-readTimeout: 30s\n+responseTimeout: 1s\n")[0][0]


def test_a_comment_sets_nothing() -> None:
    """Whatever it says."""
    assert [] == reported("-# pool: 5\n+# pool: 50\n")


def test_the_purpose_is_in_the_words() -> None:
    """The first that fits; none where the words do not tell."""
    names = ("maxPoolSize", "session-max-age", "requests_per_second", "RETRY_ATTEMPTS", "colour")

    assert ["pool", "lifetime", "rate", "retry", None] == [
        (found := purpose(words(name))) and found[0] for name in names
    ]


def test_directives_without_a_sign_are_settings() -> None:
    """nginx, HAProxy and CoreDNS put a name and its value side by side."""
    nginx = reported("-  proxy_read_timeout 60s;\n+  proxy_read_timeout 5s;\n", "nginx.conf")
    haproxy = reported("-  timeout server 30s\n+  timeout server 3s\n", "lb/haproxy.cfg")
    dns = reported("-    forward . 10.0.0.2\n+    forward . 10.9.0.2\n", "k8s/Corefile")

    assert [EffectKind.TIMEOUT_SHORTENED] == [kind for kind, _, _ in nginx]
    assert [EffectKind.TIMEOUT_SHORTENED] == [kind for kind, _, _ in haproxy]
    assert [EffectKind.ENDPOINT_CHANGED] == [kind for kind, _, _ in dns]


def test_a_machine_is_smaller_by_its_class() -> None:
    """Sizes of one make in their order; a larger one lowers nothing."""
    smaller = '-  instance_class = "db.r6g.2xlarge"\n+  instance_class = "db.t4g.small"\n'
    larger = '-  instance_type = "m5.large"\n+  instance_type = "m5.2xlarge"\n'

    assert [EffectKind.MACHINE_LOWERED] == [effect.kind for effect in effects(smaller, ["db.tf"])]
    assert () == effects(larger, ["db.tf"])


def test_a_general_name_is_of_what_is_around_it() -> None:
    """A limit of a pool, of what a cache keeps, of tries."""
    pool = reported("-const p = new Pool({ max: 40 });\n+const p = new Pool({ max: 4 });\n", "db.ts")
    tries = reported("-got(url, { retry: { limit: 1 } });\n+got(url, { retry: { limit: 9 } });\n", "http.ts")
    listed = reported("   - name: LOG_LEVEL\n-    value: warn\n+    value: debug\n", "k8s/a.yaml")

    assert [(EffectKind.POOL_LOWERED, "max 40 → 4", None)] == pool
    assert [(EffectKind.RETRY_ADDED, "limit 1 → 9", None)] == tries
    assert [(EffectKind.LOG_LEVEL_RAISED, "LOG_LEVEL warn → debug", None)] == listed


def test_a_time_beside_what_is_kept_is_a_lifetime() -> None:
    """No word of its own says so; a wait is none."""
    kept = reported("-rdb.Set(ctx, k, v, 24*time.Hour)\n+rdb.Set(ctx, k, v, 5*time.Minute)\n", "a.go")
    waited = reported("-stub.wait(Duration::from_secs(9))\n+stub.wait(Duration::from_secs(1))\n", "a.rs")

    assert [(EffectKind.TTL_SHORTENED, 300.0)] == [(kind, seconds) for kind, _, seconds in kept]
    assert [] == waited


def test_what_is_only_named_now_is_the_same() -> None:
    """A number that got a name."""
    assert [] == reported("-    http.setTimeout(2000);\n+    http.setTimeout(TIMEOUT_MS);\n", "A.java")


def test_the_last_amount_of_a_directive_counts() -> None:
    """HAProxy."""
    before = " server c1 10.2.2.1:80 check maxconn 200"

    assert [EffectKind.POOL_LOWERED] == [
        kind for kind, _, _ in reported(f"-{before}\n+{before[:-2]}\n", "haproxy.cfg")
    ]
