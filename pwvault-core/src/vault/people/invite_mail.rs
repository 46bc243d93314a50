//! Mail that invites: its writing, and whether it may still be sent.

use std::collections::BTreeMap;

use crate::directory::Token;
use crate::model::{Addressee, Audience, InviteHead, InviteOffer, Notice, NoticeKind};
use crate::schedule::Zone;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::reminders::Readers;

impl Gate<'_> {
    /// Sends who is invited the address of the host's page, if the vault knows that page.
    pub(super) fn tell_invited(
        &self,
        head: &InviteHead,
        token: &Token,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let Some(page) = &self.core.providers.pages.invitation else { return Ok(()) };
        let facts = BTreeMap::from([
            ("actor".to_owned(), Readers::of(self)?.name(&head.invited_by)?),
            ("link".to_owned(), format!("{page}#{}", token.to_text().expose())),
            ("ends_at".to_owned(), Zone::utc().local(head.expires_at)),
        ]);
        let notice = Notice {
            kind: NoticeKind::Invitation,
            audience: match head.offer {
                InviteOffer::Admin { .. } => Audience::Administrators,
                InviteOffer::SubUser { .. } => Audience::Clients,
            },
            to: Addressee::Address(head.email.clone()),
            entry: None,
            facts,
            locale: head.locale.clone(),
            changed_at: None,
        };
        self.write_message(notice, self.now, changes).map(drop)
    }

    /// Whether the token in a message still opens its invitation: it may have been taken back, accepted or sent
    /// again since.
    pub(in crate::vault) fn still_invites(&self, notice: &Notice) -> Result<bool, VaultError> {
        let token = notice.facts.get("link").and_then(|link| link.split_once('#'));
        match token.map(|(_, token)| self.check_token(token)) {
            Some(Ok(_)) => Ok(true),
            Some(Err(VaultError::Invite(_))) | None => Ok(false),
            Some(Err(error)) => Err(error),
        }
    }
}
