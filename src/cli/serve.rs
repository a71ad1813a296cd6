//! `pagesieve serve`: the HTTP service and the page inspector.

use super::Exit;
use super::arguments::JudgeArguments;
use crate::Error;
use crate::annotate::{LabelledFolder, Queue, Sources as PageSources};
use crate::host::{List, Sources, Store};
use crate::input::fetch::{FetchOptions, Robots};
use crate::input::{InputOptions, Inputs};
use crate::serve::{Options, Service, State, Summary, Token};
use anyhow::bail;
use clap::Args;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The variable of the environment that holds the token.
const TOKEN: &str = "PAGESIEVE_TOKEN";

/// Answer over HTTP: judge pages, batches and URLs, and show the page inspector
///
/// POST /v1/check takes one page, POST /v1/batch JSON lines, GET /v1/score?url= fetches a page, GET
/// /v1/hosts/HOST tells what is known of a host; answers are the rows of `score --json` and `filter`. GET
/// /openapi.json describes everything, GET /metrics has figures for Prometheus, and a browser shows the
/// inspector at `/`, which corrects pages into the folder of --labels and walks through the result of --from.
///
/// Only this machine can reach the service, unless it is given another address and a token. SIGINT and SIGTERM
/// stop it when what runs has come to its end.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8040")]
    listen: SocketAddr,
    /// File with the token that clients must send as `Authorization: Bearer TOKEN`; the variable
    /// `PAGESIEVE_TOKEN` may hold it too. Needed on addresses that other machines can reach
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Name under which a proxy on this machine asks, besides localhost and 127.0.0.1. May be given several times
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    #[command(flatten)]
    limits: LimitArguments,
    #[command(flatten)]
    fetch: FetchArguments,
    /// The database of evidence about hosts, for /v1/hosts
    #[arg(long, value_name = "FILE")]
    hosts: Option<PathBuf>,
    /// Folder of imported lists of hosts, or the `.json` of one. May be given several times
    #[arg(long, value_name = "DIR|FILE")]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    annotate: AnnotateArguments,
    #[command(flatten)]
    judge: JudgeArguments,
}

/// What the inspector corrects and where its corrections go.
#[derive(Debug, Args)]
#[command(next_help_heading = "Labelling")]
struct AnnotateArguments {
    /// Folder into which corrected pages go, in the format that `pagesieve train` reads; made where there is none
    #[arg(long, value_name = "DIR")]
    labels: Option<PathBuf>,
    /// A result of `pagesieve filter --blocks` to walk through, also .gz and .zst (default: the queue that
    /// `pagesieve label --queue --labels DIR` wrote)
    #[arg(long, value_name = "RESULT")]
    from: Option<PathBuf>,
    /// Inputs that were filtered, in which pages of the result are looked for by their id; several --pages, one each.
    /// Without them a page is the texts of its row
    #[arg(long, value_name = "INPUT")]
    pages: Vec<PathBuf>,
}

/// How much the service takes on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct LimitArguments {
    /// Threads that judge pages, 1 to 1024 (default: one for each processor)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Pages that may wait for a thread; with more, the answer is 503 with `Retry-After`
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    queue: u16,
    /// Connections at a time; others wait
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// Largest page and longest line of a batch in bytes; pages that wait or are judged hold
    /// sixteen times as much memory at most
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20, value_parser = clap::value_parser!(u32).range(1024..))]
    max_page: u32,
    /// Time for one request until its answer starts
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    request_time: u64,
    /// Time for a request's head, and for a connection without a request
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    header_time: u64,
    /// Time without a byte of a body, in either direction
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    idle_time: u64,
}

/// How /v1/score fetches. Addresses that are not public are always refused.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fetching URLs")]
struct FetchArguments {
    /// Time for one page, redirects and robots.txt included
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    fetch_time: u64,
    /// Fetch pages that the site's robots.txt forbids
    #[arg(long)]
    ignore_robots: bool,
    /// URL or e-mail address under which site owners can reach you, sent in the user agent
    #[arg(long, value_name = "CONTACT")]
    contact: Option<String>,
}

