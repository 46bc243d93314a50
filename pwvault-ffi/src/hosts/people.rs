//! A host's own people and services.

use std::sync::Arc;

use pwvault_core::id::{ClientId, ServiceId};
use pwvault_core::model::{Contact, Directory, DirectoryError, Person, ServiceRef, Services, ServicesError, Subject};
use serde::{Deserialize, Serialize};

use super::Host;
use super::asking::{Payloads, Refusal, ask, present};

/// Asks a host about people.
pub(super) struct HostDirectory(pub(super) Arc<dyn Host>);

impl Directory for HostDirectory {
    fn contact(&self, person: &Person) -> Result<Option<Contact>, DirectoryError> {
        #[derive(Serialize)]
        struct Question<'a> {
            person: &'a Person,
        }
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "present")]
            contact: Option<Contact>,
        }
        let read = |answer: Answer, _: &mut Payloads| match answer.contact {
            Some(contact) if contact.person != *person => Err("it is about another person"),
            contact => Ok(contact),
        };
        ask(&self.0, "directory.contact", &Question { person }, Payloads::default(), read).map_err(unanswered)
    }

    fn client_by_email(&self, email: &str) -> Result<Option<ClientId>, DirectoryError> {
        #[derive(Serialize)]
        struct Question<'a> {
            email: &'a str,
        }
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "present")]
            client: Option<ClientId>,
        }
        let read = |answer: Answer, _: &mut Payloads| Ok(answer.client);
        ask(&self.0, "directory.client_by_email", &Question { email }, Payloads::default(), read).map_err(unanswered)
    }

    fn members(&self, subject: &Subject) -> Result<Vec<Person>, DirectoryError> {
        #[derive(Serialize)]
        struct Question<'a> {
            subject: &'a Subject,
        }
        #[derive(Deserialize)]
        struct Answer {
            members: Vec<Person>,
        }
        let read = |answer: Answer, _: &mut Payloads| {
            if answer.members.iter().all(|person| may_be_of(person, subject)) {
                Ok(answer.members)
            } else {
                Err("it names someone who cannot be of those asked for")
            }
        };
        ask(&self.0, "directory.members", &Question { subject }, Payloads::default(), read).map_err(unanswered)
    }
}

/// Whether such a person can be among those that a subject stands for.
fn may_be_of(person: &Person, subject: &Subject) -> bool {
    match (subject, person) {
        (Subject::Admin(asked), Person::Admin(id)) => asked == id,
        (Subject::Role(_) | Subject::Department(_) | Subject::Administrators, Person::Admin(_))
        | (Subject::Group(_), Person::Client(_)) => true,
        (Subject::Client(asked), Person::Client(id)) => asked == id,
        (Subject::SubUsers(asked), Person::SubUser { account, .. }) => asked == account,
        _ => false,
    }
}

fn unanswered(refusal: Refusal) -> DirectoryError {
    DirectoryError { reason: refusal.to_string() }
}

/// Asks a host about services.
pub(super) struct HostServices(pub(super) Arc<dyn Host>);

impl Services for HostServices {
    fn service(&self, id: &ServiceId) -> Result<Option<ServiceRef>, ServicesError> {
        #[derive(Serialize)]
        struct Question<'a> {
            id: &'a ServiceId,
        }
        #[derive(Deserialize)]
        struct Answer {
            #[serde(deserialize_with = "present")]
            service: Option<ServiceRef>,
        }
        let read = |answer: Answer, _: &mut Payloads| match answer.service {
            Some(service) if service.id != *id => Err("it is about another service"),
            service => Ok(service),
        };
        ask(&self.0, "services.service", &Question { id }, Payloads::default(), read)
            .map_err(|refusal| ServicesError { reason: refusal.to_string() })
    }
}
