"""`python -m d2lmini.bench --quick`: the benchmarks; they are in tools/bench."""

from .tools.bench.__main__ import main

if __name__ == "__main__":
    main()
