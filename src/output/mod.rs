//! Reports → rows of JSON lines, Arrow columns and Parquet, Markdown, a listing for a terminal.
//!
//! In: reports, and what is known of records that gave none. Out: bytes and strings. The room decides
//! nothing about a page, opens no file and looks at no terminal: the caller says where to write, how wide the
//! lines are and whether colours are wanted.
//!
//! Start reading at [`RowFormat::append_report`]; the fields of a row are documented in [`jsonl`].

#[cfg(feature = "arrow")]
pub mod columns;
pub mod jsonl;
mod markdown;
#[cfg(feature = "parquet")]
mod parquet;
mod printable;
#[cfg(feature = "cli")]
mod terminal;
#[cfg(test)]
mod testing;

#[cfg(feature = "arrow")]
pub use columns::Columns;
pub use jsonl::{BodyFormat, Copied, RowFormat};
pub use markdown::markdown;
#[cfg(feature = "parquet")]
pub use parquet::ParquetRows;
pub use printable::{printable, printable_json};
#[cfg(feature = "cli")]
pub use terminal::{Listing, write_labels};
