# Makes .venv ready: the locked packages, and d2lmini itself as an editable install.
#     sh d2lmini/tools/setup.sh           what make calls, in the repository's top folder
#     sh d2lmini/tools/setup.sh --which   only names the Python that a new .venv would use
# PYTHON names the Python to use. The file .venv/ready is written last and says what was
# installed, so a finished .venv costs nothing here and a half-built one is built anew.
set -eu

stop() { echo "$*" >&2; exit 1; }

# "3.12", or nothing for a command that is missing or fails (a pyenv shim may do either).
version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }

supported() { case "$(version "$1")" in 3.11 | 3.12 | 3.13 | 3.14) true ;; *) false ;; esac; }

choose() {
    needs="The course needs Python 3.11, 3.12, 3.13 or 3.14"
    cure="Install one, from python.org or your system, and name it: make lab PYTHON=python3.12"
    if [ -n "${PYTHON:-}" ]; then
        supported "$PYTHON" && echo "$PYTHON" && return
        found=$(version "$PYTHON")
        [ -n "$found" ] || stop "$needs, and PYTHON=$PYTHON does not run. $cure"
        stop "$needs, and PYTHON=$PYTHON is Python $found. $cure"
    fi
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        supported "$python" && echo "$python" && return
    done
    stop "$needs, and none was found. $cure"
}

# The log keeps pip's own words; a learner gets one sentence.
install() {
    .venv/bin/python -m pip install --disable-pip-version-check "$@" >.venv/setup.log 2>&1 ||
        stop "The packages could not be installed. Is this computer connected to the network?" \
            "Then run the same command again; pip's report is in .venv/setup.log."
}

if [ "${1:-}" = --which ]; then
    choose
    exit
fi

# Line 1 of .venv/ready: the Python, and the folder that the editable install points to.
# Line 2: a checksum of the two files that say what to install.
built=$(sed -n 1p .venv/ready 2>/dev/null || true)
wanted=$(version .venv/bin/python)
if [ -n "${PYTHON:-}" ]; then
    python=$(choose)
    wanted=$(version "$python")
fi

if [ -z "$built" ] || [ "$built" != "$wanted $PWD" ]; then
    python=$(choose)
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$python has no venv module. On Debian and Ubuntu install it with" \
            "'sudo apt install python3-venv', then run the same command again."
    echo "Setting up .venv with Python $(version "$python"): once, for a minute or two."
    "$python" -m venv --clear .venv || stop "$python could not create the folder .venv."
fi

packages=$(cat requirements.txt pyproject.toml | cksum)
[ "$(sed -n 2p .venv/ready 2>/dev/null || true)" = "$packages" ] && exit

rm -f .venv/ready
echo "Installing the packages of requirements.txt."
install -r requirements.txt
# The build backend is in the lock, so this step needs no network of its own.
install --no-deps --no-build-isolation -e .
# JupyterLab would ask a learner whether it may fetch news.
mkdir -p .venv/share/jupyter/lab/settings
printf '%s\n' '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}' \
    >.venv/share/jupyter/lab/settings/overrides.json
printf '%s\n' "$(version .venv/bin/python) $PWD" "$packages" >.venv/ready
