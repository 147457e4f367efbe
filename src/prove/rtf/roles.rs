//! What the groups of a document are for, as the proof sees it.

use crate::rtf_vocabulary::{Purpose, purpose};

/// What a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Text that a reader sees.
    Shown,
    /// Names and data that make something visible.
    Support,
    /// Formatting without text.
    Structure,
    /// Colours: only semicolons count.
    Colours,
    Field,
    Instruction,
    /// Name and value of a property of a shape.
    Property,
    Bookmark,
    FontFile,
    Generator,
    Picture,
    /// A picture of what stands before it.
    Fallback,
    /// What no copy may hold.
    Gone,
}

/// The role of a group that begins with this word; `None` when the word begins no group of its own kind.
#[rustfmt::skip]
pub(crate) fn role(name: &str) -> Option<Role> {
    Some(match name {
        "rtf" | "upr" | "ud" | "result" | "footnote" | "fldrslt" => Role::Shown,
        "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" => Role::Shown,
        "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" => Role::Shown,
        "shptxt" | "dptxbxtext" | "pntext" | "listtext" | "pntxta" | "pntxtb" => Role::Shown,
        "fonttbl" | "falt" | "panose" | "stylesheet" | "keycode" | "listname" | "liststylename" | "leveltext" => Role::Support,
        "levelnumbers" | "xe" | "txe" | "rxe" | "pxe" | "tc" | "fldtype" | "fchars" | "lchars" => Role::Support,
        "ffname" | "ffdeftext" | "ffl" | "ffhelptext" | "ffstattext" | "ffformat" => Role::Support,
        "objclass" | "objdata" | "oleclsid" | "sn" | "sv" | "hl" | "hlloc" | "hlsrc" | "hlfr" => Role::Support,
        "listtable" | "list" | "listlevel" | "listoverridetable" | "listoverride" | "lfolevel" | "listpicture" => Role::Structure,
        "pgptbl" | "pgp" | "defchp" | "defpap" | "pn" | "pnseclvl" | "shp" | "shpinst" | "shpgrp" | "picprop" => Role::Structure,
        "do" | "formfield" | "background" | "shppict" | "nesttableprops" | "nonesttables" | "mmathPr" | "hsv" => Role::Structure,
        "object" | "ebcstart" | "ebcend" => Role::Structure,
        "colortbl" => Role::Colours,
        "field" => Role::Field,
        "fldinst" => Role::Instruction,
        "sp" => Role::Property,
        "bkmkstart" | "bkmkend" => Role::Bookmark,
        "fontemb" => Role::FontFile,
        "generator" => Role::Generator,
        "pict" => Role::Picture,
        "nonshppict" | "shprslt" | "mmathPict" => Role::Fallback,
        _ => match purpose(name)? {
            Purpose::Mathematics => Role::Shown,
            Purpose::Destination => Role::Gone,
            _ => return None,
        },
    })
}

/// Groups that show something in the middle of the text, and so go with text that a tracked change deletes.
pub(crate) fn shows(name: &str) -> bool {
    matches!(
        name,
        "field"
            | "pict"
            | "shppict"
            | "nonshppict"
            | "shp"
            | "shpgrp"
            | "object"
            | "do"
            | "footnote"
            | "upr"
            | "xe"
            | "tc"
            | "listtext"
            | "pntext"
            | "mmath"
            | "moMath"
            | "moMathPara"
    )
}

/// Groups inside a text, which take its formatting with them.
pub(crate) fn is_inline(name: &str) -> bool {
    matches!(name, "fldrslt" | "fldinst" | "result" | "listtext" | "pntext" | "upr" | "ud" | "nesttableprops")
        || purpose(name) == Some(Purpose::Mathematics)
}

/// Words that tell of people, editing sessions, times or programs, or that guard the file.
pub(crate) fn tells(name: &str) -> bool {
    const ENDINGS: &[&str] = &["rsid", "auth", "dttm"];
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || name.starts_with("dfr") && !name.starts_with("dfrmtxt")
        || name.starts_with("pnr") && name != "pnrestart"
        || name.starts_with("stylelock")
        || matches!(
            name,
            "rsidroot"
                | "bliptag"
                | "revised"
                | "deleted"
                | "revauthdel"
                | "revdttmdel"
                | "mvf"
                | "mvt"
                | "mvdate"
                | "crdate"
                | "prdate"
                | "srdate"
                | "trdate"
                | "clins"
                | "chatn"
                | "enforceprot"
                | "protlevel"
                | "readprot"
                | "annotprot"
                | "formprot"
                | "revprot"
                | "allprot"
                | "readonlyrecommended"
                | "version"
                | "vern"
                | "edmins"
                | "nofpages"
                | "nofwords"
                | "nofchars"
                | "nofcharsws"
                | "id"
                | "yr"
                | "mo"
                | "dy"
                | "hr"
                | "min"
                | "sec"
                | "subdocument"
        )
}
