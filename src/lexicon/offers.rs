//! The words of what strangers put into a text: offers of trades, notices of sites that copy serials. And the words by
//! which a text speaks of such offers without making one: `models/lexicon/offers.tsv`.

use super::search::{Forms, is_apart};
use super::table::{BadLine, Row, one_of, rows, shipped};
use crate::label::Label;
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/offers.tsv");
const COLUMNS: [&str; 4] = ["part", "at", "phrase", "source"];

/// What a phrase is in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What a trade of this label sells.
    Ware(Label),
    /// What the reader is to do, or why now.
    Call,
    /// A word of those who report on the trade or warn of it.
    Report,
    /// What is said of cheats by those who warn of them.
    Warning,
    /// A notice of a site of serials.
    Serial,
}

const PARTS: [(&str, Part); 8] = [
    ("adult", Part::Ware(Label::Adult)),
    ("gambling", Part::Ware(Label::Gambling)),
    ("scam", Part::Ware(Label::Scam)),
    ("promo", Part::Ware(Label::Promo)),
    ("call", Part::Call),
    ("report", Part::Report),
    ("warning", Part::Warning),
    ("serial", Part::Serial),
];

/// Whether a phrase is one only where no Latin letter stands beside it.
const AT: [(&str, bool); 2] = [("word", true), ("anywhere", false)];

/// Phrases, and what each is.
struct Phrases {
    forms: Forms,
    of_form: Vec<(Part, bool)>,
}

/// All phrases; those that an offer or a notice has at least; those that warn.
static PHRASES: LazyLock<(Phrases, Phrases, Phrases)> = LazyLock::new(|| {
    let all = shipped(phrases(TABLE));
    let some =
        |is: fn(Part) -> bool| all.iter().copied().filter(|(_, (part, _))| is(*part)).collect::<Vec<_>>();
    let needed = some(|part| matches!(part, Part::Ware(_) | Part::Serial));
    let warnings = some(|part| part == Part::Warning);
    (Phrases::of(all), Phrases::of(needed), Phrases::of(warnings))
});

type Entry = (&'static str, (Part, bool));

fn phrases(text: &'static str) -> Result<Vec<Entry>, BadLine> {
    let entry = |Row { line, cells: [part, at, phrase, _] }: Row<4>| {
        Ok((phrase, (one_of(line, "part", part, &PARTS)?, one_of(line, "at", at, &AT)?)))
    };
    rows(text, COLUMNS)?.into_iter().map(entry).collect()
}

impl Phrases {
    fn of(entries: Vec<Entry>) -> Self {
        let (forms, of_form): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        Self { forms: Forms::of_any_case(forms), of_form }
    }

    fn parts<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Part> + 'a {
        self.forms.all(text).filter_map(move |found| {
            let (part, word) = self.of_form.get(found.form)?;
            (!word || is_apart(text, &found)).then_some(*part)
        })
    }
}

/// What a sentence says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The trade whose ware it names.
    pub(crate) ware: Option<Label>,
    pub(crate) calls: bool,
    /// Whether it reports or warns.
    pub(crate) reports: bool,
    pub(crate) serial: bool,
}

/// Whether a text can hold an offer or a notice.
pub(crate) fn may_say(text: &str) -> bool {
    PHRASES.1.parts(text).next().is_some()
}

/// Whether a text speaks of cheats as those do who warn of them.
pub(crate) fn warns(text: &str) -> bool {
    PHRASES.2.parts(text).next().is_some()
}

/// What a sentence says by the phrases in it.
pub(crate) fn said(text: &str) -> Said {
    let mut said = Said::default();
    for part in PHRASES.0.parts(text) {
        match part {
            Part::Ware(label) => said.ware = said.ware.or(Some(label)),
            Part::Call => said.calls = true,
            Part::Report | Part::Warning => said.reports = true,
            Part::Serial => said.serial = true,
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_has_a_ware_and_a_call() {
        let offer = said("Order our replica watches today");
        assert!(offer.ware == Some(Label::Scam) && offer.calls && !offer.reports);
        let offer = said("代开发票，加微信详谈");
        assert!(offer.ware == Some(Label::Scam) && offer.calls && !offer.reports);
        let news = said("Police seized replica watches today");
        assert!(news.ware == Some(Label::Scam) && news.reports);
        assert!(warns("骗子先让你完成任务") && !warns("他让你完成任务"));
        assert_eq!(said("A walk in the hills"), Said::default());
        assert!(!may_say("Order the report today") && may_say("求月票"));
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        for (line, expected) in [
            (
                "casino\tword\tslots\thand",
                "line 2: part \"casino\" is unknown; write one of: adult, gambling, ",
            ),
            ("call\tstart\tbuy\thand", "line 2: at \"start\" is unknown; write one of: word, anywhere"),
        ] {
            let table = format!("{}\n{line}\n", COLUMNS.join("\t"));
            assert!(phrases(table.leak()).unwrap_err().to_string().starts_with(expected));
        }
    }

    #[test]
    fn phrases_are_lower_case_and_no_phrase_hides_another() {
        let known = phrases(TABLE).unwrap();
        for (phrase, (part, word)) in &known {
            assert_eq!(phrase.to_lowercase(), *phrase);
            let hides = |(other, (same, at)): &&Entry| {
                let within =
                    if *word { phrase.split(' ').any(|word| word == *other) } else { phrase.contains(other) };
                other != phrase && same == part && at == word && within
            };
            assert_eq!(known.iter().find(hides), None, "{phrase} is hidden; take it out");
        }
    }
}
