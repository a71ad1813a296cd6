//! Words of the trades that hide links: `models/lexicon/spam.tsv`.
//!
//! A word with an ordinary meaning (a pharmacy, a loan, gay, adult) is no sign by itself and stands there only in phrases
//! that the trades write.

use super::search::{Forms, is_apart};
use super::table::{BadLine, Row, one_of, rows, shipped};
use crate::label::Label;
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/spam.tsv");
const COLUMNS: [&str; 4] = ["label", "at", "phrase", "source"];

/// Where a phrase stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// No Latin letter stands beside it; its words stand apart, joined by hyphens or written as one.
    Word,
    Anywhere,
}

impl At {
    const NAMED: [(&str, Self); 2] = [("word", Self::Word), ("anywhere", Self::Anywhere)];

    fn forms(self, phrase: &str) -> Vec<String> {
        match self {
            Self::Word if phrase.contains(' ') => [" ", "-", ""].map(|sign| phrase.replace(' ', sign)).into(),
            _ => vec![phrase.to_owned()],
        }
    }
}

#[derive(Debug)]
struct Phrases {
    forms: Forms,
    of_form: Vec<(Label, At)>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let (forms, of_form): (Vec<String>, Vec<_>) = shipped(forms(TABLE)).into_iter().unzip();
    Phrases { forms: Forms::of_any_case(forms), of_form }
});

/// A form of a phrase, and what it is a sign of where it stands.
type Form = (String, (Label, At));

fn forms(text: &'static str) -> Result<Vec<Form>, BadLine> {
    let mut found = Vec::new();
    for Row { line, cells: [label, at, phrase, _] } in rows(text, COLUMNS)? {
        let known = Label::from_name(label).ok_or_else(|| BadLine::label(line, label))?;
        let stands = one_of(line, "at", at, &At::NAMED)?;
        found.extend(stands.forms(phrase).into_iter().map(|form| (form, (known, stands))));
    }
    Ok(found)
}

/// The trade of an anchor or a host by its words, if it is one of those that hide links.
pub(crate) fn trade(text: &str) -> Option<Label> {
    PHRASES.forms.all(text).find_map(|found| {
        let (label, at) = PHRASES.of_form.get(found.form)?;
        (*at == At::Anywhere || is_apart(text, &found)).then_some(*label)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_trades_count_as_words() {
        for (spam, label) in [
            ("ultimate online casino", Label::Gambling),
            ("Joy-Casino", Label::Gambling),
            ("best-casino.com", Label::Gambling),
            ("太阳城官网", Label::Gambling),
            ("高清无码av", Label::Adult),
            ("Escort Service in Pune", Label::Adult),
            ("cheap-call-girls.in", Label::Adult),
            ("onlinepharmacy.net", Label::Scam),
            ("write my essay", Label::Scam),
        ] {
            assert_eq!(trade(spam), Some(label), "{spam}");
        }
    }

    #[test]
    fn ordinary_words_are_no_sign() {
        for clean in [
            "Essex County",
            "alphabet",
            "sloth sanctuary",
            "市政府网站",
            "人民日报",
            "Cumbria",
            "Gay rights",
            "Lesbian and Gay Studies",
            "Sex education",
            "Adult literacy",
            "Ford Escort",
            "Student loans",
            "Pharmacy",
            "summa cum laude",
            "Essays",
            "成人教育",
            "发票查询",
            "办证大厅",
            "贷款计算器",
            "黄色预警",
            "皇冠酒店",
            "工程伦理",
        ] {
            assert_eq!(trade(clean), None, "{clean}");
        }
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        for (line, expected) in [
            ("gamble\tword\tcasino\thand", "line 2: label \"gamble\" is unknown; write one of: body, "),
            (
                "gambling\tstart\tcasino\thand",
                "line 2: at \"start\" is unknown; write one of: word, anywhere",
            ),
            ("gambling\tword\tcasino", "line 2: 3 cells, expected 4: "),
        ] {
            let table = format!("{}\n{line}\n", COLUMNS.join("\t"));
            let found = forms(table.leak()).unwrap_err().to_string();
            assert!(found.starts_with(expected), "{found}");
        }
    }

    /// A phrase is hidden when another one stands in it and has to stand as it does.
    #[test]
    fn phrases_are_lower_case_and_no_phrase_hides_another() {
        let known = forms(TABLE).unwrap();
        for (form, (label, at)) in &known {
            assert_eq!(form.to_lowercase(), *form);
            let others: Vec<_> = known.iter().filter(|(other, _)| other != form).collect();
            let hides = |other: &str| match at {
                At::Anywhere => form.contains(other),
                At::Word => form.split([' ', '-']).any(|word| word == other),
            };
            let hidden = others.iter().find(|(other, (_, stands))| stands == at && hides(other));
            assert!(hidden.is_none(), "{form} ({label}) is hidden by {hidden:?}; take it out");
        }
    }
}
