"""Starting: `python -m lastgood` and nothing imported before it is needed."""

import subprocess
import sys

HEAVY = ("numpy", "pyarrow", "scipy", "chdb", "clickhouse_connect", "jinja2", "vl_convert", "sqlglot")


def test_help_imports_nothing_heavy() -> None:
    """A person who asks for help does not wait for a database engine."""
    asked = [sys.executable, "-X", "importtime", "-m", "lastgood", "--help"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines()}

    assert "triage" in said.stdout
    assert set() == imported & set(HEAVY)


def test_arrow_does_not_bring_pandas() -> None:
    """Half a second of every run that nothing uses."""
    code = (
        "import sys\nfrom lastgood.__main__ import main\nsys.argv = ['lastgood', '--version']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import pyarrow as pa\npa.array([1, 2]).to_numpy()\nprint('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "False" == said.stdout.splitlines()[-1]
