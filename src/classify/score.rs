//! The sparse models' scores of a page's blocks.

#![expect(clippy::indexing_slicing, reason = "tables are as long as the page's elements, ids come from it")]

use crate::features::{BlockScores, Distance, Measured, Sparse, for_inline};
use crate::model::SparseModel;
use crate::page::{ElementId, Page};
use rustc_hash::FxHashMap;

/// Sums of an element's tokens at each distance, for the model of the markup and for that of both.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    own: [f32; 2],
    near: [f32; 2],
    any: [f32; 2],
    inline: [f32; 2],
}

/// The sums over an element and all above it.
#[derive(Debug, Clone, Copy, Default)]
struct Above {
    known: bool,
    sums: Sums,
    any: [f32; 2],
}

/// Scores every block. A score is the sum of weights over the block's bags, so what elements share is added
/// once for each element.
pub(crate) fn score_blocks(page: &Page, measured: &Measured, model: &SparseModel) -> Vec<BlockScores> {
    let mut scorer = Scorer {
        page,
        sparse: measured.sparse(),
        model,
        seen: FxHashMap::default(),
        above: vec![Above::default(); page.elements.len()],
    };
    (0..measured.blocks()).map(|index| scorer.block(index)).collect()
}

struct Scorer<'a> {
    page: &'a Page,
    sparse: &'a Sparse,
    model: &'a SparseModel,
    /// Sums by the address of an element's tokens: equal elements share them.
    seen: FxHashMap<usize, Sums>,
    above: Vec<Above>,
}

impl Scorer<'_> {
    fn block(&mut self, index: usize) -> BlockScores {
        let element = self.page.blocks[index].element;
        let markup = self.markup(index, element);
        let (mut text, mut both) = (0.0, 0.0);
        for token in self.sparse.block_text(index) {
            text += self.model.weights.text.of(*token);
            both += self.model.weights.both_text.of(*token);
        }
        let bias = self.model.biases;
        BlockScores {
            attr: bias.attr + markup[0],
            text: bias.text + text,
            both: bias.both + markup[1] + both,
        }
    }

    fn markup(&mut self, index: usize, element: ElementId) -> [f32; 2] {
        let own = self.at(element);
        let mut sum = add(own.any, own.sums.own);
        let mut at = element;
        for _ in 0..2 {
            let parent = self.page.elements[at.0 as usize].parent;
            if parent == at {
                break;
            }
            sum = add(sum, self.at(parent).sums.near);
            at = parent;
        }
        for_inline(self.page, index, |id| sum = add(sum, self.element(id).inline));
        sum
    }

    /// The sums of an element and of all above it; a chain is walked once.
    fn at(&mut self, id: ElementId) -> Above {
        if self.above[id.0 as usize].known {
            return self.above[id.0 as usize];
        }
        let mut chain = Vec::new();
        let mut at = id;
        while !self.above[at.0 as usize].known {
            chain.push(at);
            let parent = self.page.elements[at.0 as usize].parent;
            if parent == at {
                break;
            }
            at = parent;
        }
        for id in chain.into_iter().rev() {
            let parent = self.page.elements[id.0 as usize].parent;
            let from = if parent == id { [0.0; 2] } else { self.above[parent.0 as usize].any };
            let sums = self.element(id);
            self.above[id.0 as usize] = Above { known: true, sums, any: add(from, sums.any) };
        }
        self.above[id.0 as usize]
    }

    fn element(&mut self, id: ElementId) -> Sums {
        let tokens = self.sparse.element(id);
        let weights = &self.model.weights;
        *self.seen.entry(tokens.as_ptr() as usize).or_insert_with(|| {
            let sum = |distance| {
                tokens.iter().fold([0.0; 2], |sum, token| {
                    let hash = Sparse::at_distance(*token, distance);
                    add(sum, [weights.attr.of(hash), weights.both_attr.of(hash)])
                })
            };
            Sums {
                own: sum(Distance::Own),
                near: sum(Distance::Near),
                any: sum(Distance::Any),
                inline: sum(Distance::Inline),
            }
        })
    }
}

fn add(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] + b[0], a[1] + b[1]]
}
