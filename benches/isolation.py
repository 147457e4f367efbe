#!/usr/bin/env python3
"""What worker processes cost: the same folder cleaned with and without them, in turns.

    python3 benches/isolation.py PROGRAM INPUT [--runs N]

Prints the median of each in seconds on the clock and of processor time, and their ratios.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time


def once(program, source, work, isolation):
    """Seconds on the clock and of processor time for one run."""
    command = [
        program, "clean", source, "--output", os.path.join(work, isolation), "--isolation", isolation, "--quiet",
        "--key", os.path.join(work, "key"),
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("input")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    times = {"on": [], "off": []}
    with tempfile.TemporaryDirectory(prefix="fieldstrip-isolation-") as work:
        for _ in range(arguments.runs):
            for isolation, measured in times.items():
                measured.append(once(program, arguments.input, work, isolation))
    for index, what in enumerate(("clock", "processor")):
        on, off = (statistics.median(run[index] for run in times[isolation]) for isolation in ("on", "off"))
        print(f"{what:10} with workers {on:7.2f} s   without {off:7.2f} s   ratio {on / off:.3f}")


if __name__ == "__main__":
    main()
