//! Sensitivity labels: what an organisation says about who may read a document, as programs leave it in the file's properties.
//!
//! A label always goes from the copy. Before it does, it tells something that a person should know: a document that its
//! own house calls confidential is about to be published. Handlers hand every property of a label to
//! [`Report::removed_label`]; when the document is done, [`Report::decide_labels`] puts the properties of each label together
//! and lets the policy decide about those that are not plainly public ([`crate::policy::LabelPolicy`]).
//!
//! Names and ids of labels lie in memory until then and never get into the log; the names of properties are those of this file.

use std::collections::BTreeMap;

use super::Report;
use crate::policy::{Action, Class, Policy};

/// What a property says about its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// How the label is called.
    Name,
    /// Whether it still holds.
    Enabled,
    /// That there is a label, and who and what is behind it.
    Attribute,
    /// That there is a label; the value tells of nobody.
    Setting,
    /// The words that were set on the pages; they say nothing about a label that holds.
    Marking,
}

/// The attributes of Microsoft's labels, `MSIP_Label_<GUID>_<attribute>`: those of the page "Label metadata in the MIP SDK"
/// of its developer documentation, and further ones of the older client. What is not among them counts as an attribute.
const MICROSOFT: &[(&str, &str, Says)] = &[
    ("name", "MSIP_Label_Name", Says::Name),
    ("enabled", "MSIP_Label_Enabled", Says::Enabled),
    ("siteid", "MSIP_Label_SiteId", Says::Attribute),
    ("actionid", "MSIP_Label_ActionId", Says::Attribute),
    ("method", "MSIP_Label_Method", Says::Setting),
    ("setdate", "MSIP_Label_SetDate", Says::Setting),
    ("contentbits", "MSIP_Label_ContentBits", Says::Setting),
    ("owner", "MSIP_Label_Owner", Says::Attribute),
    ("application", "MSIP_Label_Application", Says::Setting),
    ("parent", "MSIP_Label_Parent", Says::Attribute),
    ("extended_msft_method", "MSIP_Label_Extended_MSFT_Method", Says::Setting),
];

