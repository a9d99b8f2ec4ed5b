//! A one-page OFD (GB/T 33190), written by hand: a stored zip with four small XML files. It is not signed.

use std::fmt::Write as _;

/// A page with these lines.
pub(crate) fn make(lines: &[String]) -> Vec<u8> {
    let ns = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let root = format!(
        "{head}<ofd:OFD {ns} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{:032x}</ofd:DocID>\
         <ofd:Title>样张 SAMPLE</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        crc(lines.concat().as_bytes())
    );
    let document = format!(
        "{head}<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea>\
         <ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>\
         </ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages></ofd:Document>"
    );
    let fonts = format!(
        "{head}<ofd:Res {ns} BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"2\" FontName=\"宋体\" FamilyName=\"宋体\"/>\
         </ofd:Fonts></ofd:Res>"
    );
    let mut page = format!("{head}<ofd:Page {ns}><ofd:Content><ofd:Layer ID=\"3\">");
    for (at, line) in lines.iter().enumerate() {
        let (id, top) = (10 + at, 10 + at * 7);
        let size = if at == 0 { 5 } else { 3 };
        let count = line.chars().count().saturating_sub(1);
        let _ = write!(
            page,
            "<ofd:TextObject ID=\"{id}\" Boundary=\"15 {top} 270 7\" Font=\"2\" Size=\"{size}\">\
             <ofd:TextCode X=\"0\" Y=\"5\" DeltaX=\"g {count} {size}\">{}</ofd:TextCode></ofd:TextObject>",
            escape(line)
        );
    }
    page.push_str("</ofd:Layer></ofd:Content></ofd:Page>");
    zip(&[
        ("OFD.xml", root.as_bytes()),
        ("Doc_0/Document.xml", document.as_bytes()),
        ("Doc_0/PublicRes.xml", fonts.as_bytes()),
        ("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()),
    ])
}

fn escape(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { '□' } else { c }).collect();
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A zip without compression, dated 1980-01-01.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    let short = |value: usize| u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes();
    let long = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
    for (name, bytes) in files {
        let place = archive.len();
        // Version 2.0, names in UTF-8, stored, time 0, date 1980-01-01.
        let mut common = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc(bytes).to_le_bytes());
        common.extend(long(bytes.len()));
        common.extend(long(bytes.len()));
        common.extend(short(name.len()));
        common.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(long(place));
        directory.extend(name.as_bytes());
    }
    let place = archive.len();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(short(files.len()));
    archive.extend(short(files.len()));
    archive.extend(long(directory.len()));
    archive.extend(long(place));
    archive.extend([0, 0]);
    archive
}

/// CRC-32 as zip has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1)))
    })
}
