//! Reports of pages and lists of hosts → evidence about the source, and what it amounts to.
//!
//! In: [`Report`](crate::Report)s, and lists of hosts that the user gives. Out: counters that add up over pages,
//! runs and machines ([`Evidence`]) in a file that anybody can read ([`Store`]), and four sub-scores with their
//! evidence ([`Credibility`]): identity, authority, behaviour, lists. Each is known or explicitly unknown, and
//! they are never mixed into one number.
//!
//! The room never decides about a page, and never says whether what a source writes is true. A host on no list
//! is not rated, which is not the same as credible.
//!
//! Start reading at [`HostEvidence`], then [`Store`] for the database's schema, [`List`] for what an imported
//! list is, and [`Credibility::of`] for what is made of them.

mod credibility;
mod evidence;
mod export;
mod filing;
mod known;
mod lists;
mod signs;
mod site;
mod store;

pub use credibility::{
    Behaviour, Credibility, Grounds, MIN_PAGES, Prior, Section, SubScore, Weight, behaviour,
};
pub use evidence::{Evidence, HostEvidence, LabelCount, MICRO, OVER, SCORES, ScoreSum, VERDICTS};
pub use export::{Choice, ExportFormat, Purpose, Rule, Selection};
pub use known::{Known, Sources};
pub use lists::{
    Category, Counts, Format, Found, Hit, HostName, Importer, Kind, List, ListHeader, ListOptions,
    ListSource, Refusal, Trial, file_date, sources,
};
pub use signs::Sign;
pub use site::Place;
pub use store::{Merged, Progress, Run, SCHEMA_VERSION, SharedFiling, Store};
