//! Labelled pages + models that stay as they are → an adapter, with figures before and after on the same folds.

use super::corrections;
use super::dataset::{Dataset, Example, Target};
use super::run::{Digest, Options, counted, figures, notes};
use super::split::{folds, folds_within};
use crate::classify::{Basis, Filter};
use crate::error::Error;
use crate::eval::word_prf;
use crate::features::{Clue, Clues, Measured, measure};
use crate::model::Adapter;
use crate::page::Page;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Which pages the fit had seen before a page was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The page itself: whether the corrections were taken, no estimate for other pages.
    Page,
    /// Other pages of its registrable domain. Sites of a single page are left out.
    Site,
    /// No page of its registrable domain.
    OtherSites,
}

impl Seen {
    /// All, in the order of the tables.
    pub const ALL: [Self; 3] = [Self::Page, Self::Site, Self::OtherSites];

    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "the pages themselves",
            Self::Site => "other pages of the site seen",
            Self::OtherSites => "site not seen",
        }
    }
}

/// Figures of the pages of a set, each 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetFigures {
    /// The set (the name of the folder).
    pub set: String,
    /// What the fit had seen.
    pub seen: Seen,
    /// Pages.
    pub pages: usize,
    /// Blocks of which something is known.
    pub blocks: usize,
    /// Word F1 of the body, mean over pages; 1 where neither has a word.
    pub word_f1: f64,
    /// Share of the blocks that are rightly kept or cut, mean over pages.
    pub kept_or_cut: f64,
    /// Share of the blocks with the right label, of those whose label is known.
    pub labels: f64,
}

/// The result of [`adapt`].
#[derive(Debug, Clone, Serialize)]
pub struct Adapted {
    /// The adapter, fitted on all pages.
    #[serde(skip)]
    pub adapter: Adapter,
    /// What the base makes of each set, in the same order as `after`.
    pub before: Vec<SetFigures>,
    /// The same with an adapter fitted on what [`Seen`] says.
    pub after: Vec<SetFigures>,
    /// Where the adapter makes it worse: sets first, then pages by name.
    pub warnings: Vec<String>,
}

/// The clues of a block.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// First those that say nothing of the site.
    pub(super) all: Vec<Clue>,
    general: usize,
}

impl Found {
    /// The clues that say nothing of the site.
    pub(super) fn general(&self) -> &[Clue] {
        self.all.get(..self.general).unwrap_or_default()
    }

    pub(super) fn has_site(&self) -> bool {
        self.general < self.all.len()
    }
}

/// A labelled page with what the base says of it.
#[derive(Debug)]
pub(super) struct Item {
    set: String,
    id: String,
    domain: String,
    pub(super) page: Page,
    pub(super) measured: Measured,
    pub(super) basis: Basis,
    pub(super) targets: Vec<Target>,
    /// Clues of each block, those that take part.
    pub(super) clues: Vec<Found>,
    gold: String,
}

/// Fits an adapter on top of the models of `base`, on all examples of a dataset, and measures it out of fold. Pages that
/// the base gets right hold back what the others teach, so give the pages that must stay right beside the
/// corrected ones. An adapter that `base` has already is not looked at: the new one takes its place.
///
/// `progress` is told what is going on, and may break it off.
///
/// # Errors
/// [`Error::Data`] for pages that cannot be read or whose labels do not fit; [`Error::Settings`] when there is no page, or
/// `progress` has broken it off.
pub fn adapt(
    dataset: &Dataset,
    base: &Filter,
    options: Options,
    progress: &(dyn Fn(&str) -> ControlFlow<()> + Sync),
) -> Result<Adapted, Vec<Error>> {
    let run = Adaptation::load(dataset, base, options, progress)?;
    run.adapt().map_err(|error| vec![error])
}

/// Pages that were read, and judged by the base, once, to fit adapters on some of them and to judge others.
#[expect(missing_debug_implementations, reason = "it holds a closure")]
pub struct Adaptation<'a> {
    base: Filter,
    options: Options,
    progress: &'a (dyn Fn(&str) -> ControlFlow<()> + Sync),
    items: Vec<Item>,
}

