//! Deterministic limits on one page's work.

/// A limit that cut a page. What stands before the cut is kept and judged; the report names the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// More bytes than [`Limits::bytes`]; the rest was not read.
    Bytes,
    /// More elements than [`Limits::elements`]; the rest was not read.
    Elements,
    /// Deeper nesting than [`Limits::depth`]; deeper elements were taken for children of the deepest one.
    Depth,
    /// More blocks than [`Limits::blocks`]; the rest was not read.
    Blocks,
}

impl Limit {
    /// The limit's stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Elements => "elements",
            Self::Depth => "depth",
            Self::Blocks => "blocks",
        }
    }
}

/// How much of one page is looked at. The largest page of the WCXB development set has 7 MB, 33 thousand
/// elements and 21 thousand blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    bytes: usize,
    elements: usize,
    depth: usize,
    blocks: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, elements: 400_000, depth: 512, blocks: 100_000 }
    }
}

impl Limits {
    /// Bytes of a document that are decoded (default 16 MiB, at most 1 GiB).
    pub fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes.min(1 << 30);
        self
    }

    /// Elements that are opened (default 400 000).
    pub fn with_elements(mut self, elements: usize) -> Self {
        self.elements = elements;
        self
    }

    /// Depth of open elements (default 512: html5ever's tree builder is quadratic in it).
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth.max(16);
        self
    }

    /// Blocks that are made (default 100 000).
    pub fn with_blocks(mut self, blocks: usize) -> Self {
        self.blocks = blocks;
        self
    }

    /// Bytes of a document that are decoded.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Elements that are opened.
    pub fn elements(&self) -> usize {
        self.elements
    }

    /// Depth of open elements.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Blocks that are made.
    pub fn blocks(&self) -> usize {
        self.blocks
    }
}
