//! One row for each method of each capability trait.

use std::ops::ControlFlow;

use pwvault_core::audit::{Position, VerifyOptions};
use pwvault_core::clock::Timestamp;
use pwvault_core::connect::ConnectError;
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::generate::{PasswordOptions, Recipe};
use pwvault_core::id::MessageId;
use pwvault_core::model::{
    Action, Actions, Audience, Claim, DeliveryError, EntryReminder, Grantee, HostEvent, KeyOwner, Message, NoticeKind,
    Owner, Person, PersonId, PrincipalKind, RuleDraft, Section,
};
use pwvault_core::notify::TemplateText;
use pwvault_core::policy::{Decision, Effect, GrantChange, Reach, Reason};
use pwvault_core::translate::Locale;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, ChangeMaster, DeleteKey, EntryFilter, EntryQuery, ImportOptions, KeyCustody, KeyGeneration,
    KeyMaterial, KeyPatch, KeyRegistration, LinkOptions, LogFilter, LogFormat, Named, Permit, RecoverMaster,
    RecoverWith, Recovery, RuleChange, SecretPart, Selection, SetMaster, SignOnOptions, UnlockAnswer, UnlockTicket,
    VaultKey, VisibleTo, WebAddress,
};
use pwvault_core::{EntryDraft, EntryPatch, Session, VaultError};

use super::world::{Who, World, admin, client};

/// What a method does for whom. The letters of `expected` stand for the principals in the order of
/// [`Who::ALL`], see [`verdict`](super::verdict).
pub struct Row {
    pub method: &'static str,
    pub expected: &'static str,
    /// What is allowed leaves an event.
    pub logs: bool,
    /// What is refused leaves an event.
    pub logs_refusals: bool,
    pub call: fn(&World, &Session) -> Result<(), VaultError>,
}

pub const fn row(
    method: &'static str,
    expected: &'static str,
    call: fn(&World, &Session) -> Result<(), VaultError>,
) -> Row {
    Row { method, expected, logs: true, logs_refusals: true, call }
}

/// A look: neither an event nor, when refused, one.
pub const fn look(
    method: &'static str,
    expected: &'static str,
    call: fn(&World, &Session) -> Result<(), VaultError>,
) -> Row {
    Row { method, expected, logs: false, logs_refusals: false, call }
}

