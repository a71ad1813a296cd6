//! Pages to compare on: those of the repository, those of the shared corpora, and both with tags deleted.

use std::io::Read;
use std::path::{Path, PathBuf};

/// All HTML files of a folder and the folders in it, in the order of their names.
pub(crate) fn html_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_html(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn is_html(path: &Path) -> bool {
    let named =
        |path: &Path, ending: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
    named(path, "html") || (named(path, "gz") && named(&path.with_extension(""), "html"))
}

/// The text of a file, unpacked if need be; what is not UTF-8 in it is replaced.
#[expect(clippy::unwrap_used, reason = "a test's own pages can be read")]
pub(crate) fn read(path: &Path) -> String {
    let mut bytes = std::fs::read(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        let packed = std::mem::take(&mut bytes);
        flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The folder of the shared corpora, if it is there.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("PAGESIEVE_SHARED").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    Some(folder.join("corpora")).filter(|corpora| corpora.is_dir())
}

/// Xorshift: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// The page with one in `rate` of its tags deleted; comments and the content of scripts stay as they are.
pub(crate) fn damaged(source: &str, rate: u64, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, tag)) = rest.find('<').map(|at| rest.split_at(at)) {
        kept.push_str(before);
        let name = tag.trim_start_matches(['<', '/']);
        let raw = ["script", "style", "!"]
            .iter()
            .any(|raw| name.get(..raw.len()).is_some_and(|n| n.eq_ignore_ascii_case(raw)));
        let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !raw;
        let length = if is_tag { tag.find('>').map_or(tag.len(), |end| end + 1) } else { 1 };
        let (tag, after) = tag.split_at(length);
        if !is_tag || numbers.below(rate) != 0 {
            kept.push_str(tag);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}
