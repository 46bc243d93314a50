//! What a host keeps or sends outside of the vault: keys, messages, checkpoints, and sign-ons to servers.

use std::collections::HashSet;
use std::sync::Arc;

use pwvault_core::audit::{Checkpoint, CheckpointSink, CheckpointSinkError};
use pwvault_core::connect::{ConnectError, ConnectRequest, Connector, ConnectorKind, SignOn};
use pwvault_core::model::{DeliveryError, Kek, KekId, KeyProvider, KeyProviderError, Notifier, OutboxMessage};
use pwvault_core::{SecretBytes, SecretString, Timestamp};
use serde::{Deserialize, Serialize};

use super::Host;
use super::asking::{Nothing, Payload, Payloads, Refusal, ask, done, present};

/// Asks a host for KEKs.
pub(super) struct HostKeys(pub(super) Arc<dyn Host>);

impl KeyProvider for HostKeys {
    fn keks(&self) -> Result<Vec<Kek>, KeyProviderError> {
        #[derive(Deserialize)]
        struct Answer {
            keks: Vec<Given>,
        }
        #[derive(Deserialize)]
        struct Given {
            id: KekId,
            key: Payload,
        }
        let read = |answer: Answer, payloads: &mut Payloads| {
            let mut ids = HashSet::new();
            if answer.keks.is_empty() || !answer.keks.iter().all(|kek| ids.insert(kek.id)) {
                return Err("a ring has at least one KEK, and each id once");
            }
            let mut ring = Vec::new();
            for Given { id, key } in answer.keks {
                let key = SecretBytes::new(payloads.take(key)?);
                if key.len() != KEK_LEN {
                    return Err("a KEK has 32 bytes");
                }
                ring.push(Kek { id, key });
            }
            Ok(ring)
        };
        ask(&self.0, "key_provider.keks", &Nothing {}, Payloads::default(), read)
            .map_err(|refusal| KeyProviderError { reason: refusal.to_string() })
    }
}

/// Has a host deliver messages.
pub(super) struct HostNotifier(pub(super) Arc<dyn Host>);

impl Notifier for HostNotifier {
    fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError> {
        #[derive(Serialize)]
        struct Question<'a> {
            message: &'a OutboxMessage,
        }
        ask(&self.0, "notifier.deliver", &Question { message }, Payloads::default(), done).map_err(
            |refusal: Refusal| match refusal.name.as_str() {
                "permanent" => DeliveryError::Permanent(refusal.message),
                "transient" => DeliveryError::Transient(refusal.message),
                _ => DeliveryError::Transient(refusal.to_string()),
            },
        )
    }
}

/// Has a host keep checkpoints.
pub(super) struct HostSink(pub(super) Arc<dyn Host>);

impl CheckpointSink for HostSink {
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), CheckpointSinkError> {
        #[derive(Serialize)]
        struct Question<'a> {
            checkpoint: &'a Checkpoint,
        }
        ask(&self.0, "checkpoint_sink.keep", &Question { checkpoint }, Payloads::default(), done)
            .map_err(|refusal| CheckpointSinkError { reason: refusal.to_string() })
    }
}

/// Has a host sign in to one kind of server.
pub(super) struct HostConnector {
    pub(super) host: Arc<dyn Host>,
    pub(super) kind: ConnectorKind,
}

#[derive(Serialize)]
struct Question<'a> {
    kind: &'a str,
    request: Request<'a>,
}

#[derive(Serialize)]
struct Request<'a> {
    address: &'a str,
    username: &'a str,
    secret: Payload,
    service: Option<&'a str>,
    account: Option<&'a str>,
    locale: Option<&'a str>,
}

impl HostConnector {
    fn question<'a>(&'a self, request: &ConnectRequest<'a>, payloads: &mut Payloads) -> Question<'a> {
        let &ConnectRequest { address, username, secret, service, account, locale } = request;
        let secret = payloads.put(secret.expose().as_bytes().to_vec());
        Question { kind: &self.kind.name, request: Request { address, username, secret, service, account, locale } }
    }
}

impl Connector for HostConnector {
    fn kind(&self) -> ConnectorKind {
        self.kind.clone()
    }

    fn connect(&self, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "present")]
            url: Option<Payload>,
            #[serde(deserialize_with = "present")]
            expires_at: Option<Timestamp>,
        }
        let read = |answer: Answer, payloads: &mut Payloads| {
            let url = answer.url.map(|url| payloads.take(url)).transpose()?.map(String::from_utf8).transpose();
            let url = url.map_err(|_| "its address is not UTF-8")?.map(SecretString::from);
            Ok(SignOn { url, expires_at: answer.expires_at })
        };
        let mut payloads = Payloads::default();
        let question = self.question(request, &mut payloads);
        ask(&self.host, "connector.connect", &question, payloads, read).map_err(|refusal| not_signed_on(&refusal))
    }

    fn test(&self, request: &ConnectRequest<'_>) -> Result<(), ConnectError> {
        let mut payloads = Payloads::default();
        let question = self.question(request, &mut payloads);
        ask(&self.host, "connector.test", &question, payloads, done).map_err(|refusal| not_signed_on(&refusal))
    }
}

/// No word of the host's: a server that was handed a credential could show it there.
fn not_signed_on(refusal: &Refusal) -> ConnectError {
    match refusal.name.as_str() {
        "refused" => ConnectError::Refused,
        "not_allowed" => ConnectError::NotAllowed,
        "unreachable" => ConnectError::Unreachable,
        "untrusted" => ConnectError::Untrusted,
        "timed_out" => ConnectError::TimedOut,
        "unsupported" => {
            ConnectError::Unsupported { field: "connector", problem: "the host's connector cannot do this" }
        }
        _ => ConnectError::Malformed { problem: "the host's connector failed, or gave something that is no answer" },
    }
}

const KEK_LEN: usize = 32;
