#!/usr/bin/env python3
"""Checks a build of fieldstrip on the samples with programs that it does not contain.

    .ci/external.py PROGRAM SAMPLES VALIDATOR

ExifTool, qpdf, poppler, LibreOffice and VALIDATOR, the Open XML SDK's, read the cleaned copies, and minisign the signature of
the log. With FIELDSTRIP_CORPUS set to a folder of documents, a run over that folder is checked too. Exit code 0 if everything holds.
"""

import collections
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

OFFICE = {".docx", ".xlsx", ".pptx"}
PACKAGES = OFFICE | {".docm", ".dotx", ".dotm", ".xlsm", ".xltx", ".xltm", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"}
# Kinds that can hide something; plain text is copied as it is.
CLEANED = OFFICE | {".pdf", ".jpg", ".png"}

# What must become of the samples under the default policy. Released ones may be flagged.
OUTCOMES = {
    "released": ["photos/harbour.jpg", "photos/traffic.png", "photos/traffic-copy.jpg", "photos/archive/2024/harbour.jpg",
                 "report.pdf", "scanned-letter.pdf", "minutes.docx", "briefing.pptx", "opening-hours.txt",
                 "data/payments.csv"],
    "held": ["budget.xlsx", "notice.md", "data/service.json"],
    "refused": ["photos/damaged.jpg", "data/tide-gauge.dat", "locked.docx"],
    "skipped": ["photos/.DS_Store"],
}

# What ExifTool reports of a file without metadata: groups that describe the file itself, and tags that decoders need.
PLAIN_GROUPS = {"ExifTool", "System", "Composite"}
PLAIN_TAGS = {
    "File": {
        "FileType", "FileTypeExtension", "MIMEType", "ImageWidth", "ImageHeight", "EncodingProcess", "BitsPerSample",
        "ColorComponents", "YCbCrSubSampling", "ExifByteOrder",
    },
    "JFIF": {"JFIFVersion", "ResolutionUnit", "XResolution", "YResolution"},
    "IFD0": {"Orientation"},
    "PNG": {"ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace"},
    "PNG-pHYs": {"PixelsPerUnitX", "PixelsPerUnitY", "PixelUnits"},
    "PDF": {"PDFVersion", "Linearized", "PageCount", "PageMode", "PageLayout", "Language", "TaggedPDF"},
    "ZIP": {
        "ZipRequiredVersion", "ZipBitFlag", "ZipCompression", "ZipCRC", "ZipCompressedSize", "ZipUncompressedSize",
        "ZipFileName", "ZipModifyDate",
    },
}
NO_DATE = {"0000:00:00 00:00:00", "1980:00:00 00:00:00", "1980:01:01 00:00:00"}

# Values that stand in the samples only where no reader sees them; see examples/make_samples/samples/story.rs.
HIDDEN = [
    "Alex Example", "Robin Placeholder", "Sam Specimen", "Placeholder Marine", "1,250,000", "alex.example", "EX-0000-4711",
    "EX-LENS-0815", "Example Optics", "SANDMOUTH-2F", "fileserver.example.internal", "Example Edit", "Example Writer",
    "identity.name", "2024:05:0", "2024-05-0", "D:2024",
]
# A hidden sheet is held for a decision, so the copy that waits still has it.
LEFT_TO_DECIDE = {"budget.xlsx": {"Placeholder Marine"}}

failures = []
passed = 0


def check(held, what, detail=""):
    """Counts one check and prints it when it does not hold."""
    global passed
    if held:
        passed += 1
    else:
        failures.append(what)
        print(f"  FAILED: {what}{': ' + str(detail)[:2000] if detail else ''}", flush=True)


def heading(text):
    print(f"- {text}", flush=True)


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=1800)


def files(root):
    """Every file under a folder, by its relative path; none if there is no folder."""
    return {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}


def digests(root):
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files(root).items()}


class Run:
    """One run of `fieldstrip clean` and where its results lie."""

    def __init__(self, program, source, folder, *more):
        self.release = folder
        self.review = folder.with_name(folder.name + ".review")
        self.held = self.review / "held"
        self.result = run(program, "clean", source, "--output", folder, "--key", folder.with_name("key"), *more)

    def copies(self):
        """Released and held copies by their relative path."""
        return {**files(self.release), **files(self.held)}

    def records(self):
        lines = (self.review / "audit.jsonl").read_text(encoding="utf-8").splitlines()
        return [record for record in map(json.loads, lines) if record["record"] == "file"]


