//! What a run came to and how long each of its stages took.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde::Serialize;

use crate::road::meter::{Meter, Stage};
use crate::road::report::{RunReport, Status};

/// The report of a run with its measurements. Its JSON is that of an import, with more fields.
#[derive(Debug, Clone, Serialize)]
pub struct MeasuredRun {
    /// What became of the files.
    #[serde(flatten)]
    pub run: RunReport,
    /// How long each stage took.
    pub stages: BTreeMap<Stage, Measure>,
    /// The most memory that the program had, where the system tells.
    pub peak_memory_bytes: Option<u64>,
    /// Files in each second by the clock.
    pub files_per_second: f64,
    /// The time of a plain COPY of the same rows, where it was measured.
    pub floor: Option<Floor>,
}

/// How long a stage took, and how much went through it in that time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure {
    /// How long at least one thread was in the stage, in milliseconds.
    pub wall_ms: f64,
    /// The time of all threads in the stage, added up, in milliseconds.
    pub busy_ms: f64,
    /// The stage's part of the busy time of all stages, from 0 to 1.
    pub share: f64,
    /// Records of all files in each second of the stage's wall time.
    pub rows_per_second: f64,
    /// Millions of bytes of all prepared files in each second of the stage's wall time.
    pub mb_per_second: f64,
}

/// The time of a plain COPY of the run's rows into empty tables with the same indexes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Floor {
    /// How many rows.
    pub rows: u64,
    /// How long it took.
    pub seconds: f64,
    /// The time in which the run loaded and committed, divided by that of the COPY.
    pub load_ratio: f64,
    /// The time of the whole run, divided by that of the COPY.
    pub run_ratio: f64,
}

impl MeasuredRun {
    /// Puts together what a run measured.
    pub(super) fn of(run: RunReport, wall: Duration, bytes: u64, meter: &Meter) -> Self {
        let all: Duration = Stage::ALL.iter().map(|stage| meter.spent(*stage).busy).sum();
        let measure = |stage: Stage| {
            let spent = meter.spent(stage);
            let measure = Measure {
                wall_ms: ms(spent.wall),
                busy_ms: ms(spent.busy),
                share: ratio(spent.busy.as_secs_f64(), all.as_secs_f64()),
                rows_per_second: ratio(run.totals.read as f64, spent.wall.as_secs_f64()),
                mb_per_second: ratio(bytes as f64 / 1e6, spent.wall.as_secs_f64()),
            };
            (stage, measure)
        };
        Self {
            stages: Stage::ALL.into_iter().map(measure).collect(),
            peak_memory_bytes: peak_memory_bytes(),
            files_per_second: ratio(run.totals.files as f64, wall.as_secs_f64()),
            floor: None,
            run,
        }
    }

    /// Returns the numbers of the imports that this run made, by company.
    pub fn imports(&self) -> BTreeMap<&str, Vec<i64>> {
        let mut imports: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for file in self.run.files.iter().filter(|file| file.status == Status::Imported) {
            if let (Some(slug), Some(number)) = (&file.company, file.import) {
                imports.entry(slug).or_default().push(number);
            }
        }
        imports
    }

    /// Compares the run with a plain COPY of so many rows.
    pub fn compare(&mut self, rows: u64, copy: Duration) {
        let wall_ms = |stage| self.stages.get(&stage).map(|it| it.wall_ms).unwrap_or_default();
        let load = (wall_ms(Stage::Load) + wall_ms(Stage::Commit)) / 1000.0;
        let seconds = copy.as_secs_f64();
        self.floor = Some(Floor {
            rows,
            seconds,
            load_ratio: ratio(load, seconds),
            run_ratio: ratio(self.seconds(), seconds),
        });
    }

    /// Returns how long the run took by the clock.
    pub fn seconds(&self) -> f64 {
        self.run.timings.wall_ms as f64 / 1000.0
    }
}

fn ms(time: Duration) -> f64 {
    // Whole microseconds: further digits would mean nothing.
    time.as_micros() as f64 / 1000.0
}

/// Returns the quotient with three decimals; 0 where the divisor is 0.
fn ratio(of: f64, by: f64) -> f64 {
    if by > 0.0 { (of / by * 1000.0).round() / 1000.0 } else { 0.0 }
}

/// Returns the most memory that this process had in use, where the system tells (Linux).
fn peak_memory_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = peak.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
