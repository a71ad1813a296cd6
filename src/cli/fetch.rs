//! How URLs among the inputs are fetched.

use crate::input::fetch::{Addresses, FetchOptions, Robots};
use clap::Args;
use std::time::Duration;

/// How URLs are fetched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fetching URLs")]
pub(super) struct FetchArguments {
    /// Time for one page in seconds, redirects and robots.txt included, 1 to 600
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// Fetch pages that the site's robots.txt forbids
    #[arg(long)]
    ignore_robots: bool,
    /// Connect to addresses of this machine and its network too; never for URLs that somebody else chose
    #[arg(long)]
    allow_private_addresses: bool,
    /// URL or e-mail address under which site owners can reach you, sent in the user agent
    #[arg(long, value_name = "CONTACT")]
    contact: Option<String>,
}

impl FetchArguments {
    /// The options of the fetcher.
    pub(super) fn options(&self) -> FetchOptions {
        let mut options = FetchOptions::default().with_time(Duration::from_secs(self.timeout));
        if self.ignore_robots {
            options = options.with_robots(Robots::Ignored);
        }
        if self.allow_private_addresses {
            options = options.with_addresses(Addresses::Any);
        }
        match &self.contact {
            Some(contact) => options.with_contact(contact),
            None => options,
        }
    }
}
