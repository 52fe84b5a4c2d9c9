# Everything is done by packaging/bootstrap.py, which makes .venv first where it is missing or out of date.
# Variables: PYTHON=python3.12 (3.11 or newer), TORCH_INDEX=URL (where pip takes torch from), ARGS="..." (passed on).

PYTHON ?= python3
BOOTSTRAP = $(PYTHON) packaging/bootstrap.py
export TORCH_INDEX

.PHONY: help run test package screenshots benchmarks results docs clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

run: ## Install what is missing and start the window
	@$(BOOTSTRAP) run $(ARGS)

test: ## Lint, types, import contracts and tests; ARGS go to pytest
	@$(BOOTSTRAP) test $(ARGS)

package: ## Build the program for those without Python, into dist/
	@$(BOOTSTRAP) package $(ARGS)

screenshots: ## Draw the pictures of the README and the guide anew
	@$(BOOTSTRAP) screenshots $(ARGS)

benchmarks: ## Measure what the program promises; ARGS are the names
	@$(BOOTSTRAP) benchmarks $(ARGS)

results: ## Run the experiments of the guide's table of results; ARGS are the names
	@$(BOOTSTRAP) results $(ARGS)

docs: ## Write the guide's tables from the declared parameters
	@$(BOOTSTRAP) docs $(ARGS)

clean: ## Remove what was built and cached; .venv stays
	@$(BOOTSTRAP) clean
