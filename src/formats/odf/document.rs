//! One XML part of a document, or a flat document, and its way through the filters.

use super::filters::{
    Active, Changes, Connections, Crops, Drawings, Fields, Hidden, Identifiers, Properties, References, Settings,
    Tables, Vocabulary,
};
use super::styles::Styles;
use super::survey::Survey;
use crate::formats::xml::{self, Filter, Notes};
use crate::limits::Limits;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// The XML with what has to be known before it is cleaned.
pub(super) struct Document<'d> {
    /// The XML.
    pub(super) text: &'d str,
    /// The survey of the XML.
    pub(super) survey: &'d Survey,
    /// The styles of the document, those of other parts included.
    pub(super) styles: &'d Styles,
    /// True when the package has macros.
    pub(super) macros: bool,
}

impl Document<'_> {
    /// Runs the XML through the filters. `further` comes before the references.
    ///
    /// # Errors
    /// As [`xml::rewrite`].
    pub(super) fn rewrite(
        &self,
        limits: &Limits,
        policy: &Policy,
        references: &mut References<'_>,
        further: Option<&mut dyn Filter>,
        notes: &mut Notes<'_>,
    ) -> Result<String, Refusal> {
        let survey = self.survey;
        let mut changes = Changes::new(survey, policy);
        changes.report(notes);
        let mut active = Active::new(survey, self.macros);
        let (mut hidden, mut tables) = (Hidden::new(self.styles), Tables::new(self.styles));
        let (mut drawings, mut settings) = (Drawings { survey }, Settings { survey });
        let mut properties = Properties::new(survey);
        let (mut vocabulary, mut fields, mut identifiers) = (Vocabulary, Fields, Identifiers);
        let (mut connections, mut crops) = (Connections, Crops);
        let mut chain: Vec<&mut dyn Filter> = vec![
            &mut vocabulary,
            &mut properties,
            &mut settings,
            &mut changes,
            &mut fields,
            &mut active,
            &mut identifiers,
            &mut drawings,
            &mut crops,
            &mut connections,
            &mut tables,
            &mut hidden,
        ];
        if let Some(further) = further {
            chain.push(further);
        }
        chain.push(references);
        xml::rewrite(self.text, limits, &mut chain, notes)
    }
}
