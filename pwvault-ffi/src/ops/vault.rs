//! What can be done with a vault before there is a session: signing in, and what bearers of links do.

use pwvault_core::id::VaultId;
use pwvault_core::model::{KekId, LinkContents, PersonId, Realm, RequestContext};
use pwvault_core::vault::{
    Acceptance, CredentialQuestion, Health, LinkInfo, LinkSecret, RequestSecret, ResetLink, SignInStep, SignedIn,
    VaultError, VaultHead,
};
use pwvault_core::{EntryId, SecretString, Vault};

use super::{Operation, operations};

/// Every operation of a vault.
pub static VAULT: &[Operation<Vault>] = operations! {
    Vault {
        id() -> VaultId = |on| Ok::<_, VaultError>(on.id());
        head() -> VaultHead = |on| on.head();
        kek_id() -> KekId = |on| on.kek_id();
        health() -> Health = |on| on.health();
        link_info(link: LinkSecret) -> LinkInfo = |on| on.link_info(&link);
        open_link(link: LinkSecret, passphrase: Option<SecretString>, context: RequestContext) -> LinkContents =
            |on| on.open_link(&link, passphrase.as_ref(), context);
        credential_request(secret: RequestSecret) -> CredentialQuestion = |on| on.credential_request(&secret);
        fill_request(secret: RequestSecret, values: Vec<SecretString>, context: RequestContext) -> EntryId =
            |on| on.fill_request(&secret, &values, context);
    }
    SignIn {
        sign_in_with_password(context: RequestContext, realm: Realm, login: String, password: SecretString) -> SignInStep =
            |on| on.sign_in(context).with_password(realm, &login, &password);
        sign_in_with_second_factor(context: RequestContext, token: SecretString, answer: SecretString) -> SignedIn =
            |on| on.sign_in(context).with_second_factor(token.expose(), &answer);
        resume_sign_in(context: RequestContext, id: PersonId, generation: u32) -> SignedIn =
            |on| on.sign_in(context).resume(&id, generation);
        accept_invite(context: RequestContext, token: SecretString, acceptance: Acceptance) -> PersonId =
            |on| on.sign_in(context).accept_invite(token.expose(), &acceptance);
        ask_reset(context: RequestContext, realm: Realm, login: String) -> Option<ResetLink> =
            |on| on.sign_in(context).ask_reset(realm, &login);
        reset_password(context: RequestContext, token: SecretString, password: SecretString) -> PersonId =
            |on| on.sign_in(context).reset_password(token.expose(), &password);
    }
};
