//! Image sequences built by code.

use crate::coding::{config, frame};
use crate::fixtures::{ALPHA, Heif, atom};

/// A track and all that its tables say.
#[derive(Clone)]
pub(crate) struct Track {
    pub(crate) id: u32,
    pub(crate) flags: u8,
    pub(crate) group: u16,
    pub(crate) handler: [u8; 4],
    pub(crate) name: Vec<u8>,
    pub(crate) dates: u32,
    pub(crate) language: u16,
    pub(crate) references: Vec<([u8; 4], u32)>,
    /// Contents of `elst`.
    pub(crate) edits: Option<Vec<u8>>,
    /// Type of the samples.
    pub(crate) kind: [u8; 4],
    pub(crate) compressor: Vec<u8>,
    /// Boxes of the sample entry.
    pub(crate) entry: Vec<Vec<u8>>,
    /// Whether `url ` says that the samples lie in this file.
    pub(crate) local: u8,
    /// Chunks of samples.
    pub(crate) chunks: Vec<Vec<Vec<u8>>>,
    pub(crate) durations: Vec<u8>,
    pub(crate) sync: Vec<u8>,
    /// Further boxes.
    pub(crate) in_track: Vec<u8>,
    pub(crate) in_media: Vec<u8>,
    pub(crate) in_tables: Vec<u8>,
    /// Tables of another form: `stz2` and `co64`.
    pub(crate) other_tables: bool,
}

/// A movie.
#[derive(Clone)]
pub(crate) struct Movie {
    pub(crate) brands: Vec<u8>,
    pub(crate) dates: u32,
    /// What stands where `mvhd` is reserved.
    pub(crate) reserved: u8,
    pub(crate) tracks: Vec<Track>,
    pub(crate) in_movie: Vec<u8>,
    /// Bytes of no sample before each chunk.
    pub(crate) gap: Vec<u8>,
    pub(crate) behind: Vec<u8>,
}

/// Numbers of four bytes, behind version and flags.
pub(crate) fn table(numbers: &[u32]) -> Vec<u8> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
    [&[0; 4][..], &bytes].concat()
}

impl Track {
    /// Three pictures in two chunks.
    pub(crate) fn pictures(id: u32, kind: &[u8; 4], text: &str) -> Self {
        let sample = |number: usize| frame(kind, format!("{text} {number}{}", ".".repeat(number)).as_bytes());
        Self {
            id,
            flags: 1,
            group: 0,
            handler: *b"pict",
            name: vec![0],
            dates: 0,
            language: 0x55c4,
            references: vec![],
            edits: None,
            kind: *kind,
            compressor: vec![],
            entry: vec![config(kind), atom(b"ccst", &[0, 0, 0, 0, 0x7c, 0, 0, 0])],
            local: 1,
            chunks: vec![vec![sample(1), sample(2)], vec![sample(3)]],
            durations: table(&[2, 2, 10, 1, 30]),
            sync: table(&[1, 1]),
            in_track: vec![],
            in_media: vec![],
            in_tables: vec![],
            other_tables: false,
        }
    }

    /// The transparency of track 1.
    pub(crate) fn alpha(id: u32, kind: &[u8; 4]) -> Self {
        let mut track = Self::pictures(id, kind, "clear");
        track.handler = *b"auxv";
        track.references = vec![(*b"auxl", 1)];
        track.entry.push(atom(b"auxi", ALPHA));
        track
    }

    /// A track of something else, with a marker for a sample.
    pub(crate) fn other(id: u32, handler: &[u8; 4], kind: &[u8; 4]) -> Self {
        let mut track = Self::pictures(id, kind, "PLANTED");
        track.handler = *handler;
        track.entry = vec![atom(b"what", b"PLANTED")];
        track
    }

