//! The user's own rules: selectors on the command line and in a file.

use crate::Error;
#[cfg(feature = "ad-rules")]
use crate::classify::AdRules;
use crate::classify::Rules;
use crate::model::digest;
use clap::Args;
use std::path::PathBuf;

const FILE_HELP: &str = "\
File of such rules, also for single sites. A line is a host or `*` for all pages, `drop` or `keep`, and a CSS \
selector, with blanks or tabs between them; a host counts for its subdomains too, and lines that start with # \
are comments:

  *             drop  .share-bar, aside.newsletter
  news.example  keep  #story > .summary

Of nested elements that rules match the deepest decides; on one element `keep` wins. Only HTML pages have \
elements; a selector that matches nothing changes nothing";

#[cfg(feature = "ad-rules")]
const AD_HELP: &str = "\
Filter list of an ad blocker in the syntax of Adblock Plus, such as EasyList or EasyList China. Blocks in elements \
that a rule hides, and blocks of links that a rule blocks, are labelled `ad` with the reason `ad_rule`; blocked \
scripts, pictures and frames are counted. Rules for single sites need the page's URL. May be given several times";

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
    /// Filter list of an ad blocker, such as `EasyList`: what it hides or blocks is an ad. May be given several times
    #[cfg(feature = "ad-rules")]
    #[arg(long, value_name = "FILE", long_help = AD_HELP)]
    ad_rules: Vec<PathBuf>,
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
        let file = self.content()?.map(|content| digest(content.as_bytes()));
        let settings = vec![
            ("drop-selector", self.drop_selector.join(" | ")),
            ("keep-selector", self.keep_selector.join(" | ")),
            ("rules", file.unwrap_or_default()),
        ];
        #[cfg(feature = "ad-rules")]
        let settings = {
            let digests = self.ad_lists()?.into_iter().map(|list| digest(list.as_bytes()));
            let ad_rules = ("ad-rules", digests.collect::<Vec<_>>().join(" "));
            settings.into_iter().chain([ad_rules]).collect()
        };
        Ok(settings)
    }

    /// The ad blocker's lists, compiled; none where none was given.
    #[cfg(feature = "ad-rules")]
    pub(super) fn ad_rules(&self) -> anyhow::Result<Option<AdRules>> {
        let lists = self.ad_lists()?;
        let lists = self.ad_rules.iter().map(PathBuf::as_path).zip(lists.iter().map(String::as_str));
        Ok(if self.ad_rules.is_empty() { None } else { Some(AdRules::of_lists(lists)?) })
    }

    #[cfg(feature = "ad-rules")]
    fn ad_lists(&self) -> anyhow::Result<Vec<String>> {
        Ok(self.ad_rules.iter().map(read).collect::<Result<_, _>>()?)
    }

    fn content(&self) -> anyhow::Result<Option<String>> {
        Ok(self.file.as_ref().map(read).transpose()?)
    }
}

fn read(path: &PathBuf) -> crate::Result<String> {
    std::fs::read_to_string(path).map_err(Error::io("read", path))
}
