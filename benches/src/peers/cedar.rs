//! Cedar: one permit for each grant, the principal in three roles.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::str::FromStr;

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request};

use crate::Fallible;
use crate::jobs::GRANTS;

pub struct Peer {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    request: Request,
}

impl Peer {
    pub fn new() -> Fallible<Self> {
        let mut text = String::new();
        for number in 0..GRANTS {
            writeln!(
                text,
                "permit(principal in Role::\"{number}\", action == Action::\"reveal\", resource == Entry::\"1\");"
            )?;
        }
        let admin = EntityUid::from_str("Admin::\"7\"")?;
        let roles = [41, 77, 1_000].map(|number| EntityUid::from_str(&format!("Role::\"{number}\"")));
        let roles = roles.into_iter().collect::<Result<HashSet<_>, _>>()?;
        let entry = EntityUid::from_str("Entry::\"1\"")?;
        let entities: Vec<_> = roles
            .iter()
            .map(|role| Entity::new_no_attrs(role.clone(), HashSet::new()))
            .chain([
                Entity::new_no_attrs(entry.clone(), HashSet::new()),
                Entity::new_no_attrs(admin.clone(), roles.clone()),
            ])
            .collect();
        let action = EntityUid::from_str("Action::\"reveal\"")?;
        let peer = Self {
            authorizer: Authorizer::new(),
            policies: PolicySet::from_str(&text)?,
            entities: Entities::from_entities(entities, None)?,
            request: Request::new(admin, action, entry, Context::empty(), None)?,
        };
        if peer.decide() { Ok(peer) } else { Err("cedar refuses what was granted".into()) }
    }

    pub fn decide(&self) -> bool {
        self.authorizer.is_authorized(&self.request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}