    fn build(&self, offsets: &[u32]) -> Vec<u8> {
        let dates = [self.dates.to_be_bytes(), self.dates.to_be_bytes()].concat();
        let group = self.group.to_be_bytes();
        let mut tkhd = [&[0, 0, 0, self.flags][..], &dates, &self.id.to_be_bytes(), &[0; 4], &[0, 0, 0, 50]].concat();
        tkhd.extend([&[0; 10][..], &group, &[0; 4], &[7; 36], &[0, 64, 0, 0, 0, 48, 0, 0]].concat());
        let mut track = atom(b"tkhd", &tkhd);
        if let Some(edits) = &self.edits {
            track.extend(atom(b"edts", &atom(b"elst", edits)));
        }
        if !self.references.is_empty() {
            let made: Vec<u8> = self.references.iter().flat_map(|(kind, to)| atom(kind, &to.to_be_bytes())).collect();
            track.extend(atom(b"tref", &made));
        }
        let language = self.language.to_be_bytes();
        let mdhd = [&[0; 4][..], &dates, &[0, 0, 0, 100], &[0, 0, 0, 50], &language, &[0; 2]].concat();
        let hdlr = [&[0; 8][..], &self.handler, &[0; 12], &self.name].concat();
        let mut compressor = self.compressor.clone();
        compressor.resize(32, 0);
        let fields = [&[0; 6][..], &[0, 1], &[0; 16], &[0, 64, 0, 48, 0, 72, 0, 0, 0, 72, 0, 0], &[0; 4], &[0, 1]];
        let mut entry = [&fields.concat()[..], &compressor, &[0, 24, 0xff, 0xff]].concat();
        entry.extend(self.entry.concat());
        let stsd = [&table(&[1])[..], &atom(&self.kind, &entry)].concat();
        let sizes: Vec<u32> = self.chunks.iter().flatten().map(|sample| sample.len() as u32).collect();
        let runs: Vec<u32> =
            (1..).zip(&self.chunks).flat_map(|(number, chunk)| [number, chunk.len() as u32, 1]).collect();
        let count = sizes.len() as u32;
        let mut tables = vec![
            atom(b"stsd", &stsd),
            atom(b"stts", &self.durations),
            atom(b"stss", &self.sync),
            atom(b"stsc", &table(&[&[runs.len() as u32 / 3][..], &runs].concat())),
        ];
        if self.other_tables {
            let short: Vec<u8> = sizes.iter().map(|size| *size as u8).collect();
            tables.push(atom(b"stz2", &[&table(&[8, count])[..], &short].concat()));
            let long: Vec<u8> = offsets.iter().flat_map(|offset| u64::from(*offset).to_be_bytes()).collect();
            tables.push(atom(b"co64", &[&table(&[offsets.len() as u32])[..], &long].concat()));
        } else {
            tables.push(atom(b"stsz", &table(&[&[0, count][..], &sizes].concat())));
            tables.push(atom(b"stco", &table(&[&[offsets.len() as u32][..], offsets].concat())));
        }
        tables.push(self.in_tables.clone());
        let dref = [&table(&[1])[..], &atom(b"url ", &[0, 0, 0, self.local])].concat();
        let information = [
            atom(b"vmhd", &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
            atom(b"dinf", &atom(b"dref", &dref)),
            atom(b"stbl", &tables.concat()),
        ];
        let information = atom(b"minf", &information.concat());
        let media = [atom(b"mdhd", &mdhd), atom(b"hdlr", &hdlr), information, self.in_media.clone()];
        track.extend(atom(b"mdia", &media.concat()));
        track.extend(&self.in_track);
        atom(b"trak", &track)
    }
}

impl Movie {
    /// A sequence without a still picture.
    pub(crate) fn new(tracks: Vec<Track>) -> Self {
        let brands = if tracks[0].kind == *b"av01" { b"avis\0\0\0\0avismsf1" } else { b"hevc\0\0\0\0hevcmsf1" };
        Self { brands: brands.to_vec(), dates: 0, reserved: 0, tracks, in_movie: vec![], gap: vec![], behind: vec![] }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        self.behind(atom(b"ftyp", &self.brands))
    }

    /// The sequence behind a still picture, as its own.
    pub(crate) fn with_still(&self, mut still: Heif) -> Vec<u8> {
        still.brands = [&self.brands[..], &still.brands[8..]].concat();
        self.behind(still.build())
    }

