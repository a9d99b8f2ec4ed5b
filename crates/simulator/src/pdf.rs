//! A one-page PDF, written by hand: lines of Chinese text in the reader's own song typeface, and a watermark.

use std::fmt::Write as _;

/// A page with these lines, the first one larger.
pub(crate) fn make(lines: &[String]) -> Vec<u8> {
    let mut content = String::from("q 0.85 0.75 0.75 rg BT /F1 80 Tf 0.94 0.34 -0.34 0.94 200 180 Tm ");
    let _ = writeln!(content, "<{}> Tj ET Q", hex("样张 SAMPLE"));
    for (at, line) in lines.iter().enumerate() {
        let (size, x) = if at == 0 { (16, 150) } else { (10, 50) };
        let _ = writeln!(content, "BT /F1 {size} Tf {x} {} Td <{}> Tj ET", 545 - at * 19, hex(line));
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) \
         /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R /DW 1000 /W [1 95 500] >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 \
         /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", at + 1).as_bytes());
    }
    let table = file.len();
    let count = objects.len() + 1;
    let mut tail = format!("xref\n0 {count}\n0000000000 65535 f \n");
    for place in places {
        let _ = writeln!(tail, "{place:010} 00000 n ");
    }
    let _ = write!(tail, "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.extend_from_slice(tail.as_bytes());
    file
}

/// UCS-2 big-endian in hex; characters beyond it and controls become a square.
fn hex(text: &str) -> String {
    let mut hex = String::new();
    for c in text.chars().take(120) {
        let unit = u32::from(c);
        let unit = if c.is_control() || unit > 0xffff { 0x25a1 } else { unit };
        let _ = write!(hex, "{unit:04X}");
    }
    hex
}
