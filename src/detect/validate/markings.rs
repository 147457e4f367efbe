//! The grammar of control markings.
//!
//! US classification markings follow the CAPCO register: a classification, then categories between `//`, entries between `/`.
//! The vocabularies are those of the register and of the ODNI Information Security Marking data (public domain). Program names
//! cannot be listed, so a marking is *valid* when its classification is known and at least one entry is, *invalid* when no entry
//! is known at all (a comment of a program behind the word SECRET).

use super::{Sight, Verdict};

/// Entries that stand alone, as in banners and as in portions.
#[rustfmt::skip]
const ENTRIES: &[&str] = &[
    // Dissemination controls
    "NOFORN", "NF", "ORCON", "OC", "ORCON-USGOV", "OC-USGOV", "RELIDO", "PROPIN", "PR", "IMCON", "IMC", "RSEN", "RS", "FISA",
    "FOUO", "FOR OFFICIAL USE ONLY", "DSEN", "DEA SENSITIVE", "EYES ONLY", "REL", "RAWFISA", "WAIVED",
    "EXEMPT FROM ICD501 DISCOVERY", "AC", "AWP", "DL ONLY", "FED ONLY", "FEDCON", "NOCON",
    // Other agencies
    "LIMDIS", "DS", "EXDIS", "XD", "NODIS", "ND", "SBU", "SBU NOFORN", "SBU-NF", "LES", "LES NOFORN", "LES-NF", "LES -NF",
    "LAW ENFORCEMENT SENSITIVE", "LAW ENFORCEMENT SENSITIVE NOFORN", "SSI", "SENSITIVE SECURITY INFORMATION", "NNPI", "CUI",
    "SENSITIVE BUT UNCLASSIFIED", "SENSITIVE BUT UNCLASSIFIED NOFORN",
    // Atomic energy
    "RD", "FRD", "RESTRICTED DATA", "FORMERLY RESTRICTED DATA", "TFNI", "TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION", "DCNI",
    "UCNI", "DOD UCNI", "DOE UCNI", "CNWDI", "RD-CNWDI", "ATOMAL", "BOHEMIA", "BALK",
    "DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", "DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION",
    // Foreign
    "FGI", "TOP SECRET", "SECRET", "CONFIDENTIAL", "RESTRICTED", "UNCLASSIFIED", "TS", "S", "C", "R", "U", "COMINT", "HVSACO",
];

/// Entries that begin so and go on with compartments, countries or numbers.
#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "HCS", "SI", "TK", "RSV-", "KDK", "KLM", "BUR", "MVL", "COMINT", "TALENT KEYHOLE", "HUMINT CONTROL SYSTEM", "SPECIAL INTELLIGENCE",
    "SAR-", "SPECIAL ACCESS REQUIRED-", "RD-", "FRD-", "REL TO ", "DISPLAY ONLY ", "FGI ", "JOINT ", "COSMIC ", "NATO ",
    "EXEMPT FROM", "SP-",
];

const CLASSIFICATIONS: &[&str] = &["TOP SECRET", "SECRET", "CONFIDENTIAL", "UNCLASSIFIED", "RESTRICTED"];

/// The whole of a banner line: `TOP SECRET//SI-G ABCD/TK//ORCON/NOFORN`, `//JOINT SECRET CAN GBR USA//REL TO USA, FVEY`.
pub(super) fn banner(value: &str) -> Verdict {
    let value = value.trim().trim_start_matches("//");
    let Some((head, rest)) = value.split_once("//") else {
        // JOINT, NATO and foreign markings may stand without controls.
        let known = CLASSIFICATIONS.iter().any(|class| value.contains(class));
        return if known { Verdict::Unknown } else { Verdict::Invalid };
    };
    if !CLASSIFICATIONS.iter().any(|class| head.contains(class)) {
        return Verdict::Invalid;
    }
    entries(rest)
}