/// What was made of a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PageFigures {
    /// Word F1 of the body, 0 to 1.
    pub word_f1: f64,
    /// Blocks of which it is known whether they are main content.
    pub blocks: usize,
    /// Those of them that were rightly kept or cut.
    pub right: usize,
    /// Blocks whose label is known.
    pub labelled: usize,
    /// Those of them that were given this label.
    pub labelled_right: usize,
}

impl<'a> Adaptation<'a> {
    /// Reads all examples of a dataset and asks the base about them. Arguments and errors are those of [`adapt`].
    pub fn load(
        dataset: &Dataset,
        base: &Filter,
        options: Options,
        progress: &'a (dyn Fn(&str) -> ControlFlow<()> + Sync),
    ) -> Result<Self, Vec<Error>> {
        if dataset.examples.is_empty() {
            let problem = "expected labelled pages to adapt to, found none: give a folder with pages/";
            return Err(vec![Error::Settings(problem.to_owned())]);
        }
        let base = base.clone().without_adapter();
        let mut run = Self { base, options, progress, items: Vec::new() };
        run.tell(&format!("reading {} pages", dataset.examples.len())).map_err(|error| vec![error])?;
        run.items = dataset.read(|_, example| Item::read(example, &run.base))?;
        let mut wrong = FxHashSet::default();
        run.items.iter().for_each(|item| item.wrong_tokens(&mut wrong));
        run.items.par_iter_mut().for_each(|item| item.keep_clues(&wrong));
        Ok(run)
    }

