//! What happens in the host and has consequences in a vault.

use serde::{Deserialize, Serialize};

use super::service::ServiceRef;
use crate::id::{AdminId, ClientId, RoleId, ServiceId, TicketId};

/// Something that happened in the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HostEvent {
    /// A client is gone. Its entries go to the trash; keys, categories and master password stay with
    /// them, for as long as someone may want them back. Whatever the client was given ends.
    ClientDeleted {
        /// The client.
        client: ClientId,
    },
    /// A client became part of another: what it owned and was given is the other's.
    ClientsMerged {
        /// The client that is no more.
        from: ClientId,
        /// The one it is part of now.
        into: ClientId,
    },
    /// A service is gone. Its entries go to the trash, and grants that were to end with it end.
    ServiceDeleted {
        /// The service.
        service: ServiceId,
    },
    /// A service is another client's now. Its entries go along, with what the staff was given; what the
    /// old client gave to other clients ends.
    ServiceMoved {
        /// The service, with its new client.
        service: ServiceRef,
    },
    /// A ticket is closed: grants that were to end with it end.
    TicketClosed {
        /// The ticket.
        ticket: TicketId,
    },
    /// A closed ticket is open again. It can be named in grants again; those that ended do not return.
    TicketReopened {
        /// The ticket.
        ticket: TicketId,
    },
    /// An administrator left. Whatever was given to the administrator ends; entries and keys go to
    /// another.
    AdminLeft {
        /// Who left.
        admin: AdminId,
        /// Who has the entries from now on.
        new_owner: AdminId,
    },
    /// A role of administrators is gone. Whatever was given to it ends.
    RoleDeleted {
        /// The role.
        role: RoleId,
    },
}
