# make run: the program on a sandbox of real servers. make serve: the gateway on it. make test: everything that has to
# hold. Each sets up what it needs.
# Bundles and setup programs are in installers/targets.mk.
BIN := .venv/bin
# What belongs to a file of requirements/, and nothing that has another hash.
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation -r
SAMPLE := resources/sample.mp3 --company "Acme Corp" --email john@acme.com --type demo
# Twice the cores of a small machine: a test that waits for a server or for time leaves its core to another.
AT_ONCE := 4
QUICK := tests/engine tests/calls tests/config tests/presentation
SCHEDULES := 5000
FUZZ_SECONDS := 600
SOAK_MINUTES := 60
GATEWAY_MINUTES := 10
MINUTES := 10
LAPTOPS := 6

.NOTPARALLEL:
.PHONY: run serve setup test prepared quick lint format style types layers tests fuzz corpus soak soak-gateway soak-laptops audit locks setup-tests clean

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/callup-desktop --sandbox; \
	else \
		echo "No display here, so the sample recording is sent from the console:" >&2; \
		exec $(BIN)/callup send $(SAMPLE) --sandbox; \
	fi

serve: setup
	@exec $(BIN)/callup serve --sandbox

setup:
	@./setup.sh

setup-tests:
	@./setup.sh --tests

test: prepared lint tests

# What pytest makes of the assertions is made beside mypy, which has one core only, and once: else each worker makes it.
prepared: setup-tests
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --collect-only -q >/dev/null 2>&1 &

lint: format style types layers

format: setup-tests
	$(BIN)/ruff format --check

style: setup-tests
	$(BIN)/ruff check

types: setup-tests
	$(BIN)/mypy

layers: setup-tests
	$(BIN)/lint-imports

# What a change to the engine, the rules or the words breaks first; under 20 seconds. What pytest makes of the assertions is
# kept also where PYTHONDONTWRITEBYTECODE is set: to make it anew takes as long as the tests.
quick: setup-tests
	$(BIN)/ruff check --quiet
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 2 -m "not slow" $(QUICK)

# Compiled first: the tests start hundreds of processes, and none writes bytecode where PYTHONDONTWRITEBYTECODE is set.
tests: setup-tests
	$(BIN)/python -m compileall -q callup_desktop tests
	$(BIN)/pytest -n $(AT_ONCE) --dist loadfile

# More random schedules of faults, pauses and crashes than a test run has time for, then mutated recordings.
fuzz: setup-tests
	$(INSTALL) requirements/fuzz.txt
	CALLUP_SCHEDULES=$(SCHEDULES) $(BIN)/pytest --timeout=0 tests/engine/test_schedules.py tests/faults/test_schedules_through_gateway.py
	$(BIN)/python -m tests.recordings.fuzz -max_total_time=$(FUZZ_SECONDS)

# Every kind of file that a rep may drop, with our verdict beside what ffprobe says.
corpus: setup-tests
	$(BIN)/python -m tests.recordings.table

# Random faults, deaths, power cuts and pauses over the real program and real servers; ends in what was lost: nothing.
soak: setup-tests
	$(BIN)/python -m tests.faults.soak --minutes $(SOAK_MINUTES)

# Three replicas of the gateway under load, killed at random while S3, MongoDB and SQS are restarted; ends in the same.
soak-gateway: setup-tests
	$(BIN)/python -m tests.gateway.soak --minutes $(GATEWAY_MINUTES)

# Laptops without keys behind them: all of that, and they are killed and lose their network, too.
soak-laptops: setup-tests
	$(BIN)/python -m tests.gateway.soak --laptops $(LAPTOPS) --minutes $(MINUTES)

# Published weaknesses of everything that constraints.txt pins; says so where their database is not reachable.
audit: setup-tests
	$(INSTALL) requirements/audit.txt
	$(BIN)/python -m tools.audit

# The hashes of everything that constraints.txt pins, as the package index gives them now.
locks: setup-tests
	$(INSTALL) requirements/locks.txt
	$(BIN)/python -m tools.locks

clean:
	rm -rf .venv .venv-other build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

include installers/targets.mk
