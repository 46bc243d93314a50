//! The Merkle tree of RFC 6962 over leaf hashes, kept as a compact range: the roots of its whole
//! subtrees, which is all an append needs. Knows no store and no keys.

use crate::crypto;

/// A SHA-256 hash of a leaf or node.
pub type Hash = [u8; 32];

/// The hash of an event's leaf: `SHA-256(0x00 || shard u32 || sequence u64 || envelope)`.
#[must_use]
pub fn leaf_hash(shard: u32, sequence: u64, envelope: &[u8]) -> Hash {
    crypto::sha256(&[&[LEAF], &shard.to_be_bytes(), &sequence.to_be_bytes(), envelope])
}

/// The roots of a tree's whole subtrees, the largest first: at most 64 hashes, however long the
/// log is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompactRange {
    size: u64,
    nodes: Vec<Hash>,
}

impl CompactRange {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, nodes: Vec::new() }
    }

    /// A tree of `size` leaves from its subtree roots; `None` when they are not one for each bit
    /// set in `size`.
    #[must_use]
    pub fn from_nodes(size: u64, nodes: Vec<Hash>) -> Option<Self> {
        (nodes.len() == nodes_of(size)).then_some(Self { size, nodes })
    }

    /// Adds a leaf. Costs one hash on average, 64 at most.
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.nodes.pop() else { break };
            node = node_hash(&left, &node);
        }
        self.nodes.push(node);
        self.size = self.size.saturating_add(1);
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The subtree roots, the largest subtree first.
    #[must_use]
    pub fn nodes(&self) -> &[Hash] {
        &self.nodes
    }

    /// The root of the tree; of the empty tree, the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let joined = self.nodes.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(|| crypto::sha256(&[]))
    }
}

/// How many subtree roots a tree of `size` leaves has.
#[must_use]
pub(super) const fn nodes_of(size: u64) -> usize {
    size.count_ones() as usize
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    crypto::sha256(&[&[NODE], left, right])
}

const LEAF: u8 = 0;
const NODE: u8 = 1;

#[cfg(test)]
mod tests;
