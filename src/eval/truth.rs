//! What somebody says of a block → the labels that are right for it.
//!
//! Labelled data of others name the parts of a page in words of their own. [`FOREIGN`] is the one place that says
//! what these mean here, for measuring and for training; a name that is neither a label nor in it is an error.

use Label::{Ad, Body, Comment, Legal, Meta, Nav, Promo, Related, Seo, Social, Ui};

use crate::classify::Label;

/// The labels that are right for a block: one, or several where its name leaves that open. Never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// A bit for each label, in the order of [`Label::ALL`].
    right: u16,
    /// The label to report where a wrong one was given; none where the name speaks for no label in particular.
    main: Option<Label>,
}

/// Everything outside the main content that is not spam about an unrelated matter.
const PLAIN_JUNK: &[Label] = &[Meta, Comment, Nav, Related, Ad, Promo, Legal, Social, Ui];

impl Truth {
    /// A block of a label.
    pub fn of_label(label: Label) -> Self {
        Self { right: bit(label), main: Some(label) }
    }

    /// A block of which only this is known: whether it is main content.
    pub fn of_body(is_body: bool) -> Self {
        if is_body { Self::of_label(Body) } else { Self::one_of(PLAIN_JUNK, None) }
    }

    /// Any of these labels; `main` is reported where none of them was given.
    fn one_of(labels: &[Label], main: Option<Label>) -> Self {
        Self { right: labels.iter().fold(0, |bits, label| bits | bit(*label)), main }
    }

    /// Says that other labels are right too.
    pub fn with_also(self, labels: &[Label]) -> Self {
        Self { right: self.right | Self::one_of(labels, None).right, ..self }
    }

    /// Reads what somebody calls a block, and what else would be right.
    pub fn named<S: AsRef<str>>(name: &str, also: &[S]) -> Result<Self, String> {
        also.iter().try_fold(of_name(name)?, |truth, name| {
            let other = of_name(name.as_ref())?;
            Ok(Self { right: truth.right | other.right, ..truth })
        })
    }

    /// Whether it is main content; none where both are right.
    pub fn body(self) -> Option<bool> {
        match (self.has(Body), self.right == bit(Body)) {
            (true, false) => None,
            (is_body, _) => Some(is_body),
        }
    }

    /// Whether a label is right.
    pub fn has(self, label: Label) -> bool {
        self.right & bit(label) != 0
    }

    /// Whether a label in particular is known, and not only that it is no main content.
    pub fn has_kind(self) -> bool {
        self.main.is_some()
    }

    /// A bit for each label that is right, in the order of [`Label::ALL`].
    #[cfg(feature = "train")]
    pub(crate) fn bits(self) -> u16 {
        self.right
    }

    /// The label, where only one is right.
    pub fn only(self) -> Option<Label> {
        self.main.filter(|label| self.right == bit(*label))
    }

    /// The label that a block should have been given, where it was given `given`: the same, if that is right too; none
    /// where no label in particular is known.
    pub fn label_beside(self, given: Label) -> Option<Label> {
        self.main.map(|main| if self.has(given) { given } else { main })
    }
}

fn bit(label: Label) -> u16 {
    1 << label as u16
}

/// A name of others, and the labels that are right; the first is reported where none of them was given.
type Foreign = (&'static str, &'static [Label]);

/// What others' names mean. Names that are labels mean themselves.
const FOREIGN: &[Foreign] = &[
    ("title", &[Body]),
    ("clean", &[Body]),
    ("chat", &[Body, Comment]),
    // harmless titles of other articles: alone they may be an article's own
    ("headline", &[Related, Body]),
    ("sidebar", &[Related, Nav, Promo, Ad, Meta]),
    ("breadcrumb", &[Nav]),
    ("pagination", &[Nav]),
    ("tags", &[Meta]),
    ("byline", &[Meta]),
    ("icp", &[Legal]),
    ("copyright", &[Legal]),
    ("cookie", &[Legal]),
    ("disclaimer", &[Legal]),
    ("footer", &[Legal, Nav, Related, Meta, Ui]),
    ("share", &[Social]),
    ("prompt", &[Ui, Promo, Social]),
    ("circumvention", &[Promo]),
    ("noise", &[Seo]),
    ("hidden-links", &[Seo]),
];

/// Names of blocks that are not main content, of unknown kind.
const JUNK: [&str; 2] = ["junk", "other"];

