#!/usr/bin/env python3
"""Cleans an input once and says what that took; one line for each call, under the heading that `--heading` prints.

    benches/scale/measure.py PROGRAM INPUT WORK [--like SECONDS CPU_SECONDS FILES BYTES] [--policy POLICY] [--jobs N]
    benches/scale/measure.py --heading

Release and review folder are made in WORK and removed again. Peak memory is the high-water mark of resident pages (VmHWM)
that Linux keeps for each process, read every 50 ms: of the program itself, and of the largest of its children. `cpu s` is
processor time of all of them, `slope` the time on the clock for each file divided by that of `--like`, `cpu slope`
the same of processor time, which other work on the machine hardly changes, and `B/file` the memory of the program for each
file more than there. On standard error stands what the next call can compare itself with.
"""

import argparse
import collections
import json
import pathlib
import resource
import shutil
import subprocess
import sys
import time

EVERY = 0.05
HEADING = (
    f"{'input':<22}{'files':>8}{'MB':>9}{'seconds':>10}{'cpu s':>9}{'files/s':>10}{'MB/s':>9}{'parent MB':>11}"
    f"{'worker MB':>11}{'slope':>8}{'cpu slope':>11}{'B/file':>8}  outcomes"
)


def peak_of(process):
    """Bytes that this process had in memory at most, 0 if it is gone."""
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def children_of(process):
    """All processes below this one; none if it ends meanwhile."""
    try:
        lists = [tasks.read_text(encoding="utf-8") for tasks in pathlib.Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    direct = [int(child) for children in lists for child in children.split()]
    return direct + [below for child in direct for below in children_of(child)]


def run(command):
    """Seconds that a command took on the clock and of processor time, and the peaks of it and of its largest child."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    parent = worker = 0
    while process.poll() is None:
        parent = max(parent, peak_of(process.pid))
        worker = max([worker, *map(peak_of, children_of(process.pid))])
        time.sleep(EVERY)
    seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, parent, worker


def outcomes(log):
    """What became of the files, and why of those that were refused."""
    totals, reasons = {}, collections.Counter()
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["record"] == "totals":
                totals = {name: count for name, count in record["outcomes"].items() if count}
            elif record.get("refusal"):
                reasons[f"{record['refusal']['reason']}: {record['refusal']['detail']}"] += 1
    return totals, reasons


def main():
    if sys.argv[1:] == ["--heading"]:
        print(HEADING)
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--like", type=float, nargs=4, metavar=("SECONDS", "CPU_SECONDS", "FILES", "BYTES"))
    parser.add_argument("--policy", default="public-release")
    parser.add_argument("--jobs", type=int)
    arguments = parser.parse_args()
    release, review = arguments.work / "release", arguments.work / "review"
    command = [
        arguments.program, "clean", str(arguments.input), "--output", str(release), "--review", str(review),
        "--key", str(arguments.work / "key"), "--policy", arguments.policy, "--fail-on", "never", "--quiet",
    ]
    command += ["--jobs", str(arguments.jobs)] if arguments.jobs else []
    source = arguments.input
    files = [path for path in source.rglob("*") if path.is_file()] if source.is_dir() else [source]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    try:
        seconds, processor, parent, worker = run(command)
        totals, reasons = outcomes(review / "audit.jsonl")
    finally:
        for folder in (release, review):
            shutil.rmtree(folder, ignore_errors=True)
    slope = cpu_slope = growth = "-"
    if arguments.like:
        like_seconds, like_processor, like_files, like_parent = arguments.like
        more = len(files) / like_files
        slope, cpu_slope = f"{seconds / like_seconds / more:.3f}", f"{processor / like_processor / more:.3f}"
        growth = f"{(parent - like_parent) / (len(files) - like_files):.0f}" if len(files) != like_files else "-"
    became = ", ".join(f"{name} {count}" for name, count in totals.items())
    print(
        f"{source.name:<22}{len(files):>8}{megabytes:>9.1f}{seconds:>10.2f}{processor:>9.2f}{len(files) / seconds:>10.1f}"
        f"{megabytes / seconds:>9.1f}{parent / 1e6:>11.1f}{worker / 1e6:>11.1f}{slope:>8}{cpu_slope:>11}{growth:>8}  {became}"
    )
    for reason, count in reasons.most_common():
        print(f"  refused {count}: {reason}")
    print(seconds, processor, len(files), parent, file=sys.stderr)


if __name__ == "__main__":
    main()
