# `make demo` and `make test` need nothing but Python 3.11: they build one
# virtual environment in the clone, and work again in seconds.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
DOCS   := $(VENV)/.docs-ready

.PHONY: setup demo test lint docs clean

setup: $(STAMP)

$(STAMP): setup.py pyproject.toml $(wildcard requirements/*.txt) semtta_mm/compat/install.py
	@echo "[setup] virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@date +%s > $(VENV)/.started
	@echo "[setup] semtta_mm and its core (torch is the large part)"
	@$(BIN)/pip install -q -c requirements/constraints.txt -e '.[dev,blazepose,vlm]'
	@echo "[setup] mmpose and mmhuman3d"
	@$(BIN)/semtta install-mm -c requirements/constraints.txt
	@touch $@
	@echo "[setup] done in $$(( $$(date +%s) - $$(cat $(VENV)/.started) )) s," \
		"$$(du -sh $(VENV) | cut -f1)"

test: $(STAMP)
	@$(BIN)/python -m pytest

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# The site goes into site/; only the installation of MkDocs needs a network.
docs: $(DOCS)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "[docs] site/index.html"

$(DOCS): $(STAMP) requirements/docs.txt
	@echo "[setup] MkDocs"
	@$(BIN)/pip install -q -c requirements/constraints.txt -r requirements/docs.txt
	@touch $@

demo: $(STAMP)
	@$(BIN)/python tools/demo.py

clean:
	rm -rf $(VENV) .cache work_dirs site
