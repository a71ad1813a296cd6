//! The handle that a user keeps.

use super::Report;
use crate::page::{Document, Limits};

/// Where the cut between body and junk stands; the model is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Profile {
    /// Less junk in the body, at the price of lost text.
    Precision,
    /// The highest expected F1.
    #[default]
    Balanced,
    /// Less lost text, at the price of junk in the body.
    Recall,
}

/// Models, profile and limits: what judges pages. `Send + Sync`; one serves all threads.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    profile: Profile,
    limits: Limits,
}

impl Filter {
    /// The filter with the built-in models.
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Sets the profile.
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the limits on one page.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Judges a document. Whether it works never depends on the document's bytes.
    pub fn check(&self, document: &Document) -> Report {
        Report::unread(document.id())
    }
}
