//! The streaming front end against the exact one, and both against `scraper`.

#[path = "front_end/oracle.rs"]
mod oracle;
#[path = "front_end/sources.rs"]
mod sources;

use pagesieve::Document;
use pagesieve::page::{Limits, Page, Parser};
use std::path::Path;

fn blocks(source: &str, parser: Parser) -> Vec<String> {
    let document = Document::html(source).with_charset("utf-8");
    let page = Page::read_with(&document, &Limits::default().with_depth(100_000), parser);
    page.blocks().filter(|block| !block.kind().is_pseudo()).map(|block| block.text().to_owned()).collect()
}

/// How many pages of a set have the blocks that `scraper` gives.
#[derive(Debug, Default)]
struct Agreement {
    pages: usize,
    exact: usize,
    stream: usize,
    first_difference: Vec<String>,
}

impl Agreement {
    fn add(&mut self, name: &str, source: &str) {
        let expected = oracle::blocks(source);
        self.pages += 1;
        self.exact += usize::from(self.agrees(name, &blocks(source, Parser::Exact), &expected));
        self.stream += usize::from(self.agrees(name, &blocks(source, Parser::Streaming), &expected));
    }

    fn agrees(&mut self, name: &str, found: &[String], expected: &[String]) -> bool {
        if found == expected {
            return true;
        }
        let at = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
        let show =
            |list: &[String]| list.get(at).map_or("-".to_owned(), |text| text.chars().take(120).collect());
        self.first_difference.push(format!(
            "{name}: block {at}: found `{}`, expected `{}`",
            show(found),
            show(expected)
        ));
        false
    }

    fn share(&self, count: usize) -> f64 {
        count as f64 / self.pages.max(1) as f64
    }

    fn print(&self, name: &str) {
        let (exact, stream) = (100.0 * self.share(self.exact), 100.0 * self.share(self.stream));
        println!(
            "{name}: {} pages, exact {exact:.2} %, stream {stream:.2} % with the same blocks",
            self.pages
        );
        for difference in self.first_difference.iter().take(12) {
            println!("  {difference}");
        }
    }
}

#[test]
fn corpora_give_the_blocks_of_the_standard() {
    let Some(corpora) = sources::shared() else {
        println!("skipped: set PAGESIEVE_SHARED to a folder with `corpora/*/html` to compare on those pages");
        return;
    };
    for name in ["wcxb-dev", "zh-handmade", "magic-article", "magic-forum", "readability"] {
        let mut agreement = Agreement::default();
        let mut damaged = Agreement::default();
        for path in sources::html_files(&corpora.join(name)) {
            let source = sources::read(&path);
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            agreement.add(&file, &source);
            if std::env::var_os("DAMAGED").is_some() {
                damaged.add(&file, &sources::damaged(&source, 50, 0x5EED + damaged.pages as u64));
            }
        }
        agreement.print(name);
        damaged.print(&format!("{name}, 2 % of tags deleted"));
    }
    let _ = Path::new("x");
}
