//! Files of many companies → groups of one company that go in together.

use std::collections::BTreeMap;

/// Files of a group at most: enough that the cost of a transaction itself hardly counts.
pub(super) const FILES_MAX: u64 = 256;

/// Bytes of a group's text at most; a file that has more is a group by itself.
pub(super) const BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Records of a group at most.
const RECORDS_MAX: u64 = 20_000;

/// How much may wait in all groups together, in full groups: this bounds memory.
const FILLING_MAX: u64 = 4;

/// The fullness of a full group: fullness is counted in thousandths.
const FULL: u64 = 1000;

/// What a file adds to its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    pub(super) bytes: u64,
    pub(super) records: u64,
}

/// Files that go in together, in their order.
#[derive(Debug)]
pub(super) struct Group<F> {
    pub(super) files: Vec<F>,
    bytes: u64,
    records: u64,
}

impl<F> Default for Group<F> {
    fn default() -> Self {
        Self { files: Vec::new(), bytes: 0, records: 0 }
    }
}

impl<F> Group<F> {
    /// Adds a file.
    pub(super) fn push(&mut self, file: F, weight: Weight) {
        self.files.push(file);
        self.bytes += weight.bytes;
        self.records += weight.records;
    }

    /// Returns how many bytes of text its files have.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns whether nothing more should be added.
    pub(super) fn is_full(&self) -> bool {
        self.fullness() >= FULL
    }

    fn has_room(&self, weight: Weight) -> bool {
        self.bytes + weight.bytes <= BYTES_MAX && self.records + weight.records <= RECORDS_MAX
    }

    fn fullness(&self) -> u64 {
        let share = |part: u64, max: u64| part.saturating_mul(FULL) / max;
        let files = share(self.files.len() as u64, FILES_MAX);
        files.max(share(self.bytes, BYTES_MAX)).max(share(self.records, RECORDS_MAX))
    }
}

/// The groups that are being filled, by company.
#[derive(Debug)]
pub(super) struct Groups<F>(BTreeMap<String, Group<F>>);

impl<F> Default for Groups<F> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<F> Groups<F> {
    /// Adds a file to its company's group; returns the groups that are to land now, each with its
    /// company.
    pub(super) fn add(&mut self, slug: String, file: F, weight: Weight) -> Vec<(String, Group<F>)> {
        let mut ready = Vec::new();
        let group = self.0.entry(slug.clone()).or_default();
        if !group.files.is_empty() && !group.has_room(weight) {
            ready.push((slug.clone(), std::mem::take(group)));
        }
        group.push(file, weight);
        if group.is_full() {
            ready.extend(self.0.remove_entry(&slug));
        }
        if self.0.values().map(Group::fullness).sum::<u64>() > FILLING_MAX * FULL {
            let fullest = self.0.iter().max_by_key(|(_, group)| group.fullness());
            let fullest = fullest.map(|(slug, _)| slug.clone());
            ready.extend(fullest.and_then(|slug| self.0.remove_entry(&slug)));
        }
        ready
    }

    /// Returns the groups that are left.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, Group<F>)> {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Weight = Weight { bytes: 4096, records: 8 };

    fn told(ready: Vec<(String, Group<u32>)>) -> Vec<(String, Vec<u32>)> {
        ready.into_iter().map(|(slug, group)| (slug, group.files)).collect()
    }

    #[test]
    fn a_group_is_ready_when_it_is_full() {
        let mut groups = Groups::default();
        for file in 0..255 {
            assert!(groups.add("a".to_owned(), file, SMALL).is_empty());
        }
        let ready = told(groups.add("a".to_owned(), 255, SMALL));
        assert_eq!(ready, [("a".to_owned(), (0..256).collect())]);
        assert_eq!(groups.rest().count(), 0);
    }

    #[test]
    fn a_large_file_is_a_group_by_itself_behind_those_before_it() {
        let large = [(8 << 20, 1), (0, 20_000), (9 << 20, 30_000)];
        for (bytes, records) in large {
            let mut groups = Groups::default();
            groups.add("a".to_owned(), 1, SMALL);
            groups.add("b".to_owned(), 2, SMALL);
            let ready = told(groups.add("a".to_owned(), 3, Weight { bytes, records }));
            assert_eq!(ready, [("a".to_owned(), vec![1]), ("a".to_owned(), vec![3])]);
            assert_eq!(told(groups.rest().collect()), [("b".to_owned(), vec![2])]);
        }
    }

    #[test]
    fn of_many_companies_the_fullest_group_goes_first() {
        let mut groups = Groups::default();
        let half = Weight { bytes: 4 << 20, records: 0 };
        for (file, slug) in (0..).zip(["a", "b", "c", "d", "e", "f", "g"]) {
            assert!(groups.add(slug.to_owned(), file, half).is_empty());
        }
        let more = Weight { bytes: 1 << 20, records: 0 };
        assert!(groups.add("c".to_owned(), 7, more).is_empty());
        let ready = told(groups.add("h".to_owned(), 8, half));
        assert_eq!(ready, [("c".to_owned(), vec![2, 7])]);
    }
}
