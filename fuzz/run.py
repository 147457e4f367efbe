#!/usr/bin/env python3
"""Builds the fuzz targets, runs each for a while and tells what came of it.

    fuzz/run.py [TARGET]... [--minutes M] [--seeds DIR]... [--sanitizer NAME] [--target-dir DIR] [--no-build]

Seeds come from `samples/`, from what rule packs and policies say, and from the files below each DIR that a target takes;
pictures in packages count too. Every target runs with the dictionary of its format. Its corpus, in `fuzz/corpus/TARGET`, grows
from run to run and is minimised after each: what reaches nothing of its own is dropped.

Exit status: 0 nothing was found, 1 there are findings (in `fuzz/artifacts/TARGET`), 2 the targets cannot be built or run.
"""

import argparse
import json
import pathlib
import random
import re
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
# Larger seeds cost more than they show.
LARGEST = 64 << 10
SECONDS_PER_INPUT = 60
MEGABYTES = 2560

WORD = "docx docm dotx dotm"
EXCEL = "xlsx xlsm xltx xltm"
POWERPOINT = "pptx pptm ppsx ppsm potx potm"
ODF = "odt ods odp odg ott ots otp fodt fods fodp fodg"
TEXT = "txt md csv json"
PICTURES = "jpg jpeg png gif bmp ico tif tiff webp heic heif hif avif jp2 j2k jpf jxl svg"
ALL = f"pdf {PICTURES} {WORD} {EXCEL} {POWERPOINT} vsdx {ODF} rtf {TEXT} doc xls ppt"

# Target: dictionary, suffixes of its seeds.
TARGETS = {
    "clean_bmp": ("bmp", "bmp ico"),
    "clean_gif": ("gif", "gif"),
    "clean_heif": ("bmff", "heic heif hif avif"),
    "clean_jp2": ("bmff", "jp2 j2k jpf"),
    "clean_jpeg": ("jpeg", "jpg jpeg"),
    "clean_jxl": ("bmff", "jxl"),
    "clean_png": ("png", "png"),
    "clean_svg": ("svg", "svg"),
    "clean_tiff": ("tiff", "tif tiff"),
    "clean_webp": ("webp", "webp"),
    "clean_pdf": ("pdf", "pdf"),
    "read_pdf": ("pdf", "pdf"),
    "clean_word": ("ooxml", WORD),
    "clean_excel": ("ooxml", EXCEL),
    "clean_powerpoint": ("ooxml", POWERPOINT),
    "clean_visio": ("ooxml", "vsdx"),
    "clean_odf": ("odf", ODF),
    "clean_rtf": ("rtf", "rtf"),
    "clean_text": ("text", TEXT),
    "inspect": ("compound", ALL),
    "prove": (None, ALL),
    "text": ("ooxml", ALL),
    "identify": ("compound", ALL),
    "detect_scan": ("text", ""),
    "rules": ("toml", ""),
    "policy_load": ("toml", ""),
    "audit_read": ("audit", ""),
    "protocol": ("protocol", ""),
}

# Records of a log without their chain, which the target makes anew.
RECORDS = [
    {"record": "header", "schema": 1, "tool": "fieldstrip 0.1.0", "tool-sha256": "", "started": "2027-01-01T00:00:00Z",
     "operator": "\ufffd", "policy": {"name": "public-release", "sha256": "00"},
     "packs": [{"name": "network", "sha256": "00", "rules": 38}], "fingerprint-key": "c6ab2a64", "inputs": ["in"], "files": 1},
    {"record": "file", "path": "a/b.pdf", "outcome": "released", "kind": "pdf", "input": {"bytes": 9, "sha256": "00"},
     "output": {"bytes": 8, "sha256": "00"},
     "removals": [{"class": "metadata.author", "item": "Info:Author", "count": 1, "action": "remove"}],
     "proof": {"essence": "00", "checks": [{"name": "essence-equal", "detail": "1 page"}]}},
    {"record": "totals", "outcomes": {"released": 1}, "flagged": 0, "removals": {"metadata.author": 1}, "findings": {},
     "finished": "2027-01-01T00:00:00Z"},
]

# Answers of workers.
HIT = {"class": "metadata.author", "item": "Info:Author", "where": "a", "count": 1, "bytes": 2, "action": "remove"}
FINDING = {"rule": "a.b", "category": "a", "severity": "low", "verdict": "flag", "place": {"at": "line", "line": 1},
           "scope": "body", "masked": "a", "fingerprint": "00", "why": "a", "count": 1}
