//! Making a link.

use super::{LinkOptions, LinkSecret};
use crate::clock::Timestamp;
use crate::directory::{Token, TokenUse};
use crate::envelope::seal_link;
use crate::id::{EntryId, LinkId};
use crate::model::{
    Action, Actions, EntryHead, EventKind, FieldHead, FieldValue, LinkContents, LinkHead, LinkParts, LinkedField,
    Outcome, Secret, Standing,
};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::draft::check_passphrase;
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};

/// What a link is made on.
struct Terms<'a> {
    rests_on: Standing,
    needs: Actions,
    views: u32,
    expires_at: Timestamp,
    passphrase: Option<&'a SecretString>,
}

impl Gate<'_> {
    pub(super) fn create_link(&self, id: EntryId, options: &LinkOptions) -> Result<LinkSecret, VaultError> {
        let (found, proof) = self.entry(id, Action::Reveal, EventKind::LinkCreated)?;
        let may_share = self.authority.authorize(Action::Share, id, &found.head);
        let may_share = self.logged(may_share, EventKind::LinkCreated)?;
        let _may_share = self.fulfil(may_share, id, Action::Share, EventKind::LinkCreated)?;
        // Whoever opens it is asked for nothing.
        let needs = Actions::NONE.with(Action::Reveal).with(Action::Share);
        if needs.iter().any(|action| !self.authority.obligations(action, &found.head).is_none()) {
            return Err(VaultError::State("a reason or an approval is asked of you, and a link would ask for neither"));
        }
        if found.head.trashed.is_some() {
            return Err(VaultError::State("the entry is in the trash; restore it first"));
        }
        let expires_at = self.end_of(options.expires_at)?;
        check_options(options)?;
        if self.links_of(id)?.iter().filter(|link| !link.head.is_in_message()).count() >= LINKS_MAX {
            return Err(VaultError::State("the entry has as many links as it can have; revoke some"));
        }
        let contents = contents_of(&found.head, &self.open_secret(&proof, &found)?, &options.parts)?;
        let terms = Terms {
            rests_on: self.own_standing()?,
            needs,
            views: options.views,
            expires_at,
            passphrase: options.passphrase.as_ref(),
        };
        let mut changes = ChangeSet::new();
        let link = self.seal_link(id, &contents, terms, &mut changes)?;
        self.add_copied(found, &mut changes)?;
        self.commit(&proof, changes, self.event(EventKind::LinkCreated, Outcome::Done, &[id]))?;
        Ok(link)
    }

    /// Adds to a change set a link for one person that hands over a new password once, for 7 days and as
    /// long as that person may reveal the entry without giving a reason or asking anyone; for someone
    /// who may not, none. The event of the change names it.
    pub(in crate::vault) fn link_for_notice(
        &self,
        found: &FoundEntry,
        password: &SecretString,
        to: Standing,
        changes: &mut ChangeSet,
    ) -> Result<Option<LinkSecret>, VaultError> {
        let needs = Actions::NONE.with(Action::Reveal);
        if password.is_empty() || !self.may_freely(&to, needs, found)? {
            return Ok(None);
        }
        let contents = LinkContents { password: password.clone(), ..LinkContents::default() };
        let terms = Terms { rests_on: to, needs, views: 1, expires_at: self.end_of(None)?, passphrase: None };
        self.seal_link(found.id, &contents, terms, changes).map(Some)
    }

    fn seal_link(
        &self,
        entry: EntryId,
        contents: &LinkContents,
        terms: Terms<'_>,
        changes: &mut ChangeSet,
    ) -> Result<LinkSecret, VaultError> {
        let Terms { rests_on, needs, views, expires_at, passphrase } = terms;
        // Ids that begin with the end make the expired ones a range.
        let id = LinkId::generate(expires_at)?;
        let token = Token::generate(id.into())?;
        let keyring = &self.snapshot.keyring;
        let with = passphrase.map(|text| (text.expose().as_bytes(), self.snapshot.policy.settings.kdf));
        let binding = self.link_binding(id.into(), entry);
        let rest = seal_link(keyring, binding, token.secret().expose(), with, contents)?;
        let head = LinkHead {
            entry,
            key_hash: token.hash(TokenUse::Link),
            created_by: self.session.person(),
            created_at: self.now,
            rests_on,
            needs,
            expires_at,
            views,
            views_left: views,
            passphrase: passphrase.is_some(),
            failures: 0,
        };
        changes.write(self.link_record(id, 1, &head, &rest)?);
        Ok(LinkSecret(token))
    }
}

fn check_options(options: &LinkOptions) -> Result<(), VaultError> {
    if !(1..=VIEWS_MAX).contains(&options.views) {
        let rule = format!("it is {}; a link opens 1 to {VIEWS_MAX} times", options.views);
        return Err(VaultError::invalid("views", rule));
    }
    match &options.passphrase {
        Some(passphrase) => check_passphrase("passphrase", passphrase.len()),
        None => Ok(()),
    }
}

/// The chosen parts of an entry.
fn contents_of(head: &EntryHead, secret: &Secret, parts: &LinkParts) -> Result<LinkContents, VaultError> {
    let LinkParts { password, username, notes, totp, fields } = parts;
    if let Some(unknown) = fields.iter().find(|id| !head.fields.iter().any(|field| field.id == **id)) {
        return Err(VaultError::invalid("fields", format!("the entry has no field {unknown}")));
    }
    let chosen = |wanted: bool, text: &SecretString| if wanted { text.clone() } else { SecretString::default() };
    let value = |field: &FieldHead| match &field.value {
        FieldValue::Visible(text) => Some(SecretString::from(text.as_str())),
        FieldValue::Secret => secret.fields.iter().find(|own| own.id == field.id).map(|own| own.value.clone()),
    };
    let linked = head.fields.iter().filter(|field| fields.contains(&field.id));
    let contents = LinkContents {
        password: chosen(*password, &secret.password),
        username: chosen(*username, &head.username.as_str().into()),
        notes: chosen(*notes, &secret.notes),
        totp: chosen(*totp, &secret.totp),
        fields: linked
            .filter_map(|field| Some(LinkedField { name: field.name.as_str().into(), value: value(field)? }))
            .collect(),
    };
    if contents.is_empty() {
        return Err(VaultError::State("the entry has none of the chosen parts, so the link would hand over nothing"));
    }
    Ok(contents)
}

const VIEWS_MAX: u32 = 100;
/// The most links of one entry, besides those in messages.
const LINKS_MAX: usize = 100;
