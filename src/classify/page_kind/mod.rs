//! What a page is as a whole: content of some type, or a kind of page that nobody looks for.
//!
//! In: what was measured and found so far. Out: [`Told`], the probability of each [`PageKind`], by a model of the words in
//! four places (title, edge, text, host) and one of these and of what the other models say of the page. [`inputs`] lists
//! its numbers.
//!
//! Start reading at [`Told::of`].

mod inputs;
mod zones;

use super::empty::Signs;
use super::evidence::Evidence;
use super::spam::Inputs;
use crate::features::vectors::ZONES;
use crate::label::PageKind;
use crate::model::PAGE_KINDS;
pub(crate) use inputs::{Found, inputs};
pub(crate) use zones::Bags;

/// A probability for each kind, in the order of [`PageKind::ALL`].
pub(crate) type KindProbabilities = [f32; PAGE_KINDS];
/// What the words of each place say.
pub(crate) type WordsSaid = [KindProbabilities; ZONES.len()];

/// What a page is.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    kinds: KindProbabilities,
    words: WordsSaid,
}

impl Told {
    /// None without a model of kinds of pages.
    pub(super) fn of(evidence: &Evidence<'_>, spam: Option<&Inputs>, empty: &Signs) -> Option<Self> {
        let (model, naming) = evidence.model.zip(evidence.naming.as_ref())?;
        let kinds = model.part.page.as_ref()?;
        let (bags, scored) = (Bags::of(evidence.scored.page, &naming.grams), evidence.scored);
        let words = bags.said(&kinds.words);
        let found = Found { scored, naming, spam: spam?, empty: empty.inputs(), model, host: bags.host() };
        let mut told = Self { kinds: kinds.all.probabilities(&inputs(&found, &words)), words };
        // what the user does not look for is not found
        let unwanted = |kind: &&PageKind| kind.spam().is_some_and(|label| !evidence.settings.is_junk(label));
        for kind in PageKind::ALL.iter().filter(unwanted) {
            told.kinds.get_mut(*kind as usize).into_iter().for_each(|p| *p = 0.0);
        }
        Some(told)
    }

    /// The probability of a kind.
    pub(super) fn p(&self, kind: PageKind) -> f32 {
        self.kinds.get(kind as usize).copied().unwrap_or(0.0)
    }

    /// The probability of all these kinds together, and the likeliest of them.
    pub(super) fn any(&self, wanted: impl Fn(PageKind) -> bool) -> (f32, Option<PageKind>) {
        let kinds = || PageKind::ALL.iter().copied().filter(|kind| wanted(*kind));
        let likeliest = kinds().max_by(|a, b| self.p(*a).total_cmp(&self.p(*b)));
        (kinds().map(|kind| self.p(kind)).sum(), likeliest)
    }

    /// What speaks for a kind, for people: what the words of each place say of it.
    pub(super) fn why(&self, kind: PageKind) -> String {
        let said =
            ZONES.iter().zip(&self.words).filter_map(|(zone, said)| Some((zone, said.get(kind as usize)?)));
        let said: Vec<String> = said.map(|(zone, p)| format!("{zone} {p:.2}")).collect();
        format!("{kind} {:.2}; by the words of its {}", self.p(kind), said.join(", "))
    }
}