REFUSAL = {"reason": "damaged", "part": "a", "detail": "b", "hint": "c"}
IDENTITY = {"kind": "png", "detail": "a", "mismatch": "pdf"}
REPORT = {"hits": [HIT], "values": [{"class": "metadata.author", "item": "a", "value": "b"}], "embedded": [], "copy_kind": "docx"}
NESTED = REPORT | {"embedded": [{"part": "a", "kind": "png", "report": REPORT, "attached": ["Removed", 2]}]}
PLAIN = REPORT | {"embedded": [{"part": "a", "kind": "png", "report": REPORT, "attached": None}]}
ANSWERS = [
    {"Ready": {"measures": [{"name": "landlock", "in-force": True, "detail": "a"}]}},
    {"Drafted": {"identity": IDENTITY, "outcome": {"Draft": {"from": "pdf", "kind": "pdf", "report": NESTED,
                                                             "steps": [REPORT | {"copy_kind": None}]}}}},
    {"Drafted": {"identity": IDENTITY, "outcome": {"Draft": {"from": "png", "kind": "png", "report": REPORT, "steps": [None]}}}},
    {"Drafted": {"identity": IDENTITY,
                 "outcome": {"Convert": ["docx", {"inspected": [HIT], "held": [HIT], "values": REPORT["values"]}]}}},
    {"Drafted": {"identity": IDENTITY, "outcome": {"Refused": [REFUSAL, [HIT]]}}},
    {"Certified": {"proved": {"Ok": [1, [HIT], {"essence": "00", "checks": [{"name": "a", "detail": "b"}]}]},
                   "findings": [FINDING], "verdict": "note"}},
    {"Certified": {"proved": {"Err": REFUSAL}, "findings": [], "verdict": "hold"}},
    {"NameFindings": {"findings": [FINDING]}},
    {"Inspected": {"identity": IDENTITY, "report": PLAIN, "findings": [FINDING], "refusal": REFUSAL}},
    {"Probed": {"attempts": [{"what": "a", "denied": True, "answer": "b"}]}},
    {"Failed": {"at": "pdf.rs:1"}},
]


def documents(folders, suffixes):
    """Files with one of these suffixes, and such pictures in packages."""
    wanted = {f".{suffix}" for suffix in suffixes.split()}
    if not wanted:
        return
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if path.suffix.lower() in wanted and 0 < path.stat().st_size <= LARGEST:
                yield path.read_bytes()
            if wanted <= {f".{suffix}" for suffix in PICTURES.split()} and zipfile.is_zipfile(path):
                yield from members(path, wanted)


def members(path, wanted):
    try:
        with zipfile.ZipFile(path) as package:
            for info in package.infolist():
                if pathlib.Path(info.filename).suffix.lower() in wanted and 0 < info.file_size <= LARGEST:
                    yield package.read(info)
    except (OSError, RuntimeError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        print(f"{path}: {error}", file=sys.stderr)


def packs():
    """Rule packs as (head, rules): each rule makes a pack of its own."""
    for path in sorted((ROOT / "policies/packs").glob("*.toml")):
        head, *rules = path.read_text().split("[[rule]]\n")
        yield head, ["[[rule]]\n" + rule for rule in rules]


def seeds(target, folders):
    """The first inputs of a target."""
    if target == "rules":
        yield from ((head + rule).encode() for head, rules in packs() for rule in rules)
    elif target == "detect_scan":
        for path in sorted((ROOT / "policies/packs").glob("*.toml")):
            for rule in tomllib.loads(path.read_text())["rule"]:
                yield from (text.encode() for text in rule.get("examples", []) + rule.get("negative_examples", []))
    elif target == "policy_load":
        yield from (path.read_bytes() for path in sorted((ROOT / "policies").glob("*.toml")))
        yield (b'schema = 1\nname = "a"\n[text]\npacks = []\n[text.lexicons.a]\nfile = "a.txt"\n'
               b'[[text.allow]]\nreason = "r"\npaths = ["letters/*"]\nexpires = 2027-12-31\n\n---\nNorth Star\n# no\nab\n')
    elif target == "audit_read":
        lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in RECORDS]
        yield b"\0\0\x40\x01" + "\n".join(lines).encode()
        yield from (b"\0\0\x40\x01" + line.encode() for line in lines)
    elif target == "protocol":
        for answer in ANSWERS:
            head = json.dumps(answer, separators=(",", ":")).encode()
            yield head
            yield b"fsw1" + struct.pack("<IIQQQ", len(head), 3, 3, 0, 5) + head + b"onethree"
    elif target == "prove":
        rng = random.Random(1)
        yield from (rng.randbytes(8) + document for document in documents(folders, ALL))
    else:
        yield from documents(folders, TARGETS[target][1])


