//! The phrases that tell what a block is: `models/lexicon/phrases.tsv`.

use super::matcher::Matcher;
use super::table::{BadLine, Row, rows, shipped};
use crate::label::Label;
use crate::reason::Reason;
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/phrases.tsv");
const COLUMNS: [&str; 8] = ["force", "reason", "label", "at", "longest", "place", "phrase", "source"];

/// Reasons whose phrases take a block out of the body whatever the model says: each was measured on labelled pages to
/// hit main content next to never. Of two that hold, the first counts.
pub(crate) const OVERRULING: [Reason; 33] = [
    Reason::FilingNumber,
    Reason::PermitNumber,
    Reason::CopyrightLine,
    Reason::Disclaimer,
    Reason::CookieNotice,
    Reason::ReportLine,
    Reason::PoweredBy,
    Reason::PolicyLink,
    Reason::EditorLine,
    Reason::SourceLine,
    Reason::AuthorLine,
    Reason::TimeLine,
    Reason::TagLine,
    Reason::ViewCount,
    Reason::SourceHeading,
    Reason::SkipLink,
    Reason::Breadcrumb,
    Reason::AdjacentPage,
    Reason::SiteMenu,
    Reason::RelatedHeading,
    Reason::RelatedLine,
    Reason::ShareRow,
    Reason::CommentPrompt,
    Reason::FollowUs,
    Reason::ExpandButton,
    Reason::WidgetWord,
    Reason::PlayerNotice,
    Reason::AdSlot,
    Reason::AppOffer,
    Reason::FollowOffer,
    Reason::NewsletterOffer,
    Reason::CircumventionOffer,
    Reason::ContactOffer,
];
/// Reasons whose phrases only name what the model put outside the body.
const NAMING: [Reason; 9] = [
    Reason::CommentHeading,
    Reason::LegalWords,
    Reason::UiWords,
    Reason::NavWords,
    Reason::MetaWords,
    Reason::SocialWords,
    Reason::PromoWords,
    Reason::AdWords,
    Reason::RelatedHeading,
];

/// Where a phrase stands in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// It is the block, but for signs around it.
    Whole,
    /// The block starts with it.
    Start,
    /// The block ends with it.
    End,
    /// It stands in the block as it is written in the table, with capitals or without.
    Anywhere,
    /// The same, with a digit within so many bytes behind it.
    Digit(usize),
}

impl At {
    const NAMES: [&str; 5] = ["whole", "start", "end", "anywhere", "digit:BYTES"];

    fn of(name: &str) -> Option<Self> {
        match name {
            "whole" => Some(Self::Whole),
            "start" => Some(Self::Start),
            "end" => Some(Self::End),
            "anywhere" => Some(Self::Anywhere),
            _ => name.strip_prefix("digit:")?.parse().ok().map(Self::Digit),
        }
    }
}

/// Which blocks a phrase looks at; bits of [`Place::has`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u8);

impl Place {
    pub(crate) const ANYWHERE: Self = Self(0);
    /// A line of a plain-text page.
    pub(crate) const TEXT: Self = Self(1);
    /// Behind the last block of running text.
    pub(crate) const TAIL: Self = Self(2);
    /// The block is a link.
    pub(crate) const LINK: Self = Self(4);
    /// Before the first block of running text, or behind the last.
    pub(crate) const EDGE: Self = Self(8);
    /// No cell of a table.
    pub(crate) const NO_CELL: Self = Self(16);

    const NAMED: [(&str, Self); 6] = [
        ("-", Self::ANYWHERE),
        ("text", Self::TEXT),
        ("tail", Self::TAIL),
        ("link", Self::LINK),
        ("edge", Self::EDGE),
        ("no_cell", Self::NO_CELL),
    ];

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether everything that `needed` asks for is true of the place.
    pub(super) fn has(self, needed: Self) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// The place of names with commas between, or the name that is unknown.
    fn of(cell: &str) -> Result<Self, &str> {
        cell.split(',').try_fold(Self::ANYWHERE, |place, name| {
            let named = Self::NAMED.iter().find(|(known, _)| *known == name);
            named.map(|(_, more)| place.and(*more)).ok_or(name)
        })
    }
}

/// A phrase, and what a block is for which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) reason: Reason,
    pub(crate) label: Label,
    pub(super) at: At,
    /// The longest block that it looks at, characters.
    pub(super) longest: usize,
    pub(super) place: Place,
    /// In the normal form of [`super::Key`], unless it may stand anywhere.
    pub(super) text: &'static str,
    /// The place of its reason in [`OVERRULING`] or [`NAMING`]: of two that hold, the lower one counts.
    pub(super) rank: usize,
}

