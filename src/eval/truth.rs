//! What somebody says of a block → what it is in our labels.
//!
//! Labelled data of others name the parts of a page in words of their own. [`FOREIGN`] is the one place that says
//! what these mean here; a name that is neither a label nor in it is an error that lists what is known.

use crate::classify::Label;

/// What is known of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// Whether it is main content; none where both are right.
    pub body: Option<bool>,
    /// Its label; none where only `body` is known.
    pub label: Option<Label>,
    /// Labels that are right too, a bit for each.
    also: u32,
}

impl Truth {
    /// A block of a label.
    pub fn of_label(label: Label) -> Self {
        Self { body: Some(label.is_body()), label: Some(label), also: 0 }
    }

    /// A block of which only this is known: whether it is main content.
    pub fn of_body(is_body: bool) -> Self {
        Self { body: Some(is_body), label: is_body.then_some(Label::Body), also: 0 }
    }

    /// Says that other labels are right too.
    pub fn with_also(mut self, labels: impl IntoIterator<Item = Label>) -> Self {
        for label in labels {
            self.also |= 1 << label as u32;
            self.body = self.body.filter(|body| *body == label.is_body());
        }
        self
    }

    /// Reads what somebody calls a block, and what else would be right.
    pub fn named<S: AsRef<str>>(name: &str, also: &[S]) -> Result<Self, String> {
        let mut truth = one(name)?;
        for name in also {
            let other = one(name.as_ref())?;
            truth = truth.with_also(other.label).with_also(other.accepted());
        }
        Ok(truth)
    }

    /// The labels that are right too.
    fn accepted(self) -> impl Iterator<Item = Label> {
        Label::ALL.iter().copied().filter(move |label| self.also & (1 << *label as u32) != 0)
    }

    /// The label that a block should have been given, where it was given `given`: the same, if that is right too.
    pub fn label_beside(self, given: Label) -> Option<Label> {
        let is_right = self.also & (1 << given as u32) != 0;
        if is_right { Some(given) } else { self.label }
    }
}

/// A name of others, the label it means, and labels that are as right. None: not main content, of unknown kind.
type Foreign = (&'static str, Option<Label>, &'static [Label]);

/// What others' names mean. Names that are labels mean themselves.
const FOREIGN: &[Foreign] = &[
    ("title", Some(Label::Body), &[]),
    ("clean", Some(Label::Body), &[]),
    ("chat", Some(Label::Body), &[Label::Comment]),
    // harmless titles of other articles: alone they may be an article's own
    ("headline", Some(Label::Related), &[Label::Body]),
    ("sidebar", Some(Label::Related), &[Label::Nav, Label::Ad, Label::Promo, Label::Social, Label::Meta]),
    ("breadcrumb", Some(Label::Nav), &[]),
    ("pagination", Some(Label::Nav), &[]),
    ("tags", Some(Label::Meta), &[Label::Nav, Label::Related]),
    ("byline", Some(Label::Meta), &[]),
    ("icp", Some(Label::Legal), &[]),
    ("copyright", Some(Label::Legal), &[]),
    ("cookie", Some(Label::Legal), &[]),
    ("disclaimer", Some(Label::Legal), &[]),
    ("footer", Some(Label::Legal), &[Label::Nav, Label::Promo, Label::Social, Label::Related, Label::Meta]),
    ("share", Some(Label::Social), &[]),
    ("prompt", Some(Label::Ui), &[Label::Social, Label::Promo]),
    ("circumvention", Some(Label::Promo), &[]),
    ("noise", Some(Label::Seo), &[]),
    ("hidden-links", Some(Label::Seo), &[Label::Adult, Label::Gambling, Label::Scam]),
    ("junk", None, &[]),
    ("other", None, &[]),
];

fn one(name: &str) -> Result<Truth, String> {
    let name = name.trim();
    if let Some(label) = Label::from_name(name) {
        return Ok(Truth::of_label(label));
    }
    match FOREIGN.iter().find(|(foreign, ..)| *foreign == name) {
        Some((_, Some(label), also)) => Ok(Truth::of_label(*label).with_also(also.iter().copied())),
        Some((_, None, _)) => Ok(Truth::of_body(false)),
        None => Err(format!("unknown label `{name}`; known are {}", known())),
    }
}

fn known() -> String {
    let ours = Label::ALL.iter().map(|label| label.as_str());
    ours.chain(FOREIGN.iter().map(|(name, ..)| *name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: &[&str] = &[];

    #[test]
    fn names_of_others_mean_our_labels() {
        for (name, label) in
            [("icp", Label::Legal), ("title", Label::Body), ("noise", Label::Seo), ("adult", Label::Adult)]
        {
            assert_eq!(Truth::named(name, NONE).unwrap().label, Some(label), "{name}");
        }
        assert_eq!(Truth::named("junk", NONE), Ok(Truth::of_body(false)));
        assert_eq!(Truth::of_body(false).label, None);
    }

    #[test]
    fn a_label_that_is_right_too_counts_as_the_truth() {
        let links = Truth::named("hidden-links", NONE).unwrap();
        assert_eq!(links.label_beside(Label::Gambling), Some(Label::Gambling));
        assert_eq!(links.label_beside(Label::Body), Some(Label::Seo));
        assert_eq!(links.body, Some(false));
        let tags = Truth::named("meta", &["nav", "title"]).unwrap();
        assert_eq!(tags.label_beside(Label::Body), Some(Label::Body));
    }

    #[test]
    fn a_block_that_may_be_body_or_not_says_nothing_about_the_body() {
        assert_eq!(Truth::named("headline", NONE).unwrap().body, None);
        assert_eq!(Truth::named("body", &["meta"]).unwrap().body, None);
        assert_eq!(Truth::named("body", &["title"]).unwrap().body, Some(true));
    }

    #[test]
    fn an_unknown_name_is_told_with_those_that_are_known() {
        let error = Truth::named("bodi", NONE).unwrap_err();
        assert!(error.starts_with("unknown label `bodi`; known are body, meta"), "{error}");
        assert!(error.ends_with("other"), "{error}");
        assert!(Truth::named("body", &["x"]).is_err());
    }
}
