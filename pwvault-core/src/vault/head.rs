//! The head of a vault: how new it is, as a host keeps it outside the database.

use std::fmt;
use std::str::FromStr;

use super::error::VaultError;
use crate::audit::{Digest, ShardHead};
use crate::id::VaultId;

/// The freshness of a vault, to be kept outside its database. Its text, one line without secrets,
/// is for a file or a configuration table; parsing gives the head back.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use pwvault_core::{store::MemoryStore, vault::VaultHead, *};
/// # let store = Arc::new(MemoryStore::new());
/// # let id = VaultId::from_bytes([1; 16]);
/// # let builder = VaultBuilder::new(KekRing::single(KekId([7; 16]), SecretBytes::new(vec![1; 32])));
/// let vault = builder.clone().create(store.clone(), id, RoleId::new("full")?)?;
/// let kept = vault.head()?.to_string();
///
/// // At the next start:
/// let head: VaultHead = kept.parse()?;
/// assert!(builder.clone().open_at_least(store.clone(), id, &head).is_ok());
///
/// // A copy from before the head was kept is refused:
/// let newer = VaultHead { policy_revision: head.policy_revision + 1, ..head };
/// let refused = builder.open_at_least(store, id, &newer);
/// assert!(matches!(refused, Err(VaultError::RolledBack { .. })));
/// # Ok::<(), VaultError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultHead {
    /// The vault.
    pub vault: VaultId,
    /// The keyring's epoch.
    pub keyring_epoch: u64,
    /// The digest of the keyring's record.
    pub keyring_digest: Digest,
    /// The policy's revision.
    pub policy_revision: u64,
    /// The digest of the policy's record.
    pub policy_digest: Digest,
    /// Size and root of each audit shard.
    pub shards: Vec<ShardHead>,
}

crate::document::text_form!(VaultHead, "the head of a vault as it was kept");

impl fmt::Display for VaultHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vault, keyring_epoch, keyring_digest, policy_revision, policy_digest, shards } = self;
        write!(f, "{TAG} {vault} {keyring_epoch}:{} {policy_revision}:{}", Hex(keyring_digest), Hex(policy_digest))?;
        shards.iter().try_for_each(|ShardHead { shard, size, root }| write!(f, " {shard}:{size}:{}", Hex(root)))
    }
}

impl FromStr for VaultHead {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        parsed(text).ok_or_else(|| {
            VaultError::invalid("head", format!("it is not the text of a head, which begins with `{TAG}`"))
        })
    }
}

fn parsed(text: &str) -> Option<VaultHead> {
    let mut words = text.split_ascii_whitespace();
    if words.next()? != TAG {
        return None;
    }
    let vault = words.next()?.parse().ok()?;
    let (keyring_epoch, keyring_digest) = version(words.next()?)?;
    let (policy_revision, policy_digest) = version(words.next()?)?;
    let shards: Vec<_> = words.map(shard_head).collect::<Option<_>>()?;
    // A head without its shards would vouch for no log at all.
    let head = VaultHead { vault, keyring_epoch, keyring_digest, policy_revision, policy_digest, shards };
    (!head.shards.is_empty()).then_some(head)
}

fn version(word: &str) -> Option<(u64, Digest)> {
    let (number, digest) = word.split_once(':')?;
    Some((number.parse().ok()?, bytes(digest)?))
}

fn shard_head(word: &str) -> Option<ShardHead> {
    let mut parts = word.split(':');
    let (shard, size, root) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some(ShardHead { shard: shard.parse().ok()?, size: size.parse().ok()?, root: bytes(root)? })
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if hex.len() != 2 * N || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

const TAG: &str = "pwvault-head-1";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_text_gives_its_head_back_and_nothing_else_does() {
        let shard = |shard, size| ShardHead { shard, size, root: std::array::from_fn(|at| at as u8 * 7) };
        let head = VaultHead {
            vault: VaultId::from_bytes([9; 16]),
            keyring_epoch: 3,
            keyring_digest: [0xab; 16],
            policy_revision: u64::MAX,
            policy_digest: std::array::from_fn(|at| at as u8),
            shards: vec![shard(0, 17), shard(1, 0)],
        };
        let text = head.to_string();
        assert_eq!(format!("{text}\n").parse::<VaultHead>().unwrap(), head);

        let (short, _) = text.rsplit_once(' ').unwrap();
        let (none, _) = short.rsplit_once(' ').unwrap();
        let cut = &text[..text.len() - 1];
        let bad = [
            "",
            "pwvault-head-2 x",
            none,
            cut,
            &text.replace("0:17", "0"),
            &text.replacen(' ', " - ", 1),
            &text.replace("ab ", " "),
        ];
        for bad in bad {
            assert!(matches!(bad.parse::<VaultHead>(), Err(VaultError::Invalid { field: "head", .. })), "{bad}");
        }
    }
}
