#!/usr/bin/env python3
"""Makes a folder of small documents of seven kinds, each with a text, a picture and an author of its own.

    benches/scale/make_small.py FOLDER COUNT

The same count makes the same bytes: everything in file number N follows from N. A thousand files lie in each folder.
"""

import io
import pathlib
import random
import struct
import sys
import zipfile
import zlib

PER_FOLDER = 1000
WORDS = (
    "quay berth depth tide harbour office ferry winter summer council minutes meeting visitor lighthouse basin remark table "
    "section repair closes opens between north south the of and in on for with from until"
).split()

# Standard Huffman code of DC coefficients of luminance (ITU-T T.81, table K.3): bits for each length, then categories.
DC_LENGTHS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
DC_CODES = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110", "11111110", "111111110"]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def paragraphs(chance, number, count):
    """Lines of plain words; the number stands in each."""
    return [" ".join(chance.choices(WORDS, k=16)).capitalize() + f" {number}." for _ in range(count)]


def text(chance, number):
    return "\n".join(paragraphs(chance, number, 20)).encode() + b"\n"


def markdown(chance, number):
    title, *rest = paragraphs(chance, number, 15)
    return f"# {title}\n\n".encode() + "\n\n- ".join(rest).encode() + b"\n"


def table(chance, number):
    rows = [f"{chance.choice(WORDS)},{chance.randrange(90)},{chance.random():.3f},{number}" for _ in range(80)]
    return "\n".join(["quay,berths,depth,file", *rows]).encode() + b"\n"


def png(chance, number):
    """32×32 pixels in colour, with an author."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + chance.randbytes(96) for _ in range(32))
    return b"\x89PNG\r\n\x1a\n" + b"".join([
        chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)),
        chunk(b"tEXt", b"Author\0Example %d" % number),
        chunk(b"IDAT", zlib.compress(rows, 6)),
        chunk(b"IEND", b""),
    ])


def jpeg(chance, number):
    """A grey picture of 256×256 pixels in even blocks, with a comment."""

    def segment(code, data):
        return bytes([0xFF, code]) + struct.pack(">H", len(data) + 2) + data

    bits, before = [], 0
    for _ in range(32 * 32):
        level = chance.randrange(-100, 100)
        change, before = level - before, level
        size = abs(change).bit_length()
        bits.append(DC_CODES[size])
        if size:
            bits.append(format(change if change > 0 else change + (1 << size) - 1, f"0{size}b"))
        bits.append("0")  # the only code for AC coefficients: no more of them
    bits = "".join(bits)
    bits += "1" * (-len(bits) % 8)
    scan = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    return b"\xff\xd8" + b"".join([
        segment(0xFE, b"Example %d" % number),
        segment(0xDB, b"\0" + bytes([8] * 64)),
        segment(0xC0, struct.pack(">BHHBBBB", 8, 256, 256, 1, 1, 0x11, 0)),
        segment(0xC4, b"\x00" + DC_LENGTHS + bytes(range(12))),
        segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
        scan,
    ]) + b"\xff\xd9"


def docx(chance, number):
    """A Word document with an author."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in paragraphs(chance, number, 20))
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    members = {
        "[Content_Types].xml":
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
            f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>',
        "_rels/.rels":
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
            "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        "docProps/core.xml":
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Example {number}</dc:creator></cp:coreProperties>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), head + content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def pdf(chance, number):
    """One page of text with an author."""
    shown = "".join(f"({line}) Tj T*\n" for line in paragraphs(chance, number, 30))
    page = zlib.compress(f"BT /F1 9 Tf 14 TL 40 780 Td\n{shown}ET".encode())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Author (Example %d) >>" % number,
    ]
    made = b"%PDF-1.7\n"
    entries = [b"0000000000 65535 f \n"]
    for index, content in enumerate(objects, 1):
        entries.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (index, content)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(entries), len(made))
    return made + b"xref\n0 %d\n" % len(entries) + b"".join(entries) + trailer


KINDS = [("txt", text), ("md", markdown), ("csv", table), ("png", png), ("jpg", jpeg), ("docx", docx), ("pdf", pdf)]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    top, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for number in range(count):
        folder = top / f"{number // PER_FOLDER:03}"
        if number % PER_FOLDER == 0:
            folder.mkdir(parents=True, exist_ok=True)
        extension, make = KINDS[number % len(KINDS)]
        (folder / f"{number:06}.{extension}").write_bytes(make(random.Random(number), number))


if __name__ == "__main__":
    main()
