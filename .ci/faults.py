#!/usr/bin/env python3
"""Bad days on purpose: whatever is done to a run, only proved files lie in its release folder, and its log holds.

    python3 .ci/faults.py PROGRAM INPUT [--kills N] [--seed S]

INPUT is a folder of documents. A run that nothing happens to says what each copy must be. Then

- workers are killed, N of them at random moments;
- the program is killed, in N runs at random moments;
- workers get too little memory for what they do;
- the disk is full, at each of many sizes (on a tmpfs: as root only);
- the clock jumps back and forth (with libfaketime, where it is installed);
- two runs go into one output at once.

After each, every file in the release folder is one of the copies of the undisturbed run, byte for byte, and the log's chain
holds up to its last complete line; at last a run that nothing happens to gives the first copies again.
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FAKETIME = [
    pathlib.Path(folder, "faketime", "libfaketime.so.1")
    for folder in ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")
]


class Faults:
    def __init__(self, program, source, kills, seed):
        self.program = os.path.abspath(program)
        self.source = os.path.abspath(source)
        self.kills = kills
        self.random = random.Random(seed)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="fieldstrip-faults-"))
        self.key = self.work / "key"
        self.problems = []
        self.proved = {}
        self.seconds = 0.0

    def command(self, output, *more):
        base = [self.program, "clean", self.source, "--output", str(output), "--quiet", "--key", str(self.key)]
        return [*base, *more]

    def start(self, output, *more, **settings):
        null = subprocess.DEVNULL
        return subprocess.Popen(self.command(output, *more), stdout=null, stderr=subprocess.PIPE, **settings)

    def problem(self, where, what):
        self.problems.append(f"{where}: {what}")
        print(f"  PROBLEM {where}: {what}", flush=True)

    def check(self, where, output):
        """The release folder holds proved copies only, and the log holds up to its last complete line."""
        for path, content in tree(output).items():
            if self.proved.get(path) != content:
                self.problem(where, f"{path} is no proved copy")
        review = output.with_name(output.name + ".review")
        wrong = broken_line(review / "audit.jsonl")
        if wrong:
            self.problem(where, wrong)

    def undisturbed(self, where, output):
        process = self.start(output)
        errors = process.communicate()[1]
        if process.returncode not in (0, 1):
            self.problem(where, f"exit code {process.returncode}: {errors.decode(errors='replace').strip()}")
        if self.proved and tree(output) != self.proved:
            self.problem(where, "a run that nothing happened to gives other copies")
        verified = subprocess.run([self.program, "audit", "verify", f"{output}.review"], capture_output=True, check=False)
        if verified.returncode != 0:
            self.problem(where, f"the log does not verify: {verified.stdout.decode(errors='replace').strip()}")

    def begin(self):
        started = time.monotonic()
        self.undisturbed("first run", self.work / "first")
        self.seconds = time.monotonic() - started
        self.proved = tree(self.work / "first")
        print(f"undisturbed run: {len(self.proved)} released files, {self.seconds:.2f} s", flush=True)

    def workers_killed(self):
        """Each costs the file that it had, nothing else."""
        output, killed, rounds = self.work / "killed-workers", 0, 0
        while killed < self.kills and rounds < self.kills:
            rounds += 1
            process = self.start(output)
            while process.poll() is None and killed < self.kills:
                time.sleep(self.random.random() * max(self.seconds / 10, 0.02))
                victims = children(process.pid)
                if victims and process.poll() is None:
                    try:
                        os.kill(self.random.choice(victims), signal.SIGKILL)
                        killed += 1
                    except ProcessLookupError:
                        pass
            errors = process.communicate()[1]
            # A worker that is killed while it begins stops the run, which has not begun then.
            begun = (self.work / "killed-workers.review" / "audit.jsonl").exists()
            if process.returncode not in (0, 1) and begun and b"worker process could not be started" not in errors:
                self.problem("workers killed", f"exit code {process.returncode}: {errors.decode(errors='replace')}")
            self.check("workers killed", output)
        print(f"workers killed: {killed} in {rounds} runs", flush=True)
        self.undisturbed("after killed workers", output)

    def program_killed(self):
        output, before_the_end = self.work / "killed", 0
        for _ in range(self.kills):
            process = self.start(output)
            workers = []
            end = time.monotonic() + self.random.random() * self.seconds * 1.1
            while time.monotonic() < end and process.poll() is None:
                workers = children(process.pid) or workers
                time.sleep(0.005)
            before_the_end += process.poll() is None
            process.kill()
            process.communicate()
            self.check("program killed", output)
            left = [worker for worker in workers if lives(worker)]
            if left:
                self.problem("program killed", f"workers live on: {left}")
        if before_the_end == 0:
            self.problem("program killed", "no kill came before the end: nothing was shown")
        print(f"program killed: {self.kills} runs, {before_the_end} before their end", flush=True)
        self.undisturbed("after killed runs", output)

    def too_little_memory(self):
        """Copies that need more are refused by the name of the limit; the others are the same."""
        policy = self.work / "little-memory.toml"
        head = 'schema = 1\nname = "little-memory"\nextends = "public-release"\n'
        over = {}
        for megabytes in (130, 160, 200, 250):
            policy.write_text(f"{head}[limits]\nworker-memory = {megabytes * 1_000_000}\n")
            output = self.work / f"memory-{megabytes}"
            process = self.start(output, "--policy", str(policy))
            errors = process.communicate()[1]
            if process.returncode not in (0, 1):
                self.problem("little memory", f"exit code {process.returncode}: {errors.decode(errors='replace')}")
            self.check("little memory", output)
            log = (self.work / f"memory-{megabytes}.review" / "audit.jsonl").read_text()
            over[megabytes] = log.count("limit `worker-memory`")
        if not any(over.values()):
            self.problem("little memory", "there was always enough: nothing was shown")
        print(f"too little memory: refused for it, by megabytes: {over}", flush=True)

    def disk_full(self):
        """A file system of every size from nothing to enough."""
        mount = self.work / "small"
        mount.mkdir()
        needed = sum(f.stat().st_size for f in (self.work).rglob("*") if f.is_file() and "first" in str(f))
        steps = 25
        full = 0
        for step in range(1, steps + 1):
            size = max(64 << 10, needed * 2 * step // steps)
            made = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(mount)], capture_output=True, check=False
            )
            if made.returncode != 0:
                print("disk full: NOT TRIED, this needs root and a system that lets it mount", flush=True)
                return
            try:
                process = self.start(mount / "out")
                errors = process.communicate()[1]
                full += process.returncode == 2
                if process.returncode == 2 and not errors.strip():
                    self.problem("disk full", "the run failed without a word")
                self.check("disk full", mount / "out")
            finally:
                subprocess.run(["umount", str(mount)], check=True)
        if full == 0:
            self.problem("disk full", "the disk was never full: nothing was shown")
        print(f"disk full: {full} of {steps} sizes were too small", flush=True)

    def clock_jumps(self):
        library = next((path for path in FAKETIME if path.exists()), None)
        if library is None:
            print("clock jumping: NOT TRIED, libfaketime is not installed", flush=True)
            return
        output, moment = self.work / "jumping", self.work / "moment"
        environment = {
            **os.environ, "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(moment), "FAKETIME_NO_CACHE": "1",
        }
        moment.write_text("+0d")
        process = self.start(output, env=environment)
        jumps = 0
        while process.poll() is None:
            moment.write_text(self.random.choice(["-4000d", "+4000d", "-1h", "+1h", "+0d"]))
            jumps += 1
            time.sleep(0.02)
        errors = process.communicate()[1]
        if process.returncode not in (0, 1):
            self.problem("clock jumping", f"exit code {process.returncode}: {errors.decode(errors='replace')}")
        self.check("clock jumping", output)
        if tree(output) != self.proved:
            self.problem("clock jumping", "the copies differ")
        print(f"clock jumping: {jumps} jumps", flush=True)

    def two_at_once(self):
        """Whichever is later is turned away, with the same review folder or another one."""
        turned_away = 0
        for review in (None, self.work / "other-review"):
            output = self.work / "twice"
            first = self.start(output)
            time.sleep(min(0.2, self.seconds / 3))
            second = self.start(output, *(["--review", str(review)] if review else []))
            errors = second.communicate()[1]
            first_errors = first.communicate()[1]
            if second.returncode == 2 and b"another run" in errors:
                turned_away += 1
            elif first.returncode == 2 and b"another run" in first_errors:
                turned_away += 1
            else:
                self.problem("two at once", f"exit codes {first.returncode} and {second.returncode}: {errors!r}")
            self.check("two at once", output)
            shutil.rmtree(output)
            shutil.rmtree(self.work / "twice.review")
        print(f"two at once: {turned_away} of 2 turned away", flush=True)

    def run(self):
        try:
            self.begin()
            self.workers_killed()
            self.program_killed()
            self.too_little_memory()
            self.disk_full()
            self.clock_jumps()
            self.two_at_once()
        finally:
            shutil.rmtree(self.work, ignore_errors=True)
        print(f"{len(self.problems)} problems", flush=True)
        return 1 if self.problems else 0


def tree(folder):
    """Every file under a folder with its hash."""
    files = (path for path in folder.rglob("*") if path.is_file()) if folder.exists() else ()
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def broken_line(log):
    """What is wrong in a log, up to its last complete line; nothing when that is all right."""
    if not log.exists():
        return None
    head = "0" * 64
    for number, line in enumerate(log.read_bytes().split(b"\n")[:-1], 1):
        body, _, rest = line.rpartition(b',"hash":"')
        digest = hashlib.sha256(body + b"}").hexdigest()
        if rest != digest.encode() + b'"}' or not body.startswith(b'{"prev":"' + head.encode()):
            return f"line {number} of the log does not hold"
        json.loads(line)
        head = digest
    return None


def children(pid):
    """The processes that a process has started."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        pass
    return [int(child) for child in found]


def lives(pid):
    """True for a process that has not ended; one that only waits for its parent to ask has."""
    for _ in range(100):
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state in "ZX":
            return False
        time.sleep(0.01)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("input")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    return Faults(arguments.program, arguments.input, arguments.kills, arguments.seed).run()


if __name__ == "__main__":
    sys.exit(main())
