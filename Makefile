# Every target sets up all it needs by itself, from the package registries.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
WITH_TORCH := .venv-models
ASSETS := web/static/vendor/MANIFEST.json

.PHONY: help demo test test-models check executable smoke bench eval lock clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: $(READY) $(ASSETS) ## The running product with live sample traffic, in the browser
	$(RUN) -m socialai demo

test: check ## Everything CI checks
	$(RUN) -m pytest -n auto --dist loadgroup
	@$(MAKE) --no-print-directory executable smoke

test-models: $(ASSETS) ## The recipes of the models on a sample, with torch; says so where it cannot be had
	@if $(MAKE) --no-print-directory $(WITH_TORCH)/.ready; \
	then $(WITH_TORCH)/bin/python -m pytest tests/recipes; \
	else echo "SKIPPED: torch cannot be had here (pip says why above); the recipes were not tested."; fi

check: $(READY) $(ASSETS) ## Lint, types and layers, without the tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

executable: $(READY) $(ASSETS) ## dist/socialai: one file with everything inside, for this kind of machine
	$(RUN) packaging/build_executable.py

smoke: ## Run dist/socialai as an owner would, with figures
	$(RUN) packaging/smoke.py dist/socialai

bench: $(READY) $(ASSETS) ## Measure speed, each figure beside what it is compared to
	$(RUN) -m socialai bench

eval: $(READY) ## Measure the models on data they have not seen
	$(RUN) -m socialai eval

lock: $(READY) ## Pin the newest versions that pyproject.toml allows
	$(RUN) -m pip install -q uv
	$(VENV)/bin/uv pip compile --universal --python-version 3.11 --group dev pyproject.toml -o requirements.lock -q --upgrade

clean: ## Remove what was built; data directories stay
	rm -rf $(VENV) $(WITH_TORCH) web/node_modules web/static/vendor dist build

$(READY): requirements.lock pyproject.toml
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) packaging/build_llama.py
	$(RUN) -m pip install -q -r requirements.lock
	$(RUN) -m pip install -q --no-deps -e .
	touch $@

$(WITH_TORCH)/.ready: requirements.lock pyproject.toml
	test -x $(WITH_TORCH)/bin/python || $(PYTHON) -m venv $(WITH_TORCH)
	$(WITH_TORCH)/bin/python -m pip install -q -r requirements.lock
	$(WITH_TORCH)/bin/python -m pip install -q -c requirements.lock -e '.[models]'
	touch $@

$(ASSETS): web/package-lock.json web/icons.txt packaging/vendor_assets.py | $(READY)
	$(RUN) packaging/vendor_assets.py
	touch $@
