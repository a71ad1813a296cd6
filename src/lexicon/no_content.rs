//! What pages without main content say: `models/lexicon/no_content.tsv`.

use super::search::Forms;
use super::table::{BadLine, Row, one_of, rows, shipped};
use std::ops::BitOr;
use std::sync::LazyLock;

pub(super) const TABLE: &str = include_str!("../../models/lexicon/no_content.tsv");
const COLUMNS: [&str; 3] = ["sign", "phrase", "source"];

/// What a page says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NoContent {
    /// Its content is brought by scripts.
    pub(crate) script: bool,
    /// It is missing or broken.
    pub(crate) error: bool,
    /// It asks whether the reader is a person.
    pub(crate) check: bool,
}

impl BitOr for NoContent {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            script: self.script | other.script,
            error: self.error | other.error,
            check: self.check | other.check,
        }
    }
}

static PHRASES: LazyLock<(Forms, Vec<NoContent>)> = LazyLock::new(|| {
    let (phrases, signs): (Vec<&str>, Vec<NoContent>) = shipped(phrases(TABLE)).into_iter().unzip();
    (Forms::as_written(phrases), signs)
});

fn phrases(text: &'static str) -> Result<Vec<(&'static str, NoContent)>, BadLine> {
    let none = NoContent::default();
    let signs = [
        ("check", NoContent { check: true, ..none }),
        ("error", NoContent { error: true, ..none }),
        ("script", NoContent { script: true, ..none }),
    ];
    let mut phrases = Vec::new();
    for Row { line, cells: [sign, phrase, _] } in rows(text, COLUMNS)? {
        phrases.push((phrase, one_of(line, "sign", sign, &signs)?));
    }
    Ok(phrases)
}

/// What a title or a block says, by the phrases in it.
pub(crate) fn no_content(text: &str) -> NoContent {
    let (phrases, signs) = &*PHRASES;
    let text = text.to_lowercase();
    let found = phrases.all(&text).filter_map(|found| signs.get(found.form));
    found.fold(NoContent::default(), |all, sign| all | *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_say_several_things() {
        let none = NoContent::default();
        assert_eq!(no_content("Please Enable JavaScript"), NoContent { script: true, ..none });
        assert_eq!(no_content("页面不存在"), NoContent { error: true, ..none });
        assert_eq!(
            no_content("Just a moment: page not found"),
            NoContent { error: true, check: true, ..none }
        );
        assert_eq!(no_content("A walk in the hills"), none);
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        let found = phrases("sign\tphrase\tsource\nlost\tgone\thand\n").unwrap_err().to_string();
        assert_eq!(found, "line 2: sign \"lost\" is unknown; write one of: check, error, script");
    }

    #[test]
    fn phrases_are_lower_case_and_no_phrase_hides_another() {
        let known = phrases(TABLE).unwrap();
        for (phrase, sign) in &known {
            assert_eq!(phrase.to_lowercase(), *phrase);
            let hides = |(other, same): &&(&str, NoContent)| {
                other != phrase && same == sign && phrase.contains(other)
            };
            assert_eq!(known.iter().find(hides), None, "{phrase} is hidden; take it out");
        }
    }
}
