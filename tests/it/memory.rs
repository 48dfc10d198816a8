//! The table of bank transactions as a map, for what can be told without a database.

use std::collections::HashMap;
use std::sync::Arc;

use vama::inside::format::by_name;
use vama::inside::plan::{Bucket, Comparison, Plan, StoredRow};
use vama::inside::road::Contents;
use vama::inside::road::meter::Meter;
use vama::inside::row::key::Key;
use vama::inside::row::{Row, Said};
use vama::inside::source::Source;

/// What is stored, by key.
#[derive(Debug, Clone, Default)]
pub struct Memory(pub HashMap<Key, Said>);

impl Memory {
    /// Decides what becomes of the entries of a bucket.
    pub fn plan(&self, bucket: Bucket) -> (Arc<Bucket>, Plan) {
        let mut comparison = Comparison::new(bucket, &HashMap::new()).unwrap();
        loop {
            let wanted = comparison.wanted().unwrap();
            if wanted.is_empty() {
                return (comparison.bucket(), comparison.into_plan().unwrap());
            }
            let stored = |key: &Key| {
                let says = *self.0.get(key)?;
                Some((*key, StoredRow { says, statement: None }))
            };
            comparison.learn(wanted.iter().filter_map(stored)).unwrap();
        }
    }

    /// Decides, and keeps what is new.
    pub fn import(&mut self, bucket: Bucket) -> (Arc<Bucket>, Plan) {
        let (bucket, plan) = self.plan(bucket);
        for row in &plan.new {
            let says = bucket.with_row(*row, |row| row.says()).unwrap();
            let before = self.0.insert(row.0, says);
            assert!(before.is_none(), "{} was planned although it is there", row.0);
        }
        (bucket, plan)
    }
}

/// Returns the entries of a statement as one bucket.
pub fn bucket_of(source: Source) -> Bucket {
    let source = Arc::new(source);
    let reading = Contents::of(&source, by_name("mt940").unwrap(), &Meter::default()).unwrap();
    assert!(reading.document.damaged().next().is_none());
    reading.entries.bucket(0..reading.entries.len()).unwrap()
}
