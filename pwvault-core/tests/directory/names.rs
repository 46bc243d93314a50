//! Names for ids, and who learns which.

use pwvault_core::id::{CategoryId, DepartmentId, GroupId, TagId};
use pwvault_core::model::{MailTopics, Person, UnitId};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CategoryDraft, Named};
use pwvault_core::{AdminId, Timestamp, UserId, VaultError};

use crate::world::{World, account, admin, client, person, role, user};

fn cleo() -> Named {
    Named::Person(Person::SubUser { account: account("bert"), user: UserId::new("cleo").unwrap() })
}

/// One of each, with the name it has.
fn named(world: &World) -> Vec<(Named, &'static str)> {
    let root = world.root();
    world.add_unit(UnitId::Department(DepartmentId::new("billing").unwrap()), MailTopics::NONE);
    world.add_unit(UnitId::Group(GroupId::new("resellers").unwrap()), MailTopics::NONE);
    let draft = |name: &str| CategoryDraft { name: name.into(), ..CategoryDraft::default() };
    let own = world.signed_in(&client("bert")).create_category(&draft("Own")).unwrap();
    let staff = root.create_category(&draft("Staff")).unwrap();
    vec![
        (Named::Person(Person::Client(account("bert"))), "client bert"),
        (cleo(), "user cleo"),
        (Named::Role(role("sales")), "Sales Operator"),
        (Named::Category(own), "Own"),
        (Named::Category(staff), "Staff"),
        (Named::Person(Person::Admin(AdminId::new("dora").unwrap())), "admin dora"),
        (Named::Department(DepartmentId::new("billing").unwrap()), "Unit"),
        (Named::Group(GroupId::new("resellers").unwrap()), "Unit"),
        (Named::Tag(root.create_tag("Old").unwrap()), "Old"),
    ]
}

#[test]
fn the_staff_learns_every_name_and_an_account_those_of_its_own_and_of_roles() {
    let world = World::peopled();
    world.root().create_person(&person(client("eve"))).unwrap();
    let (ids, names): (Vec<_>, Vec<_>) = named(&world).into_iter().unzip();
    let told = |names: Vec<Option<String>>| names.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>();
    assert_eq!(told(world.signed_in(&admin("dora")).names(&ids).unwrap()), names);
    for own in [client("bert"), user("cleo")] {
        let own = told(world.signed_in(&own).names(&ids).unwrap());
        assert_eq!(own, ["client bert", "user cleo", "Sales Operator", "Own", "", "", "", "", ""]);
    }
    let stranger = told(world.signed_in(&client("eve")).names(&ids).unwrap());
    assert_eq!(stranger, ["", "", "Sales Operator", "", "", "", "", "", ""]);
}

#[test]
fn what_is_not_there_has_no_name_and_too_many_at_once_are_refused() {
    let world = World::peopled();
    let now = Timestamp::from_millis(1);
    let absent = [
        Named::Person(Person::Client(account("nobody"))),
        Named::Role(role("nobody")),
        Named::Category(CategoryId::generate(now).unwrap()),
        Named::Tag(TagId::generate(now).unwrap()),
        Named::Person(Person::System),
    ];
    assert_eq!(world.root().names(&absent).unwrap(), vec![None; absent.len()]);
    assert_eq!(world.root().names(&[]).unwrap(), Vec::<Option<String>>::new());
    let most = vec![cleo(); 500];
    assert_eq!(world.root().names(&most).unwrap().len(), 500);
    let refused = world.root().names(&[most, vec![cleo()]].concat());
    assert!(matches!(refused, Err(VaultError::Invalid { field: "of", .. })), "{refused:?}");
}
