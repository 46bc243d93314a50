//! What the model says: the names of its words, and its errors.

use super::access::Section;
use super::address::AddressError;
use super::category::CategoryOwner;
use super::directory::{DirectoryError, Subject};
use super::entry::{EntryKind, Owner, Tier};
use super::event::{EventKind, Outcome};
use super::grant::{Action, Binding, Grantee};
use super::host_event::HostEvent;
use super::key::{KeyConfiguration, KeyOwner, KeySuite, MasterState};
use super::key_provider::KeyProviderError;
use super::link::Ended;
use super::message::{Arg, messages};
use super::notice::{Audience, DeliveryError, MessageState, NoticeKind};
use super::panel_keys::UnknownPermission;
use super::people::{MailTopic, PersonId, PersonKind, Realm, UnitKind};
use super::principal::{Permission, Person, Surface};
use super::reminder::{Period, PeriodUnit};
use super::request::WantedPart;
use super::service::{ServicePart, ServicesError};
use crate::id::{IdError, RecordKind};

messages! { Action {
    Self::View => "action-view",
    Self::Reveal => "action-reveal",
    Self::Use => "action-use",
    Self::Edit => "action-edit",
    Self::Delete => "action-delete",
    Self::Share => "action-share",
} }

messages! { Permission {
    Self::View => "permission-view",
    Self::Reveal => "permission-reveal",
    Self::Use => "permission-use",
    Self::Create => "permission-create",
    Self::Edit => "permission-edit",
    Self::Delete => "permission-delete",
    Self::Share => "permission-share",
    Self::Transfer => "permission-transfer",
    Self::Keys => "permission-keys",
    Self::ManageUsers => "permission-manage-users",
    Self::Profile => "permission-profile",
    Self::Contacts => "permission-contacts",
    Self::Products => "permission-products",
    Self::ManageProducts => "permission-manage-products",
    Self::ProductSso => "permission-product-sso",
    Self::Domains => "permission-domains",
    Self::ManageDomains => "permission-manage-domains",
    Self::Invoices => "permission-invoices",
    Self::Quotes => "permission-quotes",
    Self::Tickets => "permission-tickets",
    Self::Affiliates => "permission-affiliates",
    Self::Emails => "permission-emails",
    Self::Orders => "permission-orders",
} }

messages! { Section {
    Self::Entries => "section-entries",
    Self::EntriesForClients => "section-entries-for-clients",
    Self::EntriesImport => "section-entries-import",
    Self::EntriesExport => "section-entries-export",
    Self::Keys => "section-keys",
    Self::KeysManage => "section-keys-manage",
    Self::Access => "section-access",
    Self::AccessExplain => "section-access-explain",
    Self::Logs => "section-logs",
    Self::LogsExport => "section-logs-export",
    Self::LogsVerify => "section-logs-verify",
    Self::Settings => "section-settings",
    Self::Rotation => "section-rotation",
    Self::Principals => "section-principals",
    Self::Categories => "section-categories",
    Self::Tags => "section-tags",
    Self::Templates => "section-templates",
    Self::Outbox => "section-outbox",
    Self::Translations => "section-translations",
    Self::Connect => "section-connect",
    Self::ConnectConfigure => "section-connect-configure",
    Self::Requests => "section-requests",
    Self::Approvals => "section-approvals",
    Self::Directory => "section-directory",
    Self::LogsPrune => "section-logs-prune",
    Self::Subjects => "section-subjects",
    Self::HostEvents => "section-host-events",
    Self::Dashboard => "section-dashboard",
    Self::Tickets => "section-tickets",
    Self::Reports => "section-reports",
    Self::Scheduled => "section-scheduled",
} }

messages! { Surface {
    Self::Api => "surface-api",
    Self::AdminArea => "surface-admin-area",
    Self::ClientArea => "surface-client-area",
    Self::Summary => "surface-summary",
    Self::Ticket => "surface-ticket",
    Self::Cron => "surface-cron",
} }