def cpu_of_children():
    """Processor time of the programs that have ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(target, program, folders, minutes):
    """Runs a target and minimises its corpus; what is to be told about it."""
    corpus, artifacts = HERE / "corpus" / target, HERE / "artifacts" / target
    dictionary = TARGETS[target][0]
    options = [f"-max_len={LARGEST}", f"-timeout={SECONDS_PER_INPUT}", f"-rss_limit_mb={MEGABYTES}"]
    if dictionary:
        options.append(f"-dict={HERE / 'dictionaries' / dictionary}.dict")
    for folder in (corpus, artifacts):
        folder.mkdir(parents=True, exist_ok=True)
    known = set(artifacts.iterdir())
    with tempfile.TemporaryDirectory() as temporary:
        first, kept = pathlib.Path(temporary, "seeds"), pathlib.Path(temporary, "corpus")
        first.mkdir()
        kept.mkdir()
        for number, seed in enumerate(seeds(target, folders)):
            (first / f"{number:05}").write_bytes(seed)
        limits = [f"-max_total_time={round(60 * minutes)}", "-print_final_stats=1", f"-artifact_prefix={artifacts}/"]
        started, cpu = time.monotonic(), cpu_of_children()
        fuzzing = subprocess.run(
            [program, *options, *limits, corpus, first], capture_output=True, text=True, errors="replace", check=False
        )
        seconds, cpu = time.monotonic() - started, cpu_of_children() - cpu
        found = sorted(set(artifacts.iterdir()) - known)
        if fuzzing.returncode == 0:
            merge = subprocess.run(
                [program, *options, "-merge=1", kept, corpus, first], capture_output=True, text=True, errors="replace",
                check=False,
            )
            if merge.returncode == 0:
                shutil.rmtree(corpus)
                shutil.copytree(kept, corpus)
    said = fuzzing.stderr
    number = lambda pattern: int((re.findall(pattern, said) or [0])[-1])
    return {
        "target": target,
        "seconds": round(seconds),
        "cpu": round(cpu),
        "executions": number(r"stat::number_of_executed_units:\s+(\d+)"),
        "cov": number(r"\bcov: (\d+)"),
        "ft": number(r"\bft: (\d+)"),
        "corpus": len(list(corpus.iterdir())),
        "megabytes": number(r"stat::peak_rss_mb:\s+(\d+)"),
        "findings": found,
        "failed": fuzzing.returncode != 0,
        "said": "\n".join(line for line in said.splitlines() if re.search(r"panicked|ERROR:|a copy|assert", line))[:2000],
    }


def build(arguments):
    """Builds all targets; where their programs lie."""
    command = ["cargo", "+nightly", "fuzz", "build", "--fuzz-dir", HERE, "--sanitizer", arguments.sanitizer]
    if arguments.target_dir:
        command += ["--target-dir", arguments.target_dir]
    if not arguments.no_build and subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        return None
    host = subprocess.run(["rustc", "+nightly", "-vV"], capture_output=True, text=True, check=True).stdout
    triple = re.search(r"^host: (.+)$", host, re.M)[1]
    return (arguments.target_dir or HERE / "target").resolve() / triple / "release"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"all by default: {', '.join(TARGETS)}")
    parser.add_argument("--minutes", type=float, default=5, help="time of each target")
    parser.add_argument("--seeds", type=pathlib.Path, action="append", default=[], help="folder with more documents")
    parser.add_argument("--sanitizer", default="none", help="as for cargo fuzz; none is fastest, and nothing here is unsafe")
    parser.add_argument("--target-dir", type=pathlib.Path)
    parser.add_argument("--no-build", action="store_true", help="run what was built before")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.targets) - set(TARGETS))
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}")
    programs = build(arguments)
    if not programs:
        return 2

    print(f"{'target':<17} {'seconds':>7} {'CPU s':>6} {'executions':>10} {'cov':>7} {'ft':>8} {'corpus':>7} {'MB':>5}  findings")
    findings = False
    for target in arguments.targets or TARGETS:
        if not (programs / target).exists():
            print(f"{programs / target} is missing", file=sys.stderr)
            return 2
        told = run(target, programs / target, [ROOT / "samples", *arguments.seeds], arguments.minutes)
        findings |= told["failed"]
        names = ", ".join(path.name for path in told["findings"]) or ("FAILED" if told["failed"] else "none")
        print(
            f"{target:<17} {told['seconds']:>7} {told['cpu']:>6} {told['executions']:>10} {told['cov']:>7} {told['ft']:>8} "
            f"{told['corpus']:>7} {told['megabytes']:>5}  {names}",
            flush=True,
        )
        if told["failed"]:
            print(told["said"], flush=True)
    return int(findings)


if __name__ == "__main__":
    sys.exit(main())
