//! Signing in to servers without seeing the secret.

use super::fixture::*;
use crate::id::EntryId;
use crate::model::{Action, EntryHead, Policy, Principal, Section, ServerAccess, ServerRule};
use crate::policy::{Capability, Denied, Reason, Remedy};

const ENTRY: EntryId = EntryId::from_bytes([1; 16]);

fn server(rule: ServerRule) -> EntryHead {
    let connect = Some(ServerAccess { connector: "whm".into(), address: "server.example".into(), rule });
    let grants = vec![
        to_role("work", &[Action::Use]),
        to_role("look", &[Action::View]),
        to_role("edit", &[Action::Edit]),
        to_role("all", &Action::ALL),
    ];
    EntryHead { connect, ..shared(of_admin("owner"), grants) }
}

/// `connect` opens what lies below it too; `sign` may sign in and not configure.
fn policy() -> Policy {
    let mut sign = allowing(2, &["sign"], &[Section::Connect]);
    sign.restrict = vec![Section::ConnectConfigure];
    let rules = vec![full(1, &["boss"]), sign, allowing(3, &["configure"], &[Section::ConnectConfigure])];
    Policy { rules, ..Policy::default() }
}

fn sign_on(principal: &Principal, rule: ServerRule) -> Result<(), Denied> {
    authority(&policy(), principal).authorize_server(ENTRY, &server(rule)).map(|proof| {
        assert!(proof.covers_entry(ENTRY, Action::Use) && !proof.covers_entry(ENTRY, Action::Reveal));
    })
}

#[test]
fn signing_in_takes_the_right_the_section_and_the_servers_rule() {
    let sysadmins = || ServerRule::Roles(vec![role_id("sysadmin"), role_id("night")]);
    let open = |roles: &[&str]| sign_on(&admin("1", roles), ServerRule::Unrestricted).is_ok();
    let ruled = |roles: &[&str]| sign_on(&admin("1", roles), sysadmins()).is_ok();
    assert!(open(&["work", "sign"]) && open(&["work", "configure"]) && open(&["work", "boss"]));
    assert!(!open(&["work"]) && !open(&["sign"]) && !open(&["look", "sign"]) && !open(&["edit", "boss"]));
    assert!(ruled(&["work", "sign", "sysadmin"]) && ruled(&["work", "boss", "night"]));
    assert!(!ruled(&["work", "boss"]) && !ruled(&["work", "sysadmin"]) && !ruled(&["sign", "sysadmin"]));
    assert!(sign_on(&admin("1", &["work", "boss"]), ServerRule::Roles(Vec::new())).is_err());
    // The owner is asked for the section and the rule as everybody else is.
    assert!(sign_on(&admin("owner", &[]), ServerRule::Unrestricted).is_err());
    assert!(sign_on(&admin("owner", &["boss"]), sysadmins()).is_err());
}

#[test]
fn a_refused_sign_on_says_what_is_missing() {
    let rule = ServerRule::Roles(vec![role_id("sysadmin")]);
    let Err(Denied::Forbidden(decision)) = sign_on(&admin("1", &["work", "sign"]), rule) else { panic!("allowed") };
    assert!(decision.reasons.contains(&Reason::ServerRule { roles: vec![role_id("sysadmin")] }));
    assert_eq!(decision.remedies, [Remedy::HoldRole { role: role_id("sysadmin") }]);
    assert_eq!(sign_on(&admin("1", &["sign"]), ServerRule::Unrestricted), Err(Denied::NotFound));
    assert_eq!(sign_on(&Principal::system(), ServerRule::Unrestricted), Err(Denied::NotFound));
    let owner = EntryHead { owner: of_client("1").owner, ..server(ServerRule::Unrestricted) };
    let refused = authority(&policy(), &client("1")).authorize_server(ENTRY, &owner).unwrap_err();
    assert_eq!(refused.decision().unwrap().reasons, [Reason::StaffOnly]);
}

#[test]
fn using_a_secret_is_no_right_to_say_where_it_goes() {
    let may = |roles: &[&str]| {
        let head = server(ServerRule::Unrestricted);
        authority(&policy(), &admin("1", roles)).authorize_server_setup(ENTRY, &head).is_ok()
    };
    assert!(may(&["all", "configure"]) && may(&["all", "boss"]));
    assert!(!may(&["work", "configure"]) && !may(&["edit", "configure"]) && !may(&["all", "sign"]) && !may(&["all"]));
}

#[test]
fn servers_are_listed_to_those_who_hold_a_section_of_theirs() {
    let may = |principal: &Principal| authority(&policy(), principal).authorize_capability(Capability::Servers).is_ok();
    assert!(may(&admin("1", &["sign"])) && may(&admin("1", &["configure"])));
    assert!(!may(&admin("1", &["work"])) && !may(&client("1")) && !may(&Principal::system()));
}