/// A portion mark with its brackets: `(TS//SI-G/TK//OC/NF)`, `(//GBR S//NF)`.
pub(super) fn portion(value: &str) -> Verdict {
    let inner = value.trim_matches(['(', ')', '[', ']']);
    let foreign = inner.starts_with("//");
    let inner = inner.trim_start_matches("//");
    let (head, rest) = inner.split_once("//").unwrap_or((inner, ""));
    let class = head.split(' ').any(|word| {
        matches!(word, "TS" | "S" | "C" | "U" | "R" | "CTS" | "NS" | "NC" | "NR" | "NU" | "CTSA" | "NSAT" | "NCA")
    });
    match (class, rest.is_empty(), foreign) {
        (false, ..) => Verdict::Invalid,
        (true, true, true) => Verdict::Valid,
        (true, true, false) => Verdict::Unknown,
        (true, false, _) => entries(rest),
    }
}

/// Valid when at least half of the entries are known, invalid when none is.
fn entries(rest: &str) -> Verdict {
    let mut known = 0_usize;
    let mut all = 0_usize;
    for entry in rest.split('/').map(str::trim).filter(|entry| !entry.is_empty()) {
        all = all.saturating_add(1);
        let listed = ENTRIES.contains(&entry) || PREFIXES.iter().any(|prefix| entry.starts_with(prefix));
        known = known.saturating_add(usize::from(listed));
    }
    match known {
        0 => Verdict::Invalid,
        _ if known.saturating_mul(2) >= all => Verdict::Valid,
        _ => Verdict::Unknown,
    }
}

/// Categories of the CUI registry, basic and specified, as abbreviated in banners.
#[rustfmt::skip]
const CUI_CATEGORIES: &[&str] = &[
    "ADPO", "AG", "AIV", "APP", "ARCHR", "ASYL", "BARG", "BATT", "BUDG", "CCI", "CEII", "CENS", "CHLD", "CHRI", "CMPRS", "COMPT",
    "CONTRACT", "CRIT", "CRITAN", "CTI", "CVI", "CVIC", "DCNI", "DCRIT", "DREC", "EMGT", "EXPT", "EXPTR", "FHFANPI", "FINT", "FISA",
    "FISAB", "FNC", "FSEC", "FSI", "FUND", "GENETIC", "GEO", "HISTP", "HLTH", "ID", "IFNC", "INF", "INTEL", "INTL", "INV", "INVENT",
    "ISVI", "JURY", "JUV", "LCOMM", "LDNA", "LEI", "LFNC", "LMI", "LNSL", "LPROT", "MERG", "MFC", "MIL", "NETW", "NNPI", "NPSR", "NUC",
    "OCCMTO", "OPSEC", "PCII", "PERS", "PEST", "PHYS", "POST", "PRE", "PRIIG", "PRIOR", "PRIVILEGE", "PROCURE", "PROPIN", "PRVCY",
    "RECCOM", "RESD", "SERV", "SGI", "SRI", "SSEL", "SSI", "STAT", "STUD", "SUB", "SURV", "TAX", "TRACE", "TSCA", "UCNI", "WDT",
    "WHSTL", "WIT", "XFER",
];

/// A CUI banner, 32 CFR 2002.20: `CUI//SP-CTI//NOFORN`. Bare `CUI` may be any abbreviation.
pub(super) fn cui_banner(value: &str) -> Verdict {
    let mut parts = value.trim().split("//");
    let head = parts.next().unwrap_or_default();
    let mut known = false;
    let mut any = false;
    for entry in parts.flat_map(|part| part.split('/')).map(str::trim) {
        any = true;
        let category = entry.strip_prefix("SP-").unwrap_or(entry);
        known |= CUI_CATEGORIES.contains(&category)
            || ENTRIES.contains(&entry)
            || ["REL TO ", "DISPLAY ONLY "].iter().any(|prefix| entry.starts_with(prefix));
    }
    match (known, any, head) {
        (true, ..) => Verdict::Valid,
        (false, false, "CUI" | "CONTROLLED UNCLASSIFIED INFORMATION") => Verdict::Unknown,
        _ => Verdict::Invalid,
    }
}

/// Alone on its line, as a stamp is.
pub(super) fn line_alone(sight: &Sight<'_>) -> Verdict {
    let (before, after) = sight.line(200);
    let bare = |text: &str| {
        text.chars()
            .all(|c| c.is_whitespace() || matches!(c, '*' | '-' | '=' | '_' | '|' | '#' | '[' | ']' | '(' | ')'))
    };
    if bare(before) && bare(after) { Verdict::Valid } else { Verdict::Invalid }
}

