//! The allow-list: for every type of object, the keys that a page needs to look, read and behave as it does.
//!
//! A key that is not listed here does not get into the copy. Tables and sections are those of ISO 32000-2:2020. Keys that
//! the standard knows and that are left out on purpose (metadata, actions that act, private data, editing aids) are named
//! with their class in [`super::removal`].

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
    Widget,
    BorderStyle,
    AppearanceCharacteristics,
    IconFit,
    Appearance,
    AppearanceEntry,
    AppearanceStates,
    InteractiveForm,
    Field,
    // Parameters of stream filters
    DecodeParameters,
    Jbig2Globals,
}

/// The keys of one type.
pub(super) struct Shape {
    /// Listed keys with their rules, in the order in which they are written.
    pub(super) keys: &'static [(&'static str, Rule)],
    /// The rule for all other keys, where names are free.
    pub(super) others: Option<Rule>,
}

use Rule::{List, Map, Of};

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

    #[allow(clippy::too_many_lines)] // one table
    fn keys(self) -> &'static [(&'static str, Rule)] {
        match self {
            // 7.7.2
            Self::Catalog => &[
                ("Type", V),
                ("PageLabels", Of(Type::PageLabels)),
                ("ViewerPreferences", Of(Type::ViewerPreferences)),
                ("PageLayout", V),
                ("PageMode", V),
                ("Outlines", Of(Type::Outlines)),
                ("AcroForm", Of(Type::InteractiveForm)),
                ("StructTreeRoot", Of(Type::StructTreeRoot)),
                ("MarkInfo", Of(Type::MarkInfo)),
                ("Lang", T),
                ("OutputIntents", List(Type::OutputIntent)),
                ("OCProperties", Of(Type::OcProperties)),
            ],
            // 7.7.3.3; /Parent is written by the page tree
            Self::Page => &[
                ("Type", V),
                ("Resources", Of(Type::Resources)),
                ("MediaBox", V),
                ("CropBox", V),
                ("BleedBox", V),
                ("TrimBox", V),
                ("ArtBox", V),
                ("Contents", List(Type::Content)),
                ("Rotate", V),
                ("Group", Of(Type::Group)),
                ("Annots", List(Type::Annotation)),
                ("StructParents", V),
                ("Tabs", V),
                ("UserUnit", V),
                ("OutputIntents", List(Type::OutputIntent)),
            ],
            // 12.2
            Self::ViewerPreferences => &[
                ("HideToolbar", V),
                ("HideMenubar", V),
                ("HideWindowUI", V),
                ("FitWindow", V),
                ("CenterWindow", V),
                ("DisplayDocTitle", V),
                ("NonFullScreenPageMode", V),
                ("Direction", V),
                ("ViewArea", V),
                ("ViewClip", V),
                ("PrintArea", V),
                ("PrintClip", V),
                ("PrintScaling", V),
                ("Duplex", V),
                ("PickTrayByPDFSize", V),
            ],
            // 12.4.2
            Self::PageLabel => &[("Type", V), ("S", V), ("P", T), ("St", V)],
            // 12.3.3
            Self::Outlines => {
                &[("Type", V), ("First", Of(Type::OutlineItem)), ("Last", Of(Type::OutlineItem)), ("Count", V)]
            }
            Self::OutlineItem => &[
                ("Title", T),
                ("Parent", Of(Type::OutlineItem)),
                ("Prev", Of(Type::OutlineItem)),
                ("Next", Of(Type::OutlineItem)),
                ("First", Of(Type::OutlineItem)),
                ("Last", Of(Type::OutlineItem)),
                ("Count", V),
                ("Dest", Of(Type::Destination)),
                ("A", Of(Type::Action)),
                ("SE", Of(Type::StructElement)),
                ("C", V),
                ("F", V),
            ],
            // 12.3.2
            Self::DestinationDictionary => &[("D", Of(Type::Destination))],
            // 12.6; which actions may stay is decided in `actions`
            Self::Action => &[("Type", V), ("S", V), ("D", Of(Type::Destination)), ("URI", T), ("IsMap", V), ("N", V)],
            // 14.11.5
            Self::OutputIntent => &[
                ("Type", V),
                ("S", V),
                ("OutputCondition", T),
                ("OutputConditionIdentifier", T),
                ("RegistryName", T),
                ("Info", T),
                ("DestOutputProfile", Of(Type::IccProfile)),
            ],
            // 14.7, 14.8
            Self::MarkInfo => &[("Marked", V), ("Suspects", V)],
            Self::StructTreeRoot => &[
                ("Type", V),
                ("K", List(Type::StructKid)),
                ("IDTree", Of(Type::IdTree)),
                ("ParentTree", Of(Type::ParentTree)),
                ("ParentTreeNextKey", V),
                ("RoleMap", Of(Type::RoleMap)),
                ("ClassMap", Map(Type::Attributes)),
                ("Namespaces", List(Type::Namespace)),
            ],
            Self::StructElement => &[
                ("Type", V),
                ("S", V),
                ("ID", T),
                ("P", Of(Type::StructKid)),
                ("Ref", List(Type::StructElement)),
                ("Pg", Of(Type::Page)),
                ("K", List(Type::StructKid)),
                ("A", List(Type::Attributes)),
                ("C", V),
                ("Lang", T),
                ("Alt", T),
                ("E", T),
                ("ActualText", T),
                ("NS", Of(Type::Namespace)),
                ("PhoneticAlphabet", V),
                ("Phoneme", T),
            ],
            Self::MarkedContentReference => {
                &[("Type", V), ("Pg", Of(Type::Page)), ("Stm", Of(Type::Form)), ("MCID", V)]
            }
            Self::ObjectReference => {
                &[("Type", V), ("Pg", Of(Type::Page)), ("Obj", Of(Type::ObjectReferenceTarget))]
            }
            Self::Namespace => &[("Type", V), ("NS", T), ("RoleMapNS", Of(Type::RoleMap))],
            // 14.8.5: standard layout, list, print field, table and artifact attributes
            Self::Attributes => &[
                ("O", V),
                ("NS", Of(Type::Namespace)),
                ("Placement", V),
                ("WritingMode", V),
                ("BackgroundColor", V),
                ("BorderColor", V),
                ("BorderStyle", V),
                ("BorderThickness", V),
                ("Padding", V),
                ("Color", V),
                ("SpaceBefore", V),
                ("SpaceAfter", V),
                ("StartIndent", V),
                ("EndIndent", V),
                ("TextIndent", V),
                ("TextAlign", V),
                ("BBox", V),
                ("Width", V),
                ("Height", V),
                ("BlockAlign", V),
                ("InlineAlign", V),
                ("TBorderStyle", V),
                ("TPadding", V),
                ("BaselineShift", V),
                ("LineHeight", V),
                ("TextDecorationColor", V),
                ("TextDecorationThickness", V),
                ("TextDecorationType", V),
                ("RubyAlign", V),
                ("RubyPosition", V),
                ("GlyphOrientationVertical", V),
                ("TextPosition", V),
                ("ColumnCount", V),
                ("ColumnGap", V),
                ("ColumnWidths", V),
                ("ListNumbering", V),
                ("ContinuedList", V),
                ("ContinuedFrom", T),
                ("Role", V),
                ("checked", V),
                ("Checked", V),
                ("Desc", T),
                ("RowSpan", V),
                ("ColSpan", V),
                ("Headers", T),
                ("Scope", V),
                ("Summary", T),
                ("Short", T),
                ("Type", V),
                ("Subtype", V),
                ("Attached", V),
                ("NoteType", V),
            ],
            // 8.11
            Self::OcProperties => &[("OCGs", List(Type::OcGroup)), ("D", Of(Type::OcConfiguration))],
            Self::OcConfiguration => &[
                ("BaseState", V),
                ("ON", List(Type::OcGroup)),
                ("OFF", List(Type::OcGroup)),
                ("Intent", V),
                ("AS", List(Type::OcUsageApplication)),
                ("Order", List(Type::OcGroup)),
                ("ListMode", V),
                ("RBGroups", List(Type::OcGroup)),
                ("Locked", List(Type::OcGroup)),
            ],
            Self::OcUsageApplication => &[("Event", V), ("OCGs", List(Type::OcGroup)), ("Category", V)],
            Self::OcGroup => &[("Type", V), ("Name", T), ("Intent", V), ("Usage", Of(Type::OcUsage))],
            Self::OcUsage => &[
                ("Language", Of(Type::OcUsageState)),
                ("Export", Of(Type::OcUsageState)),
                ("Zoom", Of(Type::OcUsageState)),
                ("Print", Of(Type::OcUsageState)),
                ("View", Of(Type::OcUsageState)),
            ],
            Self::OcUsageState => &[
                ("Lang", T),
                ("Preferred", V),
                ("ExportState", V),
                ("min", V),
                ("max", V),
                ("Subtype", V),
                ("PrintState", V),
                ("ViewState", V),
            ],
            Self::OcMembership => {
                &[("Type", V), ("OCGs", List(Type::OptionalContent)), ("P", V), ("VE", List(Type::OptionalContent))]
            }
            // 7.8.3, 14.6, 14.8.2
            Self::Resources => &[
                ("ExtGState", Map(Type::ExtGState)),
                ("ColorSpace", Map(Type::ColorSpace)),
                ("Pattern", Map(Type::Pattern)),
                ("Shading", Map(Type::Shading)),
                ("XObject", Map(Type::XObject)),
                ("Font", Map(Type::Font)),
                ("ProcSet", V),
                ("Properties", Map(Type::OptionalContent)),
            ],
            Self::PropertyList => &[
                ("Type", V),
                ("Subtype", V),
                ("MCID", V),
                ("ActualText", T),
                ("Alt", T),
                ("E", T),
                ("Lang", T),
                ("BBox", V),
                ("Attached", V),
            ],
            // 8.4.5
            Self::ExtGState => &[
                ("Type", V),
                ("LW", V),
                ("LC", V),
                ("LM", V),
                ("ML", V),
                ("MLW", V),
                ("D", V),
                ("RI", V),
                ("OP", V),
                ("op", V),
                ("OPM", V),
                ("Font", List(Type::Font)),
                ("BG", Of(Type::Function)),
                ("BG2", Of(Type::Function)),
                ("UCR", Of(Type::Function)),
                ("UCR2", Of(Type::Function)),
                ("TR", List(Type::Function)),
                ("TR2", List(Type::Function)),
                ("HT", Of(Type::Halftone)),
                ("FL", V),
                ("SM", V),
                ("SA", V),
                ("BM", V),
                ("SMask", Of(Type::SoftMask)),
                ("CA", V),
                ("ca", V),
                ("AIS", V),
                ("TK", V),
                ("UseBlackPtComp", V),
                ("HTO", V),
            ],
            // 11.6.5.2
            Self::SoftMask => {
                &[("Type", V), ("S", V), ("G", Of(Type::Form)), ("BC", V), ("TR", Of(Type::Function))]
            }
            // 10.6.5
            Self::Halftone => &[
                ("Type", V),
                ("HalftoneType", V),
                ("Frequency", V),
                ("Angle", V),
                ("SpotFunction", List(Type::Function)),
                ("AccurateScreens", V),
                ("TransferFunction", Of(Type::Function)),
                ("Width", V),
                ("Height", V),
                ("Width2", V),
                ("Height2", V),
                ("Xsquare", V),
                ("Ysquare", V),
                ("Default", Of(Type::Halftone)),
                ("Gray", Of(Type::Halftone)),
                ("Red", Of(Type::Halftone)),
                ("Green", Of(Type::Halftone)),
                ("Blue", Of(Type::Halftone)),
                ("Cyan", Of(Type::Halftone)),
                ("Magenta", Of(Type::Halftone)),
                ("Yellow", Of(Type::Halftone)),
                ("Black", Of(Type::Halftone)),
            ],
            // 7.10
            Self::Function => &[
                ("FunctionType", V),
                ("Domain", V),
                ("Range", V),
                ("Size", V),
                ("BitsPerSample", V),
                ("Order", V),
                ("Encode", V),
                ("Decode", V),
                ("C0", V),
                ("C1", V),
                ("N", V),
                ("Functions", List(Type::Function)),
                ("Bounds", V),
            ],
            // 8.6.5
            Self::CalibratedColor => {
                &[("WhitePoint", V), ("BlackPoint", V), ("Gamma", V), ("Matrix", V), ("Range", V)]
            }
            Self::IccProfile => &[("N", V), ("Alternate", Of(Type::ColorSpace)), ("Range", V)],
            // 8.6.6.5
            Self::DeviceNAttributes => &[
                ("Subtype", V),
                ("Colorants", Map(Type::ColorSpace)),
                ("Process", Of(Type::DeviceNProcess)),
                ("MixingHints", Of(Type::DeviceNMixing)),
            ],
            Self::DeviceNProcess => &[("ColorSpace", Of(Type::ColorSpace)), ("Components", V)],
            Self::DeviceNMixing => {
                &[("Solidities", Of(Type::RoleMap)), ("PrintingOrder", V), ("DotGain", Map(Type::Function))]
            }
            // 8.7
            Self::TilingPattern => &[
                ("Type", V),
                ("PatternType", V),
                ("PaintType", V),
                ("TilingType", V),
                ("BBox", V),
                ("XStep", V),
                ("YStep", V),
                ("Resources", Of(Type::Resources)),
                ("Matrix", V),
            ],
            Self::ShadingPattern => &[
                ("Type", V),
                ("PatternType", V),
                ("Shading", Of(Type::Shading)),
                ("Matrix", V),
                ("ExtGState", Of(Type::ExtGState)),
            ],
            Self::Shading => &[
                ("ShadingType", V),
                ("ColorSpace", Of(Type::ColorSpace)),
                ("Background", V),
                ("BBox", V),
                ("AntiAlias", V),
                ("Domain", V),
                ("Matrix", V),
                ("Function", List(Type::Function)),
                ("Coords", V),
                ("Extend", V),
                ("BitsPerCoordinate", V),
                ("BitsPerComponent", V),
                ("BitsPerFlag", V),
                ("Decode", V),
                ("VerticesPerRow", V),
            ],
            // 8.10
            Self::Form => &[
                ("Type", V),
                ("Subtype", V),
                ("FormType", V),
                ("BBox", V),
                ("Matrix", V),
                ("Resources", Of(Type::Resources)),
                ("Group", Of(Type::Group)),
                ("StructParent", V),
                ("StructParents", V),
                ("OC", Of(Type::OptionalContent)),
            ],
            Self::Group => &[("Type", V), ("S", V), ("CS", Of(Type::ColorSpace)), ("I", V), ("K", V)],
            // 8.9.5, with the abbreviations that readers take outside of inline images too
            Self::Image => &[
                ("Type", V),
                ("Subtype", V),
                ("Width", V),
                ("Height", V),
                ("ColorSpace", Of(Type::ColorSpace)),
                ("BitsPerComponent", V),
                ("Intent", V),
                ("ImageMask", V),
                ("Mask", Of(Type::Image)),
                ("Decode", V),
                ("Interpolate", V),
                ("SMask", Of(Type::Image)),
                ("SMaskInData", V),
                ("Matte", V),
                ("StructParent", V),
                ("OC", Of(Type::OptionalContent)),
                ("W", V),
                ("H", V),
                ("CS", Of(Type::ColorSpace)),
                ("BPC", V),
                ("IM", V),
                ("D", V),
                ("I", V),
            ],
            // 9.5 to 9.7
            Self::Font => &[
                ("Type", V),
                ("Subtype", V),
                ("BaseFont", V),
                ("FirstChar", V),
                ("LastChar", V),
                ("Widths", V),
                ("FontDescriptor", Of(Type::FontDescriptor)),
                ("Encoding", Of(Type::FontEncoding)),
                ("ToUnicode", Of(Type::CharacterMap)),
                ("DescendantFonts", List(Type::Font)),
                ("CIDSystemInfo", Of(Type::CidSystemInfo)),
                ("DW", V),
                ("W", V),
                ("DW2", V),
                ("W2", V),
                ("CIDToGIDMap", Of(Type::CidToGidMap)),
                ("FontBBox", V),
                ("FontMatrix", V),
                ("CharProcs", Map(Type::GlyphProcedure)),
                ("Resources", Of(Type::Resources)),
            ],
            Self::FontEncoding => &[("Type", V), ("BaseEncoding", V), ("Differences", V)],
            Self::FontDescriptor => &[
                ("Type", V),
                ("FontName", V),
                ("FontFamily", T),
                ("FontStretch", V),
                ("FontWeight", V),
                ("Flags", V),
                ("FontBBox", V),
                ("ItalicAngle", V),
                ("Ascent", V),
                ("Descent", V),
                ("Leading", V),
                ("CapHeight", V),
                ("XHeight", V),
                ("StemV", V),
                ("StemH", V),
                ("AvgWidth", V),
                ("MaxWidth", V),
                ("MissingWidth", V),
                ("FontFile", Of(Type::FontProgram)),
                ("FontFile2", Of(Type::FontProgram)),
                ("FontFile3", Of(Type::FontProgram)),
                ("CharSet", T),
                ("Style", Of(Type::FontStyle)),
                ("Lang", V),
                ("FD", Map(Type::FontDescriptor)),
                ("CIDSet", Of(Type::CidToGidMap)),
            ],
            Self::FontStyle => &[("Panose", T)],
            Self::FontProgram => &[("Subtype", V), ("Length1", V), ("Length2", V), ("Length3", V)],
            Self::CidSystemInfo => &[("Registry", T), ("Ordering", T), ("Supplement", V)],
            Self::CharacterMap => &[
                ("Type", V),
                ("CMapName", V),
                ("CIDSystemInfo", Of(Type::CidSystemInfo)),
                ("WMode", V),
                ("UseCMap", Of(Type::CharacterMap)),
            ],
            // 12.5, 12.7; only what carries a visible or navigable thing
            Self::Link => &[
                ("Type", V),
                ("Subtype", V),
                ("Rect", V),
                ("Contents", T),
                ("F", V),
                ("AP", Of(Type::Appearance)),
                ("AS", V),
                ("Border", V),
                ("C", V),
                ("BS", Of(Type::BorderStyle)),
                ("A", Of(Type::Action)),
                ("Dest", Of(Type::Destination)),
                ("H", V),
                ("QuadPoints", V),
                ("StructParent", V),
                ("OC", Of(Type::OptionalContent)),
                ("Lang", T),
            ],
            Self::Widget | Self::Field => &[
                ("Type", V),
                ("Subtype", V),
                ("Rect", V),
                ("P", Of(Type::Page)),
                ("F", V),
                ("AP", Of(Type::Appearance)),
                ("AS", V),
                ("Border", V),
                ("C", V),
                ("BS", Of(Type::BorderStyle)),
                ("MK", Of(Type::AppearanceCharacteristics)),
                ("H", V),
                ("StructParent", V),
                ("OC", Of(Type::OptionalContent)),
                ("Lang", T),
                ("FT", V),
                ("Parent", Of(Type::Field)),
                ("Kids", List(Type::Field)),
                ("T", T),
                ("TU", T),
                ("Ff", V),
                ("V", T),
                ("DR", Of(Type::Resources)),
                ("DA", T),
                ("Q", V),
                ("MaxLen", V),
                ("Opt", T),
                ("TI", V),
                ("I", V),
            ],
            Self::BorderStyle => &[("Type", V), ("W", V), ("S", V), ("D", V)],
            Self::AppearanceCharacteristics => &[
                ("R", V),
                ("BC", V),
                ("BG", V),
                ("CA", T),
                ("RC", T),
                ("AC", T),
                ("I", Of(Type::Form)),
                ("RI", Of(Type::Form)),
                ("IX", Of(Type::Form)),
                ("IF", Of(Type::IconFit)),
                ("TP", V),
            ],
            Self::IconFit => &[("SW", V), ("S", V), ("A", V), ("FB", V)],
            Self::Appearance => &[
                ("N", Of(Type::AppearanceEntry)),
                ("R", Of(Type::AppearanceEntry)),
                ("D", Of(Type::AppearanceEntry)),
            ],
            Self::InteractiveForm => &[
                ("Fields", List(Type::Field)),
                ("NeedAppearances", V),
                ("DR", Of(Type::Resources)),
                ("DA", T),
                ("Q", V),
            ],
            // 7.4
            Self::DecodeParameters => &[
                ("Predictor", V),
                ("Colors", V),
                ("BitsPerComponent", V),
                ("Columns", V),
                ("EarlyChange", V),
                ("K", V),
                ("EndOfLine", V),
                ("EncodedByteAlign", V),
                ("Rows", V),
                ("EndOfBlock", V),
                ("BlackIs1", V),
                ("DamagedRowsBeforeError", V),
                ("JBIG2Globals", Of(Type::Jbig2Globals)),
                ("ColorTransform", V),
            ],
            Self::Content
            | Self::GlyphProcedure
            | Self::LookupTable
            | Self::CidToGidMap
            | Self::Jbig2Globals
            | Self::ColorSpace
            | Self::Destination
            | Self::RoleMap
            | Self::AppearanceStates
            // looked at further before they are copied: see `dispatch`
            | Self::Annotation
            | Self::AppearanceEntry
            | Self::ObjectReferenceTarget
            | Self::OptionalContent
            | Self::Pattern
            | Self::StructKid
            | Self::XObject
            | Self::PageLabels
            | Self::ParentTree
            | Self::ParentTreeEntry
            | Self::IdTree => &[],
        }
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
