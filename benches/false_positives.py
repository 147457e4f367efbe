#!/usr/bin/env python3
"""What the rules find in text in which next to nothing is to be found: hits per megabyte and rule, with samples.

    benches/false_positives.py PROGRAM [--corpus DIR]... [--package NAME]... [--top N] [--samples N] [--rule ID]...

Reads the text of documents (PDF through pdftotext, Office files and other packages of XML by their text nodes, plain text as
it is) below each DIR, and the documentation of each installed Debian package: its files in /usr/share/doc and its manual pages
as `man` prints them. Every text goes through `fieldstrip detect --jsonl`. Findings of the severity `info` are counted apart.
Samples show what was found as it stands in the text, so the output of a run over private documents is private too.
"""

import argparse
import gzip
import html
import json
import pathlib
import re
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict

PACKAGES = [
    "bash", "coreutils", "gdb", "git", "libimage-exiftool-perl", "libreoffice-common", "openssl", "python3.11", "qemu-utils",
    "valgrind",
]
PLAIN = {".txt", ".md", ".rst", ".csv", ".tsv", ".json", ".log", ".html", ".htm", ".xml", ".svg", ".rtf", ".changelog", ""}
PACKED = {".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".dotx", ".potx", ".xltx", ".odt", ".ods", ".odp", ".odg"}
PARTS = re.compile(r"(?:word|xl|ppt)/.*\.xml$|content\.xml$|docProps/.*\.xml$|meta\.xml$")
# A text of this many characters is cut into pieces at line ends, so that no line of JSON gets out of hand.
PIECE = 1 << 20


def markup_to_text(markup):
    """The text of markup: ends of paragraphs, rows and cells become line ends."""
    markup = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", markup)
    markup = re.sub(r"(?i)</(?:w:p|a:p|text:p|text:h|p|tr|td|th|li|h[1-6]|si|row|c)>|<(?:br|w:br)\b[^>]*>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]{1,4000}>", "", markup))


def text_of(path):
    """The text of one file, or None where there is none to read."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".pdf":
            run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, timeout=60, check=False)
            return run.stdout.decode("utf-8", "replace")
        if suffix in PACKED:
            with zipfile.ZipFile(path) as package:
                parts = [package.read(name) for name in package.namelist() if PARTS.search(name)]
            return "\n".join(markup_to_text(part.decode("utf-8", "replace")) for part in parts)
        data = gzip.decompress(path.read_bytes()) if suffix == ".gz" else path.read_bytes()
        name = path.with_suffix("") if suffix == ".gz" else path
        if name.suffix.lower() not in PLAIN and b"\0" in data[:4096]:
            return None
        text = data.decode("utf-8", "replace")
        return markup_to_text(text) if name.suffix.lower() in {".html", ".htm", ".xml", ".svg"} else text
    except (OSError, zipfile.BadZipFile, subprocess.SubprocessError, NotImplementedError, RuntimeError, EOFError):
        return None


def of_package(name):
    """Yields (place, text) of the documentation of an installed package."""
    listing = subprocess.run(["dpkg", "-L", name], capture_output=True, text=True, check=False).stdout.splitlines()
    for line in listing:
        path = pathlib.Path(line)
        if not path.is_file():
            continue
        if line.startswith("/usr/share/man/man"):
            run = subprocess.run(["man", "-l", line], capture_output=True, timeout=60, check=False, env={"MANWIDTH": "100", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PAGER": "cat"})
            yield line, re.sub(r".\x08", "", run.stdout.decode("utf-8", "replace"))
        elif line.startswith("/usr/share/doc/") and path.suffix not in {".png", ".jpg", ".gif", ".ico", ".woff2"}:
            text = text_of(path)
            if text:
                yield line, text


def of_folder(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = text_of(path)
            if text:
                yield str(path.relative_to(folder)), text


def pieces(text):
    while len(text) > PIECE:
        cut = text.rfind("\n", 0, PIECE) + 1 or PIECE
        yield text[:cut]
        text = text[cut:]
    yield text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--corpus", type=pathlib.Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--package", action="append", metavar="NAME", help=f"default: {' '.join(PACKAGES)}; none: ''")
    parser.add_argument("--top", type=int, default=25, help="how many rules to list")
    parser.add_argument("--samples", type=int, default=0, help="how many hits of each rule to show")
    parser.add_argument("--rule", action="append", default=[], help="only these rules, by id")
    parser.add_argument("--cache", type=pathlib.Path, help="keep the texts in this file and take them from there next time")
    arguments = parser.parse_args()

    if arguments.cache and arguments.cache.exists():
        texts = [json.loads(line) for line in arguments.cache.open()]
    else:
        texts = []
        for folder in arguments.corpus:
            texts += [(folder.name, place, piece) for place, text in of_folder(folder) for piece in pieces(text)]
        for name in PACKAGES if arguments.package is None else filter(None, arguments.package):
            texts += [("packages", place, piece) for place, text in of_package(name) for piece in pieces(text)]
        if arguments.cache:
            arguments.cache.write_text("".join(json.dumps(text) + "\n" for text in texts))

    lines = "".join(json.dumps({"text": text}) + "\n" for _, _, text in texts)
    run = subprocess.run([arguments.program, "detect", "--jsonl"], input=lines.encode(), stdout=subprocess.PIPE, check=False)
    answers = [json.loads(line)["findings"] for line in run.stdout.splitlines()]
    if run.returncode > 1 or len(answers) != len(texts):
        print(f"{arguments.program} ended with {run.returncode} after {len(answers)} texts", file=sys.stderr)
        return 2

    sizes, loud, quiet = Counter(), defaultdict(Counter), defaultdict(Counter)
    files = defaultdict(set)
    samples = defaultdict(list)
    for (group, place, text), findings in zip(texts, answers):
        data = text.encode()
        sizes[group] += len(data)
        for finding in findings:
            rule = finding["rule"]
            (quiet if finding["severity"] == "info" else loud)[group][rule] += 1
            if finding["severity"] != "info":
                files[group].add(place)
            value = data[finding["start"] : finding["end"]].decode("utf-8", "replace")
            before = data[max(0, finding["start"] - 40) : finding["start"]].decode("utf-8", "replace")
            after = data[finding["end"] : finding["end"] + 20].decode("utf-8", "replace")
            samples[rule].append(f"{finding['severity']:<6} {place[-40:]}: {before!r} [{value[:80]}] {after!r}")

    total = sum(sizes.values()) / 1e6
    for group, size in sizes.items():
        megabytes = size / 1e6
        count = sum(loud[group].values())
        print(
            f"{group}: {megabytes:.1f} MB, {count} findings above info ({count / megabytes:.1f} per MB) in "
            f"{len(files[group])} files, {sum(quiet[group].values())} notes"
        )
    ranked = Counter()
    for counts in loud.values():
        ranked.update(counts)
    notes = Counter()
    for counts in quiet.values():
        notes.update(counts)
    for title, counter in (("above info", ranked), ("info", notes)):
        print(f"\n{title}: {'per MB':>9} {'hits':>7}  rule")
        for rule, count in counter.most_common(arguments.top):
            if arguments.rule and rule not in arguments.rule:
                continue
            print(f"{'':10}{count / total:10.2f} {count:>7}  {rule}")
            step = max(1, len(samples[rule]) // max(1, arguments.samples))
            for sample in samples[rule][::step][: arguments.samples]:
                print(f"{'':28}{sample}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