/// How far the lines of a block stand apart at most, in bytes.
const BLOCK: usize = 600;

/// How many different ones of these lower-case labels stand around the value, its own included.
fn labels(sight: &Sight<'_>, labels: &[&str]) -> usize {
    let around = [sight.before(BLOCK), sight.value(), sight.after(BLOCK)].concat().to_lowercase();
    labels.iter().filter(|label| around.contains(*label)).count()
}

/// A line of a classification authority block, 32 CFR 2001.20: valid with another of its lines near.
pub(super) fn classification_block(sight: &Sight<'_>) -> Verdict {
    let lines = labels(sight, &["classified by:", "derived from:", "declassify on:", "reason:", "downgrade to:"]);
    let value = sight.after(60);
    let certain =
        ["25X", "50X1-HUM", "50X2-WMD", "Multiple Sources", "OADR", "DNI Only"].iter().any(|word| value.contains(word));
    if lines >= 2 || certain { Verdict::Valid } else { Verdict::Unknown }
}

/// A line of a CUI designation block, DoDI 5200.48: valid with two more of its lines near.
pub(super) fn cui_block(sight: &Sight<'_>) -> Verdict {
    let lines = labels(
        sight,
        &[
            "controlled by:",
            "cui category",
            "cui categories",
            "dissemination control",
            "distribution/dissemination",
            "poc:",
        ],
    );
    if lines >= 2 { Verdict::Valid } else { Verdict::Invalid }
}

/// A bare portion mark such as `(S)`: valid when others stand in the same text.
pub(super) fn several_portions(sight: &Sight<'_>) -> Verdict {
    let around = [sight.before(4000), sight.after(4000)].concat();
    let others = ["(TS)", "(S)", "(C)", "(U)", "(CUI)", "(S//", "(U//", "(TS//", "(C//", "(CTS)"]
        .iter()
        .map(|mark| around.matches(mark).count())
        .fold(0_usize, usize::saturating_add);
    if others >= 2 { Verdict::Valid } else { Verdict::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markings_follow_their_grammar() {
        use Verdict::{Invalid, Unknown, Valid};
        type Check = fn(&str) -> Verdict;
        let cases: &[(Check, &str, Verdict)] = &[
            (banner, "TOP SECRET//SI-G ABCD/TK//ORCON/NOFORN", Valid),
            (banner, "SECRET//REL TO USA, DEU/RELIDO", Valid),
            (banner, "//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR", Valid),
            (banner, "TOP SECRET//SAR-BUTTER POPCORN-123/CANDY APPLE-XYZ YYY//NOFORN", Valid),
            (banner, "SECRET//TODO", Invalid),
            (banner, "UNCLASSIFIED//FOUO", Valid),
            (portion, "(S//NF)", Valid),
            (portion, "(TS//SI-G/TK//RS/OC/NF)", Valid),
            (portion, "(//GBR S//NF)", Valid),
            (portion, "(//FGI TS)", Valid),
            (portion, "(C//X)", Invalid),
            (portion, "(A//NF)", Invalid),
            (cui_banner, "CUI//SP-CTI//NOFORN", Valid),
            (cui_banner, "CUI", Unknown),
            (cui_banner, "CONTROLLED", Invalid),
            (cui_banner, "CUI//ZZZZ", Invalid),
        ];
        for (check, value, want) in cases {
            assert_eq!(check(value), *want, "{value}");
        }
    }

    #[test]
    fn blocks_need_company() {
        let text = "Classified By: J. Doe\nDerived From: a guide\nDeclassify On: 20501231\n";
        assert_eq!(classification_block(&Sight { text, start: 0, end: 13 }), Verdict::Valid);
        let text = "Derived from: Base\n";
        assert_eq!(classification_block(&Sight { text, start: 0, end: 12 }), Verdict::Unknown);
        let text = "a\n  SECRET  \nb";
        assert_eq!(line_alone(&Sight { text, start: 4, end: 10 }), Verdict::Valid);
        let text = "a SECRET plan";
        assert_eq!(line_alone(&Sight { text, start: 2, end: 8 }), Verdict::Invalid);
    }
}