/// How the name of a property is told, in lower case.
enum Pattern {
    Whole(&'static str),
    Prefix(&'static str),
    Suffix(&'static str),
}

/// Properties by which others label: pattern, what they have in common, the name in the log, what they say.
///
/// - Microsoft's older client writes the name as `Sensitivity`; its marks on pages are \[MS-OI29500\] custom properties.
/// - Titus (Fortra) writes an id, and the name as a property that each customer calls differently: `Classification`,
///   `TitusClassification`, `<organisation>Classification`.
/// - Boldon James Classifier (Fortra) writes the name as `bjDocumentSecurityLabel`.
/// - LibreOffice labels by TSCP's Business Authorization Identification and Labeling Scheme (`SfxClassificationHelper`).
const OTHERS: &[(Pattern, &str, &str, Says)] = &[
    (Pattern::Whole("sensitivity"), "sensitivity", "Sensitivity", Says::Name),
    (Pattern::Prefix("classificationcontentmarking"), "", "ClassificationContentMarking", Says::Marking),
    (Pattern::Prefix("classificationwatermark"), "", "ClassificationWatermark", Says::Marking),
    (Pattern::Whole("titusguid"), "titus", "TitusGUID", Says::Attribute),
    (Pattern::Suffix("classification"), "titus", "Classification", Says::Name),
    (Pattern::Whole("bjdocumentsecuritylabel"), "boldon-james", "bjDocumentSecurityLabel", Says::Name),
    (Pattern::Prefix("bjdocumentlabelxml"), "boldon-james", "bjDocumentLabelXML", Says::Attribute),
    (Pattern::Whole("bjlabelhistoryid"), "boldon-james", "bjLabelHistoryID", Says::Attribute),
    (Pattern::Whole("bjsaver"), "boldon-james", "bjSaver", Says::Attribute),
    (Pattern::Whole("docindexref"), "boldon-james", "docIndexRef", Says::Attribute),
    (Pattern::Suffix(":businessauthorizationcategory:name"), "bails", "BusinessAuthorizationCategory:Name", Says::Name),
    (Pattern::Prefix("urn:bails:"), "bails", "urn:bails", Says::Attribute),
];

/// The item of the part that lists labels without their names (\[MS-OFFCRYPTO\] 2.6.4).
const LABEL_INFO: &str = "LabelInfo label";

/// A property of a label by its name.
#[derive(Debug, PartialEq, Eq)]
struct Property {
    /// What the properties of one label have in common.
    label: String,
    /// What the log calls it.
    item: &'static str,
    says: Says,
}

impl Property {
    /// `None` for a property that has nothing to do with labels.
    fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if let Some(rest) = name.strip_prefix("msip_label_") {
            // An attribute may have an underscore in it, the id has none.
            let (id, attribute) = rest.split_once('_').unwrap_or((rest, ""));
            let known = MICROSOFT.iter().find(|(known, ..)| *known == attribute);
            let (item, says) = known.map_or(("MSIP_Label", Says::Attribute), |(_, item, says)| (*item, *says));
            return Some(Self { label: plain_id(id), item, says });
        }
        let fits = |pattern: &Pattern| match pattern {
            Pattern::Whole(whole) => name == *whole,
            Pattern::Prefix(start) => name.starts_with(start),
            Pattern::Suffix(end) => name.ends_with(end),
        };
        let (_, label, item, says) = OTHERS.iter().find(|(pattern, ..)| fits(pattern))?;
        Some(Self { label: (*label).to_owned(), item, says: *says })
    }
}

/// An id as all forms of it are compared.
fn plain_id(id: &str) -> String {
    id.trim_matches(['{', '}']).to_ascii_lowercase()
}

/// True for the name of a property that belongs to a label.
pub(super) fn is_property(name: &str) -> bool {
    Property::of(name).is_some()
}

/// The labels of a document, put together from their properties. They lie in memory until the policy has decided.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Labels(BTreeMap<String, Label>);

impl std::fmt::Debug for Labels {
    /// Shows how many there are: debug output ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Labels({})", self.0.len())
    }
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Label {
    names: Vec<String>,
    /// Something says that it holds, or that it no longer does.
    enabled: bool,
    disabled: bool,
    /// The name of the property that told of it, and the part that it lies in.
    item: String,
    place: String,
}

impl Label {
    /// Why the label is not known to be public; `None` where it is, or where it no longer holds.
    fn objection(&self, policy: &Policy) -> Option<String> {
        if self.disabled && !self.enabled {
            None
        } else if self.names.is_empty() {
            Some(format!("{}: a label without a name, not known to be public", self.item))
        } else if self.names.iter().all(|name| policy.labels.is_public(name)) {
            None
        } else {
            Some(format!("{}: the name of a label that is not public", self.item))
        }
    }
}

impl Report {
    /// Records a property as removed if it belongs to a sensitivity label; `false` for all others, with which nothing is done.
    /// `family` goes before its name in the log, for example `custom:`.
    pub(super) fn removed_label(&mut self, family: &str, name: &str, place: &str, value: &str) -> bool {
        let Some(Property { label, item, says }) = Property::of(name) else { return false };
        let item = format!("{family}{item}");
        let value = value.trim();
        match says {
            Says::Enabled | Says::Setting => {
                self.removed_bytes(Class::MetadataSensitivityLabels, item.clone(), place, value.len());
            }
            _ => self.removed_value(Class::MetadataSensitivityLabels, item.clone(), place, value),
        }
        if says == Says::Marking {
            return true;
        }
        let label = self.labels.0.entry(label).or_default();
        match says {
            Says::Name if !value.is_empty() => {
                if label.names.is_empty() {
                    (label.item, label.place) = (item.clone(), place.to_owned());
                }
                label.names.push(value.to_owned());
            }
            Says::Enabled if is_false(value) => label.disabled = true,
            Says::Enabled => label.enabled = true,
            _ => {}
        }
        if label.item.is_empty() {
            (label.item, label.place) = (item, place.to_owned());
        }
        true
    }

    /// Records a label of which a list tells the id and whether it holds (\[MS-OFFCRYPTO\] 2.6.5.4); its name, if any,
    /// stands among the properties. Without an id, it is a list that cannot be read.
    pub(super) fn removed_listed_label(&mut self, id: &str, holds: bool, place: &str) {
        self.removed_value(Class::MetadataSensitivityLabels, LABEL_INFO, place, id);
        let label = self.labels.0.entry(plain_id(id)).or_default();
        label.enabled |= holds;
        label.disabled |= !holds;
        if label.item.is_empty() {
            (label.item, label.place) = (LABEL_INFO.to_owned(), place.to_owned());
        }
    }

    /// Lets the policy decide about the labels that were removed.
    pub(crate) fn decide_labels(&mut self, policy: &Policy) {
        let action = policy.action(Class::MetadataSensitivityLabels);
        if action == Action::Remove {
            return;
        }
        for label in std::mem::take(&mut self.labels).0.into_values() {
            if let Some(objection) = label.objection(policy) {
                self.hit(Class::MetadataSensitivityLabels, action, objection, label.place, 1, 0);
            }
        }
    }
}

/// A truth value as programs write it.
pub(super) fn is_false(value: &str) -> bool {
    value.eq_ignore_ascii_case("false") || value == "0"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_told_by_their_names() {
        let of = |name: &str| Property::of(name).map(|property| (property.label, property.item, property.says));
        let expected = |label: &str, item, says| Some((label.to_owned(), item, says));
        let id = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
        for (name, property) in [
            (format!("MSIP_Label_{id}_Name"), expected(id, "MSIP_Label_Name", Says::Name)),
            (format!("msip_label_{}_ENABLED", id.to_uppercase()), expected(id, "MSIP_Label_Enabled", Says::Enabled)),
            (
                format!("MSIP_Label_{id}_Extended_MSFT_Method"),
                expected(id, "MSIP_Label_Extended_MSFT_Method", Says::Setting),
            ),
            (format!("MSIP_Label_{id}_Of Jane Roe"), expected(id, "MSIP_Label", Says::Attribute)),
            ("AgencyClassification".to_owned(), expected("titus", "Classification", Says::Name)),
            ("bjDocumentLabelXML-0".to_owned(), expected("boldon-james", "bjDocumentLabelXML", Says::Attribute)),
            (
                "urn:bails:ExportControl:BusinessAuthorizationCategory:Name".to_owned(),
                expected("bails", "BusinessAuthorizationCategory:Name", Says::Name),
            ),
            (
                "ClassificationContentMarkingFooterText".to_owned(),
                expected("", "ClassificationContentMarking", Says::Marking),
            ),
            ("Classifications".to_owned(), None),
            ("ContentTypeId".to_owned(), None),
        ] {
            assert_eq!(of(&name), property, "{name}");
        }
    }

    #[test]
    fn what_is_not_plainly_public_is_held() {
        let policy = Policy::built_in("public-release").unwrap();
        let name = "MSIP_Label_1_Name";
        let cases: &[(&[(&str, &str)], u64)] = &[
            (&[(name, "Public")], 0),
            (&[(name, " PUBLIC\n")], 0),
            (&[(name, "öffentlich")], 0),
            (&[(name, "Not public")], 1),
            (&[(name, "General")], 1),
            (&[(name, "Personal")], 1),
            (&[(name, ""), (name, "Public"), (name, "Secret")], 1),
            (&[(name, "Secret"), ("MSIP_Label_1_Enabled", "False")], 0),
            (&[(name, "Secret"), ("MSIP_Label_2_Name", "General")], 2),
            (&[("MSIP_Label_1_Enabled", "True")], 1),
            (&[("MSIP_Label_1_SiteId", "x")], 1),
            (&[("TitusGUID", "x")], 1),
        ];
        for (properties, held) in cases {
            let mut report = Report::default();
            for (name, value) in *properties {
                assert!(report.removed_label("custom:", name, "p", value), "{name}");
            }
            report.decide_labels(&policy);
            let count: u64 = report.hits.iter().filter(|hit| hit.action == Action::Hold).map(|hit| hit.count).sum();
            assert_eq!(count, *held, "{properties:?}");
        }
    }

    #[test]
    fn a_listed_label_has_the_name_of_its_properties() {
        let policy = Policy::built_in("public-release").unwrap();
        for (name, holds, held) in
            [(None, true, true), (None, false, false), (Some("Public"), true, false), (Some("Secret"), true, true)]
        {
            let mut report = Report::default();
            report.removed_listed_label("{00AB}", holds, "LabelInfo.xml");
            if let Some(name) = name {
                report.removed_label("custom:", "MSIP_Label_00ab_Name", "custom.xml", name);
            }
            report.decide_labels(&policy);
            assert_eq!(report.hits.iter().any(|hit| hit.action == Action::Hold), held, "{name:?}");
            assert!(!format!("{report:?}").contains("00ab"), "debug output ends up in logs");
        }
    }
}
