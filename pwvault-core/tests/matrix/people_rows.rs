//! The rows of the stored directory.

use pwvault_core::id::GroupId;
use pwvault_core::model::{MailTopics, Permission, Permissions, PersonId, UnitId, UnitKind};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{AdminInvite, PeopleQuery, PersonDraft, PersonPatch, SubUserInvite, SubUserPut, UnitDraft};
use pwvault_core::{SecretString, UserId};

use super::rows::{Row, look, row};
use super::world::client;

// Owner SubAll SubView SubNone | Sharee Stranger | AdminFull AdminView AdminExtended AdminBare | System
pub const PEOPLE_ROWS: &[Row] = &[
    row("People::create_person", "DDDD DD ADDD D", |_, s| {
        let id = PersonId::Client(client("new"));
        s.create_person(&PersonDraft { username: "newcomer".into(), ..PersonDraft::new(id, "New") })
    }),
    Row { logs: false, ..row("People::person", "DDDD DD ADDD D", |_, s| s.person(&clerk()).map(drop)) },
    row("People::update_person", "DDDD DD ADDD D", |w, s| {
        let patch = PersonPatch { name: Some("Another".into()), ..PersonPatch::default() };
        s.update_person(&clerk(), w.clerk_version, &patch).map(drop)
    }),
    row("People::delete_person", "DDDD DD ADDD D", |w, s| s.delete_person(&clerk(), w.clerk_version)),
    Row {
        logs: false,
        ..row("People::list_people", "DDDD DD ADDD D", |_, s| s.list_people(&PeopleQuery::default()).map(drop))
    },
    row("People::unlock_person", "DDDD DD ADDD D", |_, s| s.unlock_person(&clerk())),
    // There is none to take off.
    row("People::take_off_second_factor", "DDDD DD XDDD D", |_, s| s.take_off_second_factor(&clerk())),
    row("People::reset_password_of", "DDDD DD ADDD D", |_, s| s.reset_password_of(&clerk()).map(drop)),
    row("Units::create_unit", "DDDD DD ADDD D", |_, s| s.create_unit(&group("new"))),
    row("Units::update_unit", "DDDD DD ADDD D", |_, s| s.update_unit(&group("vip"), 1).map(drop)),
    row("Units::delete_unit", "DDDD DD ADDD D", |_, s| s.delete_unit(&group("vip").id, 1)),
    Row { logs: false, ..row("Units::units", "DDDD DD ADDD D", |_, s| s.units(UnitKind::Group).map(drop)) },
    row("Units::add_role_presets", "DDDD DD ADDD D", |_, s| s.add_role_presets().map(drop)),
    Row {
        logs: false,
        ..row("SubUsers::sub_users", "AADD DD ADDD D", |_, s| s.sub_users(&client("owner"), 50, None).map(drop))
    },
    row("SubUsers::put_sub_user", "AADD DD ADDD D", |w, s| {
        let permissions = Permissions::NONE.with(Permission::View);
        let put = SubUserPut { account: client("owner"), user: user("clerk"), permissions, mail: MailTopics::NONE };
        s.put_sub_user(&put, w.clerk_version).map(drop)
    }),
    row("SubUsers::remove_sub_user", "AADD DD ADDD D", |_, s| s.remove_sub_user(&client("owner"), &user("clerk"))),
    row("Invites::invite_admin", "DDDD DD ADDD D", |_, s| {
        s.invite_admin(&AdminInvite { email: "new@example.com".into(), ..AdminInvite::default() }).map(drop)
    }),
    row("Invites::invite_sub_user", "AADD DD ADDD D", |_, s| {
        let (account, mail) = (client("owner"), MailTopics::NONE);
        let permissions = Permissions::NONE.with(Permission::View);
        let email = "new@example.com".into();
        s.invite_sub_user(&SubUserInvite { account, email, permissions, mail, locale: String::new() }).map(drop)
    }),
    Row {
        logs: false,
        ..row("Invites::pending_invites", "AADD DD ADDD D", |_, s| {
            s.pending_invites(Some(&client("owner")), 50, None).map(drop)
        })
    },
    row("Invites::resend_invite", "AADD DD ADDD D", |w, s| s.resend_invite(w.invite).map(drop)),
    row("Invites::cancel_invite", "AADD DD ADDD D", |w, s| s.cancel_invite(w.invite)),
    // The sub-users are one person of the directory, who has no password yet; nobody else is in it.
    look("OwnSignIn::own_person", "NAAA NN NNNN N", |_, s| s.own_person().map(drop)),
    look("OwnSignIn::change_login_password", "NXXX NN NNNN N", |_, s| {
        s.change_login_password(&password(), &password()).map(drop)
    }),
    look("OwnSignIn::begin_second_factor", "NXXX NN NNNN N", |_, s| {
        s.begin_second_factor(&password(), "Host").map(drop)
    }),
    look("OwnSignIn::confirm_second_factor", "NXXX NN NNNN N", |_, s| s.confirm_second_factor("123456").map(drop)),
    look("OwnSignIn::renew_recovery_codes", "NXXX NN NNNN N", |_, s| s.renew_recovery_codes(&password()).map(drop)),
    look("OwnSignIn::disable_second_factor", "NXXX NN NNNN N", |_, s| {
        s.disable_second_factor(&password(), &"123456".into())
    }),
    // What is no token is none for everyone.
    look("OwnSignIn::accept_own_invite", "XXXX XX XXXX X", |_, s| s.accept_own_invite("token").map(drop)),
];

fn user(id: &str) -> UserId {
    UserId::new(id).unwrap()
}

fn clerk() -> PersonId {
    PersonId::User(user("clerk"))
}

fn group(id: &str) -> UnitDraft {
    UnitDraft { id: UnitId::Group(GroupId::new(id).unwrap()), name: "Group".into(), mail: MailTopics::NONE }
}

fn password() -> SecretString {
    "four quiet herons".into()
}
