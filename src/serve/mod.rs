//! HTTP requests → calls of the other rooms → answers.
//!
//! In: requests of programs and of the page inspector. Out: the rows of the command line, byte for byte, figures for
//! Prometheus, corrected pages in a folder, and errors of which each says what to do. The room never judges a page itself,
//! never trains (a [`Trainer`] that it is given does), never keeps a page in memory once it is answered, and never lets more
//! work in than it has been allowed: of connections, of bytes in memory, of pages that wait.
//!
//! Start reading at [`Service`], then `router` for the list of all endpoints. The way of a request: `listen`
//! (connections), `guard` (who may ask), `body` (bytes, within limits), one of `check`, `batch`, `fetch`, `hosts`, `labels`,
//! `pages`, `queue` and `training`, and from these to the threads of `pool`. All of them share one [`State`].

mod assets;
mod batch;
mod body;
mod check;
mod document;
mod errors;
mod fetch;
mod guard;
mod hosts;
mod labels;
mod listen;
mod metrics;
mod options;
mod pages;
mod pool;
mod query;
mod queue;
mod router;
mod state;
mod training;

pub use listen::{Service, Summary};
pub use options::{Options, Token};
pub use router::routes;
pub use state::State;
pub use training::{Progress, Trained, Trainer};
