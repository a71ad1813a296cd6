//! The phrases and names that were collected by hand, and the machine that finds them.
//!
//! In: the tables of `models/lexicon`, built in, and a text. Out: the entry that holds for the text. The room
//! looks at one text at a time: it knows no page, no model and no threshold. What an entry is worth is said where it is
//! used.
//!
//! A table is a file of lines with tabs ([`table`]); a phrase is added there, and the tests of this room say when it is
//! written wrongly or when another one makes it idle. Start reading at [`phrases`]; what looks for names in markup
//! ([`ads`]) stands in `page::marks`, where each element passes.

mod ads;
mod closing;
mod common;
mod hosts;
mod invisible;
mod key;
mod matcher;
mod no_content;
mod normal;
mod offers;
mod phrases;
mod search;
mod shops;
mod spam;
mod table;

pub(crate) use ads::{NameAt, NameSign, ScriptSign, ads};
pub(crate) use closing::closing_parts;
pub(crate) use common::{bits, is_rare};
#[cfg(feature = "hosts")]
pub(crate) use hosts::is_shared_host;
pub(crate) use hosts::{is_cheap, is_platform};
pub(crate) use invisible::{has_invisible, visible};
pub(crate) use key::Key;
pub(crate) use no_content::{NoContent, no_content};
#[cfg(test)]
pub(crate) use normal::simplified_forms;
pub(crate) use normal::{Normal, plain};
pub(crate) use offers::{Said, may_say, said, warns};
#[cfg(test)]
pub(crate) use phrases::OVERRULING;
pub(crate) use phrases::{Place, naming, overruling};
pub(crate) use search::Forms;
pub(crate) use shops::{SURE_WORD, shop_words};
pub(crate) use spam::trade;

/// Whether `c` is a Han ideograph.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3134F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [
            ads::TABLE,
            closing::TABLE,
            common::TABLE,
            hosts::TABLE,
            no_content::TABLE,
            offers::TABLE,
            phrases::TABLE,
            shops::TABLE,
            spam::TABLE,
        ] {
            let mut lines = table.lines().skip(1).zip(table.lines().skip(2));
            let late = lines.find(|(first, second)| first > second);
            assert!(late.is_none(), "sort the lines below the headings by LC_ALL=C sort: {late:?}");
        }
    }
}