/// The phrases of a table: those that overrule, those that name.
type Phrases = [Vec<Phrase>; 2];

static MATCHERS: LazyLock<(Matcher, Matcher)> = LazyLock::new(|| {
    let [overruling, naming] = shipped(phrases(TABLE)).map(Matcher::of);
    (overruling, naming)
});

/// The phrases that overrule the model.
pub(crate) fn overruling() -> &'static Matcher {
    &MATCHERS.0
}

/// The phrases that only name.
pub(crate) fn naming() -> &'static Matcher {
    &MATCHERS.1
}

fn phrases(text: &'static str) -> Result<Phrases, BadLine> {
    let mut found = Phrases::default();
    for row in rows(text, COLUMNS)? {
        let [overruling, naming] = &mut found;
        match row.cells[0] {
            "overrules" => overruling.push(phrase(row, &OVERRULING, overruling)?),
            "names" => naming.push(phrase(row, &NAMING, naming)?),
            force => return Err(BadLine::unknown(row.line, "force", force, &["overrules", "names"])),
        }
    }
    Ok(found)
}

/// The phrase of a row; `known` are those of the rows before.
fn phrase(row: Row<8>, reasons: &[Reason], known: &[Phrase]) -> Result<Phrase, BadLine> {
    let Row { line, cells: [_, reason, label, at, longest, place, text, _] } = row;
    let unknown = |column, found, known: &[&str]| BadLine::unknown(line, column, found, known);
    let mut ranks = reasons.iter().copied().enumerate();
    let (rank, reason) = ranks.find(|(_, known)| known.as_str() == reason).ok_or_else(|| {
        let known: Vec<&str> = reasons.iter().map(|known| known.as_str()).collect();
        unknown("reason", reason, &known)
    })?;
    let phrase = Phrase {
        reason,
        label: Label::from_name(label).ok_or_else(|| BadLine::label(line, label))?,
        at: At::of(at).ok_or_else(|| unknown("at", at, &At::NAMES))?,
        longest: longest.parse().map_err(|_| {
            BadLine::new(line, format_args!("longest is {longest:?}; write a number of characters"))
        })?,
        place: Place::of(place)
            .map_err(|name| unknown("place", name, &Place::NAMED.map(|(name, _)| name)))?,
        text,
        rank,
    };
    match known.iter().rfind(|other| other.reason == reason) {
        Some(Phrase { label: first, .. }) if *first != phrase.label => Err(BadLine::new(
            line,
            format_args!("{reason} is {first} above and {label} here; write one label"),
        )),
        _ => Ok(phrase),
    }
}

#[cfg(test)]
mod tests {
    use super::super::matcher::forms;
    use super::*;
    use crate::lexicon::Key;

    fn table(lines: &str) -> Result<Phrases, BadLine> {
        phrases(format!("{}\n{lines}\n", COLUMNS.join("\t")).leak())
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        let good = "names\tad_words\tad\tanywhere\t80\t-\tpaid post\thand";
        assert!(table(good).is_ok());
        for (part, bad, expected) in [
            ("names", "name", "line 2: force \"name\" is unknown; write one of: overrules, names"),
            (
                "ad_words",
                "legal_word",
                "line 2: reason \"legal_word\" is unknown; write one of: comment_heading, ",
            ),
            ("ad_words", "ad_slot", "line 2: reason \"ad_slot\" is unknown; write one of: comment_heading, "),
            ("\tad\t", "\tadd\t", "line 2: label \"add\" is unknown; write one of: body, meta, "),
            ("anywhere", "inside", "line 2: at \"inside\" is unknown; write one of: whole, start, end, "),
            ("anywhere", "digit:x", "line 2: at \"digit:x\" is unknown; write one of: whole, start, end, "),
            ("80", "many", "line 2: longest is \"many\"; write a number of characters"),
            ("-", "tail,foot", "line 2: place \"foot\" is unknown; write one of: -, text, tail, link, "),
            ("\thand", "", "line 2: 7 cells, expected 8: "),
        ] {
            let found = table(&good.replacen(part, bad, 1)).unwrap_err().to_string();
            assert!(found.starts_with(expected), "{found}");
        }
        let twice = format!("{good}\n{good}");
        assert!(table(&twice).unwrap_err().to_string().starts_with("line 3: the same entry as line 2"));
        let labels = format!("{good}\n{}", good.replace("\tad\t", "\tpromo\t"));
        let found = table(&labels).unwrap_err().to_string();
        assert_eq!(found, "line 3: ad_words is ad above and promo here; write one label");
    }

