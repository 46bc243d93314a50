//! What lies in the files of the database: nothing that was linked, asked or answered.

use std::fs;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use pwvault_core::store::SqliteStore;
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CredentialRequestDraft, LinkOptions};
use pwvault_core::{EntryDraft, RequestContext, Timestamp};

use crate::locked::SharedClock;
use crate::world::{annas, asking, client, create, root, staff_key};

#[test]
fn the_database_holds_neither_secrets_nor_what_opens_them() {
    let directory = tempfile::tempdir().unwrap();
    let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))));
    let vault = create(Arc::new(SqliteStore::open(directory.path().join("vault.db")).unwrap()), &clock);
    let (anna, root) = (client(&vault, "anna"), root(&vault));
    let texts = ["linked-canary-zqxj", "passphrase-canary-zqxj", "message-canary-zqxj", "answer-canary-zqxj"];
    let [linked, passphrase, message, answer] = texts;

    let draft = EntryDraft { name: "Webmail".into(), password: linked.into(), ..EntryDraft::default() };
    let entry = anna.create_entry(&draft).unwrap();
    let options = LinkOptions { views: 2, passphrase: Some(passphrase.into()), ..LinkOptions::default() };
    let link = anna.create_link(entry, &options).unwrap();
    let opened = vault.open_link(&link, Some(&passphrase.into()), RequestContext::default()).unwrap();
    assert_eq!(opened.password.expose(), linked);
    let (key, _) = staff_key(&root);
    let asked = CredentialRequestDraft { message: message.into(), ..asking(key, annas()) };
    let request = root.request_credentials(&asked).unwrap();
    vault.fill_request(&request, &["anna".into(), answer.into(), "".into()], RequestContext::default()).unwrap();

    let mut needles: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    for text in [link.fragment(), request.token()] {
        let bytes = Base64UrlUnpadded::decode_vec(text.expose()).unwrap();
        needles.push(bytes[16..].to_vec());
        // The first 22 characters are those of the id, which is no secret.
        needles.push(text.expose().as_bytes()[22..].to_vec());
    }
    let mut files = 0;
    for file in fs::read_dir(directory.path()).unwrap() {
        let haystack = fs::read(file.unwrap().path()).unwrap();
        files += 1;
        for needle in &needles {
            let found = haystack.windows(needle.len()).any(|window| window == needle.as_slice());
            assert!(!found, "{} stands in the database", String::from_utf8_lossy(needle));
        }
    }
    assert!(files > 0);
    let printed = format!("{link:?} {request:?} {options:?} {opened:?}");
    assert!(texts.iter().all(|text| !printed.contains(text)), "{printed}");
}
