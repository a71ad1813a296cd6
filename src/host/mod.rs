//! Reports of pages and lists of hosts → evidence about the source, and what it amounts to.
//!
//! In: [`Report`](crate::Report)s, and lists of hosts that the user gives. Out: counters that add up over pages,
//! runs and machines ([`Evidence`]) in a file that anybody can read ([`Store`]), and four sub-scores with their
//! evidence ([`Credibility`]): identity, authority, behaviour, lists. Each is known or explicitly unknown, and
//! they are never mixed into one number.
//!
//! Counting needs no database and no list: it is part of every build. Those are the feature `hosts`.
//!
//! The room never decides about a page, and never says whether what a source writes is true. A host on no list
//! is not rated, which is not the same as credible.
//!
//! Start reading at [`HostEvidence`], then [`Store`] for the database's schema, [`List`] for what an imported
//! list is, [`Credibility::of`] for what is made of them, and [`Lookup`] for what a verdict is told of a page's source.

#[cfg(feature = "hosts")]
mod credibility;
mod evidence;
#[cfg(feature = "hosts")]
mod export;
mod filing;
#[cfg(feature = "hosts")]
mod known;
#[cfg(feature = "hosts")]
mod lists;
#[cfg(feature = "hosts")]
mod lookup;
mod shown;
mod signs;
mod site;
#[cfg(feature = "hosts")]
mod store;

#[cfg(feature = "hosts")]
pub use credibility::{
    Behaviour, Credibility, Grounds, MIN_PAGES, Prior, Section, SubScore, Weight, behaviour,
};
pub use evidence::{Evidence, HostEvidence, LabelCount, MICRO, OVER, SCORES, ScoreSum, VERDICTS};
#[cfg(feature = "hosts")]
pub use export::{Choice, ExportFormat, Purpose, Rule, Selection};
#[cfg(feature = "hosts")]
pub use known::{Known, Sources};
#[cfg(feature = "hosts")]
pub use lists::{
    Category, Counts, Format, Found, Hit, HostName, Importer, Kind, List, ListHeader, ListOptions,
    ListSource, Refusal, Trial, file_date, is_shared, sources,
};
#[cfg(feature = "hosts")]
pub use lookup::Lookup;
pub use shown::shown_by;
pub use signs::Sign;
pub use site::Place;
#[cfg(feature = "hosts")]
pub use store::{Merged, Progress, Run, SCHEMA_VERSION, SharedFiling, Store};
