//! Who may sign in to a server, and who may say how: a right to the entry, the permission of the
//! section, and the server's own rule, all of them.

use super::authority::Authority;
use super::authorized::Authorized;
use super::decision::{Grounds, Reach};
use super::error::Denied;
use super::reason::{Reason, Remedy};
use crate::id::EntryId;
use crate::model::{Action, EntryHead, PrincipalKind, Section, ServerRule};

impl Authority {
    /// Decides whether the principal may sign in to the entry's server without seeing its secret.
    /// It takes the action use, the section `connect` or `connect.configure`, and what the server's
    /// own rule asks for. The proof is one for [`Action::Use`].
    ///
    /// # Errors
    /// [`Denied::NotFound`] when the principal may not know that the entry exists,
    /// [`Denied::Forbidden`] with the reasons otherwise.
    pub fn authorize_server(&self, entry: EntryId, head: &EntryHead) -> Result<Authorized, Denied> {
        let proof = self.authorize(Action::Use, entry, head)?;
        self.proven(proof, self.weigh_server(head), head)
    }

    /// Whether section and server's rule let the principal sign in, if it may use the entry.
    #[must_use]
    pub fn allows_server(&self, head: &EntryHead) -> bool {
        self.weigh_server(head).is_clear()
    }

    /// Decides whether the principal may say how the entry's server is signed in to. It takes the
    /// actions edit and reveal, and the section `connect.configure`. The proof is one for
    /// [`Action::Edit`].
    ///
    /// # Errors
    /// As [`authorize_server`](Self::authorize_server).
    ///
    /// # Security
    /// Whoever names the server decides where the secret is sent, and could send it to one of its
    /// own: hence reveal.
    pub fn authorize_server_setup(&self, entry: EntryId, head: &EntryHead) -> Result<Authorized, Denied> {
        let _reveal = self.authorize(Action::Reveal, entry, head)?;
        let proof = self.authorize(Action::Edit, entry, head)?;
        let mut grounds = Grounds::default();
        self.weigh_section(Section::ConnectConfigure, &mut grounds);
        self.proven(proof, grounds, head)
    }

    fn weigh_server(&self, head: &EntryHead) -> Grounds {
        let mut grounds = Grounds::default();
        self.weigh_connect(&mut grounds);
        if let Some(roles) = self.roles_lacked(head) {
            let hold = roles.iter().map(|role| Remedy::HoldRole { role: role.clone() });
            grounds.object(Reason::ServerRule { roles: roles.to_vec() }, hold);
        }
        grounds
    }

    /// Either section lets its holder sign in.
    pub(super) fn weigh_connect(&self, grounds: &mut Grounds) {
        let configures = self.allows_section(Section::ConnectConfigure) && !self.allows_section(Section::Connect);
        self.weigh_section(if configures { Section::ConnectConfigure } else { Section::Connect }, grounds);
    }

    /// The roles a server's rule asks for, when the principal holds none of them.
    fn roles_lacked<'a>(&self, head: &'a EntryHead) -> Option<&'a [crate::id::RoleId]> {
        let ServerRule::Roles(roles) = &head.connect.as_ref()?.rule else { return None };
        let held = match &self.kind {
            PrincipalKind::Admin { roles: held, .. } => held.as_slice(),
            PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } | PrincipalKind::System => &[],
        };
        (!roles.iter().any(|role| held.contains(role))).then_some(roles)
    }

    fn proven(&self, proof: Authorized, grounds: Grounds, head: &EntryHead) -> Result<Authorized, Denied> {
        if grounds.is_clear() {
            return Ok(proof);
        }
        Err(grounds.decide(Reach::Actions(self.actions(head).iter().collect())).into())
    }
}
