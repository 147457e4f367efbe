//! The sample documents: one story, told in every format.
//!
//! Everything in them is invented. Names say so ("Example", "Placeholder"), hosts and addresses come from the ranges that
//! are reserved for documentation, account and card numbers are the published test numbers, and the position of every
//! photo is Point Nemo, the place in the ocean that is farthest from any land.

mod cfb;
mod docx;
mod font;
mod jpeg;
mod package;
mod pdf;
mod picture;
mod png;
mod pptx;
mod report;
mod story;
mod text;
mod tiff;
mod xlsx;
mod xmp;

/// One file of `samples/`.
pub(crate) struct Sample {
    /// Its path in the folder, with forward slashes.
    pub(crate) path: &'static str,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// Every sample, in the order of their paths.
pub(crate) fn all() -> anyhow::Result<Vec<Sample>> {
    let photo = jpeg::photo(480, 640, jpeg::Stored::Sideways)?;
    let half = photo.len() / 2;
    let truncated = photo.iter().copied().take(half).collect();
    let mut samples = vec![
        sample("data/payments.csv", text::payments().into()),
        sample("data/service.json", text::service().into()),
        sample("data/tide-gauge.dat", text::unknown_data()),
        sample("minutes.docx", docx::minutes()?),
        sample("budget.xlsx", xlsx::budget()?),
        sample("briefing.pptx", pptx::briefing()?),
        sample("locked.docx", cfb::locked_office_file()?),
        sample("notice.md", text::notice().into()),
        sample("opening-hours.txt", text::opening_hours().into()),
        sample("photos/.DS_Store", text::folder_litter()),
        sample("photos/archive/2024/harbour.jpg", jpeg::plain(320, 240)?),
        sample("photos/damaged.jpg", truncated),
        sample("photos/harbour.jpg", photo),
        sample("photos/traffic.png", png::chart()?),
        sample("photos/traffic-copy.jpg", png::chart()?),
        sample("report.pdf", report::report()?),
        sample("scanned-letter.pdf", report::scanned_letter()?),
    ];
    samples.sort_by_key(|sample| sample.path);
    Ok(samples)
}

fn sample(path: &'static str, bytes: Vec<u8>) -> Sample {
    Sample { path, bytes }
}
