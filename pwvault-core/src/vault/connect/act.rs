//! Handing a secret to a connector, the registered one or the host itself, and what comes back.

use super::{HandedOver, SignOnOptions};
use crate::connect::{ConnectError, ConnectRequest, Connector, ConnectorKind, SignOn, check_sign_on};
use crate::id::EntryId;
use crate::model::{Action, EventKind, Outcome, PermitPurpose, ServerAccess, SignOnPermit};
use crate::policy::Authorized;
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};
use crate::vault::permit::Permit;
use crate::vault::session::Session;

/// What a connector is given.
struct Credential {
    access: ServerAccess,
    username: String,
    secret: SecretString,
}

impl Session {
    /// Opens the secret, commits the event, lets `act` use the connector, and logs how it ended.
    pub(super) fn through_connector<T>(
        &self,
        id: EntryId,
        options: &SignOnOptions,
        act: impl FnOnce(&dyn Connector, &ConnectorKind, &ConnectRequest<'_>) -> Result<T, ConnectError>,
    ) -> Result<T, VaultError> {
        let (credential, connector) = self.run(|gate| {
            let (found, access, proof) = gate.server(id)?;
            let connector = gate.core.providers.connectors.registered(&access.connector).ok_or(NO_CONNECTOR)?;
            check_options(&connector.kind(), options)?;
            let mut changes = ChangeSet::new();
            let credential = gate.credential(&proof, found, access, &mut changes)?;
            gate.commit(&proof, changes, gate.event(EventKind::SignOnStarted, Outcome::Done, &[id]))?;
            Ok((credential, connector))
        })?;
        let request = ConnectRequest {
            address: &credential.access.address,
            username: &credential.username,
            secret: &credential.secret,
            service: options.service.as_deref(),
            account: options.account.as_deref(),
            locale: options.locale.as_deref(),
        };
        let done = act(connector.as_ref(), &connector.kind(), &request);
        let outcome = if done.is_ok() { Outcome::Done } else { Outcome::Failed };
        self.run(|gate| gate.log(EventKind::SignOnFinished, outcome, &[id]))?;
        Ok(done?)
    }
}

impl Gate<'_> {
    pub(super) fn hand_over(&self, id: EntryId) -> Result<HandedOver, VaultError> {
        let (found, access, proof) = self.server(id)?;
        if !self.core.providers.connectors.is_pulled(&access.connector) {
            return Err(VaultError::State("the host is not registered as the connector of this kind of server"));
        }
        let mut changes = ChangeSet::new();
        let Credential { access, username, secret } = self.credential(&proof, found, access, &mut changes)?;
        let (connector, address) = (access.connector.clone(), access.address.clone());
        let purpose = PermitPurpose::SignOn(SignOnPermit { entry: id, connector, address });
        let permit = self.issue_permit(purpose, HAND_OVER_MS, &mut changes)?;
        self.commit(&proof, changes, self.event(EventKind::SignOnStarted, Outcome::Done, &[id]))?;
        Ok(HandedOver { permit, access, username, secret })
    }

    pub(super) fn acknowledge(
        &self,
        permit: &Permit,
        outcome: Result<SignOn, ConnectError>,
    ) -> Result<SignOn, VaultError> {
        let held = self.permit(permit)?.and_then(|found| match found.purpose.clone() {
            PermitPurpose::SignOn(purpose) => Some((found, purpose)),
            PermitPurpose::ServiceReveal(_) => None,
        });
        let Some((found, SignOnPermit { entry, connector, address })) = held else {
            self.log(EventKind::SignOnFinished, Outcome::Denied, &[])?;
            return Err(VaultError::State("the permit has ended, was used already, or is for something else"));
        };
        let done = outcome.and_then(|sign_on| {
            let kind = self.core.providers.connectors.kind(&connector);
            let kind = kind.ok_or(ConnectError::unsupported("connector", "it is not registered any more"))?;
            // The vault has no plaintext here; that the address holds none is the host's to see to.
            let secret = SecretString::default();
            let request = ConnectRequest {
                address: &address,
                username: "",
                secret: &secret,
                service: None,
                account: None,
                locale: None,
            };
            check_sign_on(&kind, &request, &sign_on)?;
            Ok(sign_on)
        });
        let mut changes = ChangeSet::new();
        found.end(&mut changes);
        let outcome = if done.is_ok() { Outcome::Done } else { Outcome::Failed };
        self.commit_relying(changes, self.event(EventKind::SignOnFinished, outcome, &[entry]))?;
        Ok(done?)
    }

    /// An entry whose server the principal may sign in to.
    fn server(&self, id: EntryId) -> Result<(FoundEntry, ServerAccess, Authorized), VaultError> {
        // The first proof has what a grant asks for seen to; the second decision adds section and rule.
        let (found, proof) = self.entry(id, Action::Use, EventKind::SignOnStarted)?;
        let verdict = self.authority.authorize_server(id, &found.head);
        let _server = self.logged_for(verdict, &found, EventKind::SignOnStarted)?;
        let access = found.head.connect.clone();
        let access = access.ok_or(VaultError::State("the entry does not say how its server is signed in to"))?;
        Ok((found, access, proof))
    }

    /// What of the entry the connector gets, for the commit that says so.
    fn credential(
        &self,
        proof: &Authorized,
        found: FoundEntry,
        access: ServerAccess,
        changes: &mut ChangeSet,
    ) -> Result<Credential, VaultError> {
        let secret = self.open_secret(proof, &found)?.password.clone();
        if secret.is_empty() {
            return Err(VaultError::State("the entry holds no password to sign in with"));
        }
        self.assert_entry(&found, changes);
        Ok(Credential { access, username: found.head.username, secret })
    }
}

fn check_options(kind: &ConnectorKind, options: &SignOnOptions) -> Result<(), VaultError> {
    let SignOnOptions { service, account, locale } = options;
    if let Some(service) = service
        && !kind.services.contains(service)
    {
        return Err(VaultError::invalid("service", "the connector does not know it; take one of those it lists"));
    }
    for (field, text) in [("account", account), ("locale", locale)] {
        text.as_deref().map(|text| crate::vault::draft::checked_name(field, text)).transpose()?;
    }
    Ok(())
}

const NO_CONNECTOR: VaultError =
    VaultError::State("no connector of this kind is registered, or the host is the connector: begin the sign-on");
/// How long the host has for a sign-on of its own, in milliseconds.
const HAND_OVER_MS: i64 = 2 * 60 * 1_000;
