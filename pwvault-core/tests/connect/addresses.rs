//! Opening an entry's web addresses.

use pwvault_core::model::{Action, Actions, EventKind, Grantee, Outcome};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::WebAddress;
use pwvault_core::vault::prelude::*;
use pwvault_core::{EntryDraft, VaultError};

use crate::locked::client;
use crate::world::World;

#[test]
fn opening_an_address_is_logged_and_never_holds_the_password() {
    let world = World::new();
    let anna = world.client("anna");
    let draft = |login_url: &str| EntryDraft {
        name: "Mail".into(),
        password: "s3cret".into(),
        website: "https://mail.example/".into(),
        login_url: login_url.into(),
        ..EntryDraft::default()
    };
    let id = anna.create_entry(&draft("https://mail.example/login")).unwrap();
    assert_eq!(anna.open_url(id, WebAddress::Website).unwrap(), "https://mail.example/");
    assert_eq!(anna.open_url(id, WebAddress::Login).unwrap(), "https://mail.example/login");
    assert_eq!(world.newest(), (EventKind::UrlOpened, Outcome::Done));
    assert_eq!(world.log()[0].entries, [id]);
    for bad in ["javascript:alert(1)", "https://anna:s3cret@mail.example/", "ftp://mail.example"] {
        assert!(matches!(anna.create_entry(&draft(bad)), Err(VaultError::Invalid { field: "login_url", .. })), "{bad}");
    }
    let none = anna.create_entry(&draft("")).unwrap();
    assert!(matches!(anna.open_url(none, WebAddress::Login), Err(VaultError::State(_))));

    let events = world.events();
    assert!(matches!(world.client("bert").open_url(id, WebAddress::Website), Err(VaultError::NotFound)));
    assert_eq!(world.events(), events, "looking for what is not there leaves no event");
    let view = Actions::NONE.with(Action::View);
    anna.share(id, &[GrantChange::put(Grantee::Client(client("bert")), view)]).unwrap();
    assert!(world.client("bert").open_url(id, WebAddress::Website).is_ok());
}