    fn tell(&self, text: &str) -> Result<(), Error> {
        match (self.progress)(text) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Settings("training was broken off".to_owned())),
        }
    }

    /// Fits on all pages and measures out of fold. Errors are those of [`adapt`].
    pub fn adapt(&self) -> Result<Adapted, Error> {
        self.tell("fitting on all pages")?;
        let adapter = self.adapter(|_| true)?;
        let all: Vec<usize> = (0..self.items.len()).collect();
        let before = self.judge(&self.base, &all);
        let seen = self.judge(&self.base.clone().with_adapter(adapter.clone())?, &all);
        let domains: Vec<&str> = self.items.iter().map(|item| item.domain.as_str()).collect();
        let Options { folds: count, seed, .. } = self.options;
        self.tell("folds of pages within their sites")?;
        let of_site = self.out_of_fold(&folds_within(&domains, count))?;
        self.tell("folds by registrable domain")?;
        let of_others = self.out_of_fold(&folds(&domains, count, seed))?;
        let mut found = Adapted { adapter, before: Vec::new(), after: Vec::new(), warnings: Vec::new() };
        for (seen, after) in Seen::ALL.into_iter().zip([seen, of_site, of_others]) {
            self.compare(seen, &before, &after, &mut found);
        }
        self.describe(&mut found.adapter, &found.after);
        Ok(found)
    }

    /// Fits on the examples whose index is wanted.
    ///
    /// # Errors
    /// [`Error::Settings`] when the base has no model of kinds.
    pub fn adapter(&self, wanted: impl Fn(usize) -> bool) -> Result<Adapter, Error> {
        let chosen: Vec<&Item> =
            self.items.iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, item)| item).collect();
        let corrections = corrections::fit(&chosen, &self.base, self.options.strength);
        let (blocks, kinds, _) = self.base.models();
        let kinds = kinds.ok_or_else(|| {
            Error::Settings("expected a base with a model of kinds, found one without".to_owned())
        })?;
        Adapter::new(blocks, kinds, corrections)
    }

    /// What adapters that did not see a page's fold make of it.
    fn out_of_fold(&self, folds: &[usize]) -> Result<Vec<PageFigures>, Error> {
        let of = |fold: usize| -> Result<Vec<(usize, PageFigures)>, Error> {
            let out: Vec<usize> = (0..self.items.len()).filter(|at| folds.get(*at) == Some(&fold)).collect();
            if out.is_empty() {
                return Ok(Vec::new());
            }
            self.tell(&format!("fold {} of {}", fold + 1, self.options.folds))?;
            let adapter = self.adapter(|at| folds.get(at) != Some(&fold))?;
            let filter = self.base.clone().with_adapter(adapter)?;
            let figures = self.judge(&filter, &out);
            Ok(out.into_iter().zip(figures).collect())
        };
        let found: Result<Vec<_>, Error> = (0..self.options.folds).into_par_iter().map(of).collect();
        let mut found: Vec<_> = found?.into_iter().flatten().collect();
        found.sort_by_key(|(at, _)| *at);
        Ok(found.into_iter().map(|(_, figures)| figures).collect())
    }

    /// What a filter makes of the examples of these indexes.
    pub fn judge(&self, filter: &Filter, which: &[usize]) -> Vec<PageFigures> {
        let items: Vec<&Item> = which.iter().filter_map(|at| self.items.get(*at)).collect();
        items.into_par_iter().map(|item| item.judge(filter)).collect()
    }

    /// Adds the figures of each set before and after, and what got worse.
    fn compare(&self, seen: Seen, before: &[PageFigures], after: &[PageFigures], found: &mut Adapted) {
        let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
        self.items.iter().for_each(|item| *pages.entry(item.domain.as_str()).or_default() += 1);
        let takes_part = |item: &Item| seen != Seen::Site || pages.get(item.domain.as_str()) > Some(&1);
        let mut sets: BTreeMap<&str, Vec<(&Item, PageFigures, PageFigures)>> = BTreeMap::new();
        let known = self.items.iter().zip(before).zip(after).filter(|((item, _), _)| takes_part(item));
        for ((item, before), after) in known {
            sets.entry(item.set.as_str()).or_default().push((item, *before, *after));
        }
        let mut of_pages = Vec::new();
        for (set, pages) in sets {
            let old = figures_of(set, seen, pages.iter().map(|(_, before, _)| before));
            let new = figures_of(set, seen, pages.iter().map(|(_, _, after)| after));
            found.warnings.extend(worse_set(&old, &new));
            of_pages.extend(worse_pages(set, seen, &pages));
            found.before.push(old);
            found.after.push(new);
        }
        found.warnings.extend(of_pages);
    }

    fn describe(&self, adapter: &mut Adapter, after: &[SetFigures]) {
        let mut digest = Digest::default();
        for item in &self.items {
            digest.add(&item.id, &item.page, item.targets.iter().map(|target| target.to_bytes()));
        }
        adapter.training.extend(notes([
            ("data", digest.note()),
            ("sets", counted(self.items.iter().map(|item| item.set.as_str()))),
            ("strength", self.options.strength.to_string()),
            ("folds", self.options.folds.to_string()),
        ]));
        adapter.metrics.extend(after.iter().map(|set| {
            let all = [
                ("pages", set.pages as f64),
                ("word_f1", set.word_f1),
                ("kept_or_cut", set.kept_or_cut),
                ("labels", set.labels),
            ];
            (format!("{}, {}", set.set, set.seen.as_str()), figures(all))
        }));
    }
}

/// A set is worse from this fall of a figure on, a page from this fall of its word F1 on.
const WORSE_SET: f64 = 0.002;
const WORSE_PAGE: f64 = 0.02;
/// Pages that are named for each set.
const NAMED: usize = 5;

fn worse_set(old: &SetFigures, new: &SetFigures) -> Option<String> {
    let figures = [
        ("word F1", old.word_f1, new.word_f1),
        ("blocks kept or cut", old.kept_or_cut, new.kept_or_cut),
        ("labels", old.labels, new.labels),
    ];
    let worse = figures.iter().filter(|(_, old, new)| old - new > WORSE_SET);
    let worse: Vec<String> = worse.map(|(name, old, new)| format!("{name} {old:.4} → {new:.4}")).collect();
    let (set, seen) = (&new.set, new.seen.as_str());
    (!worse.is_empty()).then(|| format!("set {set} is worse ({seen}): {}", worse.join(", ")))
}