    fn behind(&self, file: Vec<u8>) -> Vec<u8> {
        let mut media = Vec::new();
        let mut places = Vec::new();
        for track in &self.tracks {
            let mut offsets = Vec::new();
            for chunk in &track.chunks {
                media.extend(&self.gap);
                offsets.push(media.len() as u32);
                media.extend(chunk.concat());
            }
            places.push(offsets);
        }
        let moov = |base: u32| {
            let dates = [self.dates.to_be_bytes(), self.dates.to_be_bytes()].concat();
            let mut mvhd = [&[0; 4][..], &dates, &[0, 0, 0, 100], &[0, 0, 0, 50], &[0, 1, 0, 0, 1, 0]].concat();
            mvhd.extend([&[self.reserved; 10][..], &[7; 36], &[self.reserved; 24], &[0, 0, 0, 3]].concat());
            let mut boxes = atom(b"mvhd", &mvhd);
            for (track, offsets) in self.tracks.iter().zip(&places) {
                boxes.extend(track.build(&offsets.iter().map(|offset| offset + base).collect::<Vec<u32>>()));
            }
            boxes.extend(&self.in_movie);
            atom(b"moov", &boxes)
        };
        let base = file.len() + moov(0).len() + 8;
        [file, moov(base as u32), atom(b"mdat", &media), self.behind.clone()].concat()
    }
}

/// Pictures with their transparency, an edit list that repeats, and nothing else.
pub(crate) fn tidy(kind: &[u8; 4]) -> Movie {
    let mut movie = Movie::new(vec![Track::pictures(1, kind, "picture"), Track::alpha(2, kind)]);
    movie.tracks[0].edits = Some([&[0, 0, 0, 1][..], &table(&[50, 0, 0x10000])[..]].concat());
    if let Some(edits) = &mut movie.tracks[0].edits {
        edits[4..8].copy_from_slice(&1_u32.to_be_bytes());
    }
    movie
}

/// The same with everything that has to go.
pub(crate) fn laden(kind: &[u8; 4]) -> Movie {
    let mut movie = tidy(kind);
    movie.brands.extend(b"PLAN");
    movie.dates = 0xd87e_d751;
    movie.reserved = b'P';
    movie.gap = b"PLANTED gap".to_vec();
    let planted = |name: &[u8; 4]| atom(name, b"\0\0\0\0PLANTED");
    let udta = |name: &[u8; 4]| atom(b"udta", &[planted(name), planted(b"\xa9day"), planted(b"meta")].concat());
    movie.in_movie =
        [udta(b"\xa9xyz"), planted(b"iods"), planted(b"free"), planted(b"meta"), planted(b"uuid")].concat();
    movie.behind = [planted(b"free"), b"PLANTED".to_vec()].concat();
    for track in &mut movie.tracks {
        track.dates = 0xd87e_d751;
        track.language = 0x15c7;
        track.group = 3;
        track.name = b"PLANTED handler\0".to_vec();
        track.compressor = b"\x0fPLANTED encoder".to_vec();
        track.entry.extend([planted(b"btrt"), planted(b"free"), atom(b"pasp", &[0, 0, 0, 1, 0, 0, 0, 1])]);
        track.in_track = [udta(b"\xa9nam"), planted(b"meta")].concat();
        track.in_media = planted(b"elng");
        track.in_tables = [planted(b"sdtp"), planted(b"sgpd"), planted(b"sbgp")].concat();
        track.other_tables = true;
    }
    let mut thumbnails = Track::other(5, b"pict", kind);
    thumbnails.references = vec![(*b"thmb", 1)];
    let mut depth = Track::alpha(6, kind);
    depth.chunks = Track::other(6, b"auxv", kind).chunks;
    depth.entry = vec![config(kind), atom(b"auxi", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:depth\0")];
    let mut smaller = Track::other(8, b"pict", kind);
    smaller.group = 3;
    movie.tracks.insert(0, Track::other(3, b"soun", b"mp4a"));
    movie.tracks.extend([
        Track::other(4, b"vide", b"avc1"),
        thumbnails,
        depth,
        Track::other(7, b"meta", b"mett"),
        smaller,
    ]);
    movie
}
