//! The host's own words: stored, exported, read again, across sessions and rotations.

use pwvault_core::model::{Action, Message, Section};
use pwvault_core::translate::{Locale, TranslateError, Translator};
use pwvault_core::vault::VaultKey;
use pwvault_core::vault::prelude::*;
use pwvault_core::{EntryId, VaultError};

use crate::host;

fn locale(tag: &str) -> Locale {
    tag.parse().unwrap()
}

#[test]
fn words_of_the_host_are_stored_exported_and_taken_back() {
    let vault = host::vault();
    let (root, anna) = (host::admin(&vault, "root", &["full"]), host::client(&vault, "anna"));
    let german = locale("de");
    let say = || anna.catalogues().unwrap().translate(&Action::View.phrase(), &german).unwrap();
    assert_eq!(say(), "Ansehen");
    let exported = root.export_catalogue(&german).unwrap();
    let edited = exported.replacen("action-view = Ansehen", "action-view = Lesen", 1);
    root.import_catalogue(&german, &edited).unwrap();
    assert_eq!(say(), "Lesen");
    // Read again, the export says the same; and the built-in one takes the words back.
    root.import_catalogue(&german, &root.export_catalogue(&german).unwrap()).unwrap();
    assert_eq!(say(), "Lesen");
    root.rotate_keys(VaultKey::Data).unwrap();
    root.reseal_records(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    assert_eq!(say(), "Lesen");
    root.import_catalogue(&german, &exported).unwrap();
    assert_eq!(say(), "Ansehen");
}

#[test]
fn a_new_locale_grows_from_its_missing_messages() {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    let french = locale("fr");
    let refused = root.catalogues().unwrap().translate(&Action::View.phrase(), &french);
    assert!(matches!(refused, Err(TranslateError::MissingLocale { .. })));
    let all = root.missing_messages(&french).unwrap();
    assert!(all.contains(&"action-view"));
    root.import_catalogue(&french, "action-view = voir\n").unwrap();
    assert_eq!(root.missing_messages(&french).unwrap().len(), all.len() - 1);
    let catalogues = root.catalogues().unwrap();
    assert_eq!(catalogues.translate(&Action::View.phrase(), &locale("fr-CA")).unwrap(), "voir");
    assert_eq!(catalogues.translate(&Section::Logs.phrase(), &french).unwrap(), "logs");
    assert_eq!(root.missing_messages(&locale("de-AT")).unwrap(), Vec::<&str>::new());
}

#[test]
fn a_refused_catalogue_changes_nothing() {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    root.import_catalogue(&locale("de"), "action-view = Lesen\n").unwrap();
    let refused = root.import_catalogue(&locale("de"), "action-view = Sehen\naction-veiw = Sehen\n");
    let key = "action-veiw".to_owned();
    assert!(matches!(refused, Err(VaultError::Translate(TranslateError::UnknownKey { key: named })) if named == key));
    let said = root.catalogues().unwrap().translate(&Action::View.phrase(), &locale("de")).unwrap();
    assert_eq!(said, "Lesen");
}

#[test]
fn a_refusal_is_explained_in_the_readers_language() {
    let vault = host::vault();
    let anna = host::client(&vault, "anna");
    let catalogues = anna.catalogues().unwrap();
    let refused = anna.rules().unwrap_err();
    let german = catalogues.translate(&refused.phrase(), &locale("de-AT")).unwrap();
    assert_eq!(german, "das ist nicht erlaubt: nur Administratoren haben dies");
    let absent = anna.entry(EntryId::from_bytes([9; 16])).unwrap_err();
    assert_eq!(catalogues.translate(&absent.phrase(), &Locale::english()).unwrap(), absent.to_string());
}

/// What was typed or imported stands in no argument, so no catalogue can show it.
#[test]
fn arguments_carry_nothing_that_was_typed() {
    use pwvault_core::model::{Audience, NoticeKind};
    use pwvault_core::notify::TemplateText;
    use pwvault_core::vault::{ImportOptions, UnlockAnswer};
    use pwvault_core::{EntryDraft, KeyId};

    const CANARY: &str = "c4n4ry";
    let vault = host::vault();
    let (root, anna) = (host::admin(&vault, "root", &["full"]), host::client(&vault, "anna"));
    let german = locale("de");
    let draft = |website: &str, name: String| EntryDraft { name, website: website.into(), ..EntryDraft::default() };
    let file = format!("name,url,username,password,note\n{CANARY},,{CANARY},{CANARY},\"{CANARY}\n");
    let template = TemplateText { subject: format!("{CANARY} {{{{ 1 {CANARY} }}}}"), body: CANARY.to_owned() };
    let refused: [VaultError; 7] = [
        anna.create_entry(&draft(&format!("https://a:{CANARY}@example.com"), "Mail".to_owned())).unwrap_err(),
        anna.create_entry(&draft("", CANARY.repeat(1_000))).unwrap_err(),
        anna.create_entry(&EntryDraft { totp: format!("!{CANARY}").into(), ..draft("", "Mail".to_owned()) })
            .unwrap_err(),
        anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {}).unwrap_err(),
        anna.unlock(&UnlockAnswer::PrivateKey {
            key: KeyId::from_bytes([1; 16]),
            pem: CANARY.into(),
            passphrase: None,
        })
        .unwrap_err(),
        root.set_template(NoticeKind::ChangeDue, Audience::Clients, &german, &template).unwrap_err(),
        root.import_catalogue(&german, &format!("action-view = {{ $x }} {CANARY}\n")).unwrap_err(),
    ];
    for error in refused {
        let phrase = error.phrase();
        assert!(!format!("{phrase:?}").contains(CANARY), "{phrase:?}");
        let said = root.catalogues().unwrap().translate(&phrase, &german).unwrap();
        assert_ne!(said, error.to_string(), "it is said in German");
    }
}
