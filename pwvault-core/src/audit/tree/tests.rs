#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

/// RFC 6962, section 2.1, as it is written: split at the largest power of two below the size.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            let mut hash = Sha256::new();
            hash.update([1]);
            hash.update(naive_root(&leaves[..split]));
            hash.update(naive_root(&leaves[split..]));
            hash.finalize().into()
        }
    }
}

fn hex(hash: Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The tree of the Certificate Transparency test data: inputs and the root at each size.
#[test]
fn known_roots() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut range = CompactRange::new();
    assert_eq!(hex(range.root()), roots[0]);
    for (input, root) in inputs.into_iter().zip(&roots[1..]) {
        range.append(crypto::sha256(&[&[LEAF], input]));
        assert_eq!(&hex(range.root()), root);
    }
}

#[test]
fn leaves_and_nodes_never_mix() {
    let (left, right) = ([1; 32], [2; 32]);
    let mut range = CompactRange::new();
    range.append(left);
    range.append(right);
    let concatenated = [left, right].concat();
    assert_ne!(range.root(), crypto::sha256(&[&[LEAF], &concatenated]));
    assert_ne!(leaf_hash(0, 1, b"x"), leaf_hash(1, 0, b"x"));
}

#[test]
fn nodes_must_fit_the_size() {
    assert!(CompactRange::from_nodes(0, vec![]).is_some());
    assert!(CompactRange::from_nodes(3, vec![[0; 32]; 2]).is_some());
    assert!(CompactRange::from_nodes(4, vec![[0; 32]; 2]).is_none());
    assert!(CompactRange::from_nodes(1, vec![]).is_none());
}

proptest! {
    #[test]
    fn equals_the_naive_tree(leaves in prop::collection::vec(any::<Hash>(), 0..200)) {
        let mut range = CompactRange::new();
        for (at, leaf) in leaves.iter().enumerate() {
            prop_assert_eq!(range.root(), naive_root(&leaves[..at]));
            let again = CompactRange::from_nodes(range.size(), range.nodes().to_vec());
            prop_assert_eq!(Some(&range), again.as_ref());
            range.append(*leaf);
        }
        prop_assert_eq!(range.size(), leaves.len() as u64);
        prop_assert_eq!(range.root(), naive_root(&leaves));
    }
}
