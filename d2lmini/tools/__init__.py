"""The course's own commands, behind `make`: setting up, opening, executing and checking notebooks.

Nothing here is needed to use d2lmini. `setup.sh` builds .venv, `lab.py` opens JupyterLab,
`execute.py` stores the notebooks' outputs, `checks/` says what is wrong with a stored notebook,
`pytest_plugin.py` reports what each lesson costs, and `bench/` measures speed.
"""
