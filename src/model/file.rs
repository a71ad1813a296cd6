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

/// The arrays of a file, on their way in or out: a part names each once, for both ways.
#[derive(Debug, Default)]
pub struct Arrays {
    /// Whether they come from a file.
    reading: bool,
    /// Their bytes, in the order of the file.
    bytes: BTreeMap<String, Vec<u8>>,
}

impl Arrays {
    /// Fills `values` from the array of this name, or writes them there.
    pub(super) fn numbers<T: Number>(&mut self, name: &str, values: &mut Vec<T>) -> Result<(), String> {
        if !self.reading {
            self.bytes.insert(name.to_owned(), T::write(values));
            return Ok(());
        }
        let bytes = self.bytes.get(name).ok_or_else(|| format!("array `{name}` is missing"))?;
        *values = T::read(bytes).ok_or_else(|| format!("array `{name}` ends within a number"))?;
        Ok(())
    }

    /// Bytes of each array.
    pub(super) fn lengths(&self) -> BTreeMap<String, usize> {
        self.bytes.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect()
    }
}

/// A number in an array, little endian.
pub(super) trait Number: Sized {
    fn write(values: &[Self]) -> Vec<u8>;
    fn read(bytes: &[u8]) -> Option<Vec<Self>>;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Number for $number {
            fn write(values: &[Self]) -> Vec<u8> {
                values.iter().flat_map(|value| value.to_le_bytes()).collect()
            }

            fn read(bytes: &[u8]) -> Option<Vec<Self>> {
                let (values, rest) = bytes.as_chunks();
                rest.is_empty().then(|| values.iter().map(|value| Self::from_le_bytes(*value)).collect())
            }
        }
    )*};
}
numbers!(i8 u16 u32 f32);

pub(super) fn write(header: &impl Serialize, arrays: &Arrays) -> Result<Vec<u8>, String> {
    let header = serde_json::to_vec_pretty(header).map_err(|error| error.to_string())?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    for array in arrays.bytes.values() {
        bytes.extend_from_slice(array);
    }
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    Ok(bytes)
}

/// The header of a whole file, and the arrays behind it.
pub(super) fn open(bytes: &[u8]) -> Result<(&[u8], &[u8]), String> {
    const CUT_SHORT: &str = "the file is cut short: copy it again";
    let behind = bytes
        .strip_prefix(MAGIC)
        .ok_or("this is no pagesieve model: its first bytes are not the magic; was it sent as text?")?;
    let version = u32::from_le_bytes(*behind.first_chunk().ok_or(CUT_SHORT)?);
    if version != VERSION {
        return Err(format!(
            "format version {version}, this build reads {VERSION}: retrain with `pagesieve train`"
        ));
    }
    let (content, sum) = bytes.split_last_chunk().ok_or(CUT_SHORT)?;
    if xxh3_64(content) != u64::from_le_bytes(*sum) {
        return Err("the checksum does not fit: the file is damaged, copy it again or retrain".to_owned());
    }
    let (length, behind) = content.get(12..).and_then(<[u8]>::split_first_chunk).ok_or(CUT_SHORT)?;
    behind.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(|| CUT_SHORT.to_owned())
}

pub(super) fn parsed<H: DeserializeOwned>(header: &[u8]) -> Result<H, String> {
    serde_json::from_slice(header).map_err(|error| format!("the header cannot be read: {error}"))
}

/// Takes the arrays apart by their lengths.
pub(super) fn split(mut payload: &[u8], lengths: &BTreeMap<String, usize>) -> Result<Arrays, String> {
    let mut bytes = BTreeMap::new();
    for (name, length) in lengths {
        let (array, rest) =
            payload.split_at_checked(*length).ok_or_else(|| format!("array `{name}` is cut short"))?;
        bytes.insert(name.clone(), array.to_vec());
        payload = rest;
    }
    if !payload.is_empty() {
        return Err(format!("{} bytes behind the arrays", payload.len()));
    }
    Ok(Arrays { reading: true, bytes })
}
