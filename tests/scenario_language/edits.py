"""Edits that a generated scenario draws from: what a commit or a config change does, in a language, and what follows from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A file's edit and what it does to the hop of the service: `{n}` is the service's name, `{w}` a word drawn for it."""

    path: str
    lines: str
    fault: str


GUILTY = (
    Edit(
        "{n}/{w}.py",
        "@@ -8,5 +8,3 @@ def {w}(item):\n     found = lookup(item)\n-    if found is None:\n-        return 0\n     return found.{w}\n",
        "errors={share}% error=AttributeError message=\"'NoneType' object has no attribute '{w}'\"",
    ),
    Edit(
        "src/main/java/{n}/{w}.java",
        "@@ -20,5 +20,3 @@\n-        if ({w} == null) {{\n-            return Optional.empty();\n-        }}\n         return map({w});\n",
        'errors={share}% error=NullPointerException message="Cannot invoke method of {w} because it is null"',
    ),
    Edit(
        "internal/{w}/{w}.go",
        "@@ -9,4 +9,4 @@\n-\tctx, cancel := context.WithTimeout(ctx, 4*time.Second)\n+\tctx, cancel := context.WithTimeout(ctx, 40*time.Millisecond)\n \tdefer cancel()\n",
        'errors={share}% error=DeadlineExceeded message="{w}: context deadline exceeded"',
    ),
    Edit(
        "src/{w}.ts",
        "@@ -5,4 +5,4 @@\n   body: JSON.stringify({{\n-    'order_{w}': order.{w},\n+    'order{w}': order.{w},\n   }}),\n",
        'errors={share}% status=400 error=ValidationError message="missing required field order_{w}"',
    ),
    Edit(
        "config/{n}.yaml",
        "@@ -3,3 +3,3 @@\n database:\n-  pool_size: 60\n+  pool_size: 3\n",
        'errors={share}% latency=900ms error=PoolTimeout message="connection pool exhausted, timed out after 800 ms"',
    ),
    Edit(
        "lib/{w}.rb",
        "@@ -7,5 +7,3 @@\n-    begin\n-      {w}_for(order)\n-    rescue KeyError\n-      nil\n-    end\n+    {w}_for(order)\n",
        'errors={share}% error=KeyError message="key not found: {w}"',
    ),
    Edit(
        "src/{w}.rs",
        "@@ -4,3 +4,3 @@\n-    let n: u32 = raw.parse().unwrap_or(1);\n+    let n: u32 = raw.parse().unwrap();\n",
        'errors={share}% error=panic message="called `Result::unwrap()` on an `Err` value: ParseIntError in {w}"',
    ),
    Edit(
        "{n}/{w}.py",
        "@@ -3,3 +3,4 @@ def {w}(items):\n-    return db.fetch_all(query, ids=[i.id for i in items])\n+    for item in items:\n+        yield db.fetch_one(query, id=item.id)\n",
        "latency={slow}ms",
    ),
)  # fmt: skip
INNOCENT = (
    Edit("README.md", "@@ -1,1 +1,1 @@\n-# the {n}\n+# The {n}\n", ""),
    Edit("tests/test_{w}.py", "@@ -3,2 +3,3 @@\n+    assert {w}(None) is None\n", ""),
    Edit("web/{w}.css", "@@ -1,1 +1,1 @@\n-  color: red;\n+  color: teal;\n", ""),
    Edit(
        ".github/workflows/{n}.yml",
        "@@ -9,1 +9,1 @@\n-    timeout-minutes: 30\n+    timeout-minutes: 5\n",
        "",
    ),
    Edit(
        "{n}/{w}_notes.py",
        "@@ -2,1 +2,1 @@\n-# todo: {w} may be null, or time out\n+# {w} is never null and never times out\n",
        "",
    ),
)
WORDS = (
    "tariff",
    "quota",
    "margin",
    "voucher",
    "parcel",
    "surcharge",
    "locale",
    "roster",
    "carrier",
    "balance",
)
