//! In which order to look at pages.

use super::profile::Profile;
use super::queue::Queued;

/// An order of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Order {
    /// The most uncertain page first.
    #[default]
    Uncertain,
    /// The page that is most different from all that is labelled or stands before it first.
    Different,
    /// As the rows stand in the file.
    File,
}

impl Order {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uncertain => "uncertain",
            Self::Different => "different",
            Self::File => "order",
        }
    }

    /// The order of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Uncertain, Self::Different, Self::File].into_iter().find(|order| order.as_str() == name)
    }
}

/// Pages that are chosen one after another as the farthest from all before them; the rest follow by their distance to what
/// was labelled. More than these nobody labels before the models are trained anew.
pub const FARTHEST: usize = 200;

/// Places of pages in an order. Pages that are labelled already stand behind the others, but in the file's order.
pub(super) fn ranked(pages: &[Queued], order: Order) -> Vec<usize> {
    let values: Vec<f32> = match order {
        Order::File => return (0..pages.len()).collect(),
        Order::Uncertain => pages.iter().map(|page| page.uncertainty).collect(),
        Order::Different => by_distance(pages),
    };
    let key =
        |at: usize| (pages.get(at).is_some_and(|page| page.labelled), values.get(at).copied().unwrap_or(0.0));
    let mut places: Vec<usize> = (0..pages.len()).collect();
    places.sort_by(|a, b| {
        let ((a_known, a_value), (b_known, b_value)) = (key(*a), key(*b));
        a_known.cmp(&b_known).then(b_value.total_cmp(&a_value)).then(a.cmp(b))
    });
    places
}

/// Distances to what is labelled; those of the chosen pages are raised over all others, the first the most.
fn by_distance(pages: &[Queued]) -> Vec<f32> {
    let mut values: Vec<f32> = pages.iter().map(|page| page.difference).collect();
    for (rank, at) in farthest_first(pages).into_iter().enumerate() {
        if let Some(value) = values.get_mut(at) {
            *value = 2.0 + (FARTHEST - rank) as f32;
        }
    }
    values
}

/// Farthest-first traversal (Gonzalez 1985; as a core-set for active learning Sener and Savarese 2018): each next page is
/// the one whose nearest labelled or chosen page is farthest away. Ties go to the earlier row.
fn farthest_first(pages: &[Queued]) -> Vec<usize> {
    let mut nearest: Vec<f32> =
        pages.iter().map(|page| if page.labelled { -1.0 } else { page.difference }).collect();
    let mut chosen = Vec::new();
    while chosen.len() < FARTHEST {
        let mut best: Option<(usize, f32)> = None;
        for (at, distance) in nearest.iter().enumerate() {
            if *distance >= 0.0 && best.is_none_or(|(_, most)| *distance > most) {
                best = Some((at, *distance));
            }
        }
        let Some((at, page)) = best.and_then(|(at, _)| Some((at, pages.get(at)?))) else { break };
        chosen.push(at);
        for (nearest, other) in nearest.iter_mut().zip(pages) {
            *nearest = nearest.min(page.profile.difference(&other.profile));
        }
        if let Some(own) = nearest.get_mut(at) {
            *own = -1.0;
        }
    }
    chosen
}

/// The distance of a page to the nearest of what is labelled; 1 when nothing is.
pub(super) fn distance(profile: &Profile, labelled: &[Profile]) -> f32 {
    labelled.iter().map(|known| profile.difference(known)).fold(1.0, f32::min)
}
