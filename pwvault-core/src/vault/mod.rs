//! The vault: [`VaultBuilder`] creates and opens it, [`Vault`] hands out sessions, and a
//! [`Session`] does what its capability traits say. Owns the way from request to record: gate,
//! envelope, store, with the audit event first. Holds no rule and no byte format of its own.

mod access;
mod addresses;
mod approvals;
mod bearer;
mod bindings;
mod builder;
mod categories;
mod connect;
mod consequences;
mod core;
mod cursor;
mod dashboard;
mod draft;
mod entries;
mod error;
mod exclusion;
mod gate;
mod generator;
mod head;
mod health;
mod history;
mod host_events;
mod kek_file;
mod keys;
mod links;
mod listing;
mod locks;
mod logs;
mod master;
mod membership;
mod messages;
mod names;
mod outbox;
mod pages;
mod people;
mod permit;
mod principals;
mod providers;
mod queue;
mod quota;
mod reminders;
mod reports;
mod requests;
mod review;
mod rights;
mod rotation;
mod scheduled;
mod sealed_for;
mod sealing;
mod secrets;
mod services;
mod session;
mod sharing;
mod standing;
mod subjects;
mod tags;
mod templates;
mod tickets;
#[cfg(feature = "csv")]
mod transfer;
mod translations;
mod unlock;
mod visibility;
mod words;

pub use access::{Access, RuleChange, SettingsAdmin};
pub use addresses::{Addresses, WebAddress};
pub use approvals::{Approval, ApprovalState, Approvals};
pub use builder::{Vault, VaultBuilder};
pub use categories::{Categories, CategoryDraft};
pub use connect::{Connect, HandedOver, ServerView, SignOnOptions};
pub use consequences::{Consequence, Consequences, HandOver, Tally};
pub use cursor::Cursor;
pub use dashboard::{ByOwner, Dashboard, DashboardCounts};
pub use entries::{Entries, EntryView};
pub use error::VaultError;
pub use generator::Generate;
pub use head::VaultHead;
pub use health::Health;
pub use host_events::HostEvents;
pub use kek_file::KekFile;
pub use keys::{
    DeleteKey, GeneratedKey, KeyCustody, KeyGeneration, KeyMaterial, KeyPatch, KeyRegistration, KeyUsage, KeyView,
    Keys, PrivateKeyPem,
};
pub use links::{LinkInfo, LinkOptions, LinkSecret, LinkView, Links};
pub use listing::{Count, EntryFilter, EntryPage, EntryQuery, EntrySort, Listing};
pub use logs::{CheckpointRun, LogExport, LogFilter, LogFormat, Logs, PruneReport};
pub use master::{
    ChangeMaster, MasterPassword, MasterSet, MasterStatus, RecoverMaster, RecoverWith, Recovery, SetMaster,
};
pub use names::{Named, Names};
pub use outbox::{ClaimedMessage, DeadLetter, Outbox, OutboxStatus};
pub use pages::EntryPages;
pub use people::{
    Acceptance, AdminInvite, FactorSetup, Invitation, InvitePage, InviteView, Invites, OwnSignIn, People, PeoplePage,
    PeopleQuery, PersonDraft, PersonPatch, ResetLink, SignIn, SignInStep, SignedIn, SubUserInvite, SubUserPage,
    SubUserPut, SubUserView, SubUsers, UnitDraft, Units,
};
pub use permit::Permit;
pub use principals::Principals;
pub use providers::{Connectors, KekCallback, KekRing, Pages, Providers};
pub use reminders::{ReminderView, Reminders};
pub use reports::{
    HeldKey, KnownSecret, LeaverReport, NobodyElse, OwnedEntry, Reports, ShownService, SoleGrant, UsedEntry,
};
pub use requests::{CredentialQuestion, CredentialRequestDraft, CredentialRequestView, RequestSecret, Requests};
pub use review::{
    AccessChange, AccessPreview, AccessReview, ActionChange, ActionCount, PersonChange, PersonWhoCan, ReachPage,
    ReachedEntry, SharingPreview, WhatCan, WhoCan,
};
pub use rights::{Ability, OpenToMe, Rights};
pub use rotation::{RecordCount, ResealProgress, Rotation, RotationStatus, VaultKey};
pub use scheduled::{DueReport, JobReport, Scheduled};
pub use sealed_for::{SealedField, SealedFor};
pub use secrets::{PastSecretView, SecretPart, Secrets};
pub use services::ServiceEntries;
pub use session::Session;
pub use sharing::Sharing;
pub use subjects::{SubjectExport, Subjects};
pub use tags::Tags;
pub use templates::Templates;
pub use tickets::UnlockTicket;
#[cfg(feature = "csv")]
pub use transfer::{Duplicates, ImportOptions, ImportReport, RowPlan, RowReport, Selection, Transfer};
pub use translations::{DecisionWords, Translations};
pub use unlock::{Challenge, Needed, UnlockAnswer, Unlocking};
pub use visibility::{Visibility, VisibilityChange, VisibleTo};

/// Every capability trait at once: `use pwvault_core::vault::prelude::*`.
pub mod prelude {
    #[cfg(feature = "csv")]
    pub use super::Transfer;
    pub use super::{
        Access, AccessReview, Addresses, Approvals, Categories, Connect, Dashboard, Entries, Generate, HostEvents,
        Invites, Keys, Links, Listing, Logs, MasterPassword, Names, Outbox, OwnSignIn, People, Principals, Reminders,
        Reports, Requests, Rights, Rotation, Scheduled, Secrets, ServiceEntries, SettingsAdmin, Sharing, SubUsers,
        Subjects, Tags, Templates, Translations, Units, Unlocking, Visibility,
    };
}