pub(super) fn run(arguments: &ServeArguments) -> anyhow::Result<Exit> {
    let mut state = State::new(arguments.judge.filter()?, arguments.options()?)?;
    if let Some(sources) = arguments.sources()? {
        state = state.with_hosts(sources);
    }
    let service = Service::bind(arguments.annotate.add_to(state)?)?;
    tell(&format!("listening on http://{}", service.address()));
    tell(&summary(service.run()?));
    Ok(Exit::Fine)
}

impl ServeArguments {
    fn options(&self) -> anyhow::Result<Options> {
        let mut options = self.limits.options().with_address(self.listen).with_fetch(self.fetch.options());
        if let Some(token) = self.token()? {
            options = options.with_token(token);
        }
        Ok(self.host_name.iter().fold(options, |options, name| options.with_host(name)))
    }

    fn token(&self) -> anyhow::Result<Option<Token>> {
        let text = match &self.token_file {
            Some(path) => Some(std::fs::read_to_string(path).map_err(Error::io("read", path))?),
            None => std::env::var(TOKEN).ok(),
        };
        Ok(text.as_deref().map(Token::new).transpose()?)
    }

    fn sources(&self) -> anyhow::Result<Option<Sources>> {
        if self.hosts.is_none() && self.lists.is_empty() {
            return Ok(None);
        }
        let store = self.hosts.as_ref().map(Store::open).transpose()?;
        let mut lists = Vec::new();
        for path in &self.lists {
            lists.extend(List::open_all(path)?);
        }
        Ok(Some(Sources::new(store, lists)?))
    }
}

impl AnnotateArguments {
    fn add_to(&self, mut state: State) -> anyhow::Result<State> {
        if let Some(queue) = self.queue()? {
            let inputs = (!self.pages.is_empty()).then(|| Inputs::new(&self.pages, InputOptions::default()));
            let sources =
                inputs.map_or_else(PageSources::new, |inputs| PageSources::new().with_inputs(inputs));
            state = state.with_queue(queue, sources);
        } else if !self.pages.is_empty() {
            bail!(
                "--pages are the pages of a result; name it with --from RESULT.jsonl, or leave out --pages"
            );
        }
        Ok(match &self.labels {
            Some(folder) => state.with_labels(LabelledFolder::open(folder)?),
            None => state,
        })
    }

    /// The result of --from, else what was queued in the folder of labels.
    fn queue(&self) -> anyhow::Result<Option<Queue>> {
        let listed = self.labels.as_ref().map(|folder| folder.join("queue.jsonl"));
        let queue = match (&self.from, listed.filter(|list| list.is_file())) {
            (Some(result), _) => Queue::read(result)?,
            (None, Some(list)) => Queue::read_list(&list)?,
            (None, None) => return Ok(None),
        };
        let (count, named) = queue.bad_rows();
        if let Some(first) = named.first() {
            let (line, problem) = (first.line, &first.problem);
            tell(&format!("{count} lines of the result are no rows; the first is line {line}: {problem}"));
        }
        Ok(Some(queue))
    }
}

impl LimitArguments {
    fn options(&self) -> Options {
        let options = Options::default()
            .with_queue(self.queue.into())
            .with_connections(self.connections.into())
            .with_page_bytes(self.max_page as usize)
            .with_request_time(Duration::from_secs(self.request_time))
            .with_header_time(Duration::from_secs(self.header_time))
            .with_idle_time(Duration::from_secs(self.idle_time));
        self.threads.map_or(options.clone(), |threads| options.with_threads(threads.into()))
    }
}

impl FetchArguments {
    fn options(&self) -> FetchOptions {
        let options = FetchOptions::default().with_time(Duration::from_secs(self.fetch_time));
        let options = if self.ignore_robots { options.with_robots(Robots::Ignored) } else { options };
        match &self.contact {
            Some(contact) => options.with_contact(contact),
            None => options,
        }
    }
}

fn summary(Summary { pages, time, cut_off, .. }: Summary) -> String {
    let seconds = time.as_secs();
    let cut_off = if cut_off > 0 { format!(", {cut_off} connections cut off") } else { String::new() };
    format!("stopped after {seconds} seconds: {pages} pages judged{cut_off}")
}

/// Writes a line for people and for programs that wait for it.
fn tell(text: &str) {
    // Where standard error is closed, there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
