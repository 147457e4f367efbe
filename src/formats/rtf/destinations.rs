//! The allow-list of destinations (RTF 1.9.1, "Destinations"): what becomes of a group by the word that it begins with.

use crate::policy::Class;
use crate::rtf_vocabulary::{Purpose, purpose};

/// What text in a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Text of the document.
    Shown,
    /// Names, instructions and data that the document needs and nobody reads.
    Kept,
    /// There can be none: whatever stands there is lost on every reader.
    Nothing,
    /// Only `;` counts.
    Separators,
}

/// What becomes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It stays; its text is of this kind.
    Keep(Words),
    /// It goes, and so does what it says.
    Remove(Class),
    /// It goes; what it holds are no words.
    RemoveData(Class),
    /// Properties of the file, one group each.
    Info,
    /// Properties that the user made.
    UserProperties,
    Bookmark,
    Field,
    FontFile,
    /// The program that wrote the file.
    Generator,
    Object,
    Picture,
    ShapeProperty,
    /// The other form of what stands before it, for readers of long ago.
    Fallback,
}

macro_rules! treatments {
    ($name:expr, $($treatment:expr => $($word:literal)+;)*) => {
        match $name {
            $($($word)|+ => Some($treatment),)*
            _ => None,
        }
    };
}

use Treatment::{
    Bookmark, Fallback, Field, FontFile, Generator, Info, Keep, Object, Picture, Remove, RemoveData, ShapeProperty,
    UserProperties,
};

/// What becomes of a group that begins with this word; `None` for words that begin no destination.
#[rustfmt::skip]
pub(super) fn treatment(word: &str) -> Option<Treatment> {
    let listed = treatments! { word,
        Keep(Words::Shown) => "rtf" "header" "headerl" "headerr" "headerf" "footer" "footerl" "footerr" "footerf" "footnote"
            "ftnsep" "ftnsepc" "ftncn" "aftnsep" "aftnsepc" "aftncn" "fldrslt" "shptxt" "dptxbxtext" "result" "pntext"
            "listtext" "pntxta" "pntxtb" "upr" "ud";
        Keep(Words::Kept) => "fonttbl" "falt" "panose" "stylesheet" "keycode" "listname" "liststylename" "leveltext"
            "levelnumbers" "xe" "txe" "rxe" "pxe" "tc" "fldinst" "fldtype" "ffname" "ffdeftext" "ffl" "ffhelptext"
            "ffstattext" "ffformat" "objclass" "objdata" "oleclsid" "sn" "sv" "hl" "hlloc" "hlsrc" "hlfr" "fchars"
            "lchars";
        Keep(Words::Nothing) => "listtable" "list" "listlevel" "listoverridetable" "listoverride" "lfolevel" "listpicture"
            "pgptbl" "pgp" "defchp" "defpap" "pn" "pnseclvl" "shp" "shpinst" "shpgrp" "picprop" "do" "formfield"
            "background" "shppict" "nesttableprops" "nonesttables" "mmathPr" "hsv" "ebcstart" "ebcend";
        Keep(Words::Separators) => "colortbl";
        Info => "info";
        UserProperties => "userprops";
        Bookmark => "bkmkstart" "bkmkend";
        Field => "field";
        FontFile => "fontemb";
        Generator => "generator";
        Object => "object";
        Picture => "pict";
        ShapeProperty => "sp";
        Fallback => "nonshppict" "shprslt" "mmathPict";
        Remove(Class::MetadataAuthor) => "revtbl";
        Remove(Class::MetadataDescription) => "windowcaption";
        Remove(Class::MetadataPaths) => "template" "filetbl" "file" "nextfile" "fontfile" "objname" "objalias" "objsect"
            "mailmerge" "hlinkbase" "fname";
        Remove(Class::ContentComments) => "annotation" "atnid" "atnauthor";
        RemoveData(Class::ContentComments) => "atndate" "atnicn" "atnparent" "atnref" "atntime" "atrfstart" "atrfend";
        RemoveData(Class::ContentTrackedChanges) => "oldcprops" "oldpprops" "oldsprops" "oldtprops" "mvfmf" "mvfml"
            "mvtof" "mvtol";
        Remove(Class::ContentCustomXml) => "docvar" "xmlnstbl" "xmlopen" "xmlname" "xmlattrname" "xmlattrvalue" "private";
        RemoveData(Class::ContentCustomXml) => "datastore" "xmlclose" "factoidname";
        RemoveData(Class::MetadataDates) => "objtime" "creatim" "revtim" "printim" "buptim";
        RemoveData(Class::MetadataIdentifiers) => "rsidtbl" "blipuid";
        Remove(Class::ContentProtection) => "protusertbl" "protstart" "protend";
        RemoveData(Class::ContentProtection) => "password" "passwordhash" "writereservation" "writereservhash";
        RemoveData(Class::ContentFields) => "datafield";
        RemoveData(Class::ContentUnknown) => "latentstyles" "lsdlockedexcept" "themedata" "colorschememapping"
            "wgrffmtfilter" "gridtbl" "svb" "ffentrymcr" "ffexitmcr";
    };
    listed.or_else(|| match purpose(word) {
        Some(Purpose::Mathematics) => Some(Keep(Words::Shown)),
        // What the specification has, and stands nowhere but in groups that go.
        Some(Purpose::Destination) => Some(Remove(Class::MetadataOther)),
        _ => None,
    })
}