fn of_name(name: &str) -> Result<Truth, String> {
    let name = name.trim();
    if let Some(label) = Label::from_name(name) {
        return Ok(Truth::of_label(label));
    }
    if JUNK.contains(&name) {
        return Ok(Truth::of_body(false));
    }
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
    foreign.map(|(_, labels)| Truth::one_of(labels, labels.first().copied())).ok_or_else(|| {
        unknown(name, names(), "correct it, or say in `FOREIGN` of src/eval/truth.rs what it means")
    })
}

/// Every name that [`Truth::named`] knows.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let ours = Label::ALL.iter().map(|label| label.as_str());
    ours.chain(FOREIGN.iter().map(|(name, _)| *name)).chain(JUNK)
}

/// One of our labels by its name, and nobody else's.
pub(crate) fn own_label(name: &str) -> Result<Label, String> {
    let name = name.trim();
    Label::from_name(name).ok_or_else(|| {
        let known = Label::ALL.iter().map(|label| label.as_str());
        unknown(name, known, "correct it, or read the file with the version of pagesieve that wrote it")
    })
}

fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str>, advice: &str) -> String {
    format!("unknown label `{name}`; known are {}; {advice}", known.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[&str] = &[];

    fn named(name: &str) -> Truth {
        Truth::named(name, NONE).unwrap()
    }

    fn right(truth: Truth) -> Vec<Label> {
        Label::ALL.iter().copied().filter(|label| truth.has(*label)).collect()
    }

    #[test]
    fn each_name_means_what_it_says_here() {
        let expected: [(&str, &[Label]); 21] = [
            ("title", &[Body]),
            ("clean", &[Body]),
            ("chat", &[Body, Comment]),
            ("headline", &[Body, Related]),
            ("sidebar", &[Meta, Nav, Related, Ad, Promo]),
            ("breadcrumb", &[Nav]),
            ("pagination", &[Nav]),
            ("tags", &[Meta]),
            ("byline", &[Meta]),
            ("icp", &[Legal]),
            ("copyright", &[Legal]),
            ("cookie", &[Legal]),
            ("disclaimer", &[Legal]),
            ("footer", &[Meta, Nav, Related, Legal, Ui]),
            ("share", &[Social]),
            ("prompt", &[Promo, Social, Ui]),
            ("circumvention", &[Promo]),
            ("noise", &[Seo]),
            ("hidden-links", &[Seo]),
            ("junk", &[Meta, Comment, Nav, Related, Ad, Promo, Legal, Social, Ui]),
            ("other", &[Meta, Comment, Nav, Related, Ad, Promo, Legal, Social, Ui]),
        ];
        for (name, labels) in expected {
            assert_eq!(right(named(name)), labels, "{name}");
        }
        assert!(Label::ALL.iter().all(|label| right(named(label.as_str())) == [*label]));
        assert_eq!(expected.len(), FOREIGN.len() + JUNK.len(), "a name without its line here");
    }

    #[test]
    fn a_label_that_is_right_too_counts_as_the_truth() {
        let prompt = named("prompt");
        assert_eq!(prompt.label_beside(Promo), Some(Promo));
        assert_eq!(prompt.label_beside(Body), Some(Ui));
        assert_eq!((prompt.body(), prompt.only()), (Some(false), None));
        let tags = Truth::named("meta", &["nav", "title"]).unwrap();
        assert_eq!(tags.label_beside(Body), Some(Body));
        assert_eq!(Truth::of_label(Meta).with_also(&[Nav]), Truth::named("meta", &["nav"]).unwrap());
    }

    #[test]
    fn a_block_that_may_be_body_or_not_says_nothing_about_the_body() {
        assert_eq!(named("headline").body(), None);
        assert_eq!(Truth::named("body", &["meta"]).unwrap().body(), None);
        assert_eq!(Truth::named("body", &["title"]).unwrap().body(), Some(true));
    }

    #[test]
    fn junk_of_unknown_kind_has_no_label_whatever_it_was_given() {
        let junk = Truth::of_body(false);
        assert_eq!(named("junk"), junk);
        assert_eq!((junk.body(), junk.only()), (Some(false), None));
        assert!(Label::ALL.iter().all(|given| junk.label_beside(*given).is_none()));
        assert_eq!(Truth::of_body(true), Truth::of_label(Body));
    }

    #[test]
    fn an_unknown_name_is_told_with_those_that_are_known_and_what_to_do() {
        let error = Truth::named("bodi", NONE).unwrap_err();
        assert!(error.starts_with("unknown label `bodi`; known are body, meta"), "{error}");
        assert!(error.contains("junk, other; correct it, or say in `FOREIGN`"), "{error}");
        assert!(Truth::named("body", &["x"]).is_err());
        assert!(own_label("title").unwrap_err().contains("unknown label `title`; known are body, meta"));
    }
}
