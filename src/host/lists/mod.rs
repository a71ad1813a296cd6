//! Lists of hosts that the user gives, as one memory-mapped file each.
//!
//! A list `NAME` is two files. `NAME.fst` maps keys to values: a key is the host's labels from the last to the
//! first (`com.example.www`), so that a listed domain covers the hosts below it; with a full stop behind it
//! covers only those (`*.example.com`); with a path behind it covers the pages below that path; an address is
//! written as it is, with `=` in front. `NAME.json` is the [`ListHeader`]: what the list is, when it was made,
//! what was refused, and the map's checksum.

mod build;
mod file;
mod find;
mod format;
mod name;
mod shared;
mod source;
mod trial;

#[cfg(test)]
mod tests;

pub use build::{Counts, Importer, ListOptions};
pub use file::{Category, List, ListHeader};
pub use find::Found;
pub use format::{Format, Kind};
pub use name::{HostName, Refusal};
pub use shared::is_shared;
pub use source::{ListSource, file_date, sources};
pub use trial::{Hit, Trial};