/// True for groups that a reader sees something of, where they stand in the text.
pub(super) fn is_visible(word: &str) -> bool {
    matches!(
        word,
        "field"
            | "pict"
            | "shppict"
            | "nonshppict"
            | "shp"
            | "shpgrp"
            | "object"
            | "do"
            | "footnote"
            | "mmath"
            | "moMath"
            | "moMathPara"
            | "xe"
            | "tc"
            | "listtext"
            | "pntext"
            | "upr"
    )
}

/// Words that go wherever they stand.
pub(super) fn removed_word(name: &str) -> Option<Class> {
    Some(match name {
        "rsid" | "rsidroot" | "insrsid" | "charrsid" | "delrsid" | "pararsid" | "sectrsid" | "styrsid" | "tblrsid"
        | "bliptag" => Class::MetadataIdentifiers,
        "revised" | "deleted" | "revauth" | "revdttm" | "revauthdel" | "revdttmdel" | "crauth" | "crdate"
        | "prauth" | "prdate" | "srauth" | "srdate" | "trauth" | "trdate" | "dfrauth" | "dfrdate" | "dfrstart"
        | "dfrstop" | "dfrxst" | "pnrauth" | "pnrdate" | "pnrnfc" | "pnrnot" | "pnrpnbr" | "pnrrgb" | "pnrstart"
        | "pnrstop" | "pnrxst" | "mvf" | "mvt" | "mvauth" | "mvdate" | "clins" | "clinsauth" | "clinsdttm"
        | "cldelauth" | "cldeldttm" | "clmrgdauth" | "clmrgddttm" => Class::ContentTrackedChanges,
        "chatn" => Class::ContentComments,
        "enforceprot"
        | "protlevel"
        | "readprot"
        | "annotprot"
        | "formprot"
        | "revprot"
        | "allprot"
        | "stylelock"
        | "stylelockenforced"
        | "stylelockbackcomp"
        | "stylelocktheme"
        | "stylelockqfset"
        | "readonlyrecommended" => Class::ContentProtection,
        "version" | "vern" => Class::MetadataSoftware,
        "edmins" | "nofpages" | "nofwords" | "nofchars" | "nofcharsws" | "id" => Class::MetadataOther,
        "yr" | "mo" | "dy" | "hr" | "min" | "sec" => Class::MetadataDates,
        "subdocument" => Class::LinksLocal,
        _ => return None,
    })
}
