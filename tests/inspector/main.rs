//! The page inspector in a real browser: headless Chromium, driven over `WebDriver`, against the real program.
//!
//! Without chromedriver on the `PATH` every test here says that it is skipped; with `PAGESIEVE_BROWSER=required` a
//! missing browser is a failure. Screenshots and figures go into the folder that `PAGESIEVE_REPORT` names, or
//! into `inspector-report` in Cargo's target folder.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "what the helpers of a test cannot do fails the test")]
#![expect(clippy::indexing_slicing, reason = "what is not there fails the test")]

mod access;
mod browser;
mod correcting;
mod driver;
mod hostile;
mod measured;
mod pages;
mod queue;
mod reading;
mod report;
mod scene;
#[expect(
    dead_code,
    clippy::string_slice,
    reason = "shared with the tests of the service, which use all of it"
)]
#[path = "../serve/server.rs"]
mod server;
mod shots;
mod training;
