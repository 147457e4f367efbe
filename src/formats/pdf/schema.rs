//! The allow-list: for every type of object, the keys that a page needs to look, read and behave as it does.
//!
//! A key that is not listed here does not get into the copy. Tables and sections are those of ISO 32000-2:2020. Keys that
//! the standard knows and that are left out on purpose (metadata, actions that act, private data, editing aids) are named
//! with their class in [`super::removal`].

mod annotations;
mod content;
mod document;
mod fonts;

/// How the value under a key is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Rule {
    /// Numbers, names, booleans and arrays of them. No strings: they would be room for text where none belongs.
    Value,
    /// As [`Rule::Value`], and strings.
    Text,
    /// A dictionary, stream or array of this type, or a name or number where the type has short forms.
    Of(Type),
    /// An array (nested ones too) of such; numbers and names between them stay. A single one counts as a list.
    List(Type),
    /// A dictionary with names of the author's choice and such values.
    Map(Type),
}

/// The types of object that a document may consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Type {
    // Document structure
    Catalog,
    Pages,
    Page,
    ViewerPreferences,
    PageLabel,
    PageLabels,
    Outlines,
    OutlineItem,
    Destination,
    DestinationDictionary,
    Action,
    OutputIntent,
    // Logical structure
    MarkInfo,
    StructTreeRoot,
    StructElement,
    StructKid,
    MarkedContentReference,
    ObjectReference,
    ObjectReferenceTarget,
    ParentTree,
    ParentTreeEntry,
    IdTree,
    Attributes,
    Namespace,
    RoleMap,
    // Layers
    OcProperties,
    OcConfiguration,
    OcUsageApplication,
    OcGroup,
    OcUsage,
    OcUsageState,
    OcMembership,
    OptionalContent,
    // Page content
    Content,
    Resources,
    PropertyList,
    ExtGState,
    SoftMask,
    Halftone,
    Function,
    ColorSpace,
    CalibratedColor,
    DeviceNAttributes,
    DeviceNProcess,
    DeviceNMixing,
    IccProfile,
    LookupTable,
    Pattern,
    TilingPattern,
    ShadingPattern,
    Shading,
    XObject,
    Form,
    Group,
    Image,
    // Fonts
    Font,
    FontEncoding,
    FontDescriptor,
    FontProgram,
    CidSystemInfo,
    CharacterMap,
    CidToGidMap,
    FontStyle,
    GlyphProcedure,
    // Annotations and forms
    Annotation,
    Link,
    FileAttachment,
    Widget,
    BorderStyle,
    AppearanceCharacteristics,
    IconFit,
    Appearance,
    AppearanceEntry,
    AppearanceStates,
    InteractiveForm,
    Field,
    // Attached files
    FileSpecification,
    EmbeddedFile,
    Collection,
    // Parameters of stream filters
    DecodeParameters,
    Jbig2Globals,
}

/// Keys with their rules, in the order in which they are written.
type Keys = &'static [(&'static str, Rule)];

/// The keys of one type.
pub(super) struct Shape {
    /// Listed keys with their rules.
    pub(super) keys: Keys,
    /// The rule for all other keys, where names are free.
    pub(super) others: Option<Rule>,
}

use Rule::Of;

const V: Rule = Rule::Value;
const T: Rule = Rule::Text;

impl Type {
    /// The allow-list of this type. Types that are arrays or are looked at further have an empty one.
    pub(super) fn shape(self) -> Shape {
        let others = match self {
            Self::RoleMap => Some(V),
            Self::AppearanceStates => Some(Of(Self::Form)),
            _ => None,
        };
        Shape { keys: self.keys(), others }
    }

    /// True when strings may stand in a list of this type: labels in the order of layers, keys of structure attributes.
    pub(super) fn strings_in_list(self) -> bool {
        matches!(self, Self::OcGroup)
    }

    /// True when a name or number may stand for an object of this type.
    pub(super) fn short_form(self) -> bool {
        matches!(
            self,
            Self::ColorSpace
                | Self::Function
                | Self::FontEncoding
                | Self::CharacterMap
                | Self::CidToGidMap
                | Self::SoftMask
                | Self::Halftone
                | Self::StructKid
                | Self::Attributes
                | Self::Destination
                | Self::LookupTable
                | Self::Image
                | Self::Form
        )
    }

    /// True when a string may stand for an object of this type.
    pub(super) fn string_form(self) -> bool {
        matches!(self, Self::Destination | Self::LookupTable)
    }

    fn keys(self) -> Keys {
        document::keys(self)
            .or_else(|| content::keys(self))
            .or_else(|| fonts::keys(self))
            .or_else(|| annotations::keys(self))
            .unwrap_or_default() // arrays and data, and what `rebuild::types` looks at further before it is copied
    }
}

impl Type {
    /// True for types that are nothing without stream data.
    pub(super) fn needs_data(self) -> bool {
        matches!(
            self,
            Self::Content
                | Self::GlyphProcedure
                | Self::LookupTable
                | Self::FontProgram
                | Self::CharacterMap
                | Self::CidToGidMap
                | Self::IccProfile
                | Self::TilingPattern
                | Self::Form
                | Self::Image
                | Self::Jbig2Globals
        )
    }

    /// True for types that are written where they stand, not as objects of their own.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Destination | Self::PageLabels | Self::ParentTree | Self::IdTree)
    }

    /// True for types that may be streams.
    pub(super) fn may_have_data(self) -> bool {
        self.needs_data() || matches!(self, Self::Function | Self::Shading | Self::Halftone)
    }
}
