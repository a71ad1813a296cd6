//! The model file: a header that says what it is, flat arrays, and a checksum.
//!
//! ```text
//! offset   size  content
//! 0        8     magic: 0x89 "PSV1" CR LF ^Z: damage by a text transfer shows at once
//! 8        4     format version, u32 little endian
//! 12       4     header length H in bytes
//! 16       H     header: JSON, UTF-8
//! 16+H     …     arrays, little endian, one after another as the header lists them
//! last 8   8     XXH3-64 of everything before, little endian
//! ```

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 8] = b"\x89PSV1\r\n\x1a";
const VERSION: u32 = 1;
/// A header is some kilobytes; more means a damaged length.
const LONGEST_HEADER: usize = 1 << 20;

/// Named arrays of bytes, in the order of the file.
pub(super) type Arrays = BTreeMap<String, Vec<u8>>;

pub(super) fn write(header: &impl Serialize, arrays: &Arrays) -> Result<Vec<u8>, String> {
    let header = serde_json::to_vec_pretty(header).map_err(|error| error.to_string())?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    bytes.extend(arrays.values().flatten());
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    Ok(bytes)
}

/// The header of a whole file, and the arrays behind it.
pub(super) fn open(bytes: &[u8]) -> Result<(&[u8], &[u8]), String> {
    if bytes.get(..8) != Some(MAGIC) {
        return Err(
            "this is no pagesieve model: its first bytes are not the magic; was it sent as text?".to_owned()
        );
    }
    let version = number(bytes, 8)?;
    if version != VERSION {
        return Err(format!(
            "format version {version}, this build reads {VERSION}: retrain with `pagesieve train`"
        ));
    }
    let (content, sum) =
        bytes.split_last_chunk().filter(|(content, _)| content.len() >= 16).ok_or(CUT_SHORT)?;
    if xxh3_64(content) != u64::from_le_bytes(*sum) {
        return Err("the checksum does not fit: the file is damaged, copy it again or retrain".to_owned());
    }
    let length = (number(bytes, 12)? as usize).min(LONGEST_HEADER);
    let behind = content.get(16..).unwrap_or_default();
    behind.split_at_checked(length).ok_or_else(|| "the header is cut short".to_owned())
}

const CUT_SHORT: &str = "the file is cut short: copy it again";

fn number(bytes: &[u8], at: usize) -> Result<u32, String> {
    let four = bytes.get(at..).and_then(<[u8]>::first_chunk);
    four.map(|four| u32::from_le_bytes(*four)).ok_or_else(|| CUT_SHORT.to_owned())
}

pub(super) fn parsed<H: DeserializeOwned>(header: &[u8]) -> Result<H, String> {
    serde_json::from_slice(header).map_err(|error| format!("the header cannot be read: {error}"))
}

/// Takes the arrays apart by their lengths.
pub(super) fn split(mut payload: &[u8], lengths: &BTreeMap<String, usize>) -> Result<Arrays, String> {
    let mut arrays = Arrays::new();
    for (name, length) in lengths {
        let (array, rest) =
            payload.split_at_checked(*length).ok_or_else(|| format!("array `{name}` is cut short"))?;
        arrays.insert(name.clone(), array.to_vec());
        payload = rest;
    }
    if payload.is_empty() { Ok(arrays) } else { Err(format!("{} bytes behind the arrays", payload.len())) }
}

/// The bytes of an array of `N`-byte numbers.
pub(super) fn bytes<const N: usize, T>(
    values: impl IntoIterator<Item = T>,
    write: impl Fn(T) -> [u8; N],
) -> Vec<u8> {
    values.into_iter().flat_map(write).collect()
}

/// The values of an array of `N`-byte numbers.
pub(super) fn values<const N: usize, T>(
    arrays: &Arrays,
    name: &str,
    read: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, String> {
    let array = arrays.get(name).ok_or_else(|| format!("array `{name}` is missing"))?;
    let (values, rest) = array.as_chunks();
    if !rest.is_empty() {
        return Err(format!("array `{name}` has {} bytes, no multiple of {N}", array.len()));
    }
    Ok(values.iter().copied().map(read).collect())
}
