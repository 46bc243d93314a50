//! Casbin: role-based, one line for each grant, the principal in three roles.

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};

use crate::Fallible;
use crate::jobs::GRANTS;

pub struct Peer(Enforcer);

impl Peer {
    pub fn new() -> Fallible<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let enforcer = runtime.block_on(async {
            let model = DefaultModel::from_str(MODEL).await?;
            let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await?;
            let line = |words: [&str; 3]| words.map(str::to_owned).to_vec();
            let grants = (0..GRANTS).map(|number| line([&format!("role {number}"), "entry 1", "reveal"]));
            enforcer.add_policies(grants.collect()).await?;
            for role in [41, 77, 1_000] {
                enforcer.add_grouping_policy(vec!["admin 7".to_owned(), format!("role {role}")]).await?;
            }
            casbin::Result::Ok(enforcer)
        })?;
        let peer = Self(enforcer);
        if peer.decide() { Ok(peer) } else { Err("casbin refuses what was granted".into()) }
    }

    pub fn decide(&self) -> bool {
        self.0.enforce(("admin 7", "entry 1", "reveal")).expect("decided")
    }
}

const MODEL: &str = "
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
";
