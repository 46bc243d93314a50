//! What the settings shut out as a whole: clients who have no part in the vault, surfaces that are
//! switched off, and services that have no entries. And what may be done with services, whose secrets lie in the host.

use super::authority::Authority;
use super::authorized::{Authorized, Scope};
use super::capability::object_to_setting;
use super::decision::{Decision, Grounds, Reach};
use super::error::Denied;
use super::reason::{Reason, SettingName};
use crate::clock::Timestamp;
use crate::model::{
    Action, Display, EntryHead, Owner, Person, PrincipalKind, Section, ServiceLink, ServicePart, ServiceRef, Settings,
    Surface,
};

impl Authority {
    /// Whether the settings give the principal no part in the vault.
    #[must_use]
    pub const fn forbidden(&self) -> bool {
        self.forbidden
    }

    /// The same authority of a principal whom a group of its account, which the host knows, gives no
    /// part in the vault.
    #[must_use]
    pub const fn with_forbidden(mut self, forbidden: bool) -> Self {
        self.forbidden |= forbidden;
        self
    }

    /// Refuses everything to a principal that has no part in the vault, and to everyone who asks
    /// from a surface that is switched off.
    ///
    /// # Errors
    /// [`Denied::Forbidden`] with [`Reason::ClientForbidden`] or [`Reason::SettingOff`] alone.
    pub fn admit(&self, surface: Surface) -> Result<(), Denied> {
        if self.forbidden {
            return Err(client_forbidden().into());
        }
        let Some(setting) = self.switched_off(surface) else { return Ok(()) };
        let mut grounds = Grounds::default();
        object_to_setting(setting, &mut grounds);
        Err(grounds.decide(Reach::Permissions(Vec::new())).into())
    }

    /// The setting that refuses requests from a surface.
    fn switched_off(&self, surface: Surface) -> Option<SettingName> {
        let Display { client_area, summary, tickets, guide: _ } = self.policy.settings.display;
        let (shown, setting) = match surface {
            Surface::ClientArea => (client_area, SettingName::ClientArea),
            Surface::Summary => (summary, SettingName::Summary),
            Surface::Ticket => (tickets, SettingName::Tickets),
            // Where the switches are, where scripts run and where work is done stays open.
            Surface::Api | Surface::AdminArea | Surface::Cron => return None,
        };
        (!shown).then_some(setting)
    }

    /// What stands in the way of a service having entries, and of its secret being shown.
    #[must_use]
    pub fn service_bar(&self, service: &ServiceRef) -> Option<Reason> {
        service_bar(&self.policy.settings, service)
    }

    /// Refuses that a service has entries when the settings bar it.
    ///
    /// # Errors
    /// [`Denied::Forbidden`] with the reason.
    pub fn admit_service(&self, service: &ServiceRef) -> Result<(), Denied> {
        let mut grounds = Grounds::default();
        self.object_to_service(service, &mut grounds);
        if grounds.is_clear() { Ok(()) } else { Err(grounds.decide(Reach::Actions(Vec::new())).into()) }
    }

    /// Decides whether the host may show the principal the secret of a service, and proves it. The
    /// rules are those of revealing an entry of the service that the client owns and shares with nobody.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when the principal may not know of the service, [`Denied::Forbidden`] with
    /// the reasons otherwise.
    pub fn authorize_service(&self, service: &ServiceRef) -> Result<Authorized, Denied> {
        let entry = entry_of(service);
        let mut grounds = Grounds::default();
        self.object_to(Action::Reveal, &entry, &mut grounds);
        self.decide_service(service, &entry, grounds)
    }

    /// Decides whether the principal may tell the vault of a service's new secret, and proves it:
    /// the host's scheduled work, and staff that creates entries for clients.
    ///
    /// # Errors
    /// As [`authorize_service`](Self::authorize_service).
    pub fn authorize_service_change(&self, service: &ServiceRef) -> Result<Authorized, Denied> {
        let mut grounds = Grounds::default();
        if !matches!(self.kind, PrincipalKind::System) {
            self.weigh_section(Section::EntriesForClients, &mut grounds);
        }
        self.object_to_service(service, &mut grounds);
        self.decide_service(service, &entry_of(service), grounds)
    }

    /// Objects with what bars a service.
    pub(super) fn object_to_service(&self, service: &ServiceRef, grounds: &mut Grounds) {
        match self.service_bar(service) {
            Some(Reason::SettingOff { setting }) => object_to_setting(setting, grounds),
            Some(reason) => grounds.object(reason, []),
            None => {}
        }
    }

    fn decide_service(&self, service: &ServiceRef, entry: &EntryHead, grounds: Grounds) -> Result<Authorized, Denied> {
        let staff = matches!(self.kind, PrincipalKind::Admin { .. } | PrincipalKind::System);
        if grounds.is_clear() {
            return Ok(Authorized::new(self.person(), Scope::Service(service.id.clone())));
        }
        // That a client has a service is no secret from the staff, who see it in the host.
        if staff || self.may_know(entry) {
            return Err(grounds.decide(Reach::Actions(Vec::new())).into());
        }
        Err(Denied::NotFound)
    }
}

/// What in the settings stands in the way of a service having entries.
pub(super) fn service_bar(settings: &Settings, service: &ServiceRef) -> Option<Reason> {
    if !settings.service_entries {
        return Some(Reason::SettingOff { setting: SettingName::ServiceEntries });
    }
    if settings.forbidden_clients.contains(&service.client) {
        return Some(Reason::ClientForbidden);
    }
    let product = service.product.as_ref().is_some_and(|id| settings.excluded_products.contains(id));
    let group = service.product_group.as_ref().is_some_and(|id| settings.excluded_product_groups.contains(id));
    (product || group).then_some(Reason::ServiceExcluded)
}

/// The decision about a client who has no part in the vault.
#[must_use]
pub fn client_forbidden() -> Decision {
    let mut grounds = Grounds::default();
    grounds.object(Reason::ClientForbidden, []);
    grounds.decide(Reach::Permissions(Vec::new()))
}

/// The entry a service's secret would be, if it lay in the vault.
fn entry_of(service: &ServiceRef) -> EntryHead {
    let mut entry = EntryHead::blank(Owner::Client(service.client.clone()), Person::System, Timestamp::default());
    entry.service = Some(ServiceLink { service: service.clone(), part: ServicePart::Adopted });
    entry
}