def check_runs(program, samples, work):
    heading("two runs give the same bytes, and cleaning the copies again changes nothing")
    first = Run(program, samples, work / "out")
    print(first.result.stdout, flush=True)
    check(first.result.returncode == 1, "the samples ask for a look: exit code 1", first.result.stderr)
    readme = (samples.parent / "README.md").read_text(encoding="utf-8")
    table = first.result.stdout.split(" hidden items dealt with")[0].rpartition("\n")[0]
    check(table and table in readme, "README.md shows the summary that a run prints")
    second = Run(program, samples, work / "again")
    check(digests(first.release) == digests(second.release), "two runs release the same bytes")
    check(digests(first.held) == digests(second.held), "two runs hold the same bytes")
    cleaned = Run(program, first.release, work / "cleaned")
    check(digests(cleaned.release) == digests(first.release), "cleaning the release folder again changes nothing",
          cleaned.result.stdout)
    cleaned = Run(program, first.held, work / "cleaned-held")
    check({**digests(cleaned.release), **digests(cleaned.held)} == digests(first.held),
          "cleaning the held copies again changes nothing", cleaned.result.stdout)

    outcomes = {record["path"]: record["outcome"] for record in first.records()}
    check(sorted(record["path"] for record in first.records()) == sorted(files(samples)), "one record for every input")
    for outcome, names in OUTCOMES.items():
        for name in names:
            check(outcomes.get(name) == outcome, f"{name} is {outcome}", outcomes.get(name))
    return first


def check_metadata(cleaned):
    heading("ExifTool finds no identifying tag in any copy")
    for name, path in cleaned.copies().items():
        if path.suffix not in CLEANED:
            continue
        listed = run("exiftool", "-a", "-G1", "-s", "-u", "-m", "-json", path)
        tags = json.loads(listed.stdout)[0] if listed.stdout.strip() else {}
        left = []
        for full_name, value in tags.items():
            group, _, tag = full_name.rpartition(":")
            plain = not group or group in PLAIN_GROUPS or tag in PLAIN_TAGS.get(group, ())
            if not plain or (tag == "ZipModifyDate" and value not in NO_DATE):
                left.append(full_name)
        check(not left, f"{name}: no tags", left)


def unpacked(path):
    """Everything that a file unpacks to, as bytes."""
    if path.suffix in OFFICE:
        with zipfile.ZipFile(path) as container:
            check(container.testzip() is None, f"{path.name}: the container is sound")
            members = [part for name in container.namelist() for part in (name.encode(), container.read(name))]
            return b"\n".join([container.comment, *members])
    if path.suffix == ".pdf":
        plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", path, "-"], capture_output=True)
        return path.read_bytes() + plain.stdout
    return path.read_bytes()