// `AdminFull` holds `access.explain`, so it is told why where others are told nothing.
// Owner SubAll SubView SubNone | Sharee Stranger | AdminFull AdminView AdminExtended AdminBare | System
pub const ROWS: &[Row] = &[
    row("Entries::create_entry", "AADD AA AAAD D", |_, s| {
        s.create_entry(&EntryDraft { name: "new".into(), owner: own(s), ..EntryDraft::default() }).map(drop)
    }),
    look("Entries::entry", "AAAN AN DAAN N", |w, s| s.entry(w.entry).map(drop)),
    row("Entries::update_entry", "AADN DN DDAN N", |w, s| {
        let patch = EntryPatch { username: Some("changed".into()), ..EntryPatch::default() };
        s.update_entry(w.entry, w.version, &patch).map(drop)
    }),
    row("Entries::trash_entries", "AADN DN DDAN N", |w, s| s.trash_entries(&[w.entry])),
    row("Entries::restore_entries", "AANN NN DNAN N", |w, s| s.restore_entries(&[w.trashed])),
    row("Entries::purge_entries", "AANN NN DNAN N", |w, s| s.purge_entries(&[w.trashed])),
    row("Secrets::reveal", "AADN AN DDAN N", |w, s| s.reveal(w.entry).map(drop)),
    row("Secrets::copy_secret", "AADN AN DDAN N", |w, s| s.copy_secret(w.entry, SecretPart::Password).map(drop)),
    row("Secrets::sealed_for", "AADN NN DNAN N", |w, s| s.sealed_for(w.locked, w.rsa_key).map(drop)),
    row("Secrets::totp_code", "AADN AN DDAN N", |w, s| s.totp_code(w.entry).map(drop)),
    Row { logs: false, ..row("Secrets::history", "AADN AN DDAN N", |w, s| s.history(w.entry).map(drop)) },
    row("Secrets::reveal_past", "AADN AN DDAN N", |w, s| s.reveal_past(w.entry, w.past).map(drop)),
    row("Secrets::restore_secret", "AADN DN DDAN N", |w, s| {
        s.restore_secret(w.entry, w.version, w.past, &[SecretPart::Password]).map(drop)
    }),
    Row {
        logs: false,
        ..row("Listing::list_entries", "AAAD AA AAAD D", |_, s| s.list_entries(&EntryQuery::default()).map(drop))
    },
    Row {
        logs: false,
        ..row("Listing::count_entries", "AAAD AA AAAD D", |_, s| s.count_entries(&EntryFilter::default()).map(drop))
    },
    look("Unlocking::challenge", "AAAN AN DAAN N", |w, s| s.challenge(w.entry).map(drop)),
    row("Unlocking::unlock", "NNNN NN NNNN N", |_, s| {
        let key = pwvault_core::KeyId::from_bytes([9; 16]);
        s.unlock(&UnlockAnswer::Passphrase { key, passphrase: "no such key".into() }).map(drop)
    }),
    look("Unlocking::needed_for", "AAAN AN DAAN N", |w, s| s.needed_for(&[w.entry]).map(drop)),
    // Ending a ticket needs nothing but the ticket.
    look("Unlocking::lock", "AAAA AA AAAA A", |_, s| s.lock(&UnlockTicket::from_bytes([7; 32]))),
    row("Sharing::share", "AADN DN DDAN N", |w, s| {
        let grantee = Grantee::Client(client("other"));
        s.share(w.entry, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).map(drop)
    }),
    row("Sharing::share_by_email", "AADN DN DDAN N", |w, s| {
        s.share_by_email(w.entry, "mallory@example.com", Actions::VIEW_AND_REVEAL)
    }),
    Row { logs: false, ..row("Sharing::grants", "AADN DN DDAN N", |w, s| s.grants(w.entry).map(drop)) },
    // Full access includes explanations.
    look("Sharing::explain", "AAAN AN AAAN N", |w, s| s.explain(w.entry, Action::Reveal).map(drop)),
    Row {
        logs: false,
        ..row("Sharing::explain_for", "DDDD DD ADDD D", |w, s| {
            s.explain_for(&admin("someone", &[]), w.entry, Action::Reveal).map(drop)
        })
    },
    row("Categories::create_category", "AADD AA ADDD D", |_, s| {
        s.create_category(&CategoryDraft { name: "New".into(), ..CategoryDraft::default() }).map(drop)
    }),
    row("Categories::update_category", "AADD NN ADDD D", |w, s| {
        s.update_category(w.category, 1, &CategoryDraft { name: "Old".into(), ..CategoryDraft::default() }).map(drop)
    }),
    row("Categories::delete_category", "AADD NN ADDD D", |w, s| s.delete_category(w.category, false)),
    Row { logs: false, ..row("Categories::categories", "AADD AA ADDD D", |_, s| s.categories().map(drop)) },
    row("Categories::assign_category", "AADN DN DDAN N", |w, s| s.assign_category(&[w.entry], None)),
    Row {
        logs: false,
        ..row("HostEvents::preview_host_event", "DDDD DD ADDD A", |_, s| {
            s.preview_host_event(&ticket_closed()).map(drop)
        })
    },
    // Refused where listing is.
    Row { logs: false, ..row("Dashboard::dashboard", "AAAD AA ADDD D", |_, s| s.dashboard().map(drop)) },
    Row {
        logs: false,
        ..row("Visibility::preview_visibility", "AADN DN DDAN N", |w, s| {
            s.preview_visibility(w.entry, &VisibleTo::AllAdministrators, true).map(drop)
        })
    },
    row("Visibility::set_visible", "AADN DN DDAN N", |w, s| {
        s.set_visible(w.entry, &VisibleTo::Clients(vec![client("another")]), true).map(drop)
    }),
    row("Reports::leaver_report", "DDDD DD ADDD D", |_, s| {
        s.leaver_report(&Person::Client(client("sharee"))).map(drop)
    }),
    row("Reports::require_rotation", "DDDD DD ADDD D", |_, s| {
        s.require_rotation(&Person::Client(client("sharee"))).map(drop)
    }),
    row("HostEvents::apply_host_event", "DDDD DD ADDD A", |_, s| s.apply_host_event(&ticket_closed()).map(drop)),
    Row {
        logs: false,
        ..row("Subjects::preview_erasure", "DDDD DD ADDD D", |_, s| s.preview_erasure(&subject()).map(drop))
    },
    row("Subjects::erase_subject", "DDDD DD ADDD D", |_, s| s.erase_subject(&subject()).map(drop)),
    row("Subjects::export_subject", "DDDD DD ADDD D", |_, s| {
        s.export_subject(&mut Vec::new(), &subject(), true).map(drop)
    }),
    row("Tags::create_tag", "DDDD DD ADDD D", |_, s| s.create_tag("new").map(drop)),
    row("Tags::rename_tag", "DDDD DD ADDD D", |w, s| s.rename_tag(w.tag, 1, "old").map(drop)),
    row("Tags::delete_tags", "DDDD DD ADDD D", |w, s| s.delete_tags(&[w.tag], false)),
    Row { logs: false, ..row("Tags::tags", "DDDD DD ADDD D", |_, s| s.tags().map(drop)) },
    Row {
        logs_refusals: false,
        ..row("Tags::tag_entries", "DDDD DD DDDD D", |w, s| s.tag_entries(&[w.entry], &[w.tag], &[]))
    },
    row("Approvals::request_approval", "XXDN XN DDXN N", |w, s| {
        s.request_approval(w.entry, Action::Reveal, "an outage").map(drop)
    }),
    look("Approvals::pending_approvals", "AAAA AA AAAA A", |_, s| s.pending_approvals().map(drop)),
    row("Approvals::approve", "AANN NN ANAN N", |w, s| {
        s.approve(w.approval, Timestamp::from_millis(1_800_000_000_001))
    }),
    row("Approvals::approve_once", "AANN NN ANAN N", |w, s| {
        s.approve_once(w.approval, Timestamp::from_millis(1_800_000_000_001))
    }),
    // None of them has asked or approved.
    row("Approvals::withdraw_approval", "NNNN NN NNNN N", |w, s| s.withdraw_approval(w.approval)),
    row("Approvals::refuse_approval", "AANN NN ANAN N", |w, s| s.refuse_approval(w.approval)),
    row("Keys::register_key", "AADD AA ADDD D", |_, s| {
        let material = KeyMaterial::PublicOnly { public: PUBLIC_KEY.into(), proof: None };
        s.register_key(&KeyRegistration { name: "new".into(), owner: key_owner(s), material, may_attach: vec![] })
            .map(drop)
    }),
    // The refusal comes before the work.
    row("Keys::generate_key", "XXDD XX XDDD D", |_, s| {
        let generation = KeyGeneration::new("new", key_owner(s), KeyCustody::PublicOnly);
        s.generate_key(&KeyGeneration { bits: 1024, ..generation }).map(drop)
    }),
    look("Generate::generator_policy", "AAAA AA AAAA A", |_, s| s.generator_policy().map(drop)),
    look("Generate::generate", "AAAA AA AAAA A", |_, s| {
        s.generate(&Recipe::Password(PasswordOptions::default())).map(drop)
    }),
    look("Generate::strength", "AAAA AA AAAA A", |_, s| s.strength(&"a password".into(), &[]).map(drop)),
    look("Keys::key", "AAAN NN DNNN N", |w, s| s.key(w.key).map(drop)),
    look("Keys::list_keys", "AAAA AA AAAA A", |_, s| s.list_keys().map(drop)),
    row("Keys::update_key", "AADN NN DNNN N", |w, s| {
        s.update_key(w.key, 1, &KeyPatch { name: Some("renamed".into()), may_attach: None }).map(drop)
    }),
    row("Keys::change_key_passphrase", "XXDN NN DNNN N", |w, s| {
        s.change_key_passphrase(w.key, &"no passphrase".into(), &"another".into())
    }),
    Row { logs: false, ..row("Keys::key_usage", "AADN NN DNNN N", |w, s| s.key_usage(w.key).map(drop)) },
    row("Keys::delete_key", "AADN NN DNNN N", |w, s| s.delete_key(w.key, DeleteKey::LoseSecrets).map(drop)),
    row("Keys::attach_keys", "AADN DN DDNN N", |w, s| s.attach_keys(w.entry, w.version, &[w.key]).map(drop)),
    row("Keys::detach_key", "AADN NN DNAN N", |w, s| s.detach_key(w.locked, 1, w.key).map(drop)),
    look("MasterPassword::master_password", "AAAA AA AAAA A", |_, s| s.master_password().map(drop)),
    look("MasterPassword::has_master_password", "AAAA NN ANAN N", |_, s| {
        s.has_master_password(&Owner::Client(client("owner"))).map(drop)
    }),
    row("MasterPassword::set_master_password", "AADD AA AAAD D", |_, s| {
        let (password, confirmation) = (PASSWORD.into(), PASSWORD.into());
        s.set_master_password(&SetMaster { password, confirmation, recovery: Recovery::None }).map(drop)
    }),
    // None is set.
    row("MasterPassword::change_master_password", "XXDD XX XXXD D", |_, s| {
        let (password, confirmation) = (PASSWORD.into(), PASSWORD.into());
        s.change_master_password(&ChangeMaster { old: "old".into(), password, confirmation })
    }),
    row("MasterPassword::disable_master_password", "XXDD XX XXXD D", |_, s| s.disable_master_password()),
    row("MasterPassword::recover_master_password", "XXDD DD XDDD D", |_, s| {
        let (password, confirmation) = (PASSWORD.into(), PASSWORD.into());
        let (owner, with) = (Some(Owner::Client(client("owner"))), RecoverWith::Code("code".into()));
        s.recover_master_password(&RecoverMaster { owner, with, password, confirmation }).map(drop)
    }),
    row("MasterPassword::renew_recovery_code", "XXDD XX XXXD D", |_, s| {
        s.renew_recovery_code(&PASSWORD.into()).map(drop)
    }),
    look("MasterPassword::resume_master_password", "AAAA AA AAAA A", |_, s| s.resume_master_password()),
    Row { logs: false, ..row("Access::rules", "DDDD DD ADDD D", |_, s| s.rules().map(drop)) },
    row("Access::add_rule", "DDDD DD ADDD D", |_, s| s.add_rule(&rule("Third")).map(drop)),
    row("Access::update_rule", "DDDD DD ADDD D", |w, s| s.update_rule(w.rule, &rule("Spare, renamed"))),
    row("Access::remove_rule", "DDDD DD ADDD D", |w, s| s.remove_rule(w.rule)),
    look("Rights::open_to_me", "AAAA AA AAAA A", |_, s| s.open_to_me().map(drop)),
    look("Names::names", "AAAA AA AAAA A", |_, s| s.names(&[Named::Person(s.principal().person())]).map(drop)),
    look("Access::explain_section", "AAAA AA AAAA A", |_, s| s.explain_section(Section::Logs).map(drop)),
    Row { logs: false, ..row("SettingsAdmin::settings", "DDDD DD ADDD D", |_, s| s.settings().map(drop)) },
    row("SettingsAdmin::update_settings", "DDDD DD ADDD D", |w, s| {
        let (settings, revision) = w.session(Who::AdminFull).settings()?;
        s.update_settings(&settings, revision)
    }),
    row("Principals::sync_principals", "DDDD DD ADDD D", |_, s| {
        s.sync_principals(&[], &[pwvault_core::model::Person::Client(client("mallory"))])
    }),
    look("Translations::catalogues", "AAAA AA AAAA A", |_, s| s.catalogues().map(drop)),
    Row {
        logs: false,
        ..row("Translations::missing_messages", "DDDD DD ADDD D", |_, s| s.missing_messages(&locale()).map(drop))
    },
    Row {
        logs: false,
        ..row("Translations::export_catalogue", "DDDD DD ADDD D", |_, s| s.export_catalogue(&locale()).map(drop))
    },
    look("Translations::say", "AAAA AA AAAA A", |_, s| s.say(&[Section::Logs.phrase()], &locale()).map(drop)),
    look("Translations::say_decision", "AAAA AA AAAA A", |_, s| {
        let decision = Decision {
            effect: Effect::Deny,
            reasons: vec![Reason::Owner],
            remedies: Vec::new(),
            reach: Reach::Actions(Vec::new()),
        };
        s.say_decision(&decision, &locale()).map(drop)
    }),
    row("Translations::import_catalogue", "DDDD DD ADDD D", |_, s| {
        s.import_catalogue(&locale(), "action-view = Lesen\n")
    }),
    Row { logs: false, ..row("Templates::templates", "DDDD DD ADDD D", |_, s| s.templates().map(drop)) },
    row("Templates::set_template", "DDDD DD ADDD D", |_, s| {
        s.set_template(KIND, Audience::Clients, &locale(), &template())
    }),
    row("Templates::reset_template", "DDDD DD ADDD D", |_, s| s.reset_template(KIND, Audience::Clients, &locale())),
    row("Templates::assign_template", "DDDD DD ADDD D", |_, s| s.assign_template(KIND, Audience::Clients, false)),
    Row {
        logs: false,
        ..row("Templates::preview_template", "DDDD DD ADDD D", |_, s| {
            s.preview_template(KIND, Audience::Clients, &locale(), &template()).map(drop)
        })
    },
    look("Reminders::reminder", "AAAN AN DAAN N", |w, s| s.reminder(w.entry).map(drop)),
    row("Reminders::set_reminder", "AADN DN DDAN N", |w, s| {
        s.set_reminder(w.entry, w.version, &EntryReminder::default()).map(drop)
    }),
    row("Reminders::set_expiry", "AADN DN DDAN N", |w, s| s.set_expiry(w.entry, w.version, None).map(drop)),
    // No message waits, so there is nothing to be told.
    Row {
        logs: false,
        ..row("Outbox::claim_messages", "DDDD DD DDDD A", |_, s| s.claim_messages(10, 60_000).map(drop))
    },
    row("Outbox::acknowledge_message", "DDDD DD DDDD X", |_, s| s.acknowledge_message(MESSAGE, CLAIM)),
    row("Outbox::fail_message", "DDDD DD DDDD X", |_, s| {
        s.fail_message(MESSAGE, CLAIM, &DeliveryError::Permanent("none".into())).map(drop)
    }),
    Row { logs: false, ..row("Outbox::dead_letters", "DDDD DD ADDD A", |_, s| s.dead_letters(None, 10).map(drop)) },
    Row { logs: false, ..row("Outbox::retry_messages", "DDDD DD ADDD A", |_, s| s.retry_messages(&[])) },
    Row { logs: false, ..row("Outbox::remove_messages", "DDDD DD ADDD A", |_, s| s.remove_messages(&[])) },
    Row { logs: false, ..row("Outbox::outbox_status", "DDDD DD ADDD A", |_, s| s.outbox_status().map(drop)) },
    Row {
        logs: false,
        ..row("Scheduled::run_due", "DDDD DD ADDD A", |_, s| s.run_due(Timestamp::from_millis(0)).map(drop))
    },
    row("Logs::read_log", "DDDD DD ADDD D", |_, s| s.read_log(&LogFilter::default()).map(drop)),
    row("Logs::verify_log", "DDDD DD ADDD A", |_, s| s.verify_log(&VerifyOptions::default()).map(drop)),
    Row { logs: false, ..row("Logs::log_checkpoints", "DDDD DD ADDD A", |_, s| s.log_checkpoints(0, 0).map(drop)) },
    row("Logs::log_event", "DDDD DD ADDD D", |_, s| s.log_event(Position { shard: 0, sequence: 0 }).map(drop)),
    row("Logs::export_log", "DDDD DD ADDD D", |_, s| {
        s.export_log(&mut Vec::new(), &LogFilter::default(), LogFormat::JsonLines).map(drop)
    }),
    row("Logs::removed_events", "DDDD DD ADDD D", |_, s| s.removed_events(0, 0, 1).map(drop)),
    row("Logs::prune_log", "DDDD DD ADDD A", |_, s| {
        let filter = LogFilter { to: Some(Timestamp::from_millis(i64::MAX)), ..LogFilter::default() };
        s.prune_log(&filter, "no longer needed").map(drop)
    }),
    row("Logs::seal_log_damage", "DDDD DD ADDD A", |_, s| s.seal_log_damage(0, "a disk failed").map(drop)),
    // Nothing is due, and there are no rules.
    Row { logs: false, ..row("Logs::make_checkpoints", "DDDD DD ADDD A", |_, s| s.make_checkpoints().map(drop)) },
    Row { logs: false, ..row("Logs::apply_retention", "DDDD DD ADDD A", |_, s| s.apply_retention().map(drop)) },
    row("Rotation::rotate_kek", "DDDD DD ADDD A", |_, s| s.rotate_kek().map(drop)),
    row("Rotation::rotate_keys", "DDDD DD ADDD A", |_, s| s.rotate_keys(VaultKey::Data).map(drop)),
    Row {
        logs: false,
        ..row("Rotation::reseal_records", "DDDD DD ADDD A", |_, s| {
            s.reseal_records(&mut |_| ControlFlow::Continue(())).map(drop)
        })
    },
    row("Rotation::retire_old_keys", "DDDD DD ADDD A", |_, s| s.retire_old_keys()),
    Row { logs: false, ..row("Rotation::rotation_status", "DDDD DD ADDD A", |_, s| s.rotation_status().map(drop)) },
    Row {
        logs: false,
        ..row("Transfer::preview_import", "AADD AA AAAD D", |_, s| s.preview_import(FILE, &import_options(s)).map(drop))
    },
    row("Transfer::import", "AADD AA AAAD D", |_, s| s.import(FILE, &import_options(s), &mut |_, _| {}).map(drop)),
    row("Transfer::export", "AADD AN DDAD D", |w, s| {
        let named = Selection::Ids(vec![w.entry]);
        s.export(&mut Vec::new(), &named, dialect("pwvault").unwrap(), ExportMode::Exact).map(drop)
    }),
    Row {
        logs_refusals: false,
        ..row("Addresses::open_url", "AAAN AN DAAN N", |w, s| s.open_url(w.entry, WebAddress::Website).map(drop))
    },
    Row { logs: false, ..row("Connect::connectors", "DDDD DD ADAD D", |_, s| s.connectors().map(drop)) },
    Row { logs: false, ..row("Connect::servers", "DDDD DD ADAD D", |_, s| s.servers().map(drop)) },
    // Nobody signs in without the section, the owner neither.
    row("Connect::set_server", "DDDN DN DDAN N", |w, s| s.set_server(w.entry, w.version, None).map(drop)),
    row("Connect::sign_on", "DDDN DN DDAN N", |w, s| s.sign_on(w.entry, &SignOnOptions::default()).map(drop)),
    row("Connect::test_sign_on", "DDDN DN DDAN N", |w, s| s.test_sign_on(w.entry)),
    // The host is not the connector of this kind.
    row("Connect::begin_sign_on", "DDDN DN DDXN N", |w, s| s.begin_sign_on(w.entry).map(drop)),
    // No such permit was issued.
    row("Connect::acknowledge_sign_on", "XXXX XX XXXX X", |_, s| {
        s.acknowledge_sign_on(&Permit::from_bytes([1; 48]), Err(ConnectError::TimedOut)).map(drop)
    }),
    row("ServiceEntries::authorize_service_reveal", "AANN NN DDAD D", |_, s| {
        s.authorize_service_reveal(&World::service()).map(drop)
    }),
    // No such permit was issued.
    row("ServiceEntries::check_service_permit", "XXXX XX XXXX X", |_, s| {
        s.check_service_permit(&Permit::from_bytes([1; 48]), &World::service())
    }),
    row("ServiceEntries::service_password_changed", "DDNN NN AAAD A", |_, s| {
        s.service_password_changed(&World::service(), &"new".into()).map(drop)
    }),
    row("ServiceEntries::assign_service", "AADN DN DDAN N", |w, s| {
        s.assign_service(w.entry, w.version, Some(&World::service())).map(drop)
    }),
    row("Links::create_link", "AADN DN DDAN N", |w, s| s.create_link(w.entry, &LinkOptions::default()).map(drop)),
    Row { logs: false, ..row("Links::links", "AADN DN DDAN N", |w, s| s.links(w.entry).map(drop)) },
    row("Links::revoke_link", "AADN DN DDAN N", |w, s| s.revoke_link(w.link)),
    Row { logs: false, ..row("Links::expire_links", "DDDD DD ADDD A", |_, s| s.expire_links(10).map(drop)) },
    row("Requests::request_credentials", "DDDD DD ADDD D", |w, s| {
        s.request_credentials(&World::asking(w.staff_key)).map(drop)
    }),
    Row { logs: false, ..row("Requests::pending_requests", "DDDD DD ADDD D", |_, s| s.pending_requests().map(drop)) },
    row("Requests::resend_request", "DDDD DD ADDD D", |w, s| s.resend_request(w.request.id()).map(drop)),
    row("Requests::cancel_request", "DDDD DD ADDD D", |w, s| s.cancel_request(w.request.id())),
    Row { logs: false, ..row("Requests::expire_requests", "DDDD DD ADDD A", |_, s| s.expire_requests(10).map(drop)) },
    // The token entitles whoever holds it but another client than the one who is asked.
    look("Requests::credential_request", "AAAA NN AAAA A", |w, s| s.credential_request(&w.request).map(drop)),
    Row {
        logs_refusals: false,
        ..row("Requests::fill_request", "AAAA NN AAAA A", |w, s| {
            s.fill_request(&w.request, &["s3cret".into()]).map(drop)
        })
    },
    row("AccessReview::who_can", "DDDD DD ADDD D", |w, s| s.who_can(w.entry, Action::Reveal).map(drop)),
    row("AccessReview::what_can", "DDDD DD ADDD D", |_, s| s.what_can(&admin("someone", &[])).map(drop)),
    row("AccessReview::reachable_entries", "DDDD DD ADDD D", |_, s| {
        s.reachable_entries(&admin("someone", &[]), None, 10).map(drop)
    }),
    row("AccessReview::preview_rule", "DDDD DD ADDD D", |_, s| {
        s.preview_rule(&RuleChange::Add(rule("Another"))).map(drop)
    }),
    row("AccessReview::preview_settings", "DDDD DD ADDD D", |_, s| {
        s.preview_settings(&pwvault_core::model::Settings::default()).map(drop)
    }),
    Row {
        logs: false,
        ..row("AccessReview::preview_sharing", "AADN DN DDAN N", |w, s| {
            let grantee = Grantee::Client(client("other"));
            s.preview_sharing(w.entry, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).map(drop)
        })
    },
    Row { logs: false, ..row("AccessReview::lint_rules", "DDDD DD ADDD D", |_, s| s.lint_rules().map(drop)) },
];

