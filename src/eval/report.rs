//! Results of pages → figures of sets, languages and page types; table, JSON, predictions.

use super::metrics::{Prf, mean_prf, shingle_f1_error, shingle_prf, word_f1_error};
use super::run::{PageResult, SetResult};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

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
        match name {
            "word_precision" => self.word.map(|word| word.precision),
            "word_recall" => self.word.map(|word| word.recall),
            "word_f1" => self.word.map(|word| word.f1),
            "shingle_precision" => self.shingle.map(|shingle| shingle.precision),
            "shingle_recall" => self.shingle.map(|shingle| shingle.recall),
            "shingle_f1" => self.shingle.map(|shingle| shingle.f1),
            "with" => self.with,
            "without" => self.without,
            _ => None,
        }
    }

    /// The names that [`Figures::named`] knows.
    pub const NAMES: &[&str] = &[
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

/// Writes the figures as a table for people, and under each set its `worst` pages of lowest word F1.
pub fn write_table(out: &mut dyn Write, sets: &[SetResult], worst: usize) -> io::Result<()> {
    writeln!(
        out,
        "{:<28}{:>5} {:>4} {:>5}   {:<6} {:^5} {:^11}   {:<6} {:^5} {:^11}   {:<5} {:<5}",
        "", "pages", "err", "empty", "word P", "R", "F1", "shgl P", "R", "F1", "with", "w/out"
    )?;
    for set in sets {
        for (name, figures) in set.groups() {
            let name = if name == "all" { set.name.clone() } else { format!("  {name}") };
            write_row(out, &name, &figures)?;
        }
        for page in set.worst(worst) {
            write_worst(out, page)?;
        }
    }
    Ok(())
}

fn write_row(out: &mut dyn Write, name: &str, figures: &Figures) -> io::Result<()> {
    let Figures { pages, errors, empty, .. } = figures;
    write!(out, "{name:<28}{pages:>5} {errors:>4} {empty:>5}   ")?;
    write_prf(out, figures.word, figures.word_f1_error)?;
    write_prf(out, figures.shingle, figures.shingle_f1_error)?;
    let share = |share: Option<f64>| share.map_or("  -  ".to_owned(), |share| format!("{share:.3}"));
    writeln!(out, "{} {}", share(figures.with), share(figures.without))
}

fn write_prf(out: &mut dyn Write, figures: Option<Prf>, error: f64) -> io::Result<()> {
    match figures {
        Some(Prf { precision, recall, f1 }) => {
            write!(out, "{precision:<6.3} {recall:.3} {f1:.3}±{error:.3}   ")
        }
        None => write!(out, "{:<6} {:^5} {:^11}   ", "  -", "-", "-"),
    }
}

fn write_worst(out: &mut dyn Write, page: &PageResult) -> io::Result<()> {
    let Prf { precision, recall, f1 } = page.word.unwrap_or_default();
    let error = page.prediction.error.as_deref().unwrap_or_default();
    let line = format!(
        "    {:<40} {:<14} P {precision:.3} R {recall:.3} F1 {f1:.3} {error}",
        page.id, page.page_type
    );
    writeln!(out, "{}", line.trim_end())
}

/// The figures as JSON: `{"v": 1, "sets": {SET: {GROUP: figures}}}`.
pub fn to_json(sets: &[SetResult]) -> Value {
    let groups = |set: &SetResult| -> Value {
        Value::Object(set.groups().into_iter().map(|(name, figures)| (name, json!(figures))).collect())
    };
    let sets: Map<String, Value> = sets.iter().map(|set| (set.name.clone(), groups(set))).collect();
    json!({ "v": 1, "sets": sets })
}

/// Writes a set's predictions, one JSON object `{id, text, error?}` a line.
pub fn write_predictions(out: &mut dyn Write, set: &SetResult) -> io::Result<()> {
    #[derive(Serialize)]
    struct Line<'r> {
        id: &'r str,
        text: &'r str,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'r str>,
    }
    for page in &set.pages {
        let error = page.prediction.error.as_deref();
        serde_json::to_writer(&mut *out, &Line { id: &page.id, text: &page.prediction.text, error })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{GoldPage, Prediction};

    fn page(id: &str, page_type: &str, gold: &str, predicted: &str) -> PageResult {
        let page = GoldPage {
            id: id.to_owned(),
            page_type: page_type.to_owned(),
            text: Some(gold.to_owned()),
            with: vec!["two".to_owned()],
            ..GoldPage::default()
        };
        PageResult::new(&page, Prediction::new(predicted))
    }

    fn set() -> SetResult {
        let failed = GoldPage { id: "d".to_owned(), page_type: "forum".to_owned(), ..GoldPage::default() };
        let pages = vec![
            page("a", "article", "one two", "one two"),
            page("b", "forum", "one two three four", "one two"),
            page("c", "forum", "一二三四", "一二"),
            PageResult::new(&failed, Prediction::failed("no such file")),
        ];
        SetResult { name: "made".to_owned(), pages }
    }

    #[test]
    fn figures_stand_for_the_set_its_languages_and_its_types() {
        let groups = set().groups();
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
            Figures::of(&[PageResult { without: (1, 1), ..page("a", "article", "one two", "one two") }]);
        for name in Figures::NAMES {
            assert_eq!(figures.named(name), Some(1.0), "{name}");
        }
    }

    #[test]
    fn the_table_has_a_row_for_each_group_and_the_worst_pages() {
        let mut out = Vec::new();
        write_table(&mut out, &[set()], 1).unwrap();
        let table = String::from_utf8(out).unwrap();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines.len(), 1 + 5 + 1, "{table}");
        assert!(lines[1].starts_with("made                            4    1     1   1.000"), "{table}");
        assert_eq!(
            lines[6].split_whitespace().collect::<Vec<_>>(),
            ["b", "forum", "P", "1.000", "R", "0.500", "F1", "0.667"]
        );
    }

    #[test]
    fn json_holds_every_group_by_name() {
        let json = to_json(&[set()]);
        assert_eq!((&json["v"], &json["sets"]["made"]["all"]["errors"]), (&json!(1), &json!(1)));
        assert_eq!(json["sets"]["made"]["article"]["word"]["f1"], json!(1.0));
    }

    #[test]
    fn predictions_are_lines_of_id_and_text() {
        let mut out = Vec::new();
        write_predictions(&mut out, &set()).unwrap();
        let lines = String::from_utf8(out).unwrap();
        assert!(lines.starts_with("{\"id\":\"a\",\"text\":\"one two\"}\n"), "{lines}");
        assert!(lines.ends_with("{\"id\":\"d\",\"text\":\"\",\"error\":\"no such file\"}\n"), "{lines}");
    }
}
