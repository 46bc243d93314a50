//! What a session can do: one line for each method of the capability traits.

use std::ops::ControlFlow;

use pwvault_core::audit::{Checkpoint, EventState, LogPage, Position, RemovedEvents, VerifyOptions, VerifyReport};
use pwvault_core::connect::{ConnectorKind, SignOn};
use pwvault_core::csv::ExportMode;
use pwvault_core::directory::RecoveryCodes;
use pwvault_core::generate::{Generated, Recipe, Strength};
use pwvault_core::id::{
    ApprovalId, CategoryId, CredentialRequestId, InviteId, LinkId, MessageId, PastSecretId, RuleId, TagId,
};
use pwvault_core::model::{
    Action, Actions, Assignment, Audience, Claim, Contact, DeliveryError, EntryReminder, GeneratorPolicy, Grant,
    HostEvent, KekId, MessageState, NoticeKind, Person, PersonHead, PersonId, Phrase, Principal, Rendered, Rule,
    RuleDraft, Secret, Section, ServerAccess, ServiceRef, Settings, UnitHead, UnitId, UnitKind,
};
use pwvault_core::notify::TemplateText;
use pwvault_core::otp::OtpCode;
use pwvault_core::policy::{Decision, Finding, GrantChange};
use pwvault_core::translate::Locale;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::*;
use pwvault_core::{
    ClientId, EntryDraft, EntryId, EntryPatch, KeyId, Owner, RoleId, SecretBytes, SecretString, Session, Timestamp,
    UserId,
};

use super::{Operation, operations};
use crate::ops::transfer::{Exported, ImportArguments, export, import, preview_import};
use crate::ops::words::{
    Category, CurrentSettings, LogFile, PendingApproval, SignOnOutcome, StoredTemplates, SubjectFile, Tag, each,
    outcome_of, stored_templates,
};