const KIND: NoticeKind = NoticeKind::ChangeDue;

fn locale() -> Locale {
    "de".parse().unwrap()
}

fn template() -> TemplateText {
    TemplateText { subject: "{{ entry }}".into(), body: "{{ entry }}".into() }
}

const FILE: &[u8] = b"name,url,username,password,note\nMail,,anna,secret,\n";

const MESSAGE: MessageId = MessageId::from_bytes([9; 16]);
const CLAIM: Claim = Claim::from_bytes([9; 16]);
const PASSWORD: &str = "master password";
const PUBLIC_KEY: &str = include_str!("../keys/rsa-2048-public.pem");

fn key_owner(session: &Session) -> KeyOwner {
    match &session.principal().kind {
        PrincipalKind::Admin { id, .. } => KeyOwner::Admin(id.clone()),
        PrincipalKind::Client { id, .. } | PrincipalKind::SubUser { account: id, .. } => KeyOwner::Client(id.clone()),
        PrincipalKind::System => KeyOwner::Vault,
    }
}

fn subject() -> PersonId {
    PersonId::Client(client("owner"))
}

fn ticket_closed() -> HostEvent {
    HostEvent::TicketClosed { ticket: pwvault_core::id::TicketId::new("4711").unwrap() }
}

/// Scheduled work owns nothing, so it names an owner and is refused for that alone.
fn own(session: &Session) -> Option<pwvault_core::model::Owner> {
    matches!(session.principal().kind, pwvault_core::model::PrincipalKind::System)
        .then(|| pwvault_core::model::Owner::Client(client("owner")))
}

fn import_options(session: &Session) -> ImportOptions<'static> {
    ImportOptions { owner: own(session), ..ImportOptions::default() }
}

fn rule(name: &str) -> RuleDraft {
    RuleDraft { name: name.into(), allow: vec![Section::Logs], ..RuleDraft::default() }
}
