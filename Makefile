# make demo   the main job on sample_images, then the app on this computer only
# make test   lint, types, layers, tests: all that a change must pass
# make translations   texts of the app: extract, update, compile (docs/app.md)
# make test-postgres   tests of the store with a real server, installed if missing (Debian)
# The same without make is in docs/install.md.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: test test-postgres demo format translations clean

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder -m "not slow"

test-postgres: $(VENV)/.dev
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; }
	HAIRTRACK_TEST_POSTGRES=1 $(BIN)/pytest tests/store tests/workflows/test_series.py \
		tests/workflows/test_library.py

demo: $(VENV)/.package
	$(BIN)/hairtrack demo

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

LOCALE := src/hairtrack/app/locale
ERRORS := CourseError FolderError HairtrackError LibraryError PhotoError RefusedArchive \
	ColourMissing NoHeadFound PhotoDamaged PhotoMissing PhotoTooLarge PhotoTooSmall \
	RegistrationFailed SystemLibrariesMissing UnreadablePhoto UnsupportedFormat
KEYWORDS := -k Message -k plural_message:1,2 -k N_ -k _ -k ngettext:1,2 $(ERRORS:%=-k %)

# Bring the texts of all languages up to date; what a language lacks is empty in its file.
translations: $(VENV)/.dev
	mkdir -p build
	$(BIN)/pybabel extract -F pyproject.toml --no-default-keywords $(KEYWORDS) \
		--sort-by-file --no-location -o build/hairtrack.pot src/hairtrack
	$(BIN)/pybabel update -D hairtrack -i build/hairtrack.pot -d $(LOCALE) --width 92 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	# Babel takes "95 % interval" for a printf format; the tests check the places.
	-$(BIN)/pybabel compile -D hairtrack -d $(LOCALE)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.package: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.package
