//! PDF files made by code: a small writer, and one document with a token in every place where things hide.

use std::fmt::Write as _;

use icc_profiles::{Made, V2};

#[path = "../icc/profiles.rs"]
pub(crate) mod icc_profiles;

/// A file in the making: object `n` is `objects[n - 1]`.
#[derive(Default, Clone)]
pub struct Pdf {
    objects: Vec<Vec<u8>>,
    /// Further entries of the trailer.
    pub trailer: String,
    /// What stands behind the comment of the second line.
    pub binary_comment: String,
    /// What stands between the first and the second object.
    pub gap: String,
}

impl Pdf {
    /// Adds an object and returns its number.
    pub fn add(&mut self, body: impl Into<Vec<u8>>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    /// Reserves a number for [`Pdf::set`].
    pub fn reserve(&mut self) -> usize {
        self.add("null")
    }

    /// Fills a reserved number.
    pub fn set(&mut self, number: usize, body: impl Into<Vec<u8>>) {
        self.objects[number - 1] = body.into();
    }

    /// Adds a stream; `entries` go into its dictionary.
    pub fn stream(&mut self, entries: &str, data: impl AsRef<[u8]>) -> usize {
        self.add(stream(entries, data.as_ref()))
    }

    /// Writes the file; object 1 must be the catalog.
    pub fn write(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".to_vec();
        out.extend(format!("{}\n", self.binary_comment).bytes());
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (index, body) in self.objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", out.len()).unwrap();
            out.extend(format!("{} 0 obj\n", index + 1).bytes());
            out.extend(body);
            out.extend(b"\nendobj\n");
            if index == 0 {
                out.extend(self.gap.bytes());
            }
        }
        let start = out.len();
        out.extend(table.bytes());
        let size = self.objects.len() + 1;
        out.extend(
            format!("trailer\n<< /Size {size} /Root 1 0 R {} >>\nstartxref\n{start}\n%%EOF\n", self.trailer).bytes(),
        );
        out
    }
}

/// The file with a newer state of an object behind it (7.5.6).
pub fn revised(mut file: Vec<u8>, number: usize, body: &[u8], size: usize, trailer: &str) -> Vec<u8> {
    let before = file.windows(5).rposition(|window| window == b"\nxref").unwrap() + 1;
    let offset = file.len();
    file.extend(format!("{number} 0 obj\n").bytes());
    file.extend(body);
    let start = file.len() + 8;
    file.extend(
        format!(
            "\nendobj\nxref\n{number} 1\n{offset:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {before} {trailer} >>\n\
             startxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    file
}

/// The body of a stream object.
pub fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    body.extend(data);
    body.extend(b"\nendstream");
    body
}

/// Deflated data.
pub fn deflate(data: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Inflated data, as far as it goes.
pub fn inflate(data: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut plain = Vec::new();
    let _ = flate2::read::ZlibDecoder::new(data).read_to_end(&mut plain);
    plain
}

/// A grey JPEG of one block with a comment.
pub fn jpeg(comment: &str) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut file);
    encoder.encode(&[128u8; 64], 8, 8, image::ExtendedColorType::L8).unwrap();
    let mut segment = vec![0xff, 0xfe];
    segment.extend(u16::try_from(comment.len() + 2).unwrap().to_be_bytes());
    segment.extend(comment.bytes());
    file.splice(2..2, segment);
    file
}

/// A JPEG with a packet of XMP, an artist in EXIF, and bytes after its end.
pub fn jpeg_with(comment: &str, xmp: &str, artist: &str, tail: &str) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x3b\x01\x02\0".to_vec();
    exif.extend(u32::try_from(artist.len() + 1).unwrap().to_le_bytes());
    exif.extend(b"\x1a\0\0\0\0\0\0\0");
    exif.extend(artist.bytes());
    exif.push(0);
    let mut file = jpeg(comment);
    for payload in [exif, [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat()] {
        let mut segment = vec![0xff, 0xe1];
        segment.extend(u16::try_from(payload.len() + 2).unwrap().to_be_bytes());
        segment.extend(payload);
        file.splice(2..2, segment);
    }
    file.extend(tail.bytes());
    file
}

