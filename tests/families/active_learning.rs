//! How many corrected pages bring a site family right that the shipped models get wrong.
//!
//! `cargo run --release --example active_learning` prints the tables of `docs/active-learning.md`; with a folder as
//! argument (`-- docs`) it draws the plots there, and `-- pages FOLDER` writes the families' pages into folders.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "an experiment stops where it panics; its lists are its own"
)]

mod learning;
mod render;

use learning::{LearningCurve, learning_curves};
use pagesieve::Filter;
use pagesieve::page::Limits;
use pagesieve::train::{Adaptation, Dataset, Options, PageFigures};
use render::{Family, PAGES, Sites, families};
use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Pages that are never corrected; the others are the pool.
const SEALED: usize = 3;
const POOL: usize = PAGES - SEALED;
/// Orders of the pool by chance.
const SEEDS: u64 = 10;
/// From here on a family is right: word F1 of the body, and blocks rightly kept or cut, mean over the sealed pages.
const RIGHT: f64 = 0.95;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Figures of the sealed pages after 0, 1, 2… corrected pages.
type Curve = Vec<(f64, f64)>;

struct Found {
    name: String,
    queue: Curve,
    random: Vec<Curve>,
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().map(PathBuf::from);
    if let (Some("pages"), Some(folder)) = (out.as_deref().and_then(Path::to_str), arguments.next()) {
        for family in families() {
            family.write(&Path::new(&folder).join(&family.name), 0..PAGES, Sites::One);
        }
        return Ok(());
    }
    let mut stdout = std::io::stdout().lock();
    for sites in [Sites::One, Sites::Many] {
        let (title, name) = match sites {
            Sites::One => ("one site for each family", "active-learning"),
            Sites::Many => ("a site of its own for each page", "active-learning-many-sites"),
        };
        let found = experiment(sites, Options::default())?;
        writeln!(stdout, "## {title}\n")?;
        table(&mut stdout, &found)?;
        if let Some(folder) = &out {
            std::fs::create_dir_all(folder)?;
            std::fs::write(folder.join(format!("{name}.svg")), plot(title, &found)?)?;
        }
    }
    others(&mut stdout)?;
    strengths(&mut stdout)
}

/// The families' pages beside the training data, read once.
struct Loaded {
    families: Vec<Family>,
    dataset: Dataset,
    run: Adaptation<'static>,
    /// The pages are read again from there.
    _folder: tempfile::TempDir,
}

fn load(sites: Sites, options: Options) -> Outcome<Loaded> {
    let families = families();
    let folder = tempfile::tempdir()?;
    for family in &families {
        family.write(folder.path(), 0..PAGES, sites);
    }
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("training_data");
    let dataset = Dataset::open(&[ours.as_path(), folder.path()]).map_err(|problems| told(&problems))?;
    let go_on = &|_: &str| ControlFlow::Continue(());
    let run =
        Adaptation::load(&dataset, &Filter::builtin(), options, go_on).map_err(|problems| told(&problems))?;
    Ok(Loaded { families, dataset, run, _folder: folder })
}

fn told(problems: &[pagesieve::Error]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The indexes of a family's pages among the examples.
fn pages_of(dataset: &Dataset, family: &Family) -> Vec<usize> {
    let index =
        |page| dataset.examples.iter().position(|found| found.page.id == format!("{}-{page}", family.name));
    (0..PAGES).filter_map(index).collect()
}

fn experiment(sites: Sites, options: Options) -> Outcome<Vec<Found>> {
    let Loaded { families, dataset, run, _folder } = load(sites, options)?;
    let of = |family: &Family| -> Outcome<Found> {
        let mut trial = Trial::new(&dataset, &run, &families, family);
        let queue = trial.queue()?;
        let random: Outcome<Vec<Curve>> = (1..=SEEDS).map(|seed| trial.random(seed)).collect();
        Ok(Found { name: family.name.clone(), queue, random: random? })
    };
    families.iter().map(of).collect()
}

struct Trial<'t> {
    dataset: &'t Dataset,
    run: &'t Adaptation<'static>,
    /// Pages that are not of any family.
    ours: Vec<usize>,
    pool: Vec<usize>,
    sealed: Vec<usize>,
    filters: HashMap<Vec<usize>, Filter>,
}

