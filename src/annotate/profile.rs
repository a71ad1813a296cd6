//! What a page is like, in a few bytes: where its text stands, what its blocks are, which host it is from.

use crate::classify::Label;
use xxhash_rust::xxh3::xxh3_64;

/// Buckets of path tokens.
const PATHS: usize = 32;
/// Elements of a path's end that are looked at: what is above them, all blocks of a page share.
const LAST: usize = 3;

/// A page's profile. Shares are of the page's characters, in 255ths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Hashed steps of the paths of its blocks.
    paths: [u8; PATHS],
    /// Labels of its blocks.
    labels: [u8; Label::ALL.len()],
    /// Hash of the host.
    host: u32,
}

/// Adds up a profile block by block.
#[derive(Debug, Default)]
pub(super) struct Tally {
    paths: [f32; PATHS],
    labels: [f32; Label::ALL.len()],
}

impl Tally {
    /// Adds a block by its path (empty on a page of plain text), label and length in characters.
    pub(super) fn add(&mut self, path: &str, label: Option<Label>, chars: usize) {
        let weight = (chars as f32).sqrt();
        for step in path.rsplit('/').take(LAST).filter(|step| !step.is_empty()) {
            let bucket = xxh3_64(step.as_bytes()) as usize % PATHS;
            if let Some(sum) = self.paths.get_mut(bucket) {
                *sum += weight;
            }
        }
        if let Some(sum) = label.and_then(|label| self.labels.get_mut(label as usize)) {
            *sum += weight;
        }
    }

    pub(super) fn profile(&self, url: Option<&str>) -> Profile {
        let host = url.and_then(|url| url::Url::parse(url).ok()?.host_str().map(str::to_owned));
        let host = host.map_or(0, |host| xxh3_64(host.as_bytes()) as u32);
        Profile { paths: shares(&self.paths), labels: shares(&self.labels), host }
    }
}

fn shares<const N: usize>(sums: &[f32; N]) -> [u8; N] {
    let all = sums.iter().sum::<f32>().max(1e-6);
    sums.map(|sum| (sum / all * 255.0).round() as u8)
}

/// How much the parts of a difference count: markup first, since a template is what the models get wrong.
const OF_PATHS: f32 = 0.5;
const OF_LABELS: f32 = 0.3;
const OF_HOST: f32 = 0.2;

impl Profile {
    /// How different two pages are, 0 to 1: the total variation of their path steps and of their labels, and whether
    /// their hosts differ. The weights were chosen by hand.
    pub fn difference(&self, other: &Self) -> f32 {
        let host = if self.host == other.host { 0.0 } else { OF_HOST };
        OF_PATHS * variation(&self.paths, &other.paths)
            + OF_LABELS * variation(&self.labels, &other.labels)
            + host
    }
}

/// Half the sum of the differences of shares, 0 to 1.
fn variation<const N: usize>(a: &[u8; N], b: &[u8; N]) -> f32 {
    let sum: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    (sum as f32 / 510.0).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, label: Label, url: &str) -> Profile {
        let mut tally = Tally::default();
        tally.add(path, Some(label), 100);
        tally.profile(Some(url))
    }

    #[test]
    fn pages_of_one_template_are_alike() {
        let a = page("html/body/div#main/p.text", Label::Body, "https://a.example/1");
        let b = page("html/body/div#main/p.text", Label::Body, "https://a.example/2");
        let c = page("html/body/table/tr/td.post", Label::Comment, "https://b.example/");
        assert!(a.difference(&b) < 1e-6);
        assert!(a.difference(&c) > 0.7 && (a.difference(&c) - c.difference(&a)).abs() < 1e-6);
        assert!(a.difference(&Tally::default().profile(None)) <= 1.0);
    }
}
