# Everything from a fresh clone, with nothing but Python 3.11 to 3.13 and make.
#   make chat [PLAN=FILE]   talk to the bot; imports the sample plan, or FILE, first
#   make test               run all tests, on SQLite and PostgreSQL
#   make lint               ruff and mypy
#   make format             let ruff put the code in order
#   make bench              accuracy and speed, beside other search engines
#   make clean              remove what was built; data/run, your data, stays

PLAN = data/samples/sample-plan.txt
export PLAN
# Another environment that happens to be active must not matter; nor may each of the
# hundred processes that the tests start compile all the sources again.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

BIN = .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
IS_RIGHT = import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.PHONY: help chat test lint format bench clean

help:
	@sed -n '2,7s/^# *//p' Makefile

# By way of the environment, so that the path may hold blanks and quotes.
chat: .venv/installed
	@$(BIN)/bot chat --plan "$$PLAN"

test: .venv/installed
	$(BIN)/pytest --numprocesses=3 --dist=worksteal

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/installed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/installed-bench
	$(BIN)/python -m bench.accuracy
	$(BIN)/python -m bench.search_speed
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.mail
	$(BIN)/python -m bench.telegram

clean:
	rm -rf .venv build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A command of that name may exist and still not run, so each one is tried. The system's
# own comes first: it is built with optimisation by profile, one from pyenv is not.
$(BIN)/python:
	@for python in /usr/bin/python3 python3.11 python3 python3.12 python3.13; do \
	    if $$python -c '$(IS_RIGHT)' 2>/dev/null; then \
	        echo "正在建立虚拟环境 .venv（$$($$python --version)）……"; \
	        $$python -m venv --clear .venv && exit 0; \
	        echo '虚拟环境没有建成；Debian、Ubuntu 上请先运行 apt install python3-venv。' >&2; \
	        exit 1; \
	    fi; \
	done; \
	echo '没有找到 Python 3.11、3.12 或 3.13，请先安装其中之一；Debian、Ubuntu 上还要 apt install python3-venv。' >&2; exit 1

.venv/installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo '正在安装依赖，第一次需要一两分钟……'
	@$(INSTALL) -e '.[test,postgres]'
	@touch $@

.venv/installed-bench: .venv/installed
	@$(INSTALL) -e '.[test,postgres,bench]'
	@touch $@
