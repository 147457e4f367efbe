#!/usr/bin/env python3
"""What becomes of damaged and hostile files: a run over mutants of real ones.

    benches/mutants.py PROGRAM CORPUS COUNT WORK [--seed N] [--jobs N] [--seconds N] [--policy NAME]

Derives COUNT mutants from the files below CORPUS into WORK/in: cut, with flipped bits, with blocks swapped, doubled, zeroed or
taken out, with the front of one file and the rear of another. Every second mutant of a package is changed inside of a member
and packed soundly again, every second one of a PDF inside the body of an object, its stream coded anew. The same seed makes
the same mutants. Then it runs

    PROGRAM clean WORK/in --output WORK/out
    PROGRAM audit verify WORK/out.review
    PROGRAM clean WORK/out --output WORK/again               and the same for the held copies

and reports outcomes, reasons of refusals, peak memory of the program and of its workers, files that took longer than their
time, faults, and copies that a second cleaning refuses or changes. Peak memory is what the kernel counts for each process.
With more than one job, the time of a file is that since the line of the file before.

Exit status: 0 all is well, 1 something is not, 2 usage.
"""

import argparse
import collections
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import warnings
import zipfile
import zlib

# What no file may ever lead to: a panic that was caught, a worker that died.
FAULT = "internal"
LARGEST = 4 << 20
PAUSE = 0.02


# Mutations of any bytes. Each takes a random generator and bytes, and gives other bytes.

def cut(rng, data):
    return data[: rng.randrange(len(data))]


def flip(rng, data):
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def scribble(rng, data):
    start, end = block(rng, data)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def zero(rng, data):
    start, end = block(rng, data)
    return data[:start] + bytes(end - start) + data[end:]


def take_out(rng, data):
    start, end = block(rng, data)
    return data[:start] + data[end:]


def double(rng, data):
    start, end = block(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 1, 2, 50)) + data[end:]