fn worse_pages(set: &str, seen: Seen, pages: &[(&Item, PageFigures, PageFigures)]) -> Vec<String> {
    let fall = |(_, before, after): &(&Item, PageFigures, PageFigures)| before.word_f1 - after.word_f1;
    let mut worse: Vec<_> = pages.iter().filter(|page| fall(page) > WORSE_PAGE).collect();
    worse.sort_by(|a, b| fall(b).total_cmp(&fall(a)).then_with(|| a.0.id.cmp(&b.0.id)));
    let name = |(item, before, after): &(&Item, PageFigures, PageFigures)| {
        let (id, seen) = (&item.id, seen.as_str());
        format!("page {set}/{id} is worse ({seen}): word F1 {:.4} → {:.4}", before.word_f1, after.word_f1)
    };
    worse.into_iter().take(NAMED).map(name).collect()
}

fn figures_of<'p>(set: &str, seen: Seen, pages: impl Iterator<Item = &'p PageFigures>) -> SetFigures {
    let pages: Vec<&PageFigures> = pages.collect();
    let count = pages.len().max(1) as f64;
    let share = |right: usize, all: usize| if all == 0 { 1.0 } else { right as f64 / all as f64 };
    let sum = |of: &dyn Fn(&PageFigures) -> usize| pages.iter().map(|page| of(page)).sum::<usize>();
    SetFigures {
        set: set.to_owned(),
        seen,
        pages: pages.len(),
        blocks: sum(&|page| page.blocks),
        word_f1: pages.iter().map(|page| page.word_f1).sum::<f64>() / count,
        kept_or_cut: pages.iter().map(|page| share(page.right, page.blocks)).sum::<f64>() / count,
        labels: share(sum(&|page| page.labelled_right), sum(&|page| page.labelled)),
    }
}

impl Item {
    fn read(example: &Example, base: &Filter) -> Result<Self, Vec<Error>> {
        let (page, targets) = example.read()?;
        let mut measured = measure(&page);
        let basis = base.basis(&page, &mut measured);
        let is_body = |target: &Target| target.body.unwrap_or(0.0) >= 0.5;
        let body = page.blocks().zip(&targets).filter(|(_, target)| is_body(target));
        let body: Vec<&str> = body.map(|(block, _)| block.text()).collect();
        let gold = example.page.text.clone().unwrap_or_else(|| body.join("\n"));
        Ok(Self {
            set: example.set.clone(),
            id: example.page.id.clone(),
            domain: example.domain.clone(),
            page,
            measured,
            basis,
            targets,
            clues: Vec::new(),
            gold,
        })
    }

    /// Calls `with` for each block with its clues.
    pub(super) fn for_blocks(&self, mut with: impl FnMut(usize, &Found)) {
        if !self.clues.is_empty() {
            self.clues.iter().enumerate().for_each(|(index, clues)| with(index, clues));
            return;
        }
        let mut clues = Clues::of(&self.page, &self.measured);
        let mut found = Found::default();
        for (index, odds) in self.basis.odds.iter().enumerate() {
            found.general = clues.read(index, *odds, &mut found.all);
            with(index, &found);
        }
    }

    fn keep_clues(&mut self, tokens: &FxHashSet<u32>) {
        let mut kept = Vec::with_capacity(self.basis.odds.len());
        self.for_blocks(|_, found| {
            let takes_part = |clues: &[Clue]| -> Vec<Clue> {
                clues.iter().copied().filter(|(token, _)| tokens.contains(token)).collect()
            };
            let general = takes_part(found.general()).len();
            kept.push(Found { all: takes_part(&found.all), general });
        });
        self.clues = kept;
    }

    fn judge(&self, filter: &Filter) -> PageFigures {
        let report = filter.judge(&self.id, self.page.clone());
        let mut figures =
            PageFigures { word_f1: word_prf(&report.body(), &self.gold).f1, ..PageFigures::default() };
        for ((_, said), target) in report.blocks().zip(&self.targets) {
            if let Some(body) = target.body {
                figures.blocks += 1;
                figures.right += usize::from((body >= 0.5) == said.label.is_body());
            }
            if let Some(label) = target.label {
                figures.labelled += 1;
                figures.labelled_right += usize::from(label == said.label);
            }
        }
        figures
    }
}
