//! Colour profiles built by code, most of them with a planted marker.

/// A profile made by hand: version, class, colour space, connection space, tags.
pub(crate) struct Made {
    pub(crate) head: [&'static [u8]; 3],
    pub(crate) space: &'static [u8],
    pub(crate) header: Vec<(usize, &'static [u8])>,
    pub(crate) tags: Vec<(&'static [u8; 4], Vec<u8>)>,
    /// Bytes between each two tags.
    pub(crate) between: &'static [u8],
}

pub(crate) fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap().to_be_bytes()
}

pub(crate) fn typed(signature: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [signature.as_slice(), &[0; 4], data].concat()
}

pub(crate) fn xyz(first: u8) -> Vec<u8> {
    typed(b"XYZ ", &[0, 0, first, 0xd6, 0, 0, first, 0x11, 0, 0, first, 0x2d])
}

pub(crate) fn curve(count: usize) -> Vec<u8> {
    let values = (0..count).flat_map(|at| u16::try_from(at * 65_535 / (count - 1)).unwrap().to_be_bytes());
    typed(b"curv", &[number(count).to_vec(), values.collect()].concat())
}

pub(crate) fn parametric() -> Vec<u8> {
    typed(b"para", &[0, 0, 0, 0, 0, 2, 0x33, 0x33])
}

pub(crate) fn localised(text: &str) -> Vec<u8> {
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    typed(b"mluc", &[&number(1)[..], &number(12), b"deDE", &number(wide.len()), &number(28), &wide].concat())
}

pub(crate) fn description(ascii: &str, unicode: &str, macintosh: &[u8]) -> Vec<u8> {
    let wide: Vec<u8> = unicode.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut script = macintosh.to_vec();
    script.resize(67, 0);
    let ascii = format!("{ascii}\0");
    let size = u8::try_from(macintosh.len()).unwrap();
    let parts =
        [&number(ascii.len())[..], ascii.as_bytes(), &[0; 4], &number(wide.len() / 2), &wide, &[0, 0, size], &script];
    typed(b"desc", &parts.concat())
}

/// lut16Type with two steps per direction.
pub(crate) fn table16(inputs: usize, outputs: usize) -> Vec<u8> {
    let matrix: Vec<u8> = (0..9).flat_map(|at| number(if at % 4 == 0 { 0x1_0000 } else { 0 })).collect();
    let colours = (0..(1_usize << inputs) * outputs).flat_map(|at| [u8::try_from(at * 7 % 256).unwrap(), 1]);
    let ramp = |channels: usize| [0, 0, 0xff, 0xff].repeat(channels);
    let counts = [u8::try_from(inputs).unwrap(), u8::try_from(outputs).unwrap(), 2, 0];
    typed(
        b"mft2",
        &[&counts[..], &matrix, &[0, 2, 0, 2], &ramp(inputs), &colours.collect::<Vec<u8>>(), &ramp(outputs)].concat(),
    )
}

/// lutAToBType or lutBToAType with all five sections, each behind a gap of `gap`.
pub(crate) fn sections(signature: &[u8; 4], gap: &[u8]) -> Vec<u8> {
    let curves = [parametric(), parametric(), parametric()].concat();
    let matrix: Vec<u8> = (0..12).flat_map(|at| number(if at % 4 == 0 { 0x1_0000 } else { 0 })).collect();
    let table = [[2, 2, 2].as_slice(), &[0; 13], &[1, 0, 0, 0], &(0..24).map(|at| at * 10).collect::<Vec<u8>>()];
    let mut offsets = Vec::new();
    let mut body = Vec::new();
    for section in [curves.clone(), matrix, curves.clone(), table.concat(), curves] {
        body.extend_from_slice(gap);
        offsets.extend(number(body.len() + 32));
        body.extend(section);
    }
    typed(signature, &[&[3, 3, 0, 0][..], &offsets, &body].concat())
}

/// multiProcessElementsType of a set of curves and a matrix.
pub(crate) fn elements() -> Vec<u8> {
    let curve = [
        typed(b"curf", &[0, 2, 0, 0, 0x3f, 0, 0, 0]),
        typed(b"parf", &[&[0; 4][..], &[0x3f, 0x80, 0, 0], &[0; 12]].concat()),
        typed(b"samf", &[&number(2)[..], &[0x3f, 0, 0, 0], &[0x3f, 0x80, 0, 0]].concat()),
    ]
    .concat();
    let positions = [number(36), number(curve.len())].concat().repeat(3);
    let set = typed(b"cvst", &[&[0, 3, 0, 3][..], &positions, &curve].concat());
    let matrix = typed(b"matf", &[&[0, 3, 0, 3][..], &[0x3f; 48]].concat());
    let mark = typed(b"eACS", b"\0\x03\0\x03PLAN");
    let parts = [set, matrix, mark];
    let mut at = 40;
    let mut places = Vec::new();
    for part in &parts {
        // As a common engine writes the size: without the first eight bytes.
        places.extend([number(at), number(part.len() - 8)].concat());
        at += part.len();
    }
    typed(b"mpet", &[&[0, 3, 0, 3][..], &number(3), &places, &parts.concat()].concat())
}

impl Made {
    pub(crate) fn rgb(version: &'static [u8]) -> Self {
        let primaries = [(b"rXYZ", xyz(0x6f)), (b"gXYZ", xyz(0x62)), (b"bXYZ", xyz(0x24)), (b"wtpt", xyz(0xf6))];
        let curves = [b"rTRC", b"gTRC", b"bTRC"].map(|name| (name, curve(5)));
        Self {
            head: [version, b"mntr", b"XYZ "],
            space: b"RGB ",
            header: Vec::new(),
            tags: primaries.into_iter().chain(curves).collect(),
            between: b"",
        }
    }

    pub(crate) fn tabled(version: &'static [u8], space: &'static [u8], table: Vec<u8>) -> Self {
        let tags = vec![(b"A2B0", table), (b"wtpt", xyz(0xf6))];
        Self { head: [version, b"prtr", b"Lab "], space, header: Vec::new(), tags, between: b"" }
    }

    pub(crate) fn and(mut self, name: &'static [u8; 4], data: Vec<u8>) -> Self {
        self.tags.push((name, data));
        self
    }

    pub(crate) fn field(mut self, at: usize, value: &'static [u8]) -> Self {
        self.header.push((at, value));
        self
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut table = number(self.tags.len()).to_vec();
        let mut body: Vec<u8> = Vec::new();
        let start = 132 + 12 * self.tags.len();
        for (name, data) in &self.tags {
            body.extend_from_slice(self.between);
            body.resize(body.len().next_multiple_of(4), 0);
            table.extend([name.as_slice(), &number(start + body.len()), &number(data.len())].concat());
            body.extend(data);
        }
        let [version, class, connection] = self.head;
        let mut header =
            [&number(start + body.len())[..], &[0; 4], version, &[0, 0], class, self.space, connection].concat();
        header
            .extend([[0; 12].as_slice(), b"acsp", &[0; 28], b"\0\0\xf6\xd6\0\x01\0\0\0\0\xd3\x2d", &[0; 48]].concat());
        for (at, value) in &self.header {
            header[*at..*at + value.len()].copy_from_slice(value);
        }
        [header, table, body].concat()
    }
}

pub(crate) const V2: &[u8] = &[2, 0x10];
pub(crate) const V4: &[u8] = &[4, 0x30];

/// Profiles that each hide a marker in one place, and the item that the report lists for it.
pub(crate) fn laden() -> Vec<(Vec<u8>, &'static str)> {
    let behind = |mut data: Vec<u8>| {
        data.extend(b"PLANTED behind it");
        data
    };
    let mut laden = Vec::new();
    for version in [V2, V4] {
        let rgb = || Made::rgb(version);
        laden.extend([
            (rgb().field(4, b"PLAN"), "ICC:ProfileCMMType"),
            (rgb().field(24, b"PLAN"), "ICC:ProfileDateTime"),
            (rgb().field(40, b"PLAN"), "ICC:PrimaryPlatform"),
            (rgb().field(48, b"PLAN"), "ICC:DeviceManufacturer"),
            (rgb().field(52, b"PLAN"), "ICC:DeviceModel"),
            (rgb().field(56, b"PLANTED"), "ICC:DeviceAttributes"),
            (rgb().field(80, b"PLAN"), "ICC:ProfileCreator"),
            (rgb().field(84, b"PLANTED"), "ICC:ProfileID"),
            (rgb().field(110, b"PLANTED"), "ICC:reserved bytes of the header"),
            (rgb().and(b"desc", localised("PLANTED")), "ICC:ProfileDescription"),
            (rgb().and(b"desc", description("PLANTED", "", b"")), "ICC:ProfileDescription"),
            (rgb().and(b"desc", description("Monitor", "PLANTED", b"")), "ICC:ProfileDescription"),
            (rgb().and(b"desc", description("Monitor", "", b"PLANTED")), "ICC:ProfileDescription"),
            (rgb().and(b"cprt", typed(b"text", b"PLANTED\0")), "ICC:ProfileCopyright"),
            (rgb().and(b"dmnd", description("PLANTED", "", b"")), "ICC:DeviceMfgDesc"),
            (rgb().and(b"dmdd", localised("PLANTED")), "ICC:DeviceModelDesc"),
            (rgb().and(b"targ", typed(b"text", b"PLANTED\0")), "ICC:CharTarget"),
            (rgb().and(b"mmod", typed(b"mmod", b"PLANTED")), "ICC:MakeAndModel"),
            (rgb().and(b"vcgt", typed(b"vcgt", b"PLANTED")), "ICC:VideoCardGamma"),
            (rgb().and(b"meta", typed(b"dict", b"PLANTED")), "ICC:Metadata"),
            (rgb().and(b"pseq", typed(b"pseq", b"PLANTED")), "ICC:ProfileSequenceDesc"),
            (rgb().and(b"psid", typed(b"psid", b"PLANTED")), "ICC:ProfileSequenceIdentifier"),
            (rgb().and(b"calt", typed(b"dtim", b"PLANTED")), "ICC:CalibrationDateTime"),
            (rgb().and(b"zzzz", b"PLANTED".to_vec()), "ICC:zzzz"),
            (rgb().and(b"rXYZ", b"PLANTED".to_vec()), "ICC:rXYZ"),
            (rgb().and(b"lumi", behind(xyz(1))), "ICC:lumi (bytes without use)"),
            (rgb().and(b"kTRC", behind(curve(4))), "ICC:kTRC (bytes without use)"),
            (rgb().and(b"kTRC", behind(parametric())), "ICC:kTRC (bytes without use)"),
            (rgb().and(b"chad", behind(typed(b"sf32", &[1; 36]))), "ICC:chad (bytes without use)"),
            (rgb().and(b"cicp", behind(typed(b"cicp", &[1; 4]))), "ICC:cicp (bytes without use)"),
            (rgb().and(b"D2B0", behind(elements())), "ICC:D2B0 (bytes without use)"),
            (Made { between: b"PLANTED", ..rgb() }, "ICC:bytes between tags"),
            (Made::tabled(version, b"CMYK", behind(table16(4, 3))), "ICC:A2B0 (bytes without use)"),
            (Made::tabled(version, b"RGB ", behind(sections(b"mAB ", b""))), "ICC:A2B0 (bytes without use)"),
            (Made::tabled(version, b"RGB ", sections(b"mAB ", b"PLANTED!")), "ICC:A2B0 (bytes without use)"),
        ]);
    }
    laden.into_iter().map(|(made, item)| (made.build(), item)).collect()
}