def swap(rng, data):
    a, b, c, d = sorted(rng.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def extreme(rng, data):
    """A number somewhere becomes one that few have thought of: 1, 2 or 4 bytes, or digits."""
    numbers = [match.span() for match in re.finditer(rb"\d+", data[:1 << 20])]
    if numbers and rng.random() < 0.5:
        start, end = rng.choice(numbers)
        return data[:start] + rng.choice((b"0", b"-1", b"65536", b"2147483648", b"99999999999999999999")) + data[end:]
    size = rng.choice((1, 2, 4))
    start = rng.randrange(len(data))
    return data[:start] + rng.choice((b"\0", b"\xff", b"\x7f", b"\x80"))[:1] * size + data[start + size :]


BLIND = [cut, flip, scribble, zero, take_out, double, swap, extreme]


def block(rng, data):
    start = rng.randrange(len(data))
    return start, min(len(data), start + rng.choice((1, 4, 64, 1024, 16384)))


# Mutations inside of what is packed.

def change_markup(rng, text):
    """Takes out, doubles or swaps elements, so that the markup often stays well formed."""
    elements = [match.span() for match in re.finditer(rb"<(\w[\w:.-]*)\b[^<>]*?(?:/>|>[^<>]*</\1>)", text[:1 << 20])]
    if not elements:
        return flip(rng, text)
    (start, end), (other, rear) = rng.choice(elements), rng.choice(elements)
    choice = rng.randrange(4)
    if choice == 0:
        return text[:start] + text[end:]
    if choice == 1:
        return text[:end] + text[start:end] * rng.choice((1, 1, 300)) + text[end:]
    if choice == 2 and end <= other:
        return text[:start] + text[other:rear] + text[end:other] + text[start:end] + text[rear:]
    return extreme(rng, text[start:end]).join((text[:start], text[end:]))


def change_member(rng, data):
    """One member of a package changes, or its name; all are packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = [(info, package.read(info)) for info in package.infolist() if info.file_size <= LARGEST]
    changed = rng.randrange(len(members))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for index, (info, content) in enumerate(members):
            name = info.filename
            if index == changed:
                choice = rng.randrange(12)
                if choice == 0:
                    name = "../" + name
                elif choice == 1:
                    name = members[rng.randrange(len(members))][0].filename
                elif choice == 2:
                    continue
                elif content:
                    is_markup = content.lstrip()[:1] == b"<" and choice > 5
                    content = change_markup(rng, content) if is_markup else rng.choice(BLIND)(rng, content)
            package.writestr(zipfile.ZipInfo(name), content, info.compress_type)
    return out.getvalue()


def change_object(rng, data):
    """The body of one object of a PDF changes: its dictionary, or what its stream unpacks to."""
    bodies = [match.span(1) for match in re.finditer(rb"\d+ \d+ obj\b(.*?)\bendobj", data, re.S) if match.group(1).strip()]
    if not bodies:
        return flip(rng, data)
    start, end = rng.choice(bodies)
    body = data[start:end]
    stream = re.search(rb"stream\r?\n(.*?)\r?\nendstream", body, re.S)
    if not stream or rng.random() < 0.3:
        rear = stream.start() if stream else len(body)
        return data[:start] + rng.choice(BLIND)(rng, body[:rear] or b" ") + body[rear:] + data[end:]
    content = stream.group(1)
    if b"FlateDecode" in body[: stream.start()]:
        try:
            content = zlib.compress(rng.choice(BLIND)(rng, zlib.decompress(content) or b" "))
        except zlib.error:
            content = flip(rng, content or b" ")
    else:
        content = rng.choice(BLIND)(rng, content or b" ")
    head = re.sub(rb"/Length \d+(?! \d+ R)", b"/Length %d" % len(content), body[: stream.start()])
    return data[:start] + head + b"stream\n" + content + b"\nendstream" + body[stream.end() :] + data[end:]


def mutants(corpus, count, seed):
    """Name and bytes of every mutant."""
    rng = random.Random(seed)
    files = sorted(path for path in corpus.rglob("*") if path.is_file() and 0 < path.stat().st_size <= LARGEST)
    alike = collections.defaultdict(list)
    for path in files:
        alike[path.suffix.lower()].append(path)
    for number in range(count):
        # Kinds with few files get their share too.
        path = rng.choice(alike[rng.choice(sorted(alike))] if rng.random() < 0.4 else files)
        data = path.read_bytes()
        how = rng.choice(BLIND + [splice])
        if data[:2] == b"PK" and rng.random() < 0.5:
            how = change_member
        elif data[:5] == b"%PDF-" and rng.random() < 0.5:
            how = change_object
        try:
            mutant = splice(rng, data, rng.choice(alike[path.suffix.lower()])) if how is splice else how(rng, data)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, KeyError, zlib.error):
            how, mutant = flip, flip(rng, data)
        yield f"{number:05}-{how.__name__.replace('_', '-')}-{path.stem[:60]}{path.suffix}", mutant


def splice(rng, data, other):
    rear = other.read_bytes()
    return data[: rng.randrange(len(data))] + rear[rng.randrange(len(rear)) :]


# Watching a run.

class Memory:
    """Peak memory of a process and of everything below it, in bytes."""

    def __init__(self, process):
        self.parent, self.child, self.together, self.children = 0, 0, 0, set()
        self.process = process
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while self.process.poll() is None:
            together = 0
            for pid in [self.process.pid, *below(self.process.pid)]:
                peak, now = memory_of(pid)
                together += now
                if pid == self.process.pid:
                    self.parent = max(self.parent, peak)
                else:
                    self.child = max(self.child, peak)
                    self.children.add(pid)
            self.together = max(self.together, together)
            time.sleep(PAUSE)


def below(pid):
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return
    for task in tasks:
        try:
            children = pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from below(child)


def memory_of(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0
    value = lambda name: 1024 * int((re.search(rf"^{name}:\s*(\d+)", status, re.M) or [0, 0])[1])
    return value("VmHWM"), value("VmRSS")


def clean(program, source, target, arguments):
    """Cleans a folder: exit status, seconds per file in the order of the log, records of the log, memory."""
    for folder in (target, pathlib.Path(f"{target}.review")):
        shutil.rmtree(folder, ignore_errors=True)
    command = [program, "clean", source, "--output", target, "--jobs", str(arguments.jobs)]
    if arguments.policy:
        command += ["--policy", arguments.policy]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    memory = Memory(process)
    times, complaints = [], []
    for line in process.stderr:
        if re.match(r"(released|flagged|held|refused|skipped) ", line):
            times.append(time.monotonic() - started - sum(times))
        elif "panicked" in line or "error" in line.lower():
            complaints.append(line.strip())
    status = process.wait()
    memory.thread.join()
    log = pathlib.Path(f"{target}.review/audit.jsonl")
    lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    records = [line for line in lines if line["record"] == "file"]
    return status, times, records, memory, complaints, time.monotonic() - started


def copies(folder):
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()} if folder.exists() else {}


def changed_again(program, source, target, arguments):
    """Copies that another cleaning refuses or changes."""
    before = copies(source)
    if not before:
        return 0, []
    _, _, records, _, _, _ = clean(program, source, target, arguments)
    after = copies(target) | copies(pathlib.Path(f"{target}.review/held"))
    why = {record["path"]: record.get("refusal", {}) for record in records}
    wrong = []
    for name, path in before.items():
        if name not in after:
            wrong.append(f"{name}: refused when cleaned again: {why.get(name, {}).get('detail', 'no record')}")
        elif path.read_bytes() != after[name].read_bytes():
            wrong.append(f"{name}: changed when cleaned again")
    return len(before), wrong


def report(title, lines):
    print(f"\n{title}: {len(lines)}")
    for line in lines[:50]:
        print(f"    {line}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("count", type=int)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60, help="time of a file, and a tenth of it for each of its megabytes")
    parser.add_argument("--policy", help="policy of the program")
    arguments = parser.parse_args()
    if not arguments.corpus.is_dir():
        parser.error(f"{arguments.corpus} is no folder")

    warnings.filterwarnings("ignore", "Duplicate name")  # on purpose
    source, target = arguments.work / "in", arguments.work / "out"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    mutations = collections.Counter()
    for name, data in mutants(arguments.corpus, arguments.count, arguments.seed):
        (source / name).write_bytes(data)
        mutations[name.split("-", 1)[1].split("-")[0]] += 1

    status, times, records, memory, complaints, seconds = clean(arguments.program, source, target, arguments)
    verify = subprocess.run(
        [arguments.program, "audit", "verify", f"{target}.review"], capture_output=True, text=True, check=False
    )
    released, wrong = changed_again(arguments.program, target, arguments.work / "again", arguments)
    held, more = changed_again(
        arguments.program, pathlib.Path(f"{target}.review/held"), arguments.work / "held-again", arguments
    )
    wrong += more

    outcomes = collections.Counter(record["outcome"] for record in records)
    reasons = collections.Counter(record["refusal"]["reason"] for record in records if record.get("refusal"))
    limits = [f"{record['path']}: {record['refusal']['detail']}" for record in records
              if record.get("refusal", {}).get("reason") == "over-limit"]
    faults = [f"{record['path']}: {record['refusal']['detail']}" for record in records
              if record.get("refusal", {}).get("reason") == FAULT]
    allowed = lambda record: arguments.seconds * (1 + 0.1 * record.get("input", {}).get("bytes", 0) / 1e6)
    slow = [f"{record['path']}: {took:.1f} s" for record, took in zip(records, times) if took > allowed(record)]
    lost = arguments.count - len(records)

    print(f"{arguments.count} mutants of seed {arguments.seed} in {seconds:.0f} s, status {status}")
    print("outcomes   " + ", ".join(f"{count} {name}" for name, count in outcomes.most_common()))
    print("refusals   " + ", ".join(f"{count} {name}" for name, count in reasons.most_common()))
    slowest = max(zip(times, records), key=lambda pair: pair[0], default=(0, {"path": ""}))
    print(f"slowest    {slowest[0]:.1f} s ({slowest[1]['path']})")
    print(f"memory     parent {memory.parent / 1e6:.0f} MB, "
          f"largest of {len(memory.children)} children {memory.child / 1e6:.0f} MB, together {memory.together / 1e6:.0f} MB")
    print(f"again      {released} released and {held} held copies cleaned once more")
    print(f"log        {'holds' if verify.returncode == 0 else 'DOES NOT HOLD: ' + verify.stdout.strip()[:500]}")
    report("without a record", ["the run did not reach them"] * lost)
    report("faults (panics and dead workers)", faults)
    report("complaints of the program", complaints)
    report("over a limit", limits)
    report("slower than their time", slow)
    report("copies that a second cleaning refuses or changes", wrong)
    is_well = status in (0, 1) and verify.returncode == 0 and not (lost or faults or slow or wrong)
    print("\nall is well" if is_well else "\nNOT ALL IS WELL")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
