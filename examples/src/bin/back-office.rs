//! A day in the life of a hosting company, as its panel would live it with the vault: staff and
//! clients come in, share what they must, are refused what they must not, and the log proves it.
//!
//! Read from top to bottom: `tell` is the table of contents, and each scene is a function that calls
//! nothing but the library. What a host brings along, a clock and where mail and servers are, is at
//! the end. `make back-office` runs it with a mail server and a WHM of its own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Display;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use clap::Parser;
use pwvault_core::audit::VerifyOptions;
use pwvault_core::connect::WhmConnector;
use pwvault_core::crypto::random_array;
use pwvault_core::directory::{InviteError, RolePreset, SignInError};
use pwvault_core::id::{DepartmentId, TicketId};
use pwvault_core::model::*;
use pwvault_core::notify::{SmtpNotifier, SmtpSettings, SmtpTls};
use pwvault_core::otp::Seed;
use pwvault_core::schedule::Zone;
use pwvault_core::store::SqliteStore;
use pwvault_core::vault::{prelude::*, *};
use pwvault_core::*;
use serde_json::Value;

/// A day in the life of a hosting company, told by what its vault allows, refuses and logs.
#[derive(Parser)]
#[command(name = "back-office", version, after_help = "`make back-office` starts both servers and runs this.")]
struct Arguments {
    /// The mail server, on this machine
    #[arg(long, value_name = "IP:PORT")]
    smtp: SocketAddr,
    /// A server with WHM, reached over HTTPS
    #[arg(long, value_name = "IP:PORT")]
    whm: SocketAddr,
    /// The certificate of that server, in PEM
    #[arg(long, value_name = "FILE")]
    whm_certificate: PathBuf,
    /// Where to make the vault's database; its key is never written
    #[arg(long, value_name = "FILE")]
    vault: PathBuf,
    /// Print one line of facts instead of the story
    #[arg(long)]
    json: bool,
}

