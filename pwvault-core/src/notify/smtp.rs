//! Delivery by SMTP (RFC 5321), behind the feature `smtp`: one connection for each message,
//! encrypted unless the server is on this very machine.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, SmtpTransport, Transport};

use crate::model::{Addressee, DeliveryError, Notifier, OutboxMessage, Rendered};
use crate::secret::SecretString;

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmtpTls {
    /// TLS from the first byte, as on port 465 (RFC 8314).
    #[default]
    Implicit,
    /// TLS by STARTTLS, as on port 587 (RFC 3207); a server that does not offer it is not used.
    StartTls,
    /// None. Only for a server on this machine.
    PlainLocalhost,
}

/// Where and how mail is handed over.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Name or address of the server; its certificate must be for it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way is protected.
    pub tls: SmtpTls,
    /// User name and password, where the server asks for them.
    pub credentials: Option<(String, SecretString)>,
    /// The sender's address.
    pub from: String,
    /// The sender's display name.
    pub from_name: String,
    /// The domain that ends the message ids, and by which this machine calls itself.
    pub domain: String,
    /// Certificate authorities in PEM; the public ones when empty.
    pub authorities: String,
    /// How long connecting, and each answer, may take.
    pub timeout: Duration,
}

impl SmtpSettings {
    /// TLS from the first byte, no sign-in, the domain of the sender's address, 30 seconds.
    pub fn new(host: impl Into<String>, port: u16, from: impl Into<String>) -> Self {
        let from = from.into();
        Self {
            host: host.into(),
            port,
            tls: SmtpTls::default(),
            credentials: None,
            domain: from.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default(),
            from,
            from_name: String::new(),
            authorities: String::new(),
            timeout: Duration::from_secs(30),
        }
    }
}

/// Settings that are not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SmtpError {
    /// A sender that is no address.
    #[error("the sender is no e-mail address")]
    Sender,
    /// A domain that cannot end a message id.
    #[error("the domain is none; write a host name such as panel.example")]
    Domain,
    /// A server elsewhere without encryption.
    #[error("mail goes unencrypted to a server on this machine alone; choose TLS or STARTTLS")]
    PlainElsewhere,
    /// Certificate authorities that do not read.
    #[error("the certificate authorities are no PEM certificates")]
    Authorities,
    /// A time-out of nothing.
    #[error("the time-out is zero; allow at least a second")]
    Timeout,
    /// TLS could not be set up for the host.
    #[error("TLS could not be set up for this host")]
    Tls,
}

/// Mails messages.
///
/// The message id is made from the idempotency key, so that a repetition is told by it. A message
/// refused with 4xx, a server that is out of reach and a refused sign-in may work later; a message
/// or recipient refused with 5xx will not.
///
/// # Security
/// Reasons of failures name the server's code, never its text, which may hold the address.
pub struct SmtpNotifier {
    transport: SmtpTransport,
    from: Mailbox,
    domain: String,
}

impl SmtpNotifier {
    /// A notifier with these settings. No connection is made yet.
    ///
    /// # Errors
    /// [`SmtpError`] names the setting.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SmtpError> {
        let SmtpSettings { host, port, tls, credentials, from, from_name, domain, authorities, timeout } = settings;
        let address = Address::from_str(from).map_err(|_| SmtpError::Sender)?;
        let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if domain.len() > DOMAIN_MAX || !domain.split('.').all(is_label) {
            return Err(SmtpError::Domain);
        }
        if timeout.is_zero() {
            return Err(SmtpError::Timeout);
        }
        let tls = match tls {
            SmtpTls::Implicit => Tls::Wrapper(tls_parameters(host, authorities)?),
            SmtpTls::StartTls => Tls::Required(tls_parameters(host, authorities)?),
            SmtpTls::PlainLocalhost if is_here(host) => Tls::None,
            SmtpTls::PlainLocalhost => return Err(SmtpError::PlainElsewhere),
        };
        let mut builder = SmtpTransport::builder_dangerous(host)
            .port(*port)
            .tls(tls)
            .timeout(Some(*timeout))
            .hello_name(ClientId::Domain(domain.clone()));
        if let Some((user, password)) = credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        let name = Some(from_name.trim()).filter(|name| !name.is_empty()).map(one_line);
        Ok(Self { transport: builder.build(), from: Mailbox::new(name, address), domain: domain.clone() })
    }

    fn mail(&self, message: &OutboxMessage, to: Mailbox, rendered: &Rendered) -> Result<Message, DeliveryError> {
        let id = format!("<{}@{}>", message.id, self.domain);
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .date_now()
            .message_id(Some(id))
            .subject(one_line(&rendered.subject))
            // So that out-of-office replies stay away (RFC 3834).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(rendered.body.clone())
            .map_err(|_| permanent("it makes no mail"))
    }
}

impl Notifier for SmtpNotifier {
    fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError> {
        let rendered = message.rendered.as_ref().ok_or_else(|| permanent("no template is assigned to it"))?;
        let mail = self.mail(message, recipient(message)?, rendered)?;
        match self.transport.send(&mail) {
            Ok(_) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }
}

impl fmt::Debug for SmtpNotifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpNotifier").field("domain", &self.domain).finish_non_exhaustive()
    }
}

fn recipient(message: &OutboxMessage) -> Result<Mailbox, DeliveryError> {
    let (name, address) = match (&message.notice.to, &message.contact) {
        (Addressee::Address(address), _) => (None, address.as_str()),
        (Addressee::Person(_), None) => return Err(permanent("the recipient is not known")),
        (Addressee::Person(_), Some(contact)) => {
            let address = contact.email.as_deref().ok_or_else(|| permanent("the recipient has no e-mail address"))?;
            (Some(one_line(&contact.name)).filter(|name| !name.trim().is_empty()), address)
        }
    };
    let address = Address::from_str(address).map_err(|_| permanent("the recipient's e-mail address is none"))?;
    Ok(Mailbox::new(name, address))
}

fn failure(error: &lettre::transport::smtp::Error) -> DeliveryError {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        let reason = format!("the mail server answered {code}");
        return match code {
            // The sign-in is refused, not the message.
            530 | 534 | 535 | 538 => DeliveryError::Transient(format!("{reason}: it refused the sign-in")),
            500.. => DeliveryError::Permanent(reason),
            _ => DeliveryError::Transient(reason),
        };
    }
    let reason = if error.is_timeout() {
        "the mail server did not answer in time"
    } else if error.is_tls() {
        "no TLS came about with the mail server"
    } else if error.is_client() {
        "the mail server does not offer what is needed"
    } else if error.is_response() {
        "the mail server's answer makes no sense"
    } else {
        "the mail server could not be reached"
    };
    DeliveryError::Transient(reason.to_owned())
}

fn tls_parameters(host: &str, authorities: &str) -> Result<TlsParameters, SmtpError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if !authorities.trim().is_empty() {
        builder = builder.certificate_store(CertificateStore::None);
        let end = "-----END CERTIFICATE-----";
        for pem in authorities.split_inclusive(end).filter(|pem| pem.contains("-----BEGIN")) {
            let authority = Certificate::from_pem(pem.as_bytes()).map_err(|_| SmtpError::Authorities)?;
            builder = builder.add_root_certificate(authority);
        }
        if !authorities.contains(end) {
            return Err(SmtpError::Authorities);
        }
    }
    builder.build().map_err(|_| SmtpError::Tls)
}

/// Whether the host is this machine, whatever a name server says.
fn is_here(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

fn permanent(reason: &str) -> DeliveryError {
    DeliveryError::Permanent(reason.to_owned())
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

const DOMAIN_MAX: usize = 253;
