# Everything runs from .venv as `python -m ...`: a console script's first line holds an absolute
# path, which breaks when the path has a space in it.
PY := .venv/bin/python
SETUP := sh d2lmini/tools/setup.sh

# Notebooks run with this .venv's kernel and matplotlib's inline backend, whatever the shell says.
export JUPYTER_PREFER_ENV_PATH := 1
unexport JUPYTER_PATH MPLBACKEND
# Read by the recipes and by setup.sh.
export PYTHON PORT BROWSER NB SUBMISSIONS OUT HUB PYODIDE

.DEFAULT_GOAL := help
, := ,
.PHONY: help setup lab test execute measure slides site site-test exercises grade demo-class bench \
	lint lock clean

help: ## show these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-17s%s\n", $$1, $$2 }'

setup: ## create .venv and install the course into it (PYTHON=python3.12)
	@$(SETUP)

lab: setup ## open JupyterLab on the first lesson (PORT=8890, BROWSER=none)
	@$(PY) -m d2lmini.tools.lab

# Two runs: three files at a time (loadfile keeps a notebook in one kernel), the longest first; then
# what is timed has the computer for itself. The threads of BLAS and PyTorch spin while they wait:
# three programs side by side took 89 s with them and 15 s without. Ours sleep.
T := d2lmini/tests
test: lint ## run every test and every lesson (JOBS=1 for one file at a time)
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 D2LMINI_THREADS=2 \
		$(PY) -m pytest -n $(or $(JOBS),3) --dist loadfile --no-loadscope-reorder \
		$(T)/browser $(T)/library/test_differential.py $(T)/grading $(T)/exercises \
		$(T)/lessons $(wildcard notebooks/*.ipynb) d2lmini notebooks/solutions --deselect $(T)/library/test_cost.py
	@$(PY) -m pytest $(T)/library/test_cost.py

execute: setup ## run the notebooks anew and store their outputs (NB=notebooks/01_tensors.ipynb)
	@$(PY) -m d2lmini.tools.execute $(if $(NB),"$$NB")

measure: setup ## the same for all lessons, and write their minutes, seconds and MB into README.md
	@$(PY) -m d2lmini.tools.execute --readme notebooks/[0-9]*.ipynb

slides: setup ## write the lessons as slides into build/slides, a file each
	@$(PY) -m d2lmini.tools.slides $(if $(NB),"$$NB")

# What learners do not need is no part of the lock.
WITH = $(PY) -c "import $(1)" 2>/dev/null || $(PY) -m pip install -q --disable-pip-version-check \
	-c requirements.txt --no-build-isolation -e ".[$(2)]"
site: setup ## write the course as a website that also runs it into build/site (HUB=, PYODIDE=)
	@$(call WITH,myst_nb$(,) jupyterlite_core,site)
	@$(PY) -m d2lmini.tools.site

site-test: setup ## run every lesson in the site with Chromium, for half an hour
	@$(call WITH,playwright$(,) myst_nb$(,) jupyterlite_core,browser$(,)site)
	@D2LMINI_SITE=all $(PY) -m pytest -s $(T)/browser/test_tab.py $(T)/browser/test_browser.py \
		$(T)/lessons/test_site.py

exercises: setup ## make the student's notebooks from the solutions
	@$(PY) -m d2lmini.tools.generate

grade: setup ## grade a folder of submissions (SUBMISSIONS=folder OUT=results)
	@$(PY) -m d2lmini.grading "$${SUBMISSIONS:?Say which folder: make grade SUBMISSIONS=folder}" \
		--out "$${OUT:-results}" $(GRADE)

demo-class: setup ## make 30 synthetic submissions and grade them
	@$(PY) -m d2lmini.grading.demo

bench: setup ## compare the speed with PyTorch, if installed (BENCH="--quick")
	@$(PY) -m d2lmini.tools.bench $(BENCH)

lint: setup ## check the style of code and notebooks
	@$(PY) -m ruff check .

lock: ## compile requirements.txt from pyproject.toml (delete it first for the newest versions)
	@python=$$($(SETUP) --which) && "$$python" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet uv
	@.venv-lock/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
		--fork-strategy fewest --extra course --extra test --extra build --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" -o requirements.txt pyproject.toml
	@rm -rf .venv-lock

clean: ## remove .venv and everything else that can be made again
	@rm -rf .venv .venv-lock .pytest_cache .ruff_cache .hypothesis build dist
	@find . -name __pycache__ -o -name .ipynb_checkpoints | tr '\n' '\0' | xargs -0 rm -rf
