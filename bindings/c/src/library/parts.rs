//! Texts and bytes in a row, each behind its length.

/// The parts of a question; nothing if a length is wrong.
pub(crate) fn read(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
        let (part, rest) = rest.split_at_checked(length)?;
        parts.push(part);
        bytes = rest;
    }
    Some(parts)
}

/// An answer of these parts.
pub(crate) fn write(parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.as_ref().len() + 8).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.as_ref().len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_ref());
    }
    bytes
}
