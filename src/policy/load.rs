//! From TOML to [`Policy`], with the line and column of every mistake.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::allow::AllowanceSetting;
use super::lexicons::LexiconSetting;
use super::{
    Action, Allowance, Class, ImageMode, ImagePolicy, ImageProof, LabelPolicy, LegacyMode, LegacyPolicy, Policy,
    ProofPolicy, RuleSetting, TextPolicy,
};
use crate::decisions::Decisions;
use crate::detect::lexicon::Lexicon;
use crate::finding::{Severity, Verdict};
use crate::limits::{Limits, LimitsSetting};

/// The policies that come with the program: name and TOML text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("public-release", include_str!("../../policies/public-release.toml")),
    ("newsroom", include_str!("../../policies/newsroom.toml")),
    ("military", include_str!("../../policies/military.toml")),
    ("corporate", include_str!("../../policies/corporate.toml")),
    ("foi", include_str!("../../policies/foi.toml")),
];

/// How many policies may extend one another.
const MAX_EXTENDS: usize = 8;

/// A policy that cannot be used. The message names file, line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PolicyError {
    message: String,
}

impl PolicyError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// An error at a byte offset of a file.
    fn at(origin: &str, text: &str, offset: usize, message: impl std::fmt::Display) -> Self {
        let (line, column) = line_and_column(text, offset);
        Self::new(format!("{origin}:{line}:{column}: {message}"))
    }
}

