//! Figures that must be reached.

use super::files::{parse_file, wrong};
use super::report::Figures;
use super::run::SetResult;
use crate::Result;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Floors by set (`wcxb-dev`) or group of a set (`wcxb-dev/forum`), and figure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Floors {
    by_group: BTreeMap<String, BTreeMap<String, f64>>,
}

/// A figure below its floor.
#[derive(Debug, Clone, PartialEq)]
pub struct Shortfall {
    /// The set, or the set and the group.
    pub group: String,
    /// The figure's name.
    pub figure: String,
    /// What must be reached.
    pub floor: f64,
    /// What was measured; none if the figure cannot be measured on these pages.
    pub measured: Option<f64>,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group, figure, floor, measured } = self;
        match measured {
            Some(measured) => write!(f, "{group}: {figure} is {measured:.4}, below its floor of {floor:.4}"),
            None => write!(f, "{group}: {figure} was not measured, its floor is {floor:.4}"),
        }
    }
}

impl Floors {
    /// Reads floors from a JSON file: `{"wcxb-dev": {"word_f1": 0.87}, "wcxb-dev/forum": {"word_f1": 0.8}}`. The
    /// figures are those of [`Figures::NAMES`].
    pub fn open(path: &Path) -> Result<Self> {
        let by_group: BTreeMap<String, BTreeMap<String, f64>> = parse_file(path)?;
        let mut names = by_group.values().flat_map(BTreeMap::keys);
        if let Some(name) = names.find(|name| !Figures::NAMES.contains(&name.as_str())) {
            let known = Figures::NAMES.join(", ");
            return Err(wrong(path, 0, format!("expected one of {known}, found the figure `{name}`")));
        }
        Ok(Self { by_group })
    }

    /// The figures below their floor. Floors of sets that were not measured are passed over.
    pub fn shortfalls(&self, sets: &[SetResult]) -> Vec<Shortfall> {
        sets.iter().flat_map(|set| self.shortfalls_of(set)).collect()
    }

    fn shortfalls_of(&self, set: &SetResult) -> Vec<Shortfall> {
        let groups: BTreeMap<String, Figures> = set.groups().into_iter().collect();
        let mut found = Vec::new();
        for (key, floors) in &self.by_group {
            let (name, group) = key.split_once('/').unwrap_or((key, "all"));
            if name != set.name {
                continue;
            }
            for (figure, floor) in floors {
                let measured = groups.get(group).and_then(|figures| figures.named(figure));
                if measured.is_none_or(|measured| measured < *floor) {
                    let (group, figure) = (key.clone(), figure.clone());
                    found.push(Shortfall { group, figure, floor: *floor, measured });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{GoldPage, PageResult, Prediction};

    fn open(content: &str) -> Result<Floors> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        Floors::open(file.path())
    }

    fn set(predicted: &str) -> SetResult {
        let page = GoldPage { text: Some("one two three four".to_owned()), ..GoldPage::default() };
        let pages = vec![PageResult::new(&page, Prediction::new(predicted))];
        SetResult { name: "made".to_owned(), pages }
    }

    #[test]
    fn a_figure_below_its_floor_is_named_with_both_numbers() {
        let floors =
            open(r#"{"made": {"word_f1": 0.7, "word_precision": 1.0}, "other": {"word_f1": 1}}"#).unwrap();
        let found = floors.shortfalls(&[set("one two")]);
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["made: word_f1 is 0.6667, below its floor of 0.7000"]);
        assert_eq!(floors.shortfalls(&[set("one two three four")]), []);
    }

    #[test]
    fn a_floor_that_cannot_be_measured_is_not_reached() {
        let floors = open(r#"{"made/forum": {"word_f1": 0.1}, "made": {"with": 0.1}}"#).unwrap();
        let found = floors.shortfalls(&[set("one two three four")]);
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "made: with was not measured, its floor is 0.1000",
                "made/forum: word_f1 was not measured, its floor is 0.1000"
            ]
        );
    }

    #[test]
    fn an_unknown_figure_is_refused_with_the_known_ones() {
        let error = open(r#"{"made": {"word_f2": 0.7}}"#).unwrap_err().to_string();
        assert!(error.contains("word_f1") && error.contains("`word_f2`"), "{error}");
        assert!(open("{").unwrap_err().to_string().contains(":1: "));
    }
}
