//! What a user may set: which kinds are junk, and from where on.

use super::Label;
use serde::{Deserialize, Serialize};

/// Kinds and thresholds. Every field may be left out of a settings file.
///
/// ```
/// use pagesieve::classify::Settings;
/// let settings = Settings::default().with_junk(&["adult", "scam"]).unwrap();
/// assert!(Settings::default().with_junk(&["politics"]).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// Kinds of spam that are looked for: of `adult`, `gambling`, `scam`, `seo`.
    pub junk: Vec<String>,
    /// Probability of spam from which a block is taken out of the body, 0 to 1.
    pub spam: f32,
    /// The same for a block that is outside the body anyway: nothing is lost but its name.
    pub spam_outside: f32,
    /// The same for a line that stands without a page around it, which is hard to be sure of.
    pub spam_alone: f32,
    /// Score from which a page is named for a kind of spam, 0 to 1.
    pub page: f32,
    /// Score from which a page with hardly anything but spam is dropped, 0 to 1.
    pub page_surely: f32,
    /// Expected word F1 of the body below which a page is in doubt, 0 to 1.
    pub doubt: f32,
    /// Probability of no main content from which a page is dropped, 0 to 1.
    pub empty: f32,
    /// Probability that a page is of a kind whose body is junk itself, from which it is dropped, 0 to 1.
    pub junk_page: f32,
    /// Probability that a page is of such a kind or taken over, from which it is in doubt, 0 to 1.
    pub bad_page: f32,
}

impl Default for Settings {
    fn default() -> Self {
        let junk = KINDS.map(|kind| kind.as_str().to_owned()).to_vec();
        Self {
            junk,
            spam: 0.6,
            spam_outside: 0.35,
            spam_alone: 0.25,
            page: 0.5,
            page_surely: 0.95,
            doubt: 0.25,
            empty: 0.5,
            junk_page: 0.6,
            bad_page: 0.5,
        }
    }
}

/// Kinds of spam that a page is scored for, and that can be switched.
pub(crate) use crate::features::vectors::SPAM_SCORES as KINDS;

impl Settings {
    /// The settings with these kinds of spam only.
    ///
    /// # Errors
    /// Names a kind that cannot be switched, with those that can.
    pub fn with_junk<S: AsRef<str>>(mut self, kinds: &[S]) -> Result<Self, String> {
        self.junk = kinds.iter().map(|kind| kind.as_ref().trim().to_owned()).collect();
        self.check().map(|()| self)
    }

    /// Whether all is as it may be.
    ///
    /// # Errors
    /// Says what was expected and what was found.
    pub fn check(&self) -> Result<(), String> {
        for kind in &self.junk {
            if !KINDS.iter().any(|known| known.as_str() == kind) {
                let known = KINDS.map(Label::as_str).join(", ");
                return Err(format!("unknown kind of junk `{kind}`: expected some of {known}"));
            }
        }
        let numbers = [
            ("spam", self.spam),
            ("spam_outside", self.spam_outside),
            ("spam_alone", self.spam_alone),
            ("page", self.page),
            ("page_surely", self.page_surely),
            ("doubt", self.doubt),
            ("empty", self.empty),
            ("junk_page", self.junk_page),
            ("bad_page", self.bad_page),
        ];
        match numbers.iter().find(|(_, value)| !(0.0..=1.0).contains(value)) {
            Some((name, value)) => Err(format!("`{name}` is {value}: expected a number from 0 to 1")),
            None => Ok(()),
        }
    }

    pub(super) fn is_junk(&self, label: Label) -> bool {
        self.names(label.as_str())
    }

    /// Whether a kind of that name is looked for.
    pub(super) fn names(&self, kind: &str) -> bool {
        self.junk.iter().any(|junk| junk == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_of_their_range_are_named() {
        let settings = Settings { spam: 1.5, ..Settings::default() };
        assert!(settings.check().unwrap_err().contains("`spam` is 1.5: expected a number from 0 to 1"));
        assert!(Settings { doubt: f32::NAN, ..Settings::default() }.check().is_err());
    }
}