/// Line and column of a byte offset, from 1.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    (line, before.chars().rev().take_while(|c| *c != '\n').count().saturating_add(1))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PolicyFile {
    /// Version of this schema: 1.
    #[schemars(with = "u32", range(min = 1, max = 1))]
    schema: Spanned<u32>,
    /// Name of the policy, for the log.
    name: String,
    /// What it is for, in a line.
    #[serde(default)]
    description: String,
    /// The built-in policy that it changes.
    #[schemars(with = "Option<String>")]
    extends: Option<Spanned<String>>,
    /// What is done with each class of things that hide in documents.
    #[serde(default)]
    #[schemars(schema_with = "super::schema::classes")]
    classes: BTreeMap<Class, Spanned<Action>>,
    /// What text is looked for, and what a finding means.
    #[serde(default)]
    text: TextSetting,
    /// How pictures get into the copy.
    #[serde(default)]
    images: ImageSetting,
    /// Sensitivity labels.
    #[serde(default)]
    labels: LabelSetting,
    /// Office files from before 2007.
    #[serde(default)]
    legacy: LegacySetting,
    /// How much is proved.
    #[serde(default)]
    proof: ProofSetting,
    /// What one document may cost.
    #[serde(default)]
    limits: LimitsSetting,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ImageSetting {
    /// Copied, or coded anew.
    mode: Option<ImageMode>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LabelSetting {
    /// Labels that say that everybody may read a document.
    public: Option<Vec<String>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LegacySetting {
    /// Refused, or converted with LibreOffice.
    mode: Option<LegacyMode>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ProofSetting {
    /// How many pages of a PDF are rendered and compared, from the first.
    pdf_pages: Option<PageCount>,
    /// Pictures decoded and compared, or the comparison of their coded data alone.
    images: Option<ImageProof>,
}

/// A number of pages, or `"all"`.
#[derive(Deserialize, Clone, Copy, JsonSchema)]
#[serde(untagged, expecting = "a number of pages or \"all\"")]
enum PageCount {
    Number(u32),
    Word(All),
}

#[derive(Deserialize, Clone, Copy, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum All {
    All,
}

impl From<PageCount> for u32 {
    fn from(count: PageCount) -> Self {
        match count {
            PageCount::Number(number) => number,
            PageCount::Word(All::All) => Self::MAX,
        }
    }
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TextSetting {
    /// Globs over the names of rule packs.
    packs: Option<Vec<String>>,
    /// What a finding of each severity means.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "$ref": "#/$defs/Severity" }))]
    severity: BTreeMap<Severity, Verdict>,
    /// Exceptions by the id of a rule, or by the beginning of ids and a `*`.
    #[serde(default)]
    rules: BTreeMap<String, RuleSetting>,
    /// Code words of your own, by name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, LexiconSetting>")]
    lexicons: BTreeMap<Spanned<String>, LexiconSetting>,
    /// What is known and may be published.
    #[serde(default)]
    allow: Vec<AllowanceSetting>,
}

/// A policy file with what it brings along.
struct Layer {
    file: PolicyFile,
    lexicons: Vec<Lexicon>,
    allow: Vec<Allowance>,
}

impl Policy {
    /// The built-in policy of this name.
    ///
    /// # Errors
    /// When there is none; the message lists those that exist.
    pub fn built_in(name: &str) -> Result<Self, PolicyError> {
        let text = built_in_text(name).ok_or_else(|| {
            let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            PolicyError::new(format!(
                "there is no policy `{name}`; built in are: {} (or give the path of a .toml file)",
                names.join(", ")
            ))
        })?;
        Self::from_toml(text, name)
    }

    /// Reads a policy. `origin` is the name to use in messages, usually the path of the file.
    ///
    /// # Errors
    /// With line and column: broken TOML, an unknown key, a class or action that does not exist or does not fit, a lexicon in
    /// a file of its own (see [`Self::from_toml_with`]).
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, PolicyError> {
        Self::from_toml_with(text, origin, &mut |_| Err("only a policy in a file can name other files".to_owned()))
    }

    /// As [`Self::from_toml`]; `read` gives the text of a file that a lexicon names, or says why it cannot.
    ///
    /// # Errors
    /// As [`Self::from_toml`], and when a lexicon cannot be read.
    pub fn from_toml_with(
        text: &str,
        origin: &str,
        read: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<Self, PolicyError> {
        let mut chain = vec![(origin.to_owned(), text.to_owned())];
        let mut layers = Vec::new();
        let mut digest = Sha256::new();
        let mut take = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        };
        while let Some((origin, text)) = chain.pop() {
            let file = parse(&text, &origin)?;
            take(&text);
            if let Some(parent) = &file.extends {
                let name = parent.get_ref();
                let parent_text = built_in_text(name).ok_or_else(|| {
                    PolicyError::at(
                        &origin,
                        &text,
                        parent.span().start,
                        format!("there is no built-in policy `{name}` to extend"),
                    )
                })?;
                chain.push((name.clone(), parent_text.to_owned()));
            }
            let fail = |(offset, message): (usize, String)| PolicyError::at(&origin, &text, offset, message);
            let mut lexicons = Vec::new();
            for (name, setting) in &file.text.lexicons {
                let listed = match &setting.file {
                    Some(path) => {
                        let unread = |why| fail((path.span().start, format!("`{}`: {why}", path.get_ref())));
                        Some(read(path.get_ref()).map_err(unread)?)
                    }
                    None => None,
                };
                take(listed.as_deref().unwrap_or_default());
                let lexicon = setting.resolve(name.get_ref(), name.span().start, listed.as_deref());
                lexicons.push(lexicon.map_err(fail)?);
            }
            let allow =
                file.text.allow.iter().map(AllowanceSetting::resolve).collect::<Result<_, _>>().map_err(fail)?;
            layers.push(Layer { file, lexicons, allow });
            if layers.len() > MAX_EXTENDS {
                return Err(PolicyError::new(format!("{origin}: more than {MAX_EXTENDS} policies extend one another")));
            }
        }
        Ok(merge(layers, &crate::report::hex(&digest.finalize())))
    }
}

fn built_in_text(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn parse(text: &str, origin: &str) -> Result<PolicyFile, PolicyError> {
    let file: PolicyFile = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        PolicyError::at(origin, text, offset, error.message())
    })?;
    if *file.schema.get_ref() != 1 {
        let offset = file.schema.span().start;
        return Err(PolicyError::at(origin, text, offset, "this version of fieldstrip reads policies of schema 1"));
    }
    for (class, action) in &file.classes {
        if !class.actions().contains(action.get_ref()) {
            let allowed: Vec<&str> = class.actions().iter().map(|action| action.name()).collect();
            return Err(PolicyError::at(
                origin,
                text,
                action.span().start,
                format!("`{class}` cannot be set to `{}`; it takes: {}", action.get_ref(), allowed.join(", ")),
            ));
        }
    }
    Ok(file)
}

/// Lays the files over one another, the last (the one that extends nothing) first.
fn merge(layers: Vec<Layer>, sha256: &str) -> Policy {
    let mut actions = BTreeMap::new();
    let mut text = TextPolicy::default();
    let mut images = ImagePolicy::default();
    let mut labels = LabelPolicy::default();
    let mut legacy = LegacyPolicy::default();
    let mut proof = ProofPolicy::default();
    let mut limits = Limits::default();
    let top = layers.first().map(|layer| (layer.file.name.clone(), layer.file.description.clone()));
    for Layer { file, lexicons, allow } in layers.into_iter().rev() {
        actions.extend(file.classes.iter().map(|(class, action)| (*class, *action.get_ref())));
        if let Some(packs) = file.text.packs {
            text.packs = packs;
        }
        text.severity.extend(file.text.severity);
        text.rules.extend(file.text.rules);
        text.lexicons.retain(|known| lexicons.iter().all(|lexicon| lexicon.id != known.id));
        text.lexicons.extend(lexicons);
        text.allow.extend(allow);
        if let Some(mode) = file.images.mode {
            images.mode = mode;
        }
        if let Some(public) = &file.labels.public {
            labels.public.clone_from(public);
        }
        if let Some(mode) = file.legacy.mode {
            legacy.mode = mode;
        }
        proof.pdf_pages = file.proof.pdf_pages.map_or(proof.pdf_pages, u32::from);
        proof.images = file.proof.images.unwrap_or(proof.images);
        file.limits.apply(&mut limits);
    }
    let (name, description) = top.unwrap_or_default();
    let (sha256, decisions) = (sha256.to_owned(), Decisions::default());
    Policy { name, description, sha256, limits, text, images, labels, legacy, proof, decisions, actions }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_policies_load() {
        for (name, _) in BUILT_IN {
            let policy = Policy::built_in(name).unwrap();
            assert_eq!(policy.name, *name);
            assert!(!policy.description.is_empty());
        }
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let cases = [
            ("schema = 1\nname = \"x\"\ncolour = 3\n", "mine.toml:3:1:", "unknown field"),
            (
                "schema = 1\nname = \"x\"\n[classes]\n\"metadata.gps\" = \"remove\"\n",
                "mine.toml:4:1:",
                "unknown variant",
            ),
            (
                "schema = 1\nname = \"x\"\n[classes]\n\"metadata.author\" = \"accept\"\n",
                "mine.toml:4:21:",
                "it takes: remove",
            ),
            ("schema = 2\nname = \"x\"\n", "mine.toml:1:10:", "schema 1"),
            ("schema = 1\nname = \"x\"\nextends = \"none\"\n", "mine.toml:3:11:", "no built-in policy"),
            ("schema = 1\nname = \n", "mine.toml:2:", ""),
            ("schema = 1\nname = \"x\"\n[images]\nmode = \"raster\"\n", "mine.toml:4:8:", "lossless"),
            ("schema = 1\nname = \"x\"\n[legacy]\nmode = \"drop\"\n", "mine.toml:4:8:", "convert"),
            (
                "schema = 1\nname = \"x\"\n[[text.allow]]\nvalues = [\"a\"]\n",
                "mine.toml:3:1:",
                "missing field `reason`",
            ),
            ("schema = 1\nname = \"x\"\n[[text.allow]]\nreason = \" \"\n", "mine.toml:4:10:", "needs a reason"),
            ("schema = 1\nname = \"x\"\n[[text.allow]]\nreason = \"r\"\n", "mine.toml:4:10:", "allow everything"),
            (
                "schema = 1\nname = \"x\"\n[[text.allow]]\nreason = \"r\"\npattern = \"(\"\n",
                "mine.toml:5:11:",
                "no regular expression",
            ),
            (
                "schema = 1\nname = \"x\"\n[[text.allow]]\nreason = \"r\"\nrules = [\"a\"]\nexpires = 07:30:00\n",
                "mine.toml:6:11:",
                "2027-12-31",
            ),
            ("schema = 1\nname = \"x\"\n[text.lexicons.mine]\n", "mine.toml:3:16:", "no terms"),
            ("schema = 1\nname = \"x\"\n[text.lexicons.mine]\nterms = [\"a\"]\n", "mine.toml:4:10:", "too short"),
            (
                "schema = 1\nname = \"x\"\n[text.lexicons.mine]\nfile = \"l\"\n",
                "mine.toml:4:8:",
                "only a policy in a file",
            ),
            ("schema = 1\nname = \"x\"\n[proof]\npdf-pages = \"most\"\n", "mine.toml:4:13:", "or \"all\""),
        ];
        for (text, place, message) in cases {
            let error = Policy::from_toml(text, "mine.toml").unwrap_err().to_string();
            assert!(error.starts_with(place), "{error}");
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn pages_to_render_are_a_number_or_all() {
        for (value, pages) in [("7", 7), ("0", 0), ("\"all\"", u32::MAX)] {
            let text = format!("schema = 1\nname = \"x\"\n[proof]\npdf-pages = {value}\n");
            assert_eq!(Policy::from_toml(&text, "mine.toml").unwrap().proof.pdf_pages, pages);
        }
    }

    #[test]
    fn pictures_are_decoded_unless_the_policy_says_otherwise() {
        let with = |setting: &str| {
            let text = format!("schema = 1\nname = \"x\"\nextends = \"public-release\"\n[proof]\n{setting}\n");
            Policy::from_toml(&text, "mine.toml").unwrap().proof.images
        };
        assert_eq!(with(""), ImageProof::Decode);
        assert_eq!(with("images = \"essence\""), ImageProof::Essence);
        assert_eq!(with("images = \"decode\""), ImageProof::Decode);
    }

    #[test]
    fn a_policy_overrides_what_it_extends() {
        let text = "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[classes]\n\"content.hidden-sheets\" = \"keep\"\n[limits]\nnesting-depth = 1\n[text.rules.\"pii.email\"]\nverdict = \"note\"\n";
        let policy = Policy::from_toml(text, "mine.toml").unwrap();
        let parent = Policy::built_in("public-release").unwrap();
        assert_eq!(parent.action(Class::ContentHiddenSheets), Action::Hold);
        assert_eq!(policy.action(Class::ContentHiddenSheets), Action::Keep);
        assert_eq!(policy.limits.nesting_depth, 1);
        assert_eq!(policy.limits.archive_members, parent.limits.archive_members);
        assert_eq!(policy.verdict("pii.email", Severity::Block), Verdict::Note);
        assert_ne!(policy.sha256, parent.sha256);
    }
}
