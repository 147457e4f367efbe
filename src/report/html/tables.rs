//! Sections, tables and lists of facts, as all parts of the page have them.

use std::io;

use super::markup::Markup;

/// A section with a heading and a line that says what is in it.
pub(super) fn section(
    page: &mut Markup<'_>,
    id: &'static str,
    title: &'static str,
    about: &'static str,
    content: impl FnOnce(&mut Markup<'_>) -> io::Result<()>,
) -> io::Result<()> {
    page.within("section", &[("aria-labelledby", id)], |page| {
        page.element("h2", &[("id", id)], title)?;
        page.element("p", &[("class", "about")], about)?;
        content(page)
    })
}

/// A table in a frame that scrolls where the page is narrow.
pub(super) fn table(
    page: &mut Markup<'_>,
    label: &str,
    columns: &[(&'static str, &'static str)],
    rows: impl FnOnce(&mut Markup<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let frame = [("class", "scroll"), ("role", "group"), ("tabindex", "0"), ("aria-label", label)];
    page.within("div", &frame, |page| {
        page.within("table", &[], |page| {
            page.within("thead", &[], |page| {
                page.within("tr", &[], |page| {
                    columns.iter().try_for_each(|(class, column)| {
                        page.element("th", &[("scope", "col"), ("class", class)], column)
                    })
                })
            })?;
            page.within("tbody", &[], rows)
        })
    })
}

/// How much more there is than what is shown, if there is.
pub(super) fn more(page: &mut Markup<'_>, all: usize, shown: usize) -> io::Result<()> {
    match all.saturating_sub(shown) {
        0 => Ok(()),
        more => page.element("p", &[("class", "more")], &format!("… and {more} more in the audit log.")),
    }
}

/// A name and its value in a list of facts; nothing without a value.
pub(super) fn fact(page: &mut Markup<'_>, name: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    page.element("dt", &[], name)?;
    page.element("dd", &[], value)
}
