//! Bytes that are no text, and UTF-16 without a mark.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How files begin that crawlers bring home under the name of a page.
const MAGIC: [&[u8]; 21] = [
    b"\x89PNG\r\n\x1A\n",
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"GIF87a",
    b"GIF89a",
    b"\xFF\xD8\xFF",
    b"\x1F\x8B\x08",
    b"BZh",
    b"\x28\xB5\x2F\xFD",
    b"\xFD7zXZ\0",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\x7FELF",
    b"\xCA\xFE\xBA\xBE",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"wOFF",
    b"wOF2",
    b"OggS",
    b"ID3\x03",
    b"ID3\x04",
];

/// Whether the bytes are an image, an archive or the like: by how they begin, or by control characters. Random
/// bytes have a tenth of them, text has none but a stray few.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) || is_media_container(bytes) {
        return true;
    }
    let head = bytes.get(..8192).unwrap_or(bytes);
    let controls = head.iter().filter(|byte| is_binary_byte(**byte)).count();
    controls >= 16 && controls * 20 >= head.len() && utf16_without_mark(bytes).is_none()
}

/// `RIFF….WEBP`, `RIFF….AVI`, and the `ftyp` of MP4 and HEIC, whose names stand at an offset.
fn is_media_container(bytes: &[u8]) -> bool {
    let names_media = bytes.get(8..12).is_some_and(|name| matches!(name, b"WEBP" | b"AVI " | b"WAVE"));
    (bytes.starts_with(b"RIFF") && names_media) || bytes.get(4..8) == Some(b"ftyp".as_slice())
}

/// Control characters that text has no use for, as the MIME sniffing standard lists them.
fn is_binary_byte(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F)
}

/// UTF-16 without a mark: the zero bytes of its ASCII characters all stand at even or all at odd places.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 8;
    if even.max(odd) < 4 || even.max(odd) < enough || even.min(odd) * 20 > even.max(odd) {
        return None;
    }
    Some(if odd > even { UTF_16LE } else { UTF_16BE })
}
