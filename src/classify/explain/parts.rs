//! Parts of a sum of log-odds, by what they come from.

use rustc_hash::FxHashMap;

/// What a part comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A column of the trees.
    Column(usize),
    /// A token: its place in [`Names`].
    Token(u32),
    /// A gram: its place in [`Names`].
    Gram(u32),
    /// A number of the model of kinds.
    Context(usize),
    /// The rule that hits the block.
    Rule,
    /// What the block's words say, all together.
    Words,
    /// What the blocks around it say, in their order.
    Order,
}

/// Parts of one sum, each of another thing.
pub(super) type Parts = Vec<(Key, f32)>;

/// Names of tokens, each once.
#[derive(Debug, Default)]
pub(super) struct Names {
    places: FxHashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub(super) fn place(&mut self, name: String) -> u32 {
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.names.push(name.clone());
        self.places.insert(name, place);
        place
    }

    pub(super) fn name(&self, place: u32) -> &str {
        self.names.get(place as usize).map_or("?", String::as_str)
    }
}

/// Shares the part of a sum among the members of the sum, in proportion to their weights; those that pull against the
/// part get nothing, since a share of more than the whole says nothing. False where no member pulls its way.
pub(super) fn share(whole: f32, members: &FxHashMap<Key, f32>, parts: &mut FxHashMap<Key, f32>) -> bool {
    let helps = |weight: f32| weight * whole > 0.0;
    let mut with: Vec<(Key, f32)> =
        members.iter().map(|(key, weight)| (*key, *weight)).filter(|(_, weight)| helps(*weight)).collect();
    // Sums of floating point numbers depend on the order, and that of a map is no order.
    with.sort_by_key(|(key, _)| *key);
    let all: f32 = with.iter().map(|(_, weight)| weight).sum();
    for (key, weight) in &with {
        *parts.entry(*key).or_default() += whole * (weight / all);
    }
    !with.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_shared_among_those_that_pull_its_way() {
        let members =
            FxHashMap::from_iter([(Key::Token(0), 1.0), (Key::Token(1), 3.0), (Key::Token(2), -9.0)]);
        let mut parts = FxHashMap::default();
        assert!(share(2.0, &members, &mut parts));
        assert_eq!(parts.get(&Key::Token(1)), Some(&1.5));
        assert_eq!((parts.len(), parts.values().sum::<f32>()), (2, 2.0));
        let against = FxHashMap::from_iter([(Key::Token(0), -1.0)]);
        assert!(!share(2.0, &against, &mut parts) && parts.len() == 2);
    }

    #[test]
    fn a_name_has_one_place() {
        let mut names = Names::default();
        assert_eq!([names.place("a".into()), names.place("b".into()), names.place("a".into())], [0, 1, 0]);
        assert_eq!(names.name(1), "b");
    }
}
