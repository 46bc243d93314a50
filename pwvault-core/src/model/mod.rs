//! The model: plain data and the traits a host answers. Owns the words of the domain; knows no
//! cryptography, no storage and no rules.
//!
//! What is `Serialize` here is stored by its field order and enum order (`spec/format.md`), so a
//! field or variant is only ever appended, and only together with a new format version.

mod access;
mod address;
mod category;
mod directory;
mod display;
mod entry;
mod event;
mod grant;
mod host_event;
mod key;
mod key_provider;
pub mod limits;
mod link;
mod message;
mod messages;
mod notice;
mod panel_keys;
mod people;
mod permit;
mod policy;
mod principal;
mod reminder;
mod request;
mod service;
mod standing;

pub use access::{Rule, RuleDraft, Section};
pub use address::{AddressError, check_address};
pub use category::{Assignment, CategoryHead, CategoryOwner, TagHead};
pub use directory::{Contact, Directory, DirectoryError, Subject};
pub(crate) use display::{word, words};
pub use entry::{
    EntryDraft, EntryHead, EntryKind, EntryPatch, FieldDraft, FieldHead, FieldValue, LockRef, Owner, PastSecretHead,
    Recipient, Secret, SecretField, SecretState, Tier, Trashed,
};
pub use event::{Change, Event, EventKind, Outcome};
pub use grant::{Action, Actions, Binding, Grant, GrantTerms, Grantee, Obligations};
pub use host_event::HostEvent;
pub use key::{
    Fingerprint, KdfParams, KeyConfiguration, KeyHead, KeyOwner, KeySuite, MasterHead, MasterState, TicketHead,
};
pub use key_provider::{Kek, KekId, KeyProvider, KeyProviderError};
pub use link::{Ended, LINK_FAILURES_MAX, LinkContents, LinkHead, LinkParts, LinkedField};
pub use message::{Arg, Argument, Message, Phrase};
pub(crate) use message::{messages, said_form};
pub use notice::{
    Addressee, Audience, Claim, DeliveryError, MessageHead, MessageState, Notice, NoticeKind, Notifier, OutboxMessage,
    Rendered,
};
pub use panel_keys::UnknownPermission;
pub use people::{
    InviteHead, InviteOffer, InviteState, MailTopic, MailTopics, Membership, NameHead, PersonHead, PersonId,
    PersonKind, Realm, SignInState, UnitHead, UnitId, UnitKind,
};
pub use permit::{PermitHead, PermitPurpose, SignOnPermit};
pub use policy::{AccessMode, Display, GeneratorPolicy, LoginRules, Policy, Retention, Settings, StaffList};
pub use principal::{Permission, Permissions, Person, Principal, PrincipalKind, RequestContext, Surface, TicketScope};
pub use reminder::{Choice, EntryReminder, Expiry, Period, PeriodUnit, ReminderDefaults};
pub use request::{AnswerKey, CredentialRequestHead, Given, Wanted, WantedPart};
pub use service::{ServerAccess, ServerRule, ServiceLink, ServicePart, ServiceRef, Services, ServicesError};
pub use standing::Standing;