/// What goes wrong in this program ends it, so any error will do.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let day = Office::open(&arguments).and_then(|office| {
        tell(&office).map_err(|error| format!("{}: {error}", office.scene.get()))?;
        Ok(serde_json::to_string(&office.facts)?)
    });
    match day {
        Ok(facts) if arguments.json => println!("{facts}"),
        Ok(_) => {}
        Err(error) => {
            eprintln!("back-office: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Rhea runs the company, Sal sells, Tessa and Ulf are technical support. Anna has a web shop and Bert a
/// bakery; Cleo works for Anna, and sees a part of what Anna sees. Each signs in, and has a session.
fn tell(office: &Office) -> Outcome<()> {
    let [rhea, sal, tessa, ulf] = staff_and_roles(office)?;
    let [anna, cleo, bert] = clients_and_their_people(office, &rhea)?;
    let [shop, newsletter, webmail, database] = import(office, &anna, &cleo)?;
    share_by_category(office, &anna, &tessa, shop, newsletter)?;
    work_on_a_ticket(office, &anna, &tessa, &sal, database)?;
    lend_for_two_hours(office, &anna, &sal, webmail)?;
    break_the_glass(office, &rhea, &ulf)?;
    sign_in_to_a_server(office, &rhea, &tessa)?;
    lock_with_a_master_password(office, &bert)?;
    hand_over_by_link(office, &anna, shop)?;
    remind(office, &anna, newsletter)?;
    say_goodbye(office, &rhea, &ulf, shop)?;
    prove_and_prune_the_log(office, &rhea)
}

fn staff_and_roles(office: &Office) -> Outcome<[Session; 4]> {
    office.scene("Eight: staff, roles and a department");
    // Nobody can sign in yet, so the host itself vouches for the first administrator. Whoever holds
    // the role the vault was created with enters every section.
    let first = office.session(Principal::admin_with_roles(AdminId::new("rhea")?, vec![RoleId::new(FULL)?]));
    first.add_role_presets()?;
    let technical = DepartmentId::new(TECHNICAL)?;
    let id = UnitId::Department(technical.clone());
    first.create_unit(&UnitDraft { id, name: "Technical support".into(), mail: MailTopics::NONE })?;
    for (id, name, role, departments, password) in [
        ("rhea", "Rhea", FULL, vec![], RHEA),
        ("sal", "Sal", RolePreset::Sales.id(), vec![], SAL),
        ("tessa", "Tessa", SUPPORT, vec![technical.clone()], TESSA),
        ("ulf", "Ulf", SUPPORT, vec![technical], ULF),
    ] {
        first.create_person(&PersonDraft {
            email: format!("{id}@nordwind.example"),
            zone: ZONE.into(),
            roles: vec![RoleId::new(role)?],
            departments,
            password: Some(password.into()),
            ..PersonDraft::new(PersonId::Admin(AdminId::new(id)?), name)
        })?;
    }
    let rhea = office.signs_in(Realm::Staff, "rhea@nordwind.example", RHEA)?;
    let sal = office.signs_in(Realm::Staff, "sal@nordwind.example", SAL)?;
    let ulf = office.signs_in(Realm::Staff, "ulf@nordwind.example", ULF)?;
    office.tell("Rhea runs the company, Sal sells, Tessa and Ulf are technical support.");

    // Tessa takes a second factor. `app` stands for the authenticator app on her telephone.
    let tessa = office.signs_in(Realm::Staff, "tessa@nordwind.example", TESSA)?;
    let setup = tessa.begin_second_factor(&TESSA.into(), "Nordwind Hosting")?;
    let Seed::Totp(app) = Seed::parse(setup.uri.expose())? else { return Err("the second factor is none".into()) };
    let recovery_codes = tessa.confirm_second_factor(app.code(office.now()).code.expose())?;
    office.wait(MINUTE_MS);
    let door = office.vault.sign_in(RequestContext::default());
    let step = door.with_password(Realm::Staff, "tessa@nordwind.example", &TESSA.into())?;
    let SignInStep::SecondFactor { token } = step else { return Err("no second factor was asked for".into()) };
    let signed_in = door.with_second_factor(token.expose(), &app.code(office.now()).code)?;
    let tessa = office.session_of(signed_in)?;
    office.tell("Tessa sets up a second factor and signs in again, with a code of her telephone.");
    office.fact("second_factor", !recovery_codes.expose().is_empty());
    Ok([rhea, sal, tessa, ulf])
}

fn clients_and_their_people(office: &Office, rhea: &Session) -> Outcome<[Session; 3]> {
    office.scene("Half past eight: two clients, and one who works for a client");
    for (id, name, locale, password) in [("anna", "Anna", "de", ANNA), ("bert", "Bert", "en", BERT)] {
        rhea.create_person(&PersonDraft {
            email: format!("{id}@clients.example"),
            locale: locale.into(),
            zone: ZONE.into(),
            password: Some(password.into()),
            ..PersonDraft::new(PersonId::Client(ClientId::new(id)?), name)
        })?;
    }
    let anna = office.signs_in(Realm::Clients, "anna@clients.example", ANNA)?;
    let invitation = anna.invite_sub_user(&SubUserInvite {
        account: ClientId::new("anna")?,
        email: "cleo@clients.example".into(),
        permissions: Permissions::NONE.with(Permission::View),
        mail: MailTopics::NONE.with(MailTopic::Vault),
        locale: "en".into(),
    })?;
    office.tell("Anna invites Cleo, who works for her, to see what there is, and nothing more.");
    // The host mails the token; Cleo opens the link, twice.
    let door = office.vault.sign_in(RequestContext::default());
    let new = Acceptance { name: "Cleo".into(), zone: ZONE.into(), password: CLEO.into(), ..Acceptance::default() };
    door.accept_invite(invitation.token.expose(), &new)?;
    let again = refused(door.accept_invite(invitation.token.expose(), &new))?;
    office.tell(format!("Cleo accepts. The link, opened once more: {again}."));
    office.fact("invite_used_once", matches!(again, VaultError::Invite(InviteError::Used)));
    office.fact("people", rhea.list_people(&Default::default())?.people.len());
    let cleo = office.signs_in(Realm::Clients, "cleo@clients.example", CLEO)?;
    let bert = office.signs_in(Realm::Clients, "bert@clients.example", BERT)?;
    Ok([anna, cleo, bert])
}

fn import(office: &Office, anna: &Session, cleo: &Session) -> Outcome<[EntryId; 4]> {
    office.scene("Nine: Anna brings her passwords, as her browser exported them");
    let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
    // A dry run first: what would become of each row.
    for row in anna.preview_import(CSV.as_bytes(), &options)?.problems() {
        let RowPlan::Bad(problem) = &row.plan else { continue };
        office.tell(format!("No entry: {problem}."));
    }
    let done = anna.import(CSV.as_bytes(), &options, &mut |_, _| {})?;
    let again = anna.import(CSV.as_bytes(), &options, &mut |_, _| {})?;
    office.tell(format!("{} entries. The same file again adds {}.", done.imported.len(), again.imported.len()));
    let entries = <[EntryId; 4]>::try_from(&*done.imported)?;
    let refusal = refused(cleo.reveal(entries[0]))?;
    office.tell(format!("Cleo sees the list, and tries to reveal one: {refusal}."));
    office.fact("rows", done.rows.len());
    office.fact("imported", done.imported.len());
    office.fact("imported_again", again.imported.len());
    Ok(entries)
}

fn share_by_category(office: &Office, anna: &Session, tessa: &Session, shop: EntryId, news: EntryId) -> Outcome<()> {
    office.scene("Ten: Anna shares by category");
    let members = vec![Grantee::Role(RoleId::new(SUPPORT)?)];
    let helpers = CategoryDraft { name: "Helpers".into(), members, ..CategoryDraft::default() };
    let category = anna.create_category(&helpers)?;
    let assignment = Assignment { category, actions: Actions::VIEW_AND_REVEAL };
    anna.assign_category(&[shop, news], Some(assignment))?;
    let seen = seen_by(tessa)?;
    let names: Vec<_> = seen.iter().map(|head| head.name.as_str()).collect();
    office.tell(format!("Her category \"Helpers\" names the role {SUPPORT}. Tessa sees: {}.", names.join(", ")));
    tessa.reveal(shop)?;

    anna.assign_category(&[news], None)?;
    let gone = refused(tessa.entry(news))?;
    office.tell(format!("She takes one out, and to Tessa {gone}."));
    office.fact("seen_by_category", seen.len());
    Ok(())
}

fn work_on_a_ticket(office: &Office, anna: &Session, tessa: &Session, sal: &Session, database: EntryId) -> Outcome<()> {
    office.scene("Eleven: a ticket");
    anna.share_by_email(database, "bert@clients.example", Actions::VIEW_AND_REVEAL)?;
    // Anna wrote to technical support. While Tessa works on it, the host says so with each request.
    let ticket = TicketId::new("4711")?;
    let scope = TicketScope { client: ClientId::new("anna")?, department: Some(DepartmentId::new(TECHNICAL)?) };
    let on_page =
        RequestContext { surface: Surface::Ticket, ticket: Some(ticket.clone()), ..RequestContext::default() };
    let at_work = RequestContext { ticket_scope: Some(scope), ..on_page };
    let in_ticket = tessa.clone().within(at_work.clone());
    in_ticket.reveal(database)?;
    let (with, without) = (seen_by(&in_ticket)?.len(), seen_by(tessa)?.len());
    let elsewhere = refused(tessa.reveal(database))?;
    let outsider = refused(sal.clone().within(at_work).reveal(database))?;
    office.tell("Anna's ticket is for technical support, so its staff see what Anna shares with anyone.");
    office.tell(format!("In the ticket Tessa sees {with} entries, without it {without}: {elsewhere}."));
    office.tell(format!("Sal, who belongs to no department, at the same ticket: {outsider}."));

    // What is granted for a ticket ends with it.
    let terms = GrantTerms { bound_to: Some(Binding::Ticket(ticket.clone())), ..GrantTerms::default() };
    let to_sal = GrantChange::put_on(Grantee::Admin(AdminId::new("sal")?), Actions::VIEW_AND_REVEAL, terms);
    anna.share(database, &[to_sal])?;
    sal.reveal(database)?;
    office.session(Principal::system()).apply_host_event(&HostEvent::TicketClosed { ticket })?;
    let closed = refused(sal.reveal(database))?;
    office.tell(format!("Anna lets him see it for this ticket. When it is closed: {closed}."));
    office.fact("ticket_ended", matches!(closed, VaultError::NotFound));
    office.fact("seen_in_ticket", with);
    office.fact("seen_without_ticket", without);
    Ok(())
}

fn lend_for_two_hours(office: &Office, anna: &Session, sal: &Session, webmail: EntryId) -> Outcome<()> {
    office.scene("Noon: a grant that ends");
    let terms = GrantTerms { ends_at: Some(office.now().plus_millis(2 * HOUR_MS)), ..GrantTerms::default() };
    let to_sal = GrantChange::put_on(Grantee::Admin(AdminId::new("sal")?), Actions::VIEW_AND_REVEAL, terms);
    anna.share(webmail, &[to_sal])?;
    sal.reveal(webmail)?;
    office.tell("Anna lends her webmail to Sal for two hours, and Sal reads the password.");
    office.wait(2 * HOUR_MS);
    let over = refused(sal.reveal(webmail))?;
    office.tell(format!("At two o'clock: {over}."));
    office.fact("grant_ended", matches!(over, VaultError::NotFound));
    Ok(())
}

fn break_the_glass(office: &Office, rhea: &Session, ulf: &Session) -> Outcome<()> {
    office.scene("Two: the registrar's root account, for emergencies");
    let id = rhea.create_entry(&EntryDraft::new("Registrar, root", REGISTRAR))?;
    rhea.set_reminder(id, 1, &EntryReminder { on_reveal: true, ..EntryReminder::default() })?;
    let terms = GrantTerms { obligations: Obligations { reason: true, approval: true }, ..GrantTerms::default() };
    let to_ulf = GrantChange::put_on(Grantee::Admin(AdminId::new("ulf")?), Actions::VIEW_AND_REVEAL, terms);
    rhea.share(id, &[to_ulf])?;

    let no_reason = refused(ulf.reveal(id))?;
    office.tell(format!("Ulf tries it: {no_reason}."));
    let reason = "a client's domain points nowhere";
    let ulf = ulf.clone().within(RequestContext { reason: Some(reason.into()), ..RequestContext::default() });
    let no_approval = refused(ulf.reveal(id))?;
    office.tell(format!("With a reason: {no_approval}."));
    let request = ulf.request_approval(id, Action::Reveal, reason)?;
    refused(ulf.approve(request, office.now().plus_millis(HOUR_MS)))?;
    office.tell(format!("He asks for it; Rhea gets {} mail. Approving it himself is refused.", office.run_due()?));
    for (request, asked) in rhea.pending_approvals()? {
        office.tell(format!("Rhea reads \"{}\", and approves for an hour. Ulf gets on with it.", asked.reason));
        rhea.approve(request, office.now().plus_millis(HOUR_MS))?;
    }
    ulf.reveal(id)?;
    office.tell(format!("{} mails: to Ulf that it was decided, to Rhea that he has revealed it.", office.run_due()?));
    office.fact("reason_asked", matches!(no_reason, VaultError::ReasonRequired));
    office.fact("approved_by_another", matches!(no_approval, VaultError::ApprovalRequired));
    Ok(())
}

fn sign_in_to_a_server(office: &Office, rhea: &Session, tessa: &Session) -> Outcome<()> {
    office.scene("Three: a server, signed into by someone who never sees its password");
    let support = RoleId::new(SUPPORT)?;
    let server = EntryDraft { username: "root".into(), ..EntryDraft::new("web1", WHM_TOKEN) };
    let id = rhea.create_entry(&server)?;
    let rule = ServerRule::Roles(vec![support.clone()]);
    rhea.set_server(id, 1, Some(&ServerAccess { connector: "whm".into(), address: office.whm.clone(), rule }))?;
    rhea.share(id, &[GrantChange::put(Grantee::Role(support.clone()), Actions::NONE.with(Action::Use))])?;
    rhea.add_rule(&RuleDraft {
        name: "Support signs in to servers".into(),
        allow: vec![Section::Connect],
        restrict: vec![Section::ConnectConfigure],
        roles: vec![support],
        ..RuleDraft::default()
    })?;

    let servers = tessa.servers()?;
    let signed_on = tessa.sign_on(id, &SignOnOptions::default())?;
    office.tell(format!("Tessa may use {} server and is signed in to it by an address of the server.", servers.len()));

    let Err(VaultError::Denied(decision)) = tessa.reveal(id) else { return Err("the token was shown".into()) };
    office.tell("She asks for the password all the same. The vault says no, why, and what would help:");
    decision.reasons.iter().for_each(|reason| office.tell(format!("  {reason}")));
    decision.remedies.iter().for_each(|remedy| office.tell(format!("  it would help to {remedy}")));
    let unseen = rhea.entry(id)?.head.secret.revealed_to.is_empty();
    office.fact("signed_in_unseen", unseen && signed_on.url.is_some());
    office.fact("refusal_explained", !decision.reasons.is_empty() && !decision.remedies.is_empty());
    Ok(())
}

fn lock_with_a_master_password(office: &Office, bert: &Session) -> Outcome<()> {
    office.scene("Four: Bert locks his part with a password that the company does not know");
    let bank = EntryDraft { totp: BANK_SEED.into(), private: true, ..EntryDraft::new("Bank", BANK) };
    let id = bert.create_entry(&bank)?;
    let (password, confirmation) = (MASTER.into(), MASTER.into());
    bert.set_master_password(&SetMaster { password, confirmation, recovery: Recovery::None })?;
    let locked = refused(bert.reveal(id))?;
    office.tell(format!("Bert asks for his bank's password: {locked}."));

    // The host keeps the ticket in its own session; it ends by itself.
    let owner = Owner::Client(ClientId::new("bert")?);
    let answer = UnlockAnswer::MasterPassword { owner, password: MASTER.into() };
    let bert = bert.clone().with_ticket(bert.unlock(&answer)?);
    bert.reveal(id)?;
    let code = bert.totp_code(id)?;
    office
        .tell(format!("With the master password it opens, and gives a code, too, for {} seconds.", code.seconds_left));
    office.fact("locked_until_answered", matches!(locked, VaultError::Locked(_)));
    office.fact("code_shown", code.code.expose().len() == 6);
    Ok(())
}

fn hand_over_by_link(office: &Office, anna: &Session, shop: EntryId) -> Outcome<()> {
    office.scene("Five: a link that opens once, for someone who has no part in the vault");
    let link = anna.create_link(shop, &LinkOptions::default())?;
    // The address is the host's page with `link.fragment()` behind a #, which no server gets to see.
    let held = LinkSecret::from_fragment(link.fragment().expose())?;
    let opened = office.vault.open_link(&held, None, RequestContext::default())?;
    let again = refused(office.vault.open_link(&held, None, RequestContext::default()))?;
    office.tell(format!("Anna's developer opens it and has the password. Opened once more: {again}."));
    office.fact("link_opened_once", !opened.password.is_empty() && matches!(again, VaultError::Ended { .. }));
    Ok(())
}

fn remind(office: &Office, anna: &Session, id: EntryId) -> Outcome<()> {
    office.scene("The weeks after: a password that is to be changed every month");
    let reminder = EntryReminder {
        change_every: Choice::Set(Period::months(1)),
        warn_before: Choice::Set(Period::weeks(1)),
        on_change: Some(true),
        with_link: true,
        ..EntryReminder::default()
    };
    anna.share_by_email(id, "bert@clients.example", Actions::VIEW_AND_REVEAL)?;
    let version = anna.set_reminder(id, anna.entry(id)?.head.version, &reminder)?;
    let mut on_the_day = true;
    for what in ["A warning", "The reminder"] {
        let due = anna.reminder(id)?.next.ok_or("there is no next reminder")?;
        office.wait_until(due.plus_millis(-MINUTE_MS));
        let early = office.run_due()?;
        office.wait_until(due);
        let mails = office.run_due()?;
        on_the_day &= early == 0 && mails == 3;
        let local = Zone::named(ZONE)?.local(due);
        office.tell(format!("{what} falls on {local}: {early} mails before, {mails} then."));
        office.wait(MINUTE_MS);
    }
    anna.update_entry(id, version, &EntryPatch { password: Some(NEW_PASSWORD.into()), ..EntryPatch::default() })?;
    let told = office.run_due()?;
    office.tell(format!(
        "Anna changes it, and {told} mails say so: Bert's with a link that shows it once, none in words."
    ));
    office.fact("reminded_on_the_day", on_the_day);
    Ok(())
}

fn say_goodbye(office: &Office, rhea: &Session, ulf: &Session, shop: EntryId) -> Outcome<()> {
    office.scene("A leaver: Ulf's last day is over");
    ulf.create_entry(&EntryDraft::new("Monitoring", MONITORING))?;
    let generation = ulf.own_person()?.sign_in.generation;
    let report = rhea.leaver_report(&ulf.principal().person())?;
    for known in &report.known {
        office.tell(format!("He still knows: {}.", known.name.as_deref().unwrap_or("something of a client's")));
    }
    let (owned, marked) = (report.owned.len(), rhea.require_rotation(&report.person)?);
    office.tell(format!("Entries he owns: {owned}. Secrets marked as to be changed: {marked}."));
    let before = rhea.who_can(shop, Action::Reveal)?.people.len();

    // The host says what happened, and the vault what follows; looking ahead changes nothing.
    let host = office.session(Principal::system());
    let left = HostEvent::AdminLeft { admin: AdminId::new("ulf")?, new_owner: AdminId::new("rhea")? };
    let ahead = host.preview_host_event(&left)?;
    let done = host.apply_host_event(&left)?;
    let whats = [Consequence::EntryRehomed, Consequence::GrantEnded, Consequence::SignInEnded];
    let [entries, grants, sign_ins] = whats.map(|what| done.count(what));
    office.tell(format!("Entries that go to Rhea: {entries}. Grants that end: {grants}, and sign-ins: {sign_ins}."));
    let door = office.vault.sign_in(RequestContext::default());
    let ended = refused(door.resume(&PersonId::Admin(AdminId::new("ulf")?), generation))?;
    let after = rhea.who_can(shop, Action::Reveal)?.people.len();
    office.tell(format!("Anna's web shop could be revealed by {before} people, and now by {after}."));
    office.tell(format!("A browser he left open somewhere: {ended}."));
    let seen: Vec<_> = seen_by(rhea)?.into_iter().filter(|head| head.secret.needs_rotation).collect();
    let names: Vec<_> = seen.iter().map(|head| head.name.as_str()).collect();
    office.tell(format!("Now to be changed: {}.", names.join("; ")));
    office.fact("leaver_out", ahead == done && matches!(ended, VaultError::SignIn(SignInError::Ended)));
    office.fact("leaver_knows", report.known.len());
    office.fact("who_can_before", before);
    office.fact("who_can_after", after);
    office.fact("to_be_changed", seen.len());
    Ok(())
}

fn prove_and_prune_the_log(office: &Office, rhea: &Session) -> Outcome<()> {
    office.scene("Two months later: the log");
    // The host keeps the head outside the database, where whoever changes the log cannot reach it.
    let witness = VerifyOptions { heads: office.vault.head()?.shards, ..VerifyOptions::default() };
    let proved = rhea.verify_log(&witness)?;
    let mut lines = Vec::new();
    let export = rhea.export_log(&mut lines, &LogFilter::default(), LogFormat::JsonLines)?;
    let (events, findings) = (proved.events, proved.findings.len());
    office.tell(format!("{events} events, and {} records held against them. Findings: {findings}.", proved.records));
    office.tell(format!("{} events are exported, one to a line.", export.events));

    let (mut settings, revision) = rhea.settings()?;
    settings.retention = vec![Retention { kinds: Vec::new(), days: 30 }];
    rhea.update_settings(&settings, revision)?;
    office.wait(60 * 24 * HOUR_MS);
    rhea.make_checkpoints()?;
    let pruned = rhea.apply_retention()?;
    let proved_again = rhea.verify_log(&witness)?;
    let (removed, findings) = (pruned.removed, proved_again.findings.len());
    office.tell(format!(
        "Events are kept for 30 days: {removed} are removed. The rest is proved still; findings: {findings}."
    ));
    office.fact("events", events);
    office.fact("verified", proved.is_clean());
    office.fact("exported", lines.iter().filter(|byte| **byte == b'\n').count());
    office.fact("pruned", removed);
    office.fact("verified_after_pruning", proved_again.is_clean());
    Ok(())
}

/// What is in someone's list.
fn seen_by(session: &Session) -> Outcome<Vec<EntryHead>> {
    Ok(session.list_entries(&EntryQuery::default())?.entries.into_iter().map(|entry| entry.head).collect())
}

/// What a refusal says. It is a failure when there is none.
fn refused<T>(result: Result<T, VaultError>) -> Outcome<VaultError> {
    result.err().ok_or_else(|| "something was allowed that must be refused".into())
}

/// What the host brings along.
struct Office {
    vault: Vault,
    clock: Arc<SimulatedClock>,
    whm: String,
    story: bool,
    mails: Cell<u64>,
    scene: Cell<&'static str>,
    facts: RefCell<BTreeMap<&'static str, Value>>,
}

impl Office {
    fn open(arguments: &Arguments) -> Outcome<Self> {
        let Arguments { smtp, whm, whm_certificate, vault, json } = arguments;
        let about = |path: &Path, error: &dyn Display| format!("{}: {error}", path.display());
        if vault.exists() {
            return Err(about(vault, &"it is there already; name a new file").into());
        }
        let certificate = std::fs::read(whm_certificate).map_err(|error| about(whm_certificate, &error))?;
        let store = SqliteStore::open(vault).map_err(|error| about(vault, &error))?;
        let mailer = SmtpNotifier::new(&SmtpSettings {
            tls: SmtpTls::PlainLocalhost,
            from_name: "Nordwind Hosting".into(),
            ..SmtpSettings::new(smtp.ip().to_string(), smtp.port(), "vault@nordwind.example")
        })?;
        let clock = Arc::new(SimulatedClock(AtomicI64::new(MORNING.as_millis())));
        // A host keeps this key, apart from the database.
        let kek = KekRing::single(KekId(*b"back office kek1"), SecretBytes::from_slice(&random_array::<32>()?));
        let vault = VaultBuilder::new(kek)
            .clock(Arc::clone(&clock))
            .notifier(mailer)
            .pages(Pages { link: Some("https://panel.nordwind.example/link".into()), ..Pages::default() })
            .connector(WhmConnector::new().pin(&whm.ip().to_string(), &certificate)?)
            .create(Arc::new(store), VaultId::generate(MORNING)?, RoleId::new(FULL)?)?;
        let (scene, mails, facts) = Default::default();
        Ok(Self { vault, clock, whm: whm.to_string(), story: !json, mails, scene, facts })
    }

    fn session(&self, principal: Principal) -> Session {
        self.vault.session(principal, RequestContext::default())
    }

    /// Someone signs in with a password alone.
    fn signs_in(&self, realm: Realm, email: &str, password: &str) -> Outcome<Session> {
        let door = self.vault.sign_in(RequestContext::default());
        match door.with_password(realm, email, &password.into())? {
            SignInStep::Done(person) => self.session_of(person),
            SignInStep::SecondFactor { .. } => Err("a second factor is asked for".into()),
        }
    }

    fn session_of(&self, person: SignedIn) -> Outcome<Session> {
        let principal = person.principals.into_iter().next().ok_or("the person acts for nobody")?;
        Ok(self.session(principal))
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn wait(&self, millis: i64) {
        self.wait_until(self.now().plus_millis(millis));
    }

    fn wait_until(&self, moment: Timestamp) {
        self.clock.0.store(moment.as_millis(), Ordering::SeqCst);
    }

    /// What the host's cron does every few minutes. Returns how many messages were delivered.
    fn run_due(&self) -> Outcome<u64> {
        let cron = self.session(Principal::system());
        let mut delivered = 0;
        loop {
            let report = cron.run_due(self.now())?;
            if let Some(JobReport { name, failed, error, .. }) = report.failed().next() {
                return Err(format!("{name}: {failed} failed, {error:?}").into());
            }
            delivered += report.job("delivery").map_or(0, |job| job.done);
            if !report.more() {
                self.mails.set(self.mails.get() + delivered);
                self.fact("mails", self.mails.get());
                return Ok(delivered);
            }
        }
    }

    fn fact(&self, name: &'static str, value: impl Into<Value>) {
        self.facts.borrow_mut().insert(name, value.into());
    }

    fn scene(&self, title: &'static str) {
        self.scene.set(title);
        self.tell(format!("\n{title}"));
    }

    fn tell(&self, line: impl AsRef<str>) {
        if self.story {
            // Whoever closed the pipe has read enough.
            let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
        }
    }
}

/// A clock that goes on when the story does.
struct SimulatedClock(AtomicI64);

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

const FULL: &str = RolePreset::Full.id();
const SUPPORT: &str = RolePreset::SupportOnly.id();
const TECHNICAL: &str = "technical";
const ZONE: &str = "Europe/Vienna";
/// 2 March 2026, 8:00 in Vienna.
const MORNING: Timestamp = Timestamp::from_millis(1_772_434_800_000);
const MINUTE_MS: i64 = 60 * 1_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

// What people type, and secrets to be kept. None of it is ever printed, mailed or stored in the clear.
const RHEA: &str = "walks by the harbour";
const SAL: &str = "sells sea shells";
const TESSA: &str = "tunes two tubas";
const ULF: &str = "unties umbrellas";
const ANNA: &str = "ate another apple";
const BERT: &str = "bakes black bread";
const CLEO: &str = "climbs cold cliffs";
const MASTER: &str = "a long walk before breakfast";
const REGISTRAR: &str = "kX7-registrar-uR2w";
const WHM_TOKEN: &str = "W8Q2TOKEN5XJ4HR0ZB7NDVP";
const MONITORING: &str = "n5-monitor-Js2d";
const BANK: &str = "m4-bank-Vz9q";
const BANK_SEED: &str = "MJQW42ZAN5TCA5DIMUQGEYLLMVZHSIJB";
const NEW_PASSWORD: &str = "t8-newsletter-after-Kc3";
const CSV: &str = "\
name,url,username,password,note
Web shop,https://shop.anna.example/,anna,p1-shop-Lw7x,\"Two lines,
one note\"
Newsletter,https://news.anna.example/,anna,p2-newsletter-Qe5r,
Webmail,https://mail.anna.example/,anna@clients.example,p3-webmail-Ty9u,
Shop database,,shop,p4-database-Io3p,Host db1
Torn off,https://torn.example/,anna
";
