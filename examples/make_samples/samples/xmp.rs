//! XMP packets (ISO 16684-1), as the programs write that people use.

use super::story;

/// A packet with author, title, tool, document history and position.
pub(crate) fn packet(title: &str, tool: &str) -> String {
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmp:CreatorTool="{tool}"
    xmp:CreateDate="2024-05-01T09:30:00+02:00"
    xmp:ModifyDate="2024-05-02T17:45:00+02:00"
    xmpMM:DocumentID="xmp.did:00000000-0000-4000-8000-000000000001"
    xmpMM:InstanceID="xmp.iid:00000000-0000-4000-8000-000000000002"
    exif:GPSLatitude="{lat_deg},{lat_min}.529S"
    exif:GPSLongitude="{lon_deg},{lon_min}.551W">
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:softwareAgent="{tool}" stEvt:changed="{folder}{title}"/></rdf:Seq></xmpMM:History>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}',
        author = story::AUTHOR,
        folder = story::FOLDER,
        lat_deg = story::LATITUDE[0],
        lat_min = story::LATITUDE[1],
        lon_deg = story::LONGITUDE[0],
        lon_min = story::LONGITUDE[1],
    )
}