/// A document of one page with this content, these entries in the page and these in the catalog.
pub fn one_page(content: &str, page: &str, catalog: &str) -> Pdf {
    let mut pdf = Pdf::default();
    pdf.add(format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"));
    pdf.add("<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 200] >>");
    pdf.add(format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {page} >>"));
    pdf.stream("", content);
    pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    pdf
}

/// What becomes of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Strip,
    Keep,
}

/// Collects the tokens of a document while it is made.
#[derive(Default)]
pub struct Tokens(pub Vec<(String, Fate)>);

impl Tokens {
    /// A token that must not be left.
    pub fn strip(&mut self, place: &str) -> String {
        self.token(place, Fate::Strip)
    }

    /// A token that must be left.
    pub fn keep(&mut self, place: &str) -> String {
        self.token(place, Fate::Keep)
    }

    fn token(&mut self, place: &str, fate: Fate) -> String {
        let token = format!("{}{place}Token", if fate == Fate::Strip { "Strip" } else { "Keep" });
        assert!(self.0.iter().all(|(known, _)| *known != token), "{token} is used twice");
        self.0.push((token.clone(), fate));
        token
    }
}

fn xmp(token: &str) -> String {
    format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
         xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator><rdf:Seq><rdf:li>{token}</rdf:li></rdf:Seq></dc:creator>\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
}

/// One document with a token in every place that the checklist names, and the tokens.
#[allow(clippy::too_many_lines)] // one list of places
pub fn everything() -> (Vec<u8>, Tokens) {
    let mut t = Tokens::default();
    let mut pdf = Pdf::default();
    let [catalog, pages, page, content, font] = [(); 5].map(|()| pdf.reserve());
    let metadata = |pdf: &mut Pdf, token: String| pdf.stream("/Type /Metadata /Subtype /XML", xmp(&token));

    // Metadata of all sorts
    let info = pdf.add(format!(
        "<< /Title ({}) /Author ({}) /Subject ({}) /Keywords ({}) /Creator ({}) /Producer ({}) /CreationDate (D:2024{}) \
         /ModDate ({}) /Company ({}) /SourceModified ({}) >>",
        t.strip("InfoTitle"),
        t.strip("InfoAuthor"),
        t.strip("InfoSubject"),
        t.strip("InfoKeywords"),
        t.strip("InfoCreator"),
        t.strip("InfoProducer"),
        t.strip("InfoCreationDate"),
        t.strip("InfoModDate"),
        t.strip("InfoCompany"),
        t.strip("InfoSourceModified"),
    ));
    pdf.trailer = format!(
        "/Info {info} 0 R /DocChecksum /{} /ID [({}) ({})]",
        t.strip("TrailerKey"),
        t.strip("IdFirst"),
        t.strip("IdSecond")
    );
    let catalog_xmp = metadata(&mut pdf, t.strip("CatalogXmp"));
    let page_xmp = metadata(&mut pdf, t.strip("PageXmp"));
    let image_xmp = metadata(&mut pdf, t.strip("ImageXmp"));
    let form_xmp = metadata(&mut pdf, t.strip("FormXmp"));
    let font_xmp = metadata(&mut pdf, t.strip("FontXmp"));
    let profile_xmp = metadata(&mut pdf, t.strip("ProfileXmp"));
    let piece = |token: String| format!("/PieceInfo << /App << /LastModified (D:2024) /Private ({token}) >> >>");

    // Files and scripts
    let attached = pdf.stream("/Type /EmbeddedFile", t.strip("AttachedData"));
    let specification = pdf.add(format!(
        "<< /Type /Filespec /F ({}) /UF ({}) /Desc ({}) /EF << /F {attached} 0 R >> >>",
        t.strip("AttachedName"),
        t.strip("AttachedUnicodeName"),
        t.strip("AttachedDescription")
    ));
    let script = |token: String| format!("<< /S /JavaScript /JS (app.alert\\('{token}'\\)) >>");
    let chained = format!("<< /S /GoTo /D [{page} 0 R /Fit] /Next {} >>", script(t.strip("ChainedScript")));
    let collected = pdf.stream("/Type /SpiderContentSet", t.strip("SpiderData"));

    // Pictures, forms, patterns
    let jpeg_image = pdf.stream(
        &format!(
            "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray \
             /Filter /DCTDecode /Metadata {image_xmp} 0 R /Alternates [<< /Image ({}) >>] /ID ({}) /OPI << /F ({}) >> {}",
            t.strip("Alternates"),
            t.strip("ImageId"),
            t.strip("Opi"),
            piece(t.strip("ImagePieceInfo"))
        ),
        jpeg_with(
            &t.strip("JpegComment"),
            &xmp(&t.strip("JpegXmp")),
            &t.strip("JpegArtist"),
            &t.strip("JpegTail"),
        ),
    );
    let mut tail = deflate(&[128; 64]);
    tail.extend(t.strip("AfterFlate").bytes());
    let slack_image = pdf.stream(
        "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode",
        tail,
    );
    let wrapped_image = pdf.stream(
        "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray \
         /Filter [/FlateDecode /DCTDecode]",
        deflate(&jpeg(&t.strip("WrappedJpegComment"))),
    );
    let mask = "/Type /XObject /Subtype /Image /Width 8 /Height 1 /ImageMask true";
    let fax = pdf.stream(
        &format!("{mask} /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 8 >>"),
        [b"\x80\x08\x00\x80", t.strip("AfterFax").as_bytes()].concat(),
    );
    let segment = |kind: u8, data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap();
        [&[0, 0, 0, 0, kind, 0, 1], length.to_be_bytes().as_slice(), data].concat()
    };
    let page_of_one_row = segment(48, &[0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let jbig2 = pdf.stream(
        &format!("{mask} /Filter /JBIG2Decode"),
        [page_of_one_row, segment(62, t.strip("Jbig2Comment").as_bytes())].concat(),
    );
    let copyright = [b"text\0\0\0\0", t.strip("ProfileCopyright").as_bytes()].concat();
    let coloured = pdf.stream("/N 3", Made::rgb(V2).and(b"cprt", copyright).build());
    let program = pdf.stream(
        "",
        format!(
            "%!PS-AdobeFont-1.1: Ada 1.0\n% {}\n/FontInfo 2 dict dup begin /Notice ({}) readonly def end readonly def\n\
             currentfile eexec\n0000\ncleartomark\n{}",
            t.strip("FontComment"),
            t.strip("FontNotice"),
            t.strip("FontTail")
        ),
    );
    let map =
        pdf.stream("", format!("% {}\nbegincmap 1 beginbfchar <61> <0061> endbfchar endcmap", t.strip("MapComment")));
    let noted = pdf.add(format!(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Ada /ToUnicode {map} 0 R /FontDescriptor << /Type /FontDescriptor \
         /FontName /Ada /Flags 4 /FontFile {program} 0 R >> >>"
    ));
    let form = pdf.stream(
        &format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 50 50] /Resources << /Font << /F1 {font} 0 R >> >> \
             /Metadata {form_xmp} 0 R /LastModified ({}) /Measure << /Type /Measure /Subtype /GEO /GCS << /WKT ({}) >> >> {}",
            t.strip("FormLastModified"),
            t.strip("FormMeasure"),
            piece(t.strip("FormPieceInfo"))
        ),
        format!("BT /F1 2 Tf 2 2 Td ({}) Tj ET", t.keep("FormText")),
    );
    let profile = pdf.stream(&format!("/N 1 /Alternate /DeviceGray /Metadata {profile_xmp} 0 R"), "no profile");
    let thumbnail = pdf.stream(
        "/Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        format!("{:64}", t.strip("Thumbnail")),
    );

    // Annotations and fields
    let appearance = pdf.stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 50 20] /Resources << /Font << /F1 {font} 0 R >> >>"),
        format!("BT /F1 2 Tf 2 2 Td ({}) Tj ET", t.keep("StampAppearance")),
    );
    let signed = pdf.stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 50 20] /Resources << /Font << /F1 {font} 0 R >> >>"),
        format!("BT /F1 2 Tf 2 2 Td ({}) Tj ET", t.keep("SignatureAppearance")),
    );
    let popup = pdf.reserve();
    let comment = pdf.add(format!(
        "<< /Type /Annot /Subtype /Text /Rect [10 10 20 20] /T ({}) /Contents ({}) /RC ({}) /Subj ({}) /NM ({}) /M ({}) \
         /Popup {popup} 0 R >>",
        t.strip("CommentAuthor"),
        t.strip("CommentContents"),
        t.strip("CommentRich"),
        t.strip("CommentSubject"),
        t.strip("CommentName"),
        t.strip("CommentDate")
    ));
    pdf.set(
        popup,
        format!(
            "<< /Type /Annot /Subtype /Popup /Rect [0 0 9 9] /Parent {comment} 0 R /Contents ({}) >>",
            t.strip("Popup")
        ),
    );
    let mut annotations = vec![comment, popup];
    let annotation = |pdf: &mut Pdf, body: String| pdf.add(format!("<< /Type /Annot {body} >>"));
    annotations.push(annotation(
        &mut pdf,
        format!(
            "/Subtype /Highlight /Rect [1 1 9 9] /QuadPoints [1 9 9 9 1 1 9 1] /Contents ({})",
            t.strip("Highlight")
        ),
    ));
    annotations.push(annotation(
        &mut pdf,
        format!(
            "/Subtype /Stamp /Rect [10 100 60 120] /AP << /N {appearance} 0 R >> /T ({}) /Contents ({})",
            t.strip("StampAuthor"),
            t.strip("StampContents")
        ),
    ));
    annotations.push(annotation(
        &mut pdf,
        format!("/Subtype /FreeText /F 2 /Rect [1 1 9 9] /DA (/F1 6 Tf) /Contents ({})", t.strip("HiddenFreeText")),
    ));
    annotations.push(annotation(
        &mut pdf,
        format!(
            "/Subtype /FileAttachment /Rect [1 1 9 9] /FS {specification} 0 R /Contents ({})",
            t.strip("FileAttachment")
        ),
    ));
    annotations.push(annotation(
        &mut pdf,
        format!("/Subtype /Movie /Rect [1 1 9 9] /Movie << /F ({}) >>", t.strip("MovieFile")),
    ));
    annotations.push(annotation(
        &mut pdf,
        format!("/Subtype /Screen /Rect [1 1 9 9] /A << /S /Rendition /JS ({}) >>", t.strip("RenditionScript")),
    ));
    for (target, token) in [
        (format!("/A << /S /URI /URI (https://www.example.org/{}) >>", t.keep("PublicLink")), t.keep("LinkContents")),
        (format!("/A << /S /URI /URI (file:///C:/Users/{}) >>", t.strip("FileLink")), t.keep("FileLinkContents")),
        (format!("/A << /S /URI /URI (http://intranet/{}) >>", t.strip("IntranetLink")), t.keep("IntranetContents")),
        (
            format!("/A << /S /GoToR /F (\\\\\\\\server\\\\{}) /D (x) >>", t.strip("RemoteFile")),
            t.keep("RemoteContents"),
        ),
        (format!("/A << /S /Launch /F ({}) >>", t.strip("LaunchFile")), t.keep("LaunchContents")),
        (
            format!("/A << /S /SubmitForm /F << /FS /URL /F (http://x.example/{}) >> >>", t.strip("SubmitForm")),
            t.keep("SubmitContents"),
        ),
        (format!("/A {chained} /PA {}", script(t.strip("PathAction"))), t.keep("GoToContents")),
        (
            format!("/Dest ({}) /M ({}) /NM ({})", t.keep("NamedTarget"), t.strip("LinkDate"), t.strip("LinkName")),
            t.keep("NamedContents"),
        ),
    ] {
        annotations.push(annotation(
            &mut pdf,
            format!("/Subtype /Link /Rect [1 1 9 9] /Border [0 0 0] {target} /Contents ({token})"),
        ));
    }
    for (subtype, entries, token) in [
        ("Underline", "/QuadPoints [1 9 9 9 1 1 9 1]", t.strip("Underline")),
        ("StrikeOut", "/QuadPoints [1 9 9 9 1 1 9 1]", t.strip("StrikeOut")),
        ("Squiggly", "/QuadPoints [1 9 9 9 1 1 9 1]", t.strip("Squiggly")),
        ("Caret", "", t.strip("Caret")),
        ("FreeText", "", t.strip("FreeTextContents")),
        ("Ink", "/InkList [[1 1 2 2]]", t.strip("Ink")),
        ("Line", "/L [1 1 2 2]", t.strip("Line")),
        ("Polygon", "/Vertices [1 1 2 2]", t.strip("Polygon")),
        ("3D", "/3DD 4 0 R", t.strip("ThreeD")),
        ("RichMedia", "/RichMediaContent << >>", t.strip("RichMedia")),
        ("Sound", "/Sound 4 0 R", t.strip("Sound")),
        ("Projection", "", t.strip("Projection")),
        ("Secret", "", t.strip("UnknownAnnotation")),
    ] {
        annotations
            .push(annotation(&mut pdf, format!("/Subtype /{subtype} /Rect [1 1 9 9] {entries} /Contents ({token})")));
    }
    let text_box = pdf.stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 50 20] /Resources << /Font << /F1 {font} 0 R >> >>"),
        format!("BT /F1 2 Tf 2 2 Td ({}) Tj ET", t.keep("FreeTextAppearance")),
    );
    annotations.push(annotation(
        &mut pdf,
        format!(
            "/Subtype /FreeText /Rect [10 70 60 90] /AP << /N {text_box} 0 R >> /DA (/F1 6 Tf) /DS ({}) /IT /FreeTextTypeWriter",
            t.strip("FreeTextStyle")
        ),
    ));
    let revised_link =
        annotation(&mut pdf, format!("/Subtype /Link /Rect [1 1 9 9] /Contents ({})", t.strip("OldRevision")));
    annotations.push(revised_link);
    let widget = annotation(
        &mut pdf,
        format!(
            "/Subtype /Widget /FT /Tx /Rect [10 150 90 170] /T ({}) /TU ({}) /V ({}) /DV ({}) /RV ({}) /DA (/F1 4 Tf) /P {page} 0 R \
         /M ({}) /AA << /K {} >> /A {} /PMD ({})",
            t.strip("FieldName"),
            t.strip("FieldTip"),
            t.keep("FieldValue"),
            t.strip("FieldDefault"),
            t.strip("FieldRich"),
            t.strip("WidgetDate"),
            script(t.strip("WidgetScript")),
            script(t.strip("WidgetAction")),
            t.strip("WidgetPrivate")
        ),
    );
    let hidden_widget = annotation(
        &mut pdf,
        format!(
            "/Subtype /Widget /FT /Tx /F 2 /Rect [10 150 90 170] /T ({}) /V ({})",
            t.strip("HiddenFieldName"),
            t.strip("HiddenFieldValue")
        ),
    );
    let signature = annotation(
        &mut pdf,
        format!(
            "/Subtype /Widget /FT /Sig /Rect [100 150 150 170] /T (s) /AP << /N {signed} 0 R >> /V << /Type /Sig /Filter /Adobe.PPKLite \
         /ByteRange [0 1 2 3] /Contents <00> /Name ({}) /Reason ({}) /Location ({}) /ContactInfo ({}) >>",
            t.strip("SignerName"),
            t.strip("SignReason"),
            t.strip("SignLocation"),
            t.strip("SignContact")
        ),
    );
    let orphan = pdf.add(format!("<< /FT /Tx /T (o) /V ({}) >>", t.strip("FieldWithoutWidget")));
    annotations.extend([widget, hidden_widget, signature]);

    // Structure, layers, navigation
    let element = pdf.reserve();
    let tree = pdf.add(format!(
        "<< /Type /StructTreeRoot /K {element} 0 R /ParentTree << /Nums [0 [{element} 0 R]] >> /RoleMap << /Lead /P >> \
         /IDTree << /Names [(id) {element} 0 R] >> /Private ({}) >>",
        t.strip("StructTreePrivate")
    ));
    pdf.set(element, format!(
        "<< /Type /StructElem /S /Lead /P {tree} 0 R /Pg {page} 0 R /K [0] /ID (id) /T ({}) /Alt ({}) /ActualText ({}) /E ({}) /Lang (en) \
         /AF {specification} 0 R /A [<< /O /UserProperties /P [<< /N (n) /V ({}) >>] >> << /O /Layout /Placement /Block /Secret ({}) >>] >>",
        t.strip("StructTitle"), t.keep("StructAlt"), t.keep("StructActualText"), t.keep("StructExpansion"),
        t.strip("UserProperties"), t.strip("AttributePrivate")));
    let layer = pdf.add(format!(
        "<< /Type /OCG /Name ({}) /Usage << /CreatorInfo << /Creator ({}) /Subtype /Artwork >> /User << /Type /Ind /Name ({}) >> \
         /View << /ViewState /ON >> >> >>",
        t.strip("LayerName"), t.strip("LayerCreator"), t.strip("LayerUser")));
    let [outlines, bookmark] = [(); 2].map(|()| pdf.reserve());
    pdf.set(outlines, format!("<< /Type /Outlines /First {bookmark} 0 R /Last {bookmark} 0 R /Count 1 >>"));
    pdf.set(
        bookmark,
        format!(
            "<< /Title ({}) /Parent {outlines} 0 R /A {} /Private ({}) >>",
            t.keep("Bookmark"),
            script(t.strip("BookmarkScript")),
            t.strip("BookmarkPrivate")
        ),
    );

    // The page and the catalog
    let state = format!("<< /Type /ExtGState /LW 1 /Secret ({}) >>", t.strip("StatePrivate"));
    pdf.set(page, format!(
        "<< /Type /Page /Parent {pages} 0 R /Contents {content} 0 R /StructParents 0 /Group << /S /Transparency /CS [/ICCBased {profile} 0 R] >> \
         /Resources << /Font << /F1 {font} 0 R /F2 {noted} 0 R >> /ColorSpace << /C1 [/ICCBased {coloured} 0 R] >> \
         /XObject << /I1 {jpeg_image} 0 R /I2 {slack_image} 0 R /I3 {wrapped_image} 0 R /I4 {fax} 0 R /I5 {jbig2} 0 R /Fm {form} 0 R >> \
         /ExtGState << /G1 {state} >> /Properties << /L1 {layer} 0 R /P1 << /ActualText ({}) /Secret ({}) >> >> /Private ({}) >> \
         /Metadata {page_xmp} 0 R {} /LastModified ({}) /Thumb {thumbnail} 0 R /AA << /O {} >> /AF [{specification} 0 R] \
         /VP [<< /Measure << /Subtype /GEO /GPTS [({})] >> >>] /LGIDict << /Registration ({}) >> /B [({})] /PZ ({}) /DPart << /DPM ({}) >> \
         /PresSteps << /NA ({}) >> /Rotate ({}) /Annots [{}] >>",
        t.strip("PropertyActualText"), t.strip("PropertyPrivate"), t.strip("ResourcesPrivate"), piece(t.strip("PagePieceInfo")),
        t.strip("PageLastModified"), script(t.strip("PageScript")), t.strip("GeoPoints"), t.strip("GeoRegistration"),
        t.strip("Beads"), t.strip("PagePrivate"), t.strip("DocumentPart"), t.strip("PresentationSteps"), t.strip("StringForNumber"),
        annotations.iter().map(|n| format!("{n} 0 R")).collect::<Vec<_>>().join(" ")));
    pdf.set(
        pages,
        format!(
            "<< /Type /Pages /Kids [{page} 0 R] /Count 1 /MediaBox [0 0 200 200] /Secret ({}) >>",
            t.strip("PagesPrivate")
        ),
    );
    pdf.set(content, stream("", format!(
        "BT /F1 12 Tf 10 180 Td ({}) Tj ET q 20 0 0 20 100 20 cm /I1 Do Q q 20 0 0 20 130 20 cm /I2 Do Q q 20 0 0 20 160 20 cm /I3 Do Q \
         q 1 0 0 1 10 60 cm /Fm Do Q /G1 gs /OC /L1 BDC 10 10 5 5 re f EMC % {}\n\
         /Span << /ActualText ({}) >> BDC BT /F1 9 Tf 10 40 Td (seen) Tj ET EMC /Mark << /Secret ({}) >> DP /Mark << /Secret ({}) >> BDC EMC \
         BT 3 Tr /F1 2 Tf 101 30 Td ({}) Tj ET BT /F2 2 Tf 150 180 Td (a) Tj ET /C1 cs 0.9 0.2 0.1 sc 190 190 5 5 re f \
         q 5 0 0 5 180 190 cm /I4 Do Q q 5 0 0 5 170 190 cm /I5 Do Q q 5 0 0 5 160 190 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x{} EI Q",
        t.keep("PageText"), t.strip("ContentComment"), t.keep("InlineActualText"), t.strip("MarkedPoint"), t.strip("MarkedContent"),
        t.keep("OcrText"), t.strip("AfterInlineImage")).as_bytes()));
    pdf.set(font, format!(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /Metadata {font_xmp} 0 R /Name /{} /Secret ({}) >>",
        t.strip("FontNameKey"), t.strip("FontPrivate")));
    let intent = format!(
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier ({}) /DestOutputProfileRef << /URLs [({})] >> >>",
        t.keep("OutputCondition"),
        t.strip("ProfileReference")
    );
    pdf.set(catalog, format!(
        "<< /Type /Catalog /Pages {pages} 0 R /Metadata {catalog_xmp} 0 R {} /LastModified ({}) /Lang (en) /MarkInfo << /Marked true /UserProperties true /Secret ({}) >> \
         /OpenAction {} /AA << /WC {} >> /URI << /Base (http://intranet/{}) >> /Outlines {outlines} 0 R /StructTreeRoot {tree} 0 R \
         /Names << /JavaScript << /Names [(n) {}] >> /EmbeddedFiles << /Names [({}) {specification} 0 R] >> /URLS << /Names [({}) {collected} 0 R] >> \
         /IDS << /Names [({}) {collected} 0 R] >> /Renditions << /Names [({}) << /S /MR >>] >> /Templates << /Names [({}) {page} 0 R] >> \
         /AlternatePresentations << /Names [({}) << /Type /SlideShow >>] >> \
         /Dests << /Names [({}) [{page} 0 R /Fit]] >> >> /Dests << /{} [{page} 0 R /Fit] >> \
         /AcroForm << /Fields [{widget} 0 R {hidden_widget} 0 R {signature} 0 R {orphan} 0 R] /DA (/F1 9 Tf) /DR << /Font << /F1 {font} 0 R >> >> \
         /SigFlags 3 /XFA ({}) >> /OCProperties << /OCGs [{layer} 0 R] /D << /Name ({}) /Creator ({}) /Order [{layer} 0 R] >> /Configs [<< /Name ({}) >>] >> \
         /OutputIntents [{intent}] /SpiderInfo << /V 1.0 /C [{collected} 0 R] >> /Threads [<< /I << /Title ({}) >> >>] /Legal << /Attestation ({}) >> \
         /Perms << /DocMDP ({}) >> /DSS << /VRI ({}) >> /Collection << /Schema ({}) >> /Requirements [<< /S ({}) >>] /AF [{specification} 0 R] \
         /PageLabels << /Nums [0 << /S /D /P ({}) /Secret ({}) >>] >> /ViewerPreferences << /DisplayDocTitle true /Secret ({}) >> \
         /Extensions << /X << /URL ({}) >> >> /DPartRootNode << /DPM ({}) >> /Secret ({}) >>",
        piece(t.strip("CatalogPieceInfo")), t.strip("CatalogLastModified"), t.strip("MarkInfoPrivate"), script(t.strip("OpenScript")), script(t.strip("CloseScript")),
        t.strip("UriBase"), script(t.strip("NamedScript")), t.strip("AttachmentKey"), t.strip("WebCaptureUrl"),
        t.strip("WebCaptureId"), t.strip("Rendition"), t.strip("Template"), t.strip("SlideShow"),
        t.keep("DestinationName"), t.keep("OldDestination"), t.strip("Xfa"), t.strip("LayerConfigName"), t.strip("LayerConfigCreator"),
        t.strip("OtherConfig"), t.strip("Thread"), t.strip("Legal"), t.strip("Perms"), t.strip("Dss"), t.strip("Collection"),
        t.strip("Requirements"), t.keep("PageLabel"), t.strip("PageLabelPrivate"), t.strip("PreferencesPrivate"),
        t.strip("Extensions"), t.strip("DocumentParts"), t.strip("CatalogPrivate")));
    pdf.add(format!("({})", t.strip("Unreferenced")));
    pdf.stream("", t.strip("UnreferencedStream"));

    pdf.binary_comment = t.strip("BinaryComment");
    pdf.gap = format!("% {}\n", t.strip("BetweenObjects"));
    let size = pdf.objects.len() + 1;
    let link = format!("<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /Contents ({}) >>", t.keep("NewRevision"));
    let document = revised(pdf.write(), revised_link, link.as_bytes(), size, &pdf.trailer);

    // Bytes before the header move nothing: offsets count from there.
    let mut file = format!("%{}\n", t.strip("BeforeHeader")).into_bytes();
    file.extend(document);
    file.extend(format!("{}\n", t.strip("AfterEnd")).bytes());
    (file, t)
}