messages! { EventKind {
    Self::VaultCreated => "event-vault-created",
    Self::EntryCreated => "event-entry-created",
    Self::EntryUpdated => "event-entry-updated",
    Self::SecretChanged => "event-secret-changed",
    Self::SecretRestored => "event-secret-restored",
    Self::EntryTrashed => "event-entry-trashed",
    Self::EntryRestored => "event-entry-restored",
    Self::EntryPurged => "event-entry-purged",
    Self::EntriesListed => "event-entries-listed",
    Self::EntryViewed => "event-entry-viewed",
    Self::SecretRevealed => "event-secret-revealed",
    Self::PastSecretRevealed => "event-past-secret-revealed",
    Self::SecretCopied => "event-secret-copied",
    Self::EntriesImported => "event-entries-imported",
    Self::EntriesExported => "event-entries-exported",
    Self::SharingChanged => "event-sharing-changed",
    Self::KeysAttached => "event-keys-attached",
    Self::KeysDetached => "event-keys-detached",
    Self::KeyCreated => "event-key-created",
    Self::KeyUpdated => "event-key-updated",
    Self::KeyDeleted => "event-key-deleted",
    Self::Unlocked => "event-unlocked",
    Self::TicketEnded => "event-ticket-ended",
    Self::MasterPasswordSet => "event-master-password-set",
    Self::MasterPasswordChanged => "event-master-password-changed",
    Self::MasterPasswordDisabled => "event-master-password-disabled",
    Self::MasterPasswordRecovered => "event-master-password-recovered",
    Self::AccessChanged => "event-access-changed",
    Self::SettingsChanged => "event-settings-changed",
    Self::PrincipalsSynced => "event-principals-synced",
    Self::Rotated => "event-rotated",
    Self::LogRead => "event-log-read",
    Self::LogExported => "event-log-exported",
    Self::LogVerified => "event-log-verified",
    Self::CategoryCreated => "event-category-created",
    Self::CategoryUpdated => "event-category-updated",
    Self::CategoryDeleted => "event-category-deleted",
    Self::CategoryAssigned => "event-category-assigned",
    Self::TagCreated => "event-tag-created",
    Self::TagUpdated => "event-tag-updated",
    Self::TagDeleted => "event-tag-deleted",
    Self::TagsAssigned => "event-tags-assigned",
    Self::ReminderChanged => "event-reminder-changed",
    Self::ScheduledRun => "event-scheduled-run",
    Self::MessageClaimed => "event-message-claimed",
    Self::MessageDelivered => "event-message-delivered",
    Self::MessageFailed => "event-message-failed",
    Self::MessageRemoved => "event-message-removed",
    Self::TemplateChanged => "event-template-changed",
    Self::TranslationsChanged => "event-translations-changed",
    Self::TotpShown => "event-totp-shown",
    Self::UrlOpened => "event-url-opened",
    Self::ConnectChanged => "event-connect-changed",
    Self::SignOnStarted => "event-sign-on-started",
    Self::SignOnFinished => "event-sign-on-finished",
    Self::ServiceRevealed => "event-service-revealed",
    Self::ServiceSecretChanged => "event-service-secret-changed",
    Self::LinkCreated => "event-link-created",
    Self::LinkOpened => "event-link-opened",
    Self::LinkRevoked => "event-link-revoked",
    Self::CredentialsRequested => "event-credentials-requested",
    Self::CredentialsGiven => "event-credentials-given",
    Self::CredentialRequestEnded => "event-credential-request-ended",
    Self::ApprovalAsked => "event-approval-asked",
    Self::ApprovalGiven => "event-approval-given",
    Self::ApprovalRefused => "event-approval-refused",
    Self::LogPruned => "event-log-pruned",
    Self::CheckpointsCopied => "event-checkpoints-copied",
    Self::PersonCreated => "event-person-created",
    Self::PersonUpdated => "event-person-updated",
    Self::PersonDeleted => "event-person-deleted",
    Self::UnitChanged => "event-unit-changed",
    Self::InviteCreated => "event-invite-created",
    Self::InviteAccepted => "event-invite-accepted",
    Self::InviteCancelled => "event-invite-cancelled",
    Self::SignedIn => "event-signed-in",
    Self::SecondFactorChanged => "event-second-factor-changed",
    Self::LoginPasswordChanged => "event-login-password-changed",
    Self::HostEventApplied => "event-host-event-applied",
    Self::SubjectExported => "event-subject-exported",
    Self::SubjectErased => "event-subject-erased",
    Self::ReportRead => "event-report-read",
    Self::AccessExplained => "event-access-explained",
    Self::Migrated => "event-migrated",
    Self::TurnedAway => "event-turned-away",
    Self::SecondFactorAsked => "event-second-factor-asked",
    Self::LoginResetAsked => "event-login-reset-asked",
    Self::PeopleListed => "event-people-listed",
    Self::RecoveryCodeRenewed => "event-recovery-code-renewed",
    Self::RotationRequired => "event-rotation-required",
    Self::ApprovalWithdrawn => "event-approval-withdrawn",
} }