    #[test]
    fn a_phrase_has_what_its_line_says() {
        let [_, naming] = table("names\tad_words\tad\tdigit:16\t80\ttail,no_cell\tby \thand").unwrap();
        let place = Place::TAIL.and(Place::NO_CELL);
        let (label, at) = (Label::Ad, At::Digit(16));
        assert_eq!(
            naming,
            [Phrase { reason: Reason::AdWords, label, at, longest: 80, place, text: "by ", rank: 7 }]
        );
    }

    #[test]
    fn every_reason_has_a_phrase() {
        let found = phrases(TABLE).unwrap();
        for (reasons, phrases) in [(&OVERRULING[..], &found[0]), (&NAMING, &found[1])] {
            for reason in reasons {
                assert!(phrases.iter().any(|phrase| phrase.reason == *reason), "{reason}");
            }
        }
    }

    #[test]
    fn phrases_stand_in_normal_form() {
        let mut key = Key::default();
        for phrase in phrases(TABLE).unwrap().iter().flatten() {
            assert!(phrase.text.chars().count() <= phrase.longest, "{phrase:?}");
            if matches!(phrase.at, At::Anywhere | At::Digit(_)) {
                assert_eq!(phrase.text.to_lowercase(), phrase.text, "{phrase:?}");
            } else {
                key.read(phrase.text);
                assert_eq!(key.text(), phrase.text.trim_end(), "{phrase:?}");
            }
        }
    }

    /// Whether the first phrase holds wherever the second one does, and counts as much.
    fn hides(first: &Phrase, second: &Phrase) -> bool {
        let tail = if second.place.has(Place::TAIL) { Place::EDGE } else { Place::ANYWHERE };
        let texts = (first.text, second.text);
        first.rank <= second.rank
            && first.longest >= second.longest
            && second.place.and(tail).has(first.place)
            && match (first.at, second.at) {
                (At::Whole, At::Whole) => texts.0 == texts.1,
                (At::Start, At::Start | At::Whole) => texts.1.starts_with(texts.0),
                (At::End, At::End | At::Whole) => texts.1.ends_with(texts.0),
                (At::Anywhere, At::Anywhere | At::Digit(_)) => all_forms(texts, |b, a| b.contains(a)),
                (At::Digit(most), At::Digit(within)) => {
                    most >= within && all_forms(texts, |b, a| b.ends_with(a))
                }
                _ => false,
            }
    }

    /// Whether each form of the second phrase has a form of the first in it.
    fn all_forms((first, second): (&str, &str), has: impl Fn(&str, &str) -> bool) -> bool {
        forms(second).iter().all(|second| forms(first).iter().any(|first| has(second, first)))
    }

    #[test]
    fn no_phrase_hides_another() {
        let mut hidden = Vec::new();
        for phrases in phrases(TABLE).unwrap() {
            for (at, second) in phrases.iter().enumerate() {
                let first =
                    phrases.iter().enumerate().find(|(other, first)| *other != at && hides(first, second));
                hidden
                    .extend(first.map(|(_, first)| {
                        format!("{} hides {}: {}", first.text, second.text, second.reason)
                    }));
            }
        }
        assert!(hidden.is_empty(), "take out what is hidden:\n{}", hidden.join("\n"));
    }

    #[test]
    fn a_hidden_phrase_is_seen() {
        let pairs = [
            ("start\t80\t-\tcredit", "start\t80\t-\tcredits", true),
            ("start\t80\t-\tcredit", "whole\t80\ttext\tcredits", true),
            ("start\t40\t-\tcredit", "start\t80\t-\tcredits", false),
            ("start\t80\ttext\tcredit", "start\t80\t-\tcredits", false),
            ("start\t80\tedge\tcredit", "start\t80\ttail\tcredits", true),
            ("whole\t80\t-\tcredit", "whole\t80\t-\tcredits", false),
            ("end\t80\t-\tdits", "whole\t80\t-\tcredits", true),
            ("anywhere\t80\t-\tthe app", "anywhere\t80\t-\tget the app", true),
            ("anywhere\t80\t-\tpost of", "anywhere\t80\t-\tnewpost of", false),
            ("digit:9\t80\t-\ta", "anywhere\t80\t-\tab", false),
        ];
        for (first, second, expected) in pairs {
            let line = |rest: &str| format!("names\tmeta_words\tmeta\t{rest}\thand");
            let [_, phrases] = table(&format!("{}\n{}", line(first), line(second))).unwrap();
            assert_eq!(hides(&phrases[0], &phrases[1]), expected, "{first}, {second}");
        }
    }
}