impl<'t> Trial<'t> {
    fn new(dataset: &'t Dataset, run: &'t Adaptation<'static>, families: &[Family], family: &Family) -> Self {
        let of_families: Vec<usize> = families.iter().flat_map(|family| pages_of(dataset, family)).collect();
        let ours = (0..dataset.examples.len()).filter(|at| !of_families.contains(at)).collect();
        let mut pool = pages_of(dataset, family);
        let sealed = pool.split_off(POOL);
        Self { dataset, run, ours, pool, sealed, filters: HashMap::new() }
    }

    /// The filter after these pages were corrected.
    fn filter(&mut self, corrected: &[usize]) -> Outcome<Filter> {
        if corrected.is_empty() {
            return Ok(Filter::builtin());
        }
        let mut key = corrected.to_vec();
        key.sort_unstable();
        if let Some(filter) = self.filters.get(&key) {
            return Ok(filter.clone());
        }
        let adapter = self.run.adapter(|at| key.contains(&at) || self.ours.contains(&at))?;
        let filter = Filter::builtin().with_adapter(adapter)?;
        self.filters.insert(key, filter.clone());
        Ok(filter)
    }

    fn sealed(&mut self, corrected: &[usize]) -> Outcome<(f64, f64)> {
        let filter = self.filter(corrected)?;
        Ok(mean(&self.run.judge(&filter, &self.sealed)))
    }

    /// The page that the model is most unsure of first, asked anew after each correction.
    fn queue(&mut self) -> Outcome<Curve> {
        let (mut left, mut corrected) = (self.pool.clone(), Vec::new());
        let mut curve = vec![self.sealed(&corrected)?];
        while !left.is_empty() {
            let filter = self.filter(&corrected)?;
            let doubts: Outcome<Vec<f64>> = left.iter().map(|at| doubt(self.dataset, *at, &filter)).collect();
            let doubts = doubts?;
            let most = (0..left.len()).max_by(|a, b| doubts[*a].total_cmp(&doubts[*b]).then(b.cmp(a)));
            corrected.push(left.remove(most.unwrap_or_default()));
            curve.push(self.sealed(&corrected)?);
        }
        Ok(curve)
    }

    fn random(&mut self, seed: u64) -> Outcome<Curve> {
        let mut order = self.pool.clone();
        order.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ (seed << 17)) >> 20);
        (0..=order.len()).map(|count| self.sealed(&order[..count])).collect()
    }
}

/// How unsure a filter is of a page: the mean of 1 - |2p - 1| over its blocks.
fn doubt(dataset: &Dataset, example: usize, filter: &Filter) -> Outcome<f64> {
    let report = filter.clone().with_limits(Limits::default()).check(&dataset.examples[example].document()?);
    let doubts =
        report.blocks().map(|(_, block)| 1.0 - f64::from((2.0 * block.body_probability - 1.0).abs()));
    let (sum, count) = doubts.fold((0.0, 0.0), |(sum, count), doubt| (sum + doubt, count + 1.0));
    Ok(sum / f64::max(count, 1.0))
}

fn mean(pages: &[PageFigures]) -> (f64, f64) {
    let count = pages.len().max(1) as f64;
    let f1: f64 = pages.iter().map(|page| page.word_f1).sum();
    let right: f64 = pages.iter().map(|page| page.right as f64 / page.blocks.max(1) as f64).sum();
    (f1 / count, right / count)
}

