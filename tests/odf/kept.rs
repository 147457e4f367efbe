//! What everybody sees keeps its bytes.

use crate::fixtures::{Body, Document, frame, unpacked};
use crate::{clean, holds};

#[test]
fn visible_content_keeps_its_bytes() {
    let cases = [
        (
            "formulas",
            Body::Spreadsheet,
            "<table:named-expressions><table:named-range table:name=\"n\" table:cell-range-address=\"$A.$A$1\"/></table:named-expressions><table:table table:name=\"A\"><table:table-row><table:table-cell table:formula=\"of:=SUM([.A1:.B2];&quot;x&quot;)\" office:value-type=\"float\" office:value=\"3.5\"><text:p>3,50&#160;€</text:p></table:table-cell></table:table-row></table:table>",
        ),
        (
            "numbered lists",
            Body::Text,
            "<text:list xml:id=\"list1\" text:style-name=\"L1\"><text:list-item text:start-value=\"3\"><text:p>a</text:p></text:list-item></text:list><text:list text:continue-list=\"list1\"><text:list-item><text:p>b<text:s text:c=\"3\"/><text:tab/></text:p></text:list-item></text:list>",
        ),
        ("right to left", Body::Text, "<text:p text:style-name=\"RTL\">שלום &amp; مرحبا</text:p>"),
        (
            "notes and marks",
            Body::Text,
            "<text:p>a<text:note text:id=\"ftn1\" text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note><text:bookmark text:name=\"b\"/><text:page-number>2</text:page-number><text:soft-page-break/></text:p>",
        ),
        (
            "descriptions",
            Body::Text,
            "<text:p><draw:frame draw:name=\"Image1\"><draw:text-box><text:p>a</text:p></draw:text-box><svg:title>A boat</svg:title><svg:desc>On the river.</svg:desc></draw:frame></text:p>",
        ),
        (
            "white space and entities",
            Body::Text,
            "<text:p>a  &lt;b&gt;\n<text:span><![CDATA[<c>]]></text:span></text:p>",
        ),
        (
            "slides",
            Body::Presentation,
            "<draw:page draw:name=\"page1\" draw:id=\"i1\"><draw:rect><office:event-listeners><presentation:event-listener script:event-name=\"dom:click\" presentation:action=\"next-page\"/></office:event-listeners><text:p>a</text:p></draw:rect></draw:page>",
        ),
    ];
    for (name, body, content) in cases {
        let document = Document { content: content.to_owned(), ..Document::new(body) };
        let (copy, report) = clean(&document.flat()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(String::from_utf8(copy).unwrap(), String::from_utf8(document.flat()).unwrap(), "{name}");
        assert!(report.hits.is_empty(), "{name}: {:?}", report.hits);
        let (copy, _) = clean(&document.package()).unwrap();
        for (part, text) in document.parts() {
            let (_, member) = unpacked(&copy).into_iter().find(|(member, _)| *member == part).unwrap();
            assert_eq!(String::from_utf8(member).unwrap(), text, "{name}");
        }
    }
}

#[test]
fn settings_of_the_layout_stay() {
    let item = |name: &str, kind: &str, value: &str| {
        format!("<config:config-item config:name=\"{name}\" config:type=\"{kind}\">{value}</config:config-item>")
    };
    let kept = item("TabOverflow", "boolean", "true") + &item("PrinterIndependentLayout", "string", "high-resolution");
    let set = |name: &str, items: &str| {
        format!("<config:config-item-set config:name=\"ooo:{name}\">{items}</config:config-item-set>")
    };
    let settings = set("view-settings", &item("ViewId", "string", "GONE")) + &set("configuration-settings", &kept);
    let (copy, _) = clean(&Document { settings, ..Document::text("") }.package()).unwrap();
    let (_, member) = unpacked(&copy).into_iter().find(|(name, _)| name == "settings.xml").unwrap();
    assert!(String::from_utf8(member).unwrap().contains(&set("configuration-settings", &kept)));
    assert!(!holds(&copy, "view-settings"));
}

#[test]
fn the_manifest_lists_what_is_there() {
    let chart = crate::fixtures::inner("<office:chart/>");
    let document = Document::text(&frame("<draw:object xlink:href=\"./Object 1\"/>"))
        .member("Object 1/", b"", "application/vnd.oasis.opendocument.chart")
        .member("Object 1/content.xml", &chart, "text/xml")
        .member("Thumbnails/thumbnail.png", b"GONE", "image/png");
    let (copy, _) = clean(&document.package()).unwrap();
    let members = unpacked(&copy);
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "mimetype",
            "META-INF/manifest.xml",
            "Object 1/content.xml",
            "content.xml",
            "meta.xml",
            "settings.xml",
            "styles.xml"
        ]
    );
    let manifest = String::from_utf8(members[1].1.clone()).unwrap();
    let paths: Vec<&str> = manifest.split("full-path=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(
        paths,
        ["/", "Object 1/", "Object 1/content.xml", "content.xml", "meta.xml", "settings.xml", "styles.xml"]
    );
    assert!(
        manifest.contains(
            "manifest:full-path=\"Object 1/\" manifest:media-type=\"application/vnd.oasis.opendocument.chart\""
        )
    );
    assert!(manifest.contains("manifest:version=\"1.3\""));
}
