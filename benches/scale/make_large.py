#!/usr/bin/env python3
"""Makes one large document, written piece by piece so that it never lies in memory as a whole.

    benches/scale/make_large.py FILE.pdf|FILE.pptx|FILE.tif MEGABYTES|MEGAPIXELS

A PDF with a picture of 3 MB on each page, a presentation of pictures (made from samples/briefing.pptx), or a TIFF in colour.
PDF and presentation are of about so many megabytes, the TIFF of so many megapixels. The same call makes the same bytes.
"""

import pathlib
import random
import struct
import sys
import zipfile
import zlib

SIDE = 1000  # of a picture, in pixels; noise does not get smaller by compression: 3 MB
ROWS_PER_STRIP = 64
TIFF_WIDTH = 16_384
BRIEFING = pathlib.Path(__file__).resolve().parents[2] / "samples" / "briefing.pptx"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
SLIDE = "application/vnd.openxmlformats-officedocument.presentationml.slide+xml"


def noise(chance, filtered):
    """The pixels of a picture; with a filter byte before each row, as PNG has it."""
    rows = (chance.randbytes(3 * SIDE) for _ in range(SIDE))
    return zlib.compress(b"".join(b"\0" + row if filtered else row for row in rows), 1)


def pdf(path, megabytes):
    pages = max(1, round(megabytes * 1e6 / (3 * SIDE * SIDE)))
    chance = random.Random(1)
    offsets = [0]
    with open(path, "wb") as out:
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

        def put(*parts):
            offsets.append(out.tell())
            out.write(b"%d 0 obj\n" % (len(offsets) - 1))
            for part in parts:
                out.write(part)
            out.write(b"\nendobj\n")

        def stream(entries, data):
            put(b"<< %s /Length %d /Filter /FlateDecode >>\nstream\n" % (entries, len(data)), data, b"\nendstream")

        first = 5  # each page takes three objects: page, content, picture
        kids = b" ".join(b"%d 0 R" % (first + 3 * page) for page in range(pages))
        put(b"<< /Type /Catalog /Pages 2 0 R >>")
        put(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages))
        put(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        put(b"<< /Author (Example) >>")
        for page in range(pages):
            number = first + 3 * page
            put(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << "
                b"/Font << /F1 3 0 R >> /XObject << /P %d 0 R >> >> >>" % (number + 1, number + 2)
            )
            shown = b"BT /F1 12 Tf 40 800 Td (Page %d) Tj ET q 500 0 0 500 40 200 cm /P Do Q" % (page + 1)
            stream(b"", zlib.compress(shown))
            picture = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8"
            stream(picture % (SIDE, SIDE), noise(chance, False))
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % len(offsets))
        out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets[1:]))
        out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets), start))


def png(chance):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", noise(chance, True)) + chunk(b"IEND", b"")


def slide_xml(number):
    frame = '<a:xfrm><a:off x="600000" y="500000"/><a:ext cx="5000000" cy="5000000"/></a:xfrm>'
    return (
        f'<p:sld xmlns:a="{DRAWING}" xmlns:r="{OFFICE}" xmlns:p="{PRESENTATION}"><p:cSld><p:spTree><p:nvGrpSpPr>'
        '<p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:pic><p:nvPicPr>'
        f'<p:cNvPr id="2" name="Picture {number}"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="rId2"/>'
        f'<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{frame}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</p:spPr></p:pic></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>"
    )


def pptx(path, megabytes):
    pictures = range(1, 1 + max(1, round(megabytes * 1e6 / (3 * SIDE * SIDE))))
    chance = random.Random(2)
    names = [(number, f"ppt/slides/picture{number}.xml") for number in pictures]
    types = '<Default Extension="png" ContentType="image/png"/>' + "".join(
        f'<Override PartName="/{name}" ContentType="{SLIDE}"/>' for _, name in names
    )
    links = "".join(
        f'<Relationship Id="rIdP{number}" Type="{OFFICE}/slide" Target="/{name}"/>' for number, name in names
    )
    listed = "".join(f'<p:sldId id="{1000 + number}" r:id="rIdP{number}"/>' for number, _ in names)
    added = {
        "[Content_Types].xml": (types, "</Types>"),
        "ppt/_rels/presentation.xml.rels": (links, "</Relationships>"),
        "ppt/presentation.xml": (listed, "</p:sldIdLst>"),
    }
    with zipfile.ZipFile(BRIEFING) as briefing, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for member in briefing.infolist():
            content = briefing.read(member).decode("latin-1")
            addition, end = added.get(member.filename, ("", ""))
            if addition:
                content = content.replace(end, addition + end)
            out.writestr(zipfile.ZipInfo(member.filename), content.encode("latin-1"), zipfile.ZIP_DEFLATED)
        for number, name in names:
            links = "".join(
                f'<Relationship Id="rId{index}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                for index, (kind, target) in enumerate(
                    [("slideLayout", "/ppt/slideLayouts/slideLayout1.xml"), ("image", f"/ppt/media/image{number}.png")], 1
                )
            )
            links = f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
            out.writestr(zipfile.ZipInfo(name), slide_xml(number), zipfile.ZIP_DEFLATED)
            out.writestr(zipfile.ZipInfo(f"ppt/slides/_rels/picture{number}.xml.rels"), links, zipfile.ZIP_DEFLATED)
            out.writestr(zipfile.ZipInfo(f"ppt/media/image{number}.png"), png(chance), zipfile.ZIP_STORED)


def tiff(path, megapixels):
    """Strips under Deflate: slopes with a little noise, which is what scans and photos are like to a compressor."""
    height = max(1, round(megapixels * 1e6 / TIFF_WIDTH))
    chance = random.Random(3)
    row = bytes((at // 300 + chance.randrange(4)) % 256 for at in range(2 * 3 * TIFF_WIDTH))
    counts, offsets = [], []
    with open(path, "wb") as out:
        out.write(b"II*\0\0\0\0\0")
        for top in range(0, height, ROWS_PER_STRIP):
            starts = (chance.randrange(3 * TIFF_WIDTH) for _ in range(min(ROWS_PER_STRIP, height - top)))
            strip = zlib.compress(b"".join(row[start:start + 3 * TIFF_WIDTH] for start in starts), 1)
            offsets.append(out.tell())
            counts.append(len(strip))
            out.write(strip)
        out.write(b"\0" * (out.tell() % 2))

        def behind(data):
            at = out.tell()
            out.write(data)
            return at

        depths = behind(struct.pack("<4H", 8, 8, 8, 0))
        author = behind(b"Example\0")
        offsets_at = behind(struct.pack(f"<{len(offsets)}I", *offsets))
        counts_at = behind(struct.pack(f"<{len(counts)}I", *counts))
        strips = len(offsets)
        tags = [
            (256, 4, 1, TIFF_WIDTH), (257, 4, 1, height), (258, 3, 3, depths), (259, 3, 1, 8), (262, 3, 1, 2),
            (273, 4, strips, offsets_at if strips > 1 else offsets[0]), (277, 3, 1, 3), (278, 4, 1, ROWS_PER_STRIP),
            (279, 4, strips, counts_at if strips > 1 else counts[0]), (284, 3, 1, 1), (315, 2, 8, author),
        ]
        directory = behind(struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + b"\0" * 4)
        out.seek(4)
        out.write(struct.pack("<I", directory))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, size = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    {".pdf": pdf, ".pptx": pptx, ".tif": tiff}[path.suffix](path, size)


if __name__ == "__main__":
    main()