/// Corrected pages from which on a curve stays right; one more than there are if it never does.
fn needed(curve: &Curve) -> usize {
    curve.iter().rposition(|(f1, right)| *f1 < RIGHT || *right < RIGHT).map_or(0, |last| last + 1)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

fn random_needed(found: &Found) -> f64 {
    found.random.iter().map(|curve| needed(curve) as f64).sum::<f64>() / found.random.len() as f64
}

fn table(out: &mut impl Write, all: &[Found]) -> Outcome<()> {
    write!(out, "| family | before")?;
    (1..=POOL).try_for_each(|count| write!(out, " | {count}"))?;
    writeln!(out, " | pages needed | by chance |\n|---|{}", "---|".repeat(POOL + 3))?;
    for found in all {
        write!(out, "| {}", found.name)?;
        for (f1, right) in &found.queue {
            write!(out, " | {f1:.3} / {right:.3}")?;
        }
        writeln!(out, " | {} | {:.1} |", needed(&found.queue), random_needed(found))?;
    }
    let queue = median(all.iter().map(|found| needed(&found.queue) as f64).collect());
    let random = median(all.iter().map(random_needed).collect());
    writeln!(
        out,
        "\nMedian of the {} families: {queue} corrected pages, by chance {random:.1}.\n",
        all.len()
    )?;
    Ok(())
}

/// Mean over families and orders of what the sealed pages have after each corrected page.
fn plot(title: &str, all: &[Found]) -> Outcome<String> {
    let mean_of = |curves: Vec<&Curve>, of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let at =
            |count: usize| curves.iter().map(|curve| of(&curve[count])).sum::<f64>() / curves.len() as f64;
        (0..=POOL).map(at).collect()
    };
    let queue = || all.iter().map(|found| &found.queue).collect();
    let random = || all.iter().flat_map(|found| &found.random).collect();
    let curves = [
        ("word F1, most uncertain first", mean_of(queue(), |point| point.0)),
        ("word F1, random order", mean_of(random(), |point| point.0)),
        ("blocks right, most uncertain first", mean_of(queue(), |point| point.1)),
        ("blocks right, random order", mean_of(random(), |point| point.1)),
    ];
    let curves: Vec<LearningCurve<'_>> =
        curves.iter().map(|(name, values)| LearningCurve { name, values }).collect();
    let title = format!("Sealed pages of {} site families after corrected pages: {title}", all.len());
    Ok(learning_curves(&title, RIGHT, &curves)?)
}

/// Which strength is best for families that it was not chosen on.
fn strengths(out: &mut impl Write) -> Outcome<()> {
    writeln!(out, "## strengths: pages needed, mean over families; other pages' word F1\n")?;
    writeln!(
        out,
        "| strength | one site | many sites | training_data, with all families corrected |\n|---|---|---|---|"
    )?;
    for strength in [0.1, 0.3, 1.0, 3.0, 10.0] {
        let options = Options::default().with_strength(strength);
        let mean_needed = |sites| -> Outcome<f64> {
            let found = experiment_of_queue(sites, options)?;
            Ok(found.iter().sum::<f64>() / found.len() as f64)
        };
        let (one, many) = (mean_needed(Sites::One)?, mean_needed(Sites::Many)?);
        let (_, after) = on_ours(options)?;
        writeln!(out, "| {strength} | {one:.2} | {many:.2} | {:.4} / {:.4} |", after.0, after.1)?;
    }
    writeln!(out)?;
    Ok(())
}

fn experiment_of_queue(sites: Sites, options: Options) -> Outcome<Vec<f64>> {
    let Loaded { families, dataset, run, _folder } = load(sites, options)?;
    let of = |family| Ok(needed(&Trial::new(&dataset, &run, &families, family).queue()?) as f64);
    families.iter().map(of).collect()
}

/// The pages of `training_data` before and after adapters that saw three pages of every family but none of the page's
/// own domain.
fn on_ours(options: Options) -> Outcome<((f64, f64), (f64, f64))> {
    const CORRECTED: usize = 3;
    let Loaded { families, dataset, run, _folder } = load(Sites::One, options)?;
    let corrected: Vec<usize> =
        families.iter().flat_map(|family| pages_of(&dataset, family).into_iter().take(CORRECTED)).collect();
    let of_families: Vec<usize> = families.iter().flat_map(|family| pages_of(&dataset, family)).collect();
    let ours: Vec<usize> = (0..dataset.examples.len()).filter(|at| !of_families.contains(at)).collect();
    let folds = pagesieve::train::folds(&dataset.domains(), 5, 1);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for fold in 0..5 {
        let out: Vec<usize> = ours.iter().copied().filter(|at| folds[*at] == fold).collect();
        let adapter =
            run.adapter(|at| corrected.contains(&at) || (ours.contains(&at) && folds[at] != fold))?;
        before.extend(run.judge(&Filter::builtin(), &out));
        after.extend(run.judge(&Filter::builtin().with_adapter(adapter)?, &out));
    }
    Ok((mean(&before), mean(&after)))
}

fn others(out: &mut impl Write) -> Outcome<()> {
    let (before, after) = on_ours(Options::default())?;
    writeln!(out, "## other pages\n\ntraining_data by registrable domain, word F1 / blocks right:")?;
    writeln!(out, "before {:.4} / {:.4}, after {:.4} / {:.4}", before.0, before.1, after.0, after.1)?;
    Ok(())
}
