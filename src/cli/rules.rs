//! The user's own rules: selectors on the command line and in a file.

use crate::Error;
use crate::classify::Rules;
use clap::Args;
use std::path::PathBuf;
use xxhash_rust::xxh3::xxh3_64;

const FILE_HELP: &str = "\
File of such rules, also for single sites. A line is a host or `*` for all pages, `drop` or `keep`, and a CSS \
selector, with blanks or tabs between them; a host counts for its subdomains too, and lines that start with # \
are comments:

  *             drop  .share-bar, aside.newsletter
  news.example  keep  #story > .summary

Of nested elements that rules match the deepest decides; on one element `keep` wins. Only HTML pages have \
elements; a selector that matches nothing changes nothing";

/// What is body and what is not, by the user's own word.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct RuleArguments {
    /// Never take what stands in elements that match this CSS selector for the body. May be given several times
    #[arg(long, value_name = "CSS")]
    drop_selector: Vec<String>,
    /// Take what stands in elements that match this CSS selector for the body. May be given several times
    #[arg(long, value_name = "CSS")]
    keep_selector: Vec<String>,
    /// File of such rules, one a line: `HOST drop|keep CSS`, with `*` for all hosts
    #[arg(long = "rules", value_name = "FILE", long_help = FILE_HELP)]
    file: Option<PathBuf>,
}

impl RuleArguments {
    pub(super) fn rules(&self) -> anyhow::Result<Rules> {
        let mut rules = Rules::default();
        if let Some((path, content)) = self.file.as_ref().zip(self.content()?) {
            rules = rules.with_lines(path, &content)?;
        }
        let rules = self.drop_selector.iter().try_fold(rules, |rules, css| rules.with_drop(css))?;
        Ok(self.keep_selector.iter().try_fold(rules, |rules, css| rules.with_keep(css))?)
    }

    /// Names and values of what changes the output; of the file, a digest of its content.
    pub(super) fn settings(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let file = self.content()?.map(|content| format!("{:016x}", xxh3_64(content.as_bytes())));
        Ok(vec![
            ("drop-selector", self.drop_selector.join(" | ")),
            ("keep-selector", self.keep_selector.join(" | ")),
            ("rules", file.unwrap_or_default()),
        ])
    }

    fn content(&self) -> anyhow::Result<Option<String>> {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(Error::io("read", path));
        Ok(self.file.as_ref().map(read).transpose()?)
    }
}
