//! What is told of consequences, before and after.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::id::{EntryId, KeyId};
use crate::vault::unlock::Challenge;

/// Something that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Consequence {
    /// An entry goes to the trash.
    EntryTrashed,
    /// An entry gets another owner.
    EntryRehomed,
    /// An entry is destroyed with its past secrets.
    EntryErased,
    /// Nobody can open an entry of someone else any more.
    SecretLost,
    /// An entry stays with its owner, since someone has to hand it over.
    EntryKept,
    /// An entry is taken off its service.
    ServiceLeft,
    /// A grant ends.
    GrantEnded,
    /// A grant is another client's.
    GrantRehomed,
    /// An entry is taken out of its category.
    CategoryLeft,
    /// A reminder of an entry is not sent any more.
    ReminderEnded,
    /// A role is taken off those who may sign in to a server.
    ServerRuleChanged,
    /// An encryption key is destroyed.
    KeyErased,
    /// A master password is destroyed.
    MasterPasswordErased,
    /// An encryption key gets another owner.
    KeyRehomed,
    /// An encryption key stays with its owner, who alone can open it.
    KeyKept,
    /// A right to attach an encryption key ends.
    AttachRightEnded,
    /// A right to attach an encryption key is another client's.
    AttachRightRehomed,
    /// A category is deleted.
    CategoryErased,
    /// A category gets another owner.
    CategoryRehomed,
    /// A membership in a category ends.
    MemberRemoved,
    /// A membership in a category is another client's.
    MemberRehomed,
    /// A contact of the mirror is removed.
    ContactRemoved,
    /// A person of the directory is deleted.
    PersonErased,
    /// A person of the directory cannot sign in any more.
    SignInEnded,
    /// A user does not act for an account any more.
    SubUserRemoved,
    /// A user acts for another account.
    SubUserRehomed,
    /// A person of the directory loses a role.
    RoleTaken,
    /// An invitation is taken back.
    InviteCancelled,
    /// An invitation is deleted, whatever became of it.
    InviteErased,
    /// A link that hands over a secret ends.
    LinkEnded,
    /// A request for credentials ends.
    RequestEnded,
    /// A message is not sent any more.
    MessageRemoved,
    /// A request for approval is removed.
    ApprovalRemoved,
    /// An unlock ticket or permit ends.
    TicketEnded,
    /// A rule of the access control is changed.
    RuleChanged,
    /// A list in the settings is changed.
    SettingChanged,
    /// A ticket or service is over: nothing can be bound to it any more.
    BindingEnded,
    /// A ticket is open again.
    BindingReopened,
}

/// How much of one consequence there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// The entries concerned that the caller may view, each once.
    pub visible: Vec<EntryId>,
}

/// Something for which a person is needed. Only what the caller may know of is named; the tallies of
/// [`Consequence::EntryKept`] and [`Consequence::KeyKept`] count the rest too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandOver {
    /// An entry is locked, and the vault cannot give it to anyone: call again with one of these
    /// unlocked.
    Locked {
        /// The entry.
        entry: EntryId,
        /// What would open it.
        needs: Vec<Challenge>,
    },
    /// A private entry, which is handed over by no one but its owner.
    Private {
        /// The entry.
        entry: EntryId,
    },
    /// Both clients were granted the entry on terms that cannot be had together. The grant of the
    /// client that stays counts.
    GrantsDiffer {
        /// The entry.
        entry: EntryId,
    },
    /// A key that only its holder can open: call again with it unlocked.
    Key {
        /// The key.
        key: KeyId,
    },
    /// Without whom they name, the rules would leave nobody who may change them, so they stay.
    Rules,
}

/// What follows from something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consequences {
    /// What, and how much of it. What does not follow is not in it.
    pub tallies: BTreeMap<Consequence, Tally>,
    /// For what a person is needed.
    pub hand_overs: Vec<HandOver>,
    /// Whether that is all. Else the scheduled work does the rest.
    pub finished: bool,
}

impl Consequences {
    /// How much there is of one consequence.
    #[must_use]
    pub fn count(&self, what: Consequence) -> u64 {
        self.tallies.get(&what).map_or(0, |tally| tally.count)
    }

    /// The entries of one consequence that the caller may view.
    #[must_use]
    pub fn entries(&self, what: Consequence) -> &[EntryId] {
        self.tallies.get(&what).map_or(&[], |tally| &tally.visible)
    }

    pub(super) fn add(&mut self, what: Consequence, count: usize, visible: Option<EntryId>) {
        if count > 0 {
            let tally = self.tallies.entry(what).or_default();
            tally.count += u64::try_from(count).unwrap_or(u64::MAX);
            tally.visible.extend(visible);
        }
    }

    pub(in crate::vault) fn merge(&mut self, other: Self) {
        let Self { tallies, hand_overs, finished } = other;
        for (what, Tally { count, visible }) in tallies {
            let tally = self.tallies.entry(what).or_default();
            tally.count += count;
            tally.visible.extend(visible);
        }
        self.hand_overs.extend(hand_overs);
        self.finished = finished;
    }
}
