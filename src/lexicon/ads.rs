//! What ads and the links of programs are known by: `models/lexicon/ads.tsv`.

use super::table::{BadLine, Row, one_of, rows, shipped};
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/ads.tsv");
const COLUMNS: [&str; 5] = ["seen_in", "sign", "at", "name", "source"];

/// What a part of a class or id is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameSign {
    /// An ad slot of a vendor.
    Vendor,
    /// An ad slot.
    Slot,
    /// A link that a program has set on a word.
    Keyword,
    /// A name that denies or asks for ads, or belongs to a picture.
    NoAd,
}

/// Where a part stands in a class or id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameAt {
    Anywhere,
    /// No letter stands before it.
    Start,
    /// It is a word: no letter of its case stands before or behind it.
    Word,
    /// It is the whole name.
    Whole,
}

/// What a part of a script's source or code is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptSign {
    /// An ad vendor.
    Vendor,
    /// A Chinese ad union.
    Union,
    /// A push of the page to a search engine.
    Push,
}

/// The table, by what its entries are looked for in.
#[derive(Debug, Default)]
pub(crate) struct Ads {
    /// Parts of classes and ids, in lower case.
    pub(crate) names: Vec<(NameSign, NameAt, &'static str)>,
    /// Parts of the sources and the code of scripts and frames.
    pub(crate) scripts: Vec<(ScriptSign, &'static str)>,
    /// Hosts of affiliate networks, as they stand in links.
    pub(crate) networks: Vec<&'static str>,
}

static ADS: LazyLock<Ads> = LazyLock::new(|| shipped(parsed(TABLE)));

/// The table of ads.
pub(crate) fn ads() -> &'static Ads {
    &ADS
}

const NAME_SIGNS: [(&str, NameSign); 4] = [
    ("vendor", NameSign::Vendor),
    ("slot", NameSign::Slot),
    ("keyword", NameSign::Keyword),
    ("no_ad", NameSign::NoAd),
];
const NAME_PLACES: [(&str, NameAt); 4] = [
    ("anywhere", NameAt::Anywhere),
    ("start", NameAt::Start),
    ("word", NameAt::Word),
    ("whole", NameAt::Whole),
];
const SCRIPT_SIGNS: [(&str, ScriptSign); 3] =
    [("vendor", ScriptSign::Vendor), ("union", ScriptSign::Union), ("push", ScriptSign::Push)];

fn parsed(text: &'static str) -> Result<Ads, BadLine> {
    let mut ads = Ads::default();
    for Row { line, cells: [seen_in, sign, at, name, _] } in rows(text, COLUMNS)? {
        let anywhere = || one_of(line, "at", at, &[("anywhere", name)]);
        match seen_in {
            "name" => {
                let place = one_of(line, "at", at, &NAME_PLACES)?;
                ads.names.push((one_of(line, "sign", sign, &NAME_SIGNS)?, place, name));
            }
            "script" => ads.scripts.push((one_of(line, "sign", sign, &SCRIPT_SIGNS)?, anywhere()?)),
            "link" => {
                one_of(line, "sign", sign, &[("affiliate", ())])?;
                ads.networks.push(anywhere()?);
            }
            _ => return Err(BadLine::unknown(line, "seen_in", seen_in, &["name", "script", "link"])),
        }
    }
    Ok(ads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        for (line, expected) in [
            (
                "class\tslot\tword\tad\thand",
                "line 2: seen_in \"class\" is unknown; write one of: name, script, link",
            ),
            (
                "name\tad\tword\tad\thand",
                "line 2: sign \"ad\" is unknown; write one of: vendor, slot, keyword, no_ad",
            ),
            (
                "name\tslot\tend\tad\thand",
                "line 2: at \"end\" is unknown; write one of: anywhere, start, word, whole",
            ),
            (
                "script\tslot\tanywhere\tx\thand",
                "line 2: sign \"slot\" is unknown; write one of: vendor, union, push",
            ),
            ("script\tpush\tstart\tx\thand", "line 2: at \"start\" is unknown; write one of: anywhere"),
            (
                "link\tvendor\tanywhere\tx\thand",
                "line 2: sign \"vendor\" is unknown; write one of: affiliate",
            ),
        ] {
            let found = parsed(format!("{}\n{line}\n", COLUMNS.join("\t")).leak()).unwrap_err().to_string();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_shipped_table_is_whole() {
        let ads = parsed(TABLE).unwrap();
        assert!(ads.names.iter().all(|(_, _, name)| name.to_lowercase() == *name));
        assert!(NAME_SIGNS.iter().all(|(_, sign)| ads.names.iter().any(|(found, ..)| found == sign)));
        assert!(SCRIPT_SIGNS.iter().all(|(_, sign)| ads.scripts.iter().any(|(found, _)| found == sign)));
        assert!(!ads.networks.is_empty());
    }
}