messages! { Outcome {
    Self::Done => "outcome-done",
    Self::Denied => "outcome-denied",
    Self::Failed => "outcome-failed",
} }

messages! { EntryKind {
    Self::Login => "entry-kind-login",
    Self::LicenceKey => "entry-kind-licence-key",
    Self::Server => "entry-kind-server",
    Self::Note => "entry-kind-note",
} }

messages! { Tier {
    Self::Vault => "tier-vault",
    Self::KeyStored => "tier-key-stored",
    Self::MasterPassword => "tier-master-password",
    Self::KeyPassphrase => "tier-key-passphrase",
    Self::KeyPublicOnly => "tier-key-public-only",
} }

messages! { KeyConfiguration {
    Self::PublicOnly => "key-configuration-public-only",
    Self::Passphrase => "key-configuration-passphrase",
    Self::Stored => "key-configuration-stored",
} }

messages! { KeySuite {
    Self::RsaOaep256 => "key-suite-rsa-oaep",
    Self::HpkeX25519 => "key-suite-hpke-x25519",
} }

messages! { KeyOwner {
    Self::Vault => "key-owner-vault",
    Self::Admin(id) => "person-admin" [id = Arg::text(id)],
    Self::Client(id) => "person-client" [id = Arg::text(id)],
} }

messages! { MasterState {
    Self::Enabling => "master-state-enabling",
    Self::Active => "master-state-active",
    Self::Disabling => "master-state-disabling",
} }

messages! { PeriodUnit {
    Self::Days => "period-unit-days",
    Self::Weeks => "period-unit-weeks",
    Self::Months => "period-unit-months",
    Self::Years => "period-unit-years",
} }

messages! { PersonId {
    Self::Admin(id) => "person-admin" [id = Arg::text(id)],
    Self::Client(id) => "person-client" [id = Arg::text(id)],
    Self::User(id) => "person-user" [id = Arg::text(id)],
} }

messages! { PersonKind {
    Self::Admin => "person-kind-admin",
    Self::Client => "person-kind-client",
    Self::User => "person-kind-user",
} }

messages! { Realm {
    Self::Staff => "realm-staff",
    Self::Clients => "realm-clients",
} }

messages! { MailTopic {
    Self::General => "mail-general",
    Self::Billing => "mail-billing",
    Self::Support => "mail-support",
    Self::Products => "mail-products",
    Self::Domains => "mail-domains",
    Self::Affiliates => "mail-affiliates",
    Self::System => "mail-system",
    Self::Vault => "mail-vault",
} }

messages! { UnitKind {
    Self::Role => "unit-role",
    Self::Department => "unit-department",
    Self::Group => "unit-group",
} }

messages! { Owner {
    Self::Admin(id) => "person-admin" [id = Arg::text(id)],
    Self::Client(id) => "person-client" [id = Arg::text(id)],
} }

messages! { Person {
    Self::Admin(id) => "person-admin" [id = Arg::text(id)],
    Self::Client(id) => "person-client" [id = Arg::text(id)],
    Self::SubUser { account, user } => "person-sub-user" [account = Arg::text(account), user = Arg::text(user)],
    Self::System => "person-system",
    Self::Bearer => "person-bearer",
} }

messages! { Grantee {
    Self::Admin(id) => "person-admin" [id = Arg::text(id)],
    Self::Role(id) => "people-role" [id = Arg::text(id)],
    Self::Client(id) => "person-client" [id = Arg::text(id)],
} }

messages! { UnknownPermission {
    Self { place } => "unknown-permission" [place],
} }

messages! { Subject {
    Self::Admin(id) => "person-admin" [id = Arg::text(id)],
    Self::Role(id) => "people-role" [id = Arg::text(id)],
    Self::Department(id) => "people-department" [id = Arg::text(id)],
    Self::Client(id) => "person-client" [id = Arg::text(id)],
    Self::Group(id) => "people-group" [id = Arg::text(id)],
    Self::SubUsers(id) => "people-sub-users" [id = Arg::text(id)],
    Self::Administrators => "people-administrators",
} }