def check_hidden_values(cleaned):
    heading("no value that was hidden in a sample stands in its copy")
    for name, path in cleaned.copies().items():
        if path.suffix not in CLEANED:
            continue
        data = unpacked(path)
        for value in HIDDEN:
            if value in LEFT_TO_DECIDE.get(name, ()):
                continue
            found = any(value.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
            check(not found, f"{name}: `{value}` is gone")


def check_pdf(samples, cleaned, work):
    heading("qpdf accepts every PDF; poppler reads the same text and draws the same pages")
    for name, path in cleaned.copies().items():
        if path.suffix != ".pdf":
            continue
        verdict = run("qpdf", "--check", path)
        check(verdict.returncode == 0, f"{name}: qpdf --check", verdict.stdout + verdict.stderr)
        before, after = (run("pdftotext", "-layout", file, "-") for file in (samples / name, path))
        check(before.stdout == after.stdout and not after.stderr, f"{name}: same text", after.stderr)
        pages = []
        for side, file in (("before", samples / name), ("after", path)):
            folder = work / "pages" / side / name
            folder.mkdir(parents=True)
            run("pdftoppm", "-r", "60", "-hide-annotations", file, folder / "page")
            pages.append(digests(folder))
        check(pages[0] and pages[0] == pages[1], f"{name}: same pages")
        attached = run("pdfdetach", "-list", path)
        check(attached.stdout.startswith("0 "), f"{name}: no attachment", attached.stdout)
        scripts = run("pdfinfo", "-js", path)
        check(not scripts.stdout.strip(), f"{name}: no script", scripts.stdout)


def page_count(path):
    for line in run("pdfinfo", path).stdout.splitlines():
        if line.startswith("Pages:"):
            return int(line.split()[1])
    return 0


def check_office(samples, cleaned, work):
    heading("LibreOffice opens every Office file with the same number of pages")
    copies = {name: path for name, path in cleaned.copies().items() if path.suffix in OFFICE}
    check(len(copies) >= 3, "there are Office copies", list(copies))
    for name, path in copies.items():
        counts = []
        for side, file in (("before", samples / name), ("after", path)):
            folder = work / "office" / side
            result = run("soffice", f"-env:UserInstallation=file://{work}/office-profile", "--headless", "--convert-to", "pdf",
                         "--outdir", folder, file)
            exported = folder / Path(name).with_suffix(".pdf").name
            counts.append(page_count(exported) if exported.exists() else 0)
        check(counts[0] > 0 and counts[0] == counts[1], f"{name}: same page count", f"{counts} {result.stderr}")


def schema_errors(validator, path):
    """Kinds of error that the Open XML SDK finds, with how often; None when it cannot look into the file."""
    result = run(validator, path)
    if result.returncode not in (0, 1):
        raise RuntimeError(f"{path.name}: the validator did not run: {result.stderr}")
    errors = json.loads(result.stdout)["errors"]
    if any(error["errorType"] == "Exception" or error["id"] == "Pkg_RequiredPartDoNotExist" for error in errors):
        return None
    return collections.Counter((error["errorType"], error["id"], error["description"]) for error in errors)


def check_schema(validator, originals, cleaned):
    heading("the Open XML SDK finds no error in an Office copy that its original does not have")
    validated = 0
    for name, path in cleaned.copies().items():
        if path.suffix.lower() not in PACKAGES:
            continue
        after = schema_errors(validator, path)
        if after != {}:
            before = schema_errors(validator, originals / name)
            if before is None:
                print(f"  {name}: the validator cannot look into the original", flush=True)
                continue
            after = after and after - before
        check(after == {}, f"{name}: no new error", after or "the validator cannot look into the copy")
        validated += 1
    check(validated >= 3, "there are Office copies", validated)


def check_audit(program, cleaned):
    heading("`audit verify` accepts the log and notices every change")

    def verify():
        return run(program, "audit", "verify", cleaned.review, "--release", cleaned.release).returncode

    check(verify() == 0, "an untouched log and folder verify")
    log = cleaned.review / "audit.jsonl"
    released = next(iter(files(cleaned.release).values()), log)
    for path, change, what in [
        (released, lambda data: bytes([data[0] ^ 1]) + data[1:], "a changed byte in a released file"),
        (released, lambda data: data + b"\n", "an added byte in a released file"),
        (log, lambda data: b"\n".join(line for i, line in enumerate(data.split(b"\n")) if i != 2), "a removed line in the log"),
        (log, lambda data: data.replace(b'"refused"', b'"skipped"', 1), "a changed word in the log"),
    ]:
        data = path.read_bytes()
        path.write_bytes(change(data))
        check(verify() == 1, f"{what} is noticed")
        path.write_bytes(data)
    added = cleaned.release / "added.txt"
    added.write_text("added")
    check(verify() == 1, "an added file is noticed")
    added.unlink()
    check(verify() == 0, "everything put back verifies again")


def check_signature(program, samples, work):
    heading("minisign accepts the signature of a log, of this one only")
    secret, public = work / "minisign.key", work / "minisign.pub"
    made = run("minisign", "-G", "-W", "-p", public, "-s", secret)
    check(made.returncode == 0, "minisign makes a key", made.stderr)
    signed = Run(program, samples, work / "signed", "--sign", secret)
    log = signed.review / "audit.jsonl"
    verify = lambda: run("minisign", "-V", "-m", log, "-p", public)
    verdict = verify()
    head = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])["hash"]
    check(verdict.returncode == 0, "minisign verifies the log", signed.result.stderr + verdict.stderr)
    check(head in verdict.stdout, "its trusted comment names the head of the log", verdict.stdout)
    own = lambda: run(program, "audit", "verify", signed.review, "--release", signed.release, "--public-key", public)
    check(own().returncode == 0, "`audit verify --public-key` does, too")
    with log.open("a", encoding="utf-8") as more:
        more.write("\n")
    check(verify().returncode != 0 and own().returncode == 1, "an added line break is noticed")


def check_corpus(program, validator, corpus, work):
    heading("one run over the corpus: one record each")
    cleaned = Run(program, corpus, work / "corpus")
    print(cleaned.result.stdout, flush=True)
    check(cleaned.result.returncode in (0, 1), "the run ends well", cleaned.result.stderr)
    records = cleaned.records()
    check(sorted(record["path"] for record in records) == sorted(files(corpus)), "one record for every input")
    check(all("refusal" in record for record in records if record["outcome"] == "refused"), "every refusal has a reason")
    verdict = run(program, "audit", "verify", cleaned.review, "--release", cleaned.release)
    check(verdict.returncode == 0, "the log verifies", verdict.stderr)
    check_schema(validator, corpus, cleaned)
    table = {}
    for record in records:
        row = table.setdefault(record.get("kind") or "-", {})
        row[record["outcome"]] = row.get(record["outcome"], 0) + 1
    for kind in sorted(table):
        print(f"  {kind:<18}", ", ".join(f"{count} {outcome}" for outcome, count in sorted(table[kind].items())))


def main():
    program, samples, validator = (Path(argument).resolve() for argument in sys.argv[1:4])
    with tempfile.TemporaryDirectory(prefix="fieldstrip-") as folder:
        work = Path(folder).resolve()
        cleaned = check_runs(program, samples, work)
        check_metadata(cleaned)
        check_hidden_values(cleaned)
        check_pdf(samples, cleaned, work)
        check_office(samples, cleaned, work)
        check_schema(validator, samples, cleaned)
        check_audit(program, cleaned)
        check_signature(program, samples, work)
        if os.environ.get("FIELDSTRIP_CORPUS"):
            check_corpus(program, validator, Path(os.environ["FIELDSTRIP_CORPUS"]).resolve(), work)
    print(f"{passed} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
