"""`python -m d2lmini.tools.bench`, or `make bench`: the command line of the benchmarks."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from statistics import median

from . import accuracy, compare, growth


def import_seconds(rounds: int = 7) -> dict[str, float]:
    """Median seconds of a Python process that imports NumPy, and of one that imports d2lmini."""
    seconds = {"numpy": [], "d2lmini": []}
    for _ in range(rounds):
        for module, times in seconds.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
            times.append(time.perf_counter() - start)
    return {module: median(times) for module, times in seconds.items()}


def plot(result: dict, path: str) -> None:
    """A bar for each model and variant, d2lmini's time divided by the variant's, as a PNG file."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(result), figsize=(4 * len(result), 3.2), squeeze=False)
    for ax, (title, rows) in zip(axes[0], result.items()):
        names = [n for n, r in rows.items() if isinstance(r, dict) and n != "d2lmini"]
        ax.barh(names[::-1], [rows[n]["ratio"] for n in names[::-1]], color="#0072B2")
        ax.axvline(1, color="black", linewidth=1)
        ax.set(title=title, xlabel="d2lmini's time / its time")
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m d2lmini.tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes, SGD only")
    parser.add_argument("--models", nargs="+", default=list(compare.BATCH),
                        choices=list(compare.BATCH))
    parser.add_argument("--against", nargs="+", help="variants to compare with (default: all)",
                        choices=list(compare.VARIANTS), metavar="VARIANT")
    parser.add_argument("--accuracy", action="store_true", help="time to learn MNIST, three seeds")
    parser.add_argument("--validate", action="store_true", help="the same on validation data")
    parser.add_argument("--recipes", nargs="+", help="which to learn with (default: all)",
                        choices=list(accuracy.RECIPES), metavar="RECIPE",
                        default=list(accuracy.RECIPES))
    parser.add_argument("--growth", action="store_true", help="only growth and single operators")
    parser.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--plot", metavar="FILE", help="write a picture of the ratios to FILE")
    args = parser.parse_args()
    found = {"heading": compare.heading()}
    print("\n".join(f"{key}: {value}" for key, value in found["heading"].items()), "\n")
    if args.accuracy or args.validate:
        found["accuracy"] = accuracy.accuracy(args.recipes, validate=args.validate)
    else:
        if not args.growth:
            _speed(args, found)
        if args.growth or not args.quick:
            _growth(args, found)
    if args.json:
        with open(args.json, "w") as file:
            json.dump(found, file, indent=1)


def _speed(args, found: dict) -> None:
    variants = ["d2lmini"] + [n for n in compare.installed() if n != "d2lmini"
                              and (args.against is None or n in args.against)]
    found["import seconds"] = import_seconds()
    print("import:", ", ".join(f"{k} {v:.3f} s" for k, v in found["import seconds"].items()), "\n")
    found["speed"] = {}
    for model in args.models:
        for optimizer in ["sgd"] if args.quick else ["sgd", "adam"]:
            result = compare.compare(model, optimizer, variants, rounds=5 if args.quick else 11,
                                     seconds=1 if args.quick else 6)
            found["speed"][f"{model}, {optimizer}"] = result
            print(compare.table(model, optimizer, result), "\n", flush=True)
    if args.plot:
        plot(found["speed"], args.plot)


def _growth(args, found: dict) -> None:
    found["growth"] = growth.growth(args.quick)
    for name, row in found["growth"].items():
        times = ", ".join(f"{n}: {1e3 * s:.1f} ms" for n, s in zip(row["sizes"], row["seconds"]))
        print(f"growth with {name:6} exponent {row['exponent']:.2f}   {times}", flush=True)
    found["operators"] = growth.operators()
    for name, row in found["operators"].items():
        print(f"{name:26} forward {row['forward']:7.3f} ms, backward {row['backward']:7.3f} ms")
    found["tape"] = growth.tape_share()
    shares = (f"{model} {share:.1%}" for model, share in found["tape"].items())
    print("share of the tape in a step:", ", ".join(shares))


if __name__ == "__main__":
    main()