messages! { CategoryOwner {
    Self::Staff => "people-staff",
    Self::Client(id) => "person-client" [id = Arg::text(id)],
} }

messages! { Binding {
    Self::Ticket(id) => "binding-ticket" [id = Arg::text(id)],
    Self::Service(id) => "binding-service" [id = Arg::text(id)],
} }

messages! { Period {
    Self { count, unit: PeriodUnit::Days } => "period-days" [count],
    Self { count, unit: PeriodUnit::Weeks } => "period-weeks" [count],
    Self { count, unit: PeriodUnit::Months } => "period-months" [count],
    Self { count, unit: PeriodUnit::Years } => "period-years" [count],
} }

messages! { ServicePart {
    Self::Adopted => "service-part-adopted",
    Self::Additional => "service-part-additional",
} }

messages! { NoticeKind {
    Self::SecretChanged => "notice-secret-changed",
    Self::ChangeSoon => "notice-change-soon",
    Self::ChangeDue => "notice-change-due",
    Self::SecretExpired => "notice-secret-expired",
    Self::SecretRevealed => "notice-secret-revealed",
    Self::Invitation => "notice-invitation",
    Self::CredentialsRequested => "notice-credentials-requested",
    Self::CredentialsGiven => "notice-credentials-given",
    Self::ApprovalAsked => "notice-approval-asked",
    Self::ApprovalDecided => "notice-approval-decided",
} }

messages! { Audience {
    Self::Clients => "audience-clients",
    Self::Administrators => "audience-administrators",
} }

messages! { MessageState {
    Self::Waiting => "message-state-waiting",
    Self::Claimed => "message-state-claimed",
    Self::Dead => "message-state-dead",
} }

messages! { DeliveryError {
    Self::Transient(reason) => "delivery-transient" [reason = Arg::text(reason)],
    Self::Permanent(reason) => "delivery-permanent" [reason = Arg::text(reason)],
} }

messages! { AddressError {
    Self::TooLong { found } => "address-too-long" [found, max = Arg::from(&super::limits::URL_MAX)],
    Self::Scheme => "address-scheme",
    Self::Malformed => "address-malformed",
    Self::Password => "address-password",
} }

messages! { DirectoryError {
    Self { reason } => "directory-failed" [reason = Arg::text(reason)],
} }

messages! { ServicesError {
    Self { reason } => "services-failed" [reason = Arg::text(reason)],
} }

messages! { KeyProviderError {
    Self { reason } => "key-provider-failed" [reason = Arg::text(reason)],
} }

messages! { IdError {
    Self::NotAUuid { length } => "id-not-a-uuid" [length],
    Self::HostId { length, max } => "id-host-id" [length, max],
    Self::Random => "id-random",
    Self::Kind { number } => "id-kind" [number, max = Arg::from(&RecordKind::ALL.len())],
} }

messages! { HostEvent {
    Self::ClientDeleted { client } => "host-event-client-deleted" [client = Arg::text(client)],
    Self::ClientsMerged { from, into } => "host-event-clients-merged" [from = Arg::text(from), into = Arg::text(into)],
    Self::ServiceDeleted { service } => "host-event-service-deleted" [service = Arg::text(service)],
    Self::ServiceMoved { service } => "host-event-service-moved" [service = Arg::text(&service.id), client = Arg::text(&service.client)],
    Self::TicketClosed { ticket } => "host-event-ticket-closed" [ticket = Arg::text(ticket)],
    Self::TicketReopened { ticket } => "host-event-ticket-reopened" [ticket = Arg::text(ticket)],
    Self::AdminLeft { admin, new_owner } => "host-event-admin-left" [admin = Arg::text(admin), new_owner = Arg::text(new_owner)],
    Self::RoleDeleted { role } => "host-event-role-deleted" [role = Arg::text(role)],
} }

messages! { Ended {
    Self::Expired => "ended-expired",
    Self::Used => "ended-used",
    Self::Guessed => "ended-guessed",
} }

messages! { WantedPart {
    Self::Username => "wanted-username",
    Self::Password => "wanted-password",
    Self::Notes => "wanted-notes",
    Self::Totp => "wanted-totp",
    Self::Website => "wanted-website",
    Self::LoginUrl => "wanted-login-url",
    Self::VisibleField(name) | Self::SecretField(name) => "wanted-field" [name = Arg::text(name)],
} }
