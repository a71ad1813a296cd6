//! Folds by registrable domain: pages of one site always stand on the same side.

use std::collections::HashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The fold, from 0, of each page by its domain. Each domain goes as a whole to the fold that has the fewest pages
/// so far: the domains with the most pages first, those of equal size in an order that the seed shuffles. The
/// result depends on the domains, not on the pages' order.
///
/// ```
/// use pagesieve::train::folds;
/// let found = folds(&["a.example", "b.example", "a.example"], 2, 7);
/// assert_eq!(found[0], found[2]);
/// assert_ne!(found[0], found[1]);
/// ```
pub fn folds<D: AsRef<str>>(domains: &[D], count: usize, seed: u64) -> Vec<usize> {
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    for domain in domains {
        *sizes.entry(domain.as_ref()).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = sizes.into_iter().collect();
    let hash = |domain: &str| xxh3_64_with_seed(domain.as_bytes(), seed);
    order.sort_by(|(a, size_a), (b, size_b)| {
        size_b.cmp(size_a).then_with(|| hash(a).cmp(&hash(b))).then_with(|| a.cmp(b))
    });
    let mut pages = vec![0; count.max(1)];
    let mut fold_of = HashMap::new();
    for (domain, size) in order {
        let smallest = pages.iter_mut().enumerate().min_by_key(|(_, pages)| **pages);
        let Some((fold, pages)) = smallest else { break };
        *pages += size;
        fold_of.insert(domain, fold);
    }
    domains.iter().map(|domain| fold_of.get(domain.as_ref()).copied().unwrap_or_default()).collect()
}

/// A fold, from 0, for each page by its domain, so that the pages of a domain are spread over the folds.
pub(super) fn folds_within(domains: &[&str], count: usize) -> Vec<usize> {
    let mut next: HashMap<&str, usize> = HashMap::new();
    let folds = domains.iter().map(|domain| {
        let at = next.entry(*domain).or_insert_with(|| xxh3_64(domain.as_bytes()) as usize % count);
        *at = (*at + 1) % count;
        *at
    });
    folds.collect()
}

/// The fold, from 0, of a group by its name alone: enough where groups are many and small.
pub(super) fn fold_of(group: &str, count: usize, seed: u64) -> usize {
    (xxh3_64_with_seed(group.as_bytes(), seed) % count as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains() -> Vec<String> {
        (0..200).map(|n| format!("site{}.example", if n < 40 { 0 } else { n % 61 })).collect()
    }

    #[test]
    fn a_domain_is_never_split_and_folds_are_even() {
        let domains = domains();
        let found = folds(&domains, 5, 1);
        let mut fold_of = HashMap::new();
        for (domain, fold) in domains.iter().zip(&found) {
            assert_eq!(fold_of.entry(domain).or_insert(fold), &fold, "{domain}");
        }
        let sizes: Vec<_> = (0..5).map(|fold| found.iter().filter(|found| **found == fold).count()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 200);
        assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 6, "{sizes:?}");
    }

    #[test]
    fn folds_depend_on_the_seed_but_not_on_the_pages_order() {
        let domains = domains();
        let mut turned = domains.clone();
        turned.reverse();
        let mut found = folds(&turned, 5, 1);
        found.reverse();
        assert_eq!(found, folds(&domains, 5, 1));
        assert_ne!(found, folds(&domains, 5, 2));
    }
}
