//! The table of bank transactions as a map, for what can be told without a database.

use std::collections::HashMap;

use vama::identity::Key;
use vama::plan::{Entries, Plan};
use vama::row::{Row as _, Said};

/// What is stored, by key.
#[derive(Debug, Clone, Default)]
pub struct Memory(pub HashMap<Key, Said>);

impl Memory {
    /// Decides what becomes of the entries.
    pub fn plan(&self, entries: &Entries<'_>) -> Plan {
        let mut plan = Plan::default();
        for mut chunk in entries.chunks() {
            loop {
                let wanted = chunk.wanted();
                if wanted.is_empty() {
                    break;
                }
                let stored = wanted.iter().filter_map(|key| Some((*key, self.0.get(key)?.clone())));
                let stored = stored.collect();
                chunk.learn(wanted, stored);
            }
            chunk.settle(&mut plan);
        }
        plan.finish();
        plan
    }

    /// Decides, and keeps what is new.
    pub fn import(&mut self, entries: &Entries<'_>) -> Plan {
        let plan = self.plan(entries);
        for (key, at) in &plan.new {
            let row = entries.row(*key, *at).unwrap();
            let before = self.0.insert(*key, row.says());
            assert!(before.is_none(), "{key} was planned although it is there");
        }
        plan
    }
}
