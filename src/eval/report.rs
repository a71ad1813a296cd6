//! Results of pages → figures of sets, languages and page types; predictions.

use super::metrics::{Prf, mean_prf, shingle_f1_error, shingle_prf, word_f1_error};
use super::run::{PageResult, SetResult};
use crate::{Error, Result};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// The figures of a group of pages.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Figures {
    /// Pages in the group.
    pub pages: usize,
    /// Pages without a prediction.
    pub errors: usize,
    /// Pages whose predicted text is empty.
    pub empty: usize,
    /// Mean of the pages' word figures; none if no page has a gold text.
    pub word: Option<Prf>,
    /// Standard error of the word F1.
    pub word_f1_error: f64,
    /// Shingle figures; none if no page has a gold text.
    pub shingle: Option<Prf>,
    /// Standard error of the shingle F1.
    pub shingle_f1_error: f64,
    /// Share of the `with` snippets that were found; none if there are none.
    pub with: Option<f64>,
    /// Share of the `without` snippets that are absent; none if there are none.
    pub without: Option<f64>,
}

impl Figures {
    /// The figures of some pages.
    pub fn of<'r>(pages: impl IntoIterator<Item = &'r PageResult>) -> Self {
        let pages: Vec<&PageResult> = pages.into_iter().collect();
        let words: Vec<_> = pages.iter().filter_map(|page| page.word).collect();
        let shingles: Vec<_> = pages.iter().filter_map(|page| page.shingle).collect();
        Self {
            pages: pages.len(),
            errors: pages.iter().filter(|page| page.prediction.error.is_some()).count(),
            empty: pages.iter().filter(|page| page.is_empty()).count(),
            word: (!words.is_empty()).then(|| mean_prf(&words)),
            word_f1_error: word_f1_error(&words),
            shingle: (!shingles.is_empty()).then(|| shingle_prf(&shingles)),
            shingle_f1_error: shingle_f1_error(&shingles),
            with: share(pages.iter().map(|page| page.with)),
            without: share(pages.iter().map(|page| page.without)),
        }
    }

    /// The figure of a stable name, one of [`Figures::NAMES`]; none if it was not measured.
    pub fn named(&self, name: &str) -> Option<f64> {
        let all = [self.word, self.shingle].map(|found| match found {
            Some(Prf { precision, recall, f1 }) => [precision, recall, f1].map(Some),
            None => [None; 3],
        });
        let all = all.into_iter().flatten().chain([self.with, self.without]);
        Self::NAMES.iter().zip(all).find(|(known, _)| **known == name).and_then(|(_, figure)| figure)
    }

    /// The names that [`Figures::named`] knows.
    pub const NAMES: [&str; 8] = [
        "word_precision",
        "word_recall",
        "word_f1",
        "shingle_precision",
        "shingle_recall",
        "shingle_f1",
        "with",
        "without",
    ];
}

fn share(counts: impl Iterator<Item = (usize, usize)>) -> Option<f64> {
    let (hits, all) = counts.fold((0, 0), |(hits, all), (hit, n)| (hits + hit, all + n));
    (all > 0).then(|| hits as f64 / all as f64)
}

impl SetResult {
    /// The figures of the whole set (`all`), of Chinese and other pages (`chinese`, `not chinese`, if the set
    /// has both) and of each page type (if it has more than one), the most frequent first.
    pub fn groups(&self) -> Vec<(String, Figures)> {
        let mut groups = vec![("all".to_owned(), Figures::of(&self.pages))];
        let chinese = self.pages.iter().filter(|page| page.chinese).count();
        if chinese > 0 && chinese < self.pages.len() {
            groups.push(("chinese".to_owned(), self.figures_where(|page| page.chinese)));
            groups.push(("not chinese".to_owned(), self.figures_where(|page| !page.chinese)));
        }
        let types = self.types();
        if types.len() > 1 {
            let figures = types.iter().map(|name| self.figures_where(|page| page.page_type == **name));
            groups.extend(types.iter().map(|name| (*name).to_owned()).zip(figures));
        }
        groups
    }

    fn figures_where(&self, wanted: impl Fn(&PageResult) -> bool) -> Figures {
        Figures::of(self.pages.iter().filter(|page| wanted(page)))
    }

    /// The page types of the set, the most frequent first.
    fn types(&self) -> Vec<&str> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for page in &self.pages {
            match counts.iter_mut().find(|(name, _)| *name == page.page_type) {
                Some((_, count)) => *count += 1,
                None => counts.push((&page.page_type, 1)),
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts.into_iter().map(|(name, _)| name).collect()
    }

    /// The pages of lowest word F1, the lowest first.
    pub fn worst(&self, count: usize) -> Vec<&PageResult> {
        let f1 = |page: &PageResult| page.word.map_or(1.0, |word| word.f1);
        let mut pages: Vec<_> = self.pages.iter().filter(|page| page.word.is_some()).collect();
        pages.sort_by(|a, b| f1(a).total_cmp(&f1(b)));
        pages.truncate(count);
        pages
    }
}

/// Writes each set's predictions to `FOLDER/SET.jsonl`, one JSON object `{id, text, error?}` a line. The folder is made
/// where there is none.
pub fn write_predictions(folder: &Path, sets: &[SetResult]) -> Result<()> {
    #[derive(Serialize)]
    struct Line<'r> {
        id: &'r str,
        text: &'r str,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'r str>,
    }
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    for set in sets {
        let mut lines = Vec::new();
        for page in &set.pages {
            let (text, error) = (page.prediction.text.as_str(), page.prediction.error.as_deref());
            // A Vec takes everything.
            let _ = serde_json::to_writer(&mut lines, &Line { id: &page.id, text, error });
            lines.push(b'\n');
        }
        let path = folder.join(format!("{}.jsonl", set.name));
        fs::write(&path, lines).map_err(Error::io("write", &path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::run::tests::{made_page, made_set};

    #[test]
    fn figures_stand_for_the_set_its_languages_and_its_types() {
        let groups = made_set().groups();
        let names: Vec<_> = groups.iter().map(|(name, figures)| (name.as_str(), figures.pages)).collect();
        assert_eq!(names, [("all", 4), ("chinese", 1), ("not chinese", 3), ("forum", 3), ("article", 1)]);
        let all = groups[0].1;
        assert_eq!((all.errors, all.empty), (1, 1));
        let f1 = all.named("word_f1").unwrap();
        assert!((f1 - (1.0 + 2.0 / 3.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12, "{f1}");
        assert!((all.with.unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(all.without, None);
    }

    #[test]
    fn every_named_figure_can_be_asked_for() {
        let figures =
            Figures::of(&[PageResult { without: (1, 1), ..made_page("a", "article", "one two", "one two") }]);
        for name in Figures::NAMES {
            assert_eq!(figures.named(name), Some(1.0), "{name}");
        }
    }

    #[test]
    fn predictions_are_lines_of_id_and_text() {
        let folder = tempfile::tempdir().unwrap();
        write_predictions(folder.path(), &[made_set()]).unwrap();
        let lines = fs::read_to_string(folder.path().join("made.jsonl")).unwrap();
        assert!(lines.starts_with("{\"id\":\"a\",\"text\":\"one two\"}\n"), "{lines}");
        assert!(lines.ends_with("{\"id\":\"d\",\"text\":\"\",\"error\":\"no such file\"}\n"), "{lines}");
    }
}
