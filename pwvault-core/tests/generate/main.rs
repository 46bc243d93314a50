//! The vault's policy for passwords: what is generated, and what is refused wherever a password
//! enters.
#![cfg(feature = "strength")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../host/mod.rs"]
mod host;

use std::sync::Arc;

use host::{admin, client, vault_over};
use pwvault_core::generate::{GenerateError, PassphraseOptions, PasswordOptions, Recipe};
use pwvault_core::model::{GeneratorPolicy, Settings};
use pwvault_core::store::MemoryStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{ImportOptions, RowPlan, SecretPart};
use pwvault_core::{EntryDraft, EntryPatch, RoleId, Session, Vault, VaultBuilder, VaultError, VaultId};

const WEAK: &str = "sunflower1";
const STRONG: &str = "vQ7#plummet-oboe 94";

fn vault_asking_for(strength_min: Option<u8>) -> Vault {
    let generator = GeneratorPolicy { strength_min, ..GeneratorPolicy::default() };
    vault_over(Arc::new(MemoryStore::new()), Settings { generator, ..Settings::default() })
}

fn draft(password: &str) -> EntryDraft {
    EntryDraft { name: "Mail".into(), password: password.into(), ..EntryDraft::default() }
}

fn with_password(password: &str) -> EntryPatch {
    EntryPatch { password: Some(password.into()), ..EntryPatch::default() }
}

fn import(session: &Session, password: &str) -> Result<RowPlan, VaultError> {
    let file = format!("name,url,username,password,note\nShop,,,{password},\n");
    let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
    let planned = session.preview_import(file.as_bytes(), &options)?.rows[0].plan.clone();
    let report = session.import(file.as_bytes(), &options, &mut |_, _| {})?;
    assert_eq!(report.rows[0].plan, planned);
    assert_eq!(report.imported.len(), usize::from(planned == RowPlan::Create));
    Ok(planned)
}

fn is_refused<T: std::fmt::Debug>(answer: Result<T, VaultError>) {
    let Err(VaultError::Invalid { field: "password", problem }) = answer else { panic!("{answer:?}") };
    assert!(problem.contains("at least 3") && !problem.contains(WEAK), "{problem}");
}

#[test]
fn a_weak_password_enters_by_no_way_once_the_vault_asks_for_strength() {
    let vault = vault_asking_for(Some(3));
    let anna = client(&vault, "anna");
    let before = anna.count_entries(&Default::default()).unwrap();
    is_refused(anna.create_entry(&draft(WEAK)));
    assert_eq!(anna.count_entries(&Default::default()).unwrap(), before);

    let id = anna.create_entry(&draft(STRONG)).unwrap();
    is_refused(anna.update_entry(id, 1, &with_password(WEAK)));
    let whole =
        EntryPatch { notes: Some("".into()), totp: Some("".into()), fields: Some(vec![]), ..with_password(WEAK) };
    is_refused(anna.update_entry(id, 1, &whole));
    assert_eq!(anna.reveal(id).unwrap().password.expose(), STRONG);

    assert!(matches!(import(&anna, WEAK).unwrap(), RowPlan::Unfit { field: "password", .. }));
    assert_eq!(import(&anna, STRONG).unwrap(), RowPlan::Create);
    // An entry without a password is none with a weak one.
    anna.create_entry(&draft("")).unwrap();
}

#[test]
fn what_was_kept_before_the_vault_asked_stays_and_a_restored_one_is_new() {
    let vault = vault_asking_for(None);
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let id = anna.create_entry(&draft(WEAK)).unwrap();
    let (mut settings, revision) = root.settings().unwrap();
    settings.generator.strength_min = Some(3);
    root.update_settings(&settings, revision).unwrap();

    // The password stays as it is while something else changes, even when it is sent along.
    let noted = EntryPatch { notes: Some("kept".into()), ..with_password(WEAK) };
    assert_eq!(anna.update_entry(id, 1, &noted).unwrap(), 2);
    assert_eq!(anna.update_entry(id, 2, &with_password(STRONG)).unwrap(), 3);
    let past = anna.history(id).unwrap()[0].id;
    is_refused(anna.restore_secret(id, 3, past, &[SecretPart::Password]));
    assert_eq!(anna.restore_secret(id, 3, past, &[SecretPart::Notes]).unwrap(), 4);
    assert_eq!(anna.reveal(id).unwrap().password.expose(), STRONG);
}

#[test]
fn what_stands_in_the_overview_makes_a_password_weak() {
    let anna_of = |vault: &Vault| client(vault, "anna");
    let vault = vault_asking_for(Some(2));
    let password = "brandtfeldhuber";
    let mut named = draft(password);
    anna_of(&vault).create_entry(&named).unwrap();
    named.username = "Brandtfeldhuber".into();
    let refused = anna_of(&vault).create_entry(&named);
    assert!(matches!(refused, Err(VaultError::Invalid { field: "password", .. })), "{refused:?}");
}

#[test]
fn generating_is_held_to_the_policy_of_the_moment() {
    let vault = vault_asking_for(None);
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let digits =
        PasswordOptions { length: 12, lower: false, upper: false, symbols: false, ..PasswordOptions::default() };
    let generate = |options| anna.generate(&Recipe::Password(options));
    assert!(matches!(generate(digits), Err(VaultError::Generate(GenerateError::SetMissing(_)))));

    let (mut settings, revision) = root.settings().unwrap();
    settings.generator = GeneratorPolicy {
        length_min: 4,
        length_default: 8,
        lower: false,
        upper: false,
        symbols: false,
        ..GeneratorPolicy::default()
    };
    root.update_settings(&settings, revision).unwrap();
    assert_eq!(anna.generator_policy().unwrap(), settings.generator);
    assert!(generate(digits).unwrap().text.expose().bytes().all(|byte| byte.is_ascii_digit()));

    // Four digits are never strong.
    settings.generator.strength_min = Some(4);
    root.update_settings(&settings, revision + 1).unwrap();
    let refused = generate(PasswordOptions { length: 4, ..digits });
    assert!(matches!(refused, Err(VaultError::Generate(GenerateError::TooWeak { min: 4, .. }))), "{refused:?}");
    anna.generate(&Recipe::Passphrase(PassphraseOptions::default())).unwrap();
}

#[test]
fn a_policy_that_makes_no_sense_is_not_set() {
    let vault = vault_asking_for(None);
    let root = admin(&vault, "root", &["full"]);
    let (settings, revision) = root.settings().unwrap();
    let usual = settings.generator;
    let none = GeneratorPolicy { lower: false, upper: false, digits: false, symbols: false, ..usual };
    for generator in
        [none, GeneratorPolicy { length_min: 3, ..usual }, GeneratorPolicy { strength_min: Some(5), ..usual }]
    {
        let settings = Settings { generator, ..settings.clone() };
        assert!(matches!(root.update_settings(&settings, revision), Err(VaultError::Generate(_))));
        let made = VaultBuilder::new(host::kek()).settings(settings).create(
            Arc::new(MemoryStore::new()),
            VaultId::from_bytes([4; 16]),
            RoleId::new("full").unwrap(),
        );
        assert!(matches!(made, Err(VaultError::Generate(_))));
    }
    assert_eq!(root.settings().unwrap().1, revision);
}
