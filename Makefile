# The commands to remember. Everything runs in .venv, installed from the hashed locks in requirements/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Modules are kept compiled, even where Python is told not to: else every start of the tool and of the tests compiles.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-files test check static postgres mariadb redis chromium prometheus node fuzz bench docs picture lock format clean

# The shop's incident from files, then a live shop that breaks beside a server: two minutes and a half.
demo: demo-files
	$(BIN)/lastgood demo

demo-files: $(READY)
	PYTHONPATH=tests $(BIN)/python -m examples.shop.demo

check: static
	$(BIN)/pytest -n 3 --dist worksteal -q -m "not slow and not browser" --sample 130 --hypothesis-profile=check

# Everything; under CI=true a skipped test is a failure. The last line is pytest's own summary.
test: static postgres mariadb redis chromium prometheus node
	$(BIN)/pytest -n 3 --dist worksteal -q

# The record is tested against a real PostgreSQL, which the tests start themselves.
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
		{ apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends postgresql; }

# Sources of metrics are tested against a real Prometheus, which the tests start themselves.
prometheus:
	@command -v promtool >/dev/null || \
		{ apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends prometheus; }

# The TypeScript examples run in a real Node.
node:
	@command -v node >/dev/null || \
		{ apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends nodejs; }

# The pages are tested in a real browser: Debian's, driven by Playwright's Python package.
chromium:
	@command -v chromium >/dev/null || \
		{ apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends chromium; }

static: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# `lastgood sql` is tested against a real MariaDB, which the tests start themselves.
mariadb:
	@command -v mariadbd >/dev/null || ls /usr/sbin/mariadbd >/dev/null 2>&1 || \
		{ apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends mariadb-server-core; }

# The checks of known troubles are tested against a real Redis, which the tests start themselves.
redis:
	@command -v redis-server >/dev/null || \
		{ apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends redis-server; }

# Every source for a minute, from small inputs spoiled at random; FUZZ_SECONDS=3600 for longer.
fuzz: $(READY)
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) $(BIN)/pytest -n 2 -q tests/intake/test__registry.py -k stands_whatever

bench: $(READY)
	$(BIN)/python -m bench $(DATA) $(if $(ONLY),--only $(ONLY))

docs: $(READY)
	$(BIN)/python docs/generate.py

# The demo's answer as it is shown in the README.
picture: demo-files
	PYTHONPATH=tests $(BIN)/python -m docs.picture
	PYTHONPATH=tests $(BIN)/python -m docs.room_picture

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): requirements/bootstrap.lock requirements/dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements/bootstrap.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/bootstrap.lock requirements/dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . --editable ./kit
	$(BIN)/python -m compileall -q src kit/src
	touch $(READY)

# uv writes no registry host into these; a test holds that.
lock:
	uv pip compile --universal --generate-hashes --quiet --python-version 3.11 requirements/bootstrap.in -o requirements/bootstrap.lock
	uv pip compile --universal --generate-hashes --quiet --python-version 3.11 pyproject.toml -o requirements/runtime.lock
	uv pip compile --universal --generate-hashes --quiet --python-version 3.11 pyproject.toml --group dev -o requirements/dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