/// Every operation of a session.
pub static SESSION: &[Operation<Session>] = operations! {
    Access {
        rules() -> Vec<Rule> = |on| on.rules();
        add_rule(draft: RuleDraft) -> RuleId = |on| on.add_rule(&draft);
        update_rule(id: RuleId, draft: RuleDraft) -> () = |on| on.update_rule(id, &draft);
        remove_rule(id: RuleId) -> () = |on| on.remove_rule(id);
        explain_section(section: Section) -> Decision = |on| on.explain_section(section);
    }
    SettingsAdmin {
        settings() -> CurrentSettings = |on| on.settings().map(CurrentSettings::from);
        update_settings(settings: Settings, revision: u64) -> () = |on| on.update_settings(&settings, revision);
    }
    Addresses {
        open_url(id: EntryId, which: WebAddress) -> String = |on| on.open_url(id, which);
    }
    Approvals {
        request_approval(entry: EntryId, action: Action, reason: String) -> ApprovalId =
            |on| on.request_approval(entry, action, &reason);
        pending_approvals() -> Vec<PendingApproval> = |on| on.pending_approvals().map(each);
        approve(id: ApprovalId, until: Timestamp) -> () = |on| on.approve(id, until);
        approve_once(id: ApprovalId, until: Timestamp) -> () = |on| on.approve_once(id, until);
        withdraw_approval(id: ApprovalId) -> () = |on| on.withdraw_approval(id);
        refuse_approval(id: ApprovalId) -> () = |on| on.refuse_approval(id);
    }
    Categories {
        create_category(draft: CategoryDraft) -> CategoryId = |on| on.create_category(&draft);
        update_category(id: CategoryId, version: u64, draft: CategoryDraft) -> u64 =
            |on| on.update_category(id, version, &draft);
        delete_category(id: CategoryId, force: bool) -> () = |on| on.delete_category(id, force);
        categories() -> Vec<Category> = |on| on.categories().map(each);
        assign_category(ids: Vec<EntryId>, to: Option<Assignment>) -> () = |on| on.assign_category(&ids, to);
    }
    Connect {
        connectors() -> Vec<ConnectorKind> = |on| on.connectors();
        servers() -> Vec<ServerView> = |on| on.servers();
        set_server(id: EntryId, version: u64, access: Option<ServerAccess>) -> u64 =
            |on| on.set_server(id, version, access.as_ref());
        sign_on(id: EntryId, options: SignOnOptions) -> SignOn = |on| on.sign_on(id, &options);
        test_sign_on(id: EntryId) -> () = |on| on.test_sign_on(id);
        begin_sign_on(id: EntryId) -> HandedOver = |on| on.begin_sign_on(id);
        acknowledge_sign_on(permit: Permit, outcome: SignOnOutcome) -> SignOn =
            |on| on.acknowledge_sign_on(&permit, outcome_of(outcome));
    }
    Dashboard {
        dashboard() -> DashboardCounts = |on| on.dashboard();
    }
    Visibility {
        preview_visibility(id: EntryId, to: VisibleTo, visible: bool) -> VisibilityChange =
            |on| on.preview_visibility(id, &to, visible);
        set_visible(id: EntryId, to: VisibleTo, visible: bool) -> VisibilityChange =
            |on| on.set_visible(id, &to, visible);
    }
    Entries {
        create_entry(draft: EntryDraft) -> EntryId = |on| on.create_entry(&draft);
        entry(id: EntryId) -> EntryView = |on| on.entry(id);
        update_entry(id: EntryId, version: u64, patch: EntryPatch) -> u64 = |on| on.update_entry(id, version, &patch);
        trash_entries(ids: Vec<EntryId>) -> () = |on| on.trash_entries(&ids);
        restore_entries(ids: Vec<EntryId>) -> () = |on| on.restore_entries(&ids);
        purge_entries(ids: Vec<EntryId>) -> () = |on| on.purge_entries(&ids);
    }
    Generate {
        generator_policy() -> GeneratorPolicy = |on| on.generator_policy();
        generate(recipe: Recipe) -> Generated = |on| on.generate(&recipe);
        strength(text: SecretString, known: Vec<String>) -> Strength =
            |on| on.strength(&text, &known.iter().map(String::as_str).collect::<Vec<_>>());
    }
    HostEvents {
        preview_host_event(event: HostEvent) -> Consequences = |on| on.preview_host_event(&event);
        apply_host_event(event: HostEvent) -> Consequences = |on| on.apply_host_event(&event);
    }
    AccessReview {
        who_can(entry: EntryId, action: Action) -> WhoCan = |on| on.who_can(entry, action);
        what_can(principal: Principal) -> WhatCan = |on| on.what_can(&principal);
        reachable_entries(principal: Principal, after: Option<Cursor>, limit: u32) -> ReachPage =
            |on| on.reachable_entries(&principal, after.as_ref(), limit);
        lint_rules() -> Vec<Finding> = |on| on.lint_rules();
        preview_rule(change: RuleChange) -> AccessPreview = |on| on.preview_rule(&change);
        preview_settings(settings: Settings) -> AccessPreview = |on| on.preview_settings(&settings);
        preview_sharing(entry: EntryId, changes: Vec<GrantChange>) -> SharingPreview =
            |on| on.preview_sharing(entry, &changes);
    }
    Reports {
        leaver_report(person: Person) -> LeaverReport = |on| on.leaver_report(&person);
        require_rotation(person: Person) -> u64 = |on| on.require_rotation(&person);
    }
    Subjects {
        export_subject(subject: PersonId, secrets: bool) -> SubjectFile = |on| {
            let mut out = Vec::new();
            on.export_subject(&mut out, &subject, secrets).map(|export| SubjectFile { export, file: SecretBytes::new(out) })
        };
        preview_erasure(subject: PersonId) -> Consequences = |on| on.preview_erasure(&subject);
        erase_subject(subject: PersonId) -> Consequences = |on| on.erase_subject(&subject);
    }
    Keys {
        register_key(registration: KeyRegistration) -> KeyId = |on| on.register_key(&registration);
        generate_key(generation: KeyGeneration) -> GeneratedKey = |on| on.generate_key(&generation);
        key(id: KeyId) -> KeyView = |on| on.key(id);
        list_keys() -> Vec<KeyView> = |on| on.list_keys();
        update_key(id: KeyId, version: u64, patch: KeyPatch) -> u64 = |on| on.update_key(id, version, &patch);
        change_key_passphrase(id: KeyId, old: SecretString, new: SecretString) -> () =
            |on| on.change_key_passphrase(id, &old, &new);
        key_usage(id: KeyId) -> KeyUsage = |on| on.key_usage(id);
        delete_key(id: KeyId, how: DeleteKey) -> KeyUsage = |on| on.delete_key(id, how);
        attach_keys(entry: EntryId, version: u64, keys: Vec<KeyId>) -> u64 = |on| on.attach_keys(entry, version, &keys);
        detach_key(entry: EntryId, version: u64, key: KeyId) -> u64 = |on| on.detach_key(entry, version, key);
    }
    Links {
        create_link(entry: EntryId, options: LinkOptions) -> LinkSecret = |on| on.create_link(entry, &options);
        links(entry: EntryId) -> Vec<LinkView> = |on| on.links(entry);
        revoke_link(link: LinkId) -> () = |on| on.revoke_link(link);
        expire_links(limit: u32) -> u32 = |on| on.expire_links(limit);
    }
    Listing {
        list_entries(query: EntryQuery) -> EntryPage = |on| on.list_entries(&query);
        count_entries(filter: EntryFilter) -> Count = |on| on.count_entries(&filter);
    }
    Logs {
        read_log(filter: LogFilter) -> LogPage = |on| on.read_log(&filter);
        log_event(position: Position) -> EventState = |on| on.log_event(position);
        export_log(filter: LogFilter, format: LogFormat) -> LogFile = |on| {
            let mut out = Vec::new();
            on.export_log(&mut out, &filter, format).map(|export| LogFile { export, file: SecretBytes::new(out) })
        };
        verify_log(options: VerifyOptions) -> VerifyReport = |on| on.verify_log(&options);
        log_checkpoints(shard: u32, above: u64) -> Vec<Checkpoint> = |on| on.log_checkpoints(shard, above);
        make_checkpoints() -> CheckpointRun = |on| on.make_checkpoints();
        prune_log(filter: LogFilter, reason: String) -> PruneReport = |on| on.prune_log(&filter, &reason);
        apply_retention() -> PruneReport = |on| on.apply_retention();
        removed_events(shard: u32, from: u64, limit: u32) -> Vec<RemovedEvents> =
            |on| on.removed_events(shard, from, limit);
        seal_log_damage(shard: u32, reason: String) -> Vec<Position> = |on| on.seal_log_damage(shard, &reason);
    }
    MasterPassword {
        master_password() -> Option<MasterStatus> = |on| on.master_password();
        has_master_password(owner: Owner) -> bool = |on| on.has_master_password(&owner);
        set_master_password(set: SetMaster) -> MasterSet = |on| on.set_master_password(&set);
        change_master_password(change: ChangeMaster) -> () = |on| on.change_master_password(&change);
        disable_master_password() -> () = |on| on.disable_master_password();
        recover_master_password(recover: RecoverMaster) -> Option<SecretString> =
            |on| on.recover_master_password(&recover);
        renew_recovery_code(password: SecretString) -> SecretString = |on| on.renew_recovery_code(&password);
        resume_master_password() -> () = |on| on.resume_master_password();
    }
    Names {
        names(of: Vec<Named>) -> Vec<Option<String>> = |on| on.names(&of);
    }
    Outbox {
        claim_messages(limit: u32, lease_ms: i64) -> Vec<ClaimedMessage> = |on| on.claim_messages(limit, lease_ms);
        acknowledge_message(id: MessageId, claim: Claim) -> () = |on| on.acknowledge_message(id, claim);
        fail_message(id: MessageId, claim: Claim, failure: DeliveryError) -> MessageState =
            |on| on.fail_message(id, claim, &failure);
        dead_letters(after: Option<MessageId>, limit: u32) -> Vec<DeadLetter> = |on| on.dead_letters(after, limit);
        retry_messages(ids: Vec<MessageId>) -> () = |on| on.retry_messages(&ids);
        remove_messages(ids: Vec<MessageId>) -> () = |on| on.remove_messages(&ids);
        outbox_status() -> OutboxStatus = |on| on.outbox_status();
    }
    Invites {
        invite_admin(invite: AdminInvite) -> Invitation = |on| on.invite_admin(&invite);
        invite_sub_user(invite: SubUserInvite) -> Invitation = |on| on.invite_sub_user(&invite);
        pending_invites(account: Option<ClientId>, limit: u32, after: Option<Cursor>) -> InvitePage =
            |on| on.pending_invites(account.as_ref(), limit, after);
        resend_invite(id: InviteId) -> Invitation = |on| on.resend_invite(id);
        cancel_invite(id: InviteId) -> () = |on| on.cancel_invite(id);
    }
    People {
        create_person(draft: PersonDraft) -> () = |on| on.create_person(&draft);
        person(id: PersonId) -> PersonHead = |on| on.person(&id);
        update_person(id: PersonId, version: u64, patch: PersonPatch) -> u64 =
            |on| on.update_person(&id, version, &patch);
        delete_person(id: PersonId, version: u64) -> () = |on| on.delete_person(&id, version);
        list_people(query: PeopleQuery) -> PeoplePage = |on| on.list_people(&query);
        unlock_person(id: PersonId) -> () = |on| on.unlock_person(&id);
        take_off_second_factor(id: PersonId) -> () = |on| on.take_off_second_factor(&id);
        reset_password_of(id: PersonId) -> ResetLink = |on| on.reset_password_of(&id);
    }
    OwnSignIn {
        own_person() -> PersonHead = |on| on.own_person();
        change_login_password(old: SecretString, new: SecretString) -> u32 =
            |on| on.change_login_password(&old, &new);
        begin_second_factor(password: SecretString, issuer: String) -> FactorSetup =
            |on| on.begin_second_factor(&password, &issuer);
        confirm_second_factor(code: SecretString) -> RecoveryCodes = |on| on.confirm_second_factor(code.expose());
        renew_recovery_codes(password: SecretString) -> RecoveryCodes = |on| on.renew_recovery_codes(&password);
        disable_second_factor(password: SecretString, answer: SecretString) -> () =
            |on| on.disable_second_factor(&password, &answer);
        accept_own_invite(token: SecretString) -> ClientId = |on| on.accept_own_invite(token.expose());
    }
    SubUsers {
        sub_users(account: ClientId, limit: u32, after: Option<Cursor>) -> SubUserPage =
            |on| on.sub_users(&account, limit, after);
        put_sub_user(put: SubUserPut, version: u64) -> u64 = |on| on.put_sub_user(&put, version);
        remove_sub_user(account: ClientId, user: UserId) -> () = |on| on.remove_sub_user(&account, &user);
    }
    Units {
        create_unit(draft: UnitDraft) -> () = |on| on.create_unit(&draft);
        update_unit(draft: UnitDraft, version: u64) -> u64 = |on| on.update_unit(&draft, version);
        delete_unit(id: UnitId, version: u64) -> () = |on| on.delete_unit(&id, version);
        units(kind: UnitKind) -> Vec<UnitHead> = |on| on.units(kind);
        add_role_presets() -> Vec<RoleId> = |on| on.add_role_presets();
    }
    Principals {
        sync_principals(contacts: Vec<Contact>, gone: Vec<Person>) -> () = |on| on.sync_principals(&contacts, &gone);
    }
    Reminders {
        reminder(id: EntryId) -> ReminderView = |on| on.reminder(id);
        set_reminder(id: EntryId, version: u64, reminder: EntryReminder) -> u64 =
            |on| on.set_reminder(id, version, &reminder);
        set_expiry(id: EntryId, version: u64, ends_at: Option<Timestamp>) -> u64 =
            |on| on.set_expiry(id, version, ends_at);
    }
    Requests {
        request_credentials(draft: CredentialRequestDraft) -> RequestSecret = |on| on.request_credentials(&draft);
        pending_requests() -> Vec<CredentialRequestView> = |on| on.pending_requests();
        resend_request(id: CredentialRequestId) -> RequestSecret = |on| on.resend_request(id);
        cancel_request(id: CredentialRequestId) -> () = |on| on.cancel_request(id);
        expire_requests(limit: u32) -> u32 = |on| on.expire_requests(limit);
        credential_request(secret: RequestSecret) -> CredentialQuestion = |on| Requests::credential_request(on, &secret);
        fill_request(secret: RequestSecret, values: Vec<SecretString>) -> EntryId =
            |on| on.fill_request(&secret, &values);
    }
    Rights {
        open_to_me() -> OpenToMe = |on| on.open_to_me();
    }
    Rotation {
        rotate_kek() -> KekId = |on| on.rotate_kek();
        rotate_keys(sort: VaultKey) -> u32 = |on| on.rotate_keys(sort);
        reseal_records() -> ResealProgress = |on| on.reseal_records(&mut |_| ControlFlow::Continue(()));
        retire_old_keys() -> () = |on| on.retire_old_keys();
        rotation_status() -> RotationStatus = |on| on.rotation_status();
    }
    Scheduled {
        run_due(now: Timestamp) -> DueReport = |on| on.run_due(now);
    }
    Secrets {
        reveal(id: EntryId) -> Secret = |on| on.reveal(id);
        copy_secret(id: EntryId, part: SecretPart) -> SecretString = |on| on.copy_secret(id, part);
        sealed_for(id: EntryId, key: KeyId) -> SealedFor = |on| on.sealed_for(id, key);
        totp_code(id: EntryId) -> OtpCode = |on| on.totp_code(id);
        history(id: EntryId) -> Vec<PastSecretView> = |on| on.history(id);
        reveal_past(id: EntryId, past: PastSecretId) -> Secret = |on| on.reveal_past(id, past);
        restore_secret(id: EntryId, version: u64, past: PastSecretId, parts: Vec<SecretPart>) -> u64 =
            |on| on.restore_secret(id, version, past, &parts);
    }
    ServiceEntries {
        authorize_service_reveal(service: ServiceRef) -> Permit = |on| on.authorize_service_reveal(&service);
        check_service_permit(permit: Permit, service: ServiceRef) -> () = |on| on.check_service_permit(&permit, &service);
        service_password_changed(service: ServiceRef, password: SecretString) -> Vec<EntryId> =
            |on| on.service_password_changed(&service, &password);
        assign_service(id: EntryId, version: u64, service: Option<ServiceRef>) -> u64 =
            |on| on.assign_service(id, version, service.as_ref());
    }
    Sharing {
        share(id: EntryId, changes: Vec<GrantChange>) -> u64 = |on| on.share(id, &changes);
        share_by_email(id: EntryId, email: String, actions: Actions) -> () = |on| on.share_by_email(id, &email, actions);
        grants(id: EntryId) -> Vec<Grant> = |on| on.grants(id);
        explain(id: EntryId, action: Action) -> Decision = |on| on.explain(id, action);
        explain_for(principal: Principal, id: EntryId, action: Action) -> Decision =
            |on| on.explain_for(&principal, id, action);
    }
    Tags {
        create_tag(name: String) -> TagId = |on| on.create_tag(&name);
        rename_tag(id: TagId, version: u64, name: String) -> u64 = |on| on.rename_tag(id, version, &name);
        delete_tags(ids: Vec<TagId>, force: bool) -> () = |on| on.delete_tags(&ids, force);
        tags() -> Vec<Tag> = |on| on.tags().map(each);
        tag_entries(ids: Vec<EntryId>, add: Vec<TagId>, remove: Vec<TagId>) -> () =
            |on| on.tag_entries(&ids, &add, &remove);
    }
    Templates {
        templates() -> StoredTemplates = |on| on.templates().map(|set| stored_templates(&set));
        set_template(kind: NoticeKind, audience: Audience, locale: Locale, text: TemplateText) -> () =
            |on| on.set_template(kind, audience, &locale, &text);
        reset_template(kind: NoticeKind, audience: Audience, locale: Locale) -> () =
            |on| on.reset_template(kind, audience, &locale);
        assign_template(kind: NoticeKind, audience: Audience, assigned: bool) -> () =
            |on| on.assign_template(kind, audience, assigned);
        preview_template(kind: NoticeKind, audience: Audience, locale: Locale, text: TemplateText) -> Rendered =
            |on| on.preview_template(kind, audience, &locale, &text);
    }
    Transfer {
        preview_import(input: SecretBytes, options: ImportArguments) -> ImportReport =
            |on| preview_import(on, &input, options);
        import(input: SecretBytes, options: ImportArguments) -> ImportReport = |on| import(on, &input, options);
        export(selection: Selection, dialect: String, mode: ExportMode) -> Exported =
            |on| export(on, &selection, &dialect, mode);
    }
    Translations {
        catalogues() -> Vec<Locale> = |on| on.catalogues().map(|all| all.locales());
        missing_messages(locale: Locale) -> Vec<&'static str> = |on| on.missing_messages(&locale);
        export_catalogue(locale: Locale) -> String = |on| on.export_catalogue(&locale);
        import_catalogue(locale: Locale, text: String) -> () = |on| on.import_catalogue(&locale, &text);
        say(phrases: Vec<Phrase>, locale: Locale) -> Vec<String> = |on| on.say(&phrases, &locale);
        say_decision(decision: Decision, locale: Locale) -> DecisionWords =
            |on| on.say_decision(&decision, &locale);
    }
    Unlocking {
        challenge(entry: EntryId) -> Vec<Challenge> = |on| on.challenge(entry);
        needed_for(entries: Vec<EntryId>) -> Vec<Needed> = |on| on.needed_for(&entries);
        unlock(answer: UnlockAnswer) -> UnlockTicket = |on| on.unlock(&answer);
        lock(ticket: UnlockTicket) -> () = |on| on.lock(&ticket);
    }
};
