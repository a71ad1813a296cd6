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

/// Named arrays of bytes.
pub(super) type Arrays = BTreeMap<String, Vec<u8>>;

/// A header that says how long each array is.
pub(super) trait Lists: Serialize + DeserializeOwned {
    /// Bytes of each array, in file order.
    fn arrays(&self) -> &BTreeMap<String, usize>;
}

pub(super) fn write(header: &impl Lists, arrays: &Arrays) -> Result<Vec<u8>, String> {
    let header = serde_json::to_vec_pretty(header).map_err(|error| error.to_string())?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    for array in arrays.values() {
        bytes.extend(array);
    }
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    Ok(bytes)
}

/// Lengths of arrays, in the order in which they are written.
pub(super) fn lengths(arrays: &Arrays) -> BTreeMap<String, usize> {
    arrays.iter().map(|(name, array)| (name.clone(), array.len())).collect()
}

pub(super) fn read<H: Lists>(bytes: &[u8]) -> Result<(H, Arrays), String> {
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
    let end =
        bytes.len().checked_sub(8).filter(|end| *end >= 16).ok_or("the file is cut short: copy it again")?;
    let (content, sum) = bytes.split_at(end);
    let expected: [u8; 8] = sum.try_into().map_err(|_| "the file is cut short: copy it again")?;
    if xxh3_64(content) != u64::from_le_bytes(expected) {
        return Err("the checksum does not fit: the file is damaged, copy it again or retrain".to_owned());
    }
    let length = number(bytes, 12)? as usize;
    let header = content.get(16..16 + length.min(LONGEST_HEADER)).ok_or("the header is cut short")?;
    let header: H =
        serde_json::from_slice(header).map_err(|error| format!("the header cannot be read: {error}"))?;
    let arrays = split(content.get(16 + length..).unwrap_or_default(), header.arrays())?;
    Ok((header, arrays))
}

fn number(bytes: &[u8], at: usize) -> Result<u32, String> {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    four.map(u32::from_le_bytes).ok_or_else(|| "the file is cut short: copy it again".to_owned())
}

fn split(mut payload: &[u8], lengths: &BTreeMap<String, usize>) -> Result<Arrays, String> {
    let mut arrays = Arrays::new();
    for (name, length) in lengths {
        let (array, rest) =
            payload.split_at_checked(*length).ok_or_else(|| format!("array `{name}` is cut short"))?;
        arrays.insert(name.clone(), array.to_vec());
        payload = rest;
    }
    if payload.is_empty() { Ok(arrays) } else { Err(format!("{} bytes behind the arrays", payload.len())) }
}

pub(super) fn f32s(values: impl Iterator<Item = f32>) -> Vec<u8> {
    values.flat_map(f32::to_le_bytes).collect()
}

pub(super) fn u32s(values: impl Iterator<Item = u32>) -> Vec<u8> {
    values.flat_map(u32::to_le_bytes).collect()
}

pub(super) fn u16s(values: impl Iterator<Item = u16>) -> Vec<u8> {
    values.flat_map(u16::to_le_bytes).collect()
}

/// The values of an array of `N`-byte numbers.
pub(super) fn values<const N: usize, T>(
    arrays: &Arrays,
    name: &str,
    read: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, String> {
    let array = arrays.get(name).ok_or_else(|| format!("array `{name}` is missing"))?;
    if array.len() % N != 0 {
        return Err(format!("array `{name}` has {} bytes, no multiple of {N}", array.len()));
    }
    Ok(array.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok()).map(read).collect())
}
