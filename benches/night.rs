//! How long a million files of one night take on a cluster of several nodes: a simulation with costs
//! that were measured on two cores (docs/SCALE.md says how).
//!
//! `cargo bench --no-default-features --bench night -- 1000000 20000`, with the number of files and of
//! companies. As part of `cargo test --benches` it runs once with few of them.

// Benches may fail as loudly as tests, and print what they found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::indexing_slicing)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::env;

use vama::inside::lab::random::Random;

/// A moment or a span, in microseconds.
type Micros = u64;

/// What a group of files costs one part of the system: once, and for each row.
struct Cost {
    group: Micros,
    /// In nanoseconds.
    row: u64,
}

impl Cost {
    const fn of(&self, rows: u64) -> Micros {
        self.group + self.row * rows / 1000
    }
}

/// The program's own work: reading, keys, encoding.
const PROGRAM: Cost = Cost { group: 1_500, row: 2_600 };

/// The coordinator's: planning, and passing rows on.
const COORDINATOR: Cost = Cost { group: 14_000, row: 2_500 };

/// The node's that has the company's tables: the rows and their indexes.
const NODE: Cost = Cost { group: 9_000, row: 5_500 };

/// How often a group waits for the database, and how far away that is.
const TURNS: u64 = 11;
const ROUND_TRIP: Micros = 1_000;

/// Rows of a file.
const ROWS: u64 = 20;

/// Files of a company that go in together at most.
const GROUP_MAX: usize = 256;

/// How long files keep coming in.
const NIGHT: Micros = 8 * 3_600 * 1_000_000;

/// How often a watched folder is looked through.
const LOOK: Micros = 2_000_000;

/// What there is: cores of each part, programs, and connections of each program.
struct Cluster {
    nodes: usize,
    node_cores: usize,
    coordinator_cores: usize,
    programs: usize,
    connections: usize,
}

/// Cores, or connections, that take one piece of work after the other.
struct Pool {
    free: BinaryHeap<Reverse<Micros>>,
    busy: Micros,
    size: usize,
}

impl Pool {
    fn new(size: usize) -> Self {
        Self { free: (0..size).map(|_| Reverse(0)).collect(), busy: 0, size }
    }

    /// Does a piece of work that is ready at that moment; returns when it is done.
    fn work(&mut self, ready: Micros, cost: Micros) -> Micros {
        let Reverse(free) = self.free.pop().unwrap();
        let done = free.max(ready) + cost;
        self.busy += cost;
        self.free.push(Reverse(done));
        done
    }

    /// Returns how much of the time until then it worked, in percent.
    fn load(&self, until: Micros) -> u64 {
        self.busy * 100 / (until.max(1) * self.size as u64)
    }
}

/// Files of one company that came in together.
struct Group {
    ready: Micros,
    company: usize,
    files: u64,
}

/// Returns the night's files as groups, in the order in which they come.
fn arrivals(files: u64, companies: usize, over: Micros) -> Vec<Group> {
    let mut random = Random::of(&[files, companies as u64, over]);
    let mut looks: Vec<(Micros, usize)> = (0..files)
        .map(|_| {
            // Few companies have many files: the square of an even number.
            let even = random.below(1 << 20);
            let company = (even * even) as u128 * companies as u128 >> 40;
            (random.below(over + 1).next_multiple_of(LOOK), usize::try_from(company).unwrap())
        })
        .collect();
    looks.sort_unstable();
    let together = looks.chunk_by(|a, b| a == b).flat_map(|it| it.chunks(GROUP_MAX));
    together.map(|it| Group { ready: it[0].0, company: it[0].1, files: it.len() as u64 }).collect()
}

/// What became of a night.
struct Night {
    done: Micros,
    coordinator: u64,
    busiest_node: u64,
    programs: u64,
    /// Within which a file of a hundred is not in yet.
    slowest: Micros,
}

fn simulate(cluster: &Cluster, groups: &[Group]) -> Night {
    let mut coordinator = Pool::new(cluster.coordinator_cores);
    let mut nodes: Vec<Pool> = (0..cluster.nodes).map(|_| Pool::new(cluster.node_cores)).collect();
    let mut programs: Vec<Pool> =
        (0..cluster.programs).map(|_| Pool::new(cluster.connections)).collect();
    // Each program has two cores of its own.
    let mut cores: Vec<Pool> = (0..cluster.programs).map(|_| Pool::new(2)).collect();
    let mut waits = Vec::new();
    let mut done = 0;
    for group in groups {
        let program = group.company % cluster.programs;
        let rows = group.files * ROWS;
        let lane = &mut programs[program];
        let Reverse(free) = lane.free.pop().unwrap();
        let mut now = free.max(group.ready);
        now = cores[program].work(now, PROGRAM.of(rows));
        now = coordinator.work(now, COORDINATOR.of(rows));
        now = nodes[group.company % cluster.nodes].work(now, NODE.of(rows));
        now += TURNS * ROUND_TRIP;
        lane.free.push(Reverse(now));
        done = done.max(now);
        waits.push((now - group.ready, group.files));
    }
    waits.sort_unstable();
    let files: u64 = groups.iter().map(|it| it.files).sum();
    let mut passed = 0;
    let slowest = waits.iter().find(|(_, files_of_it)| {
        passed += files_of_it;
        passed * 100 >= files * 99
    });
    Night {
        done,
        coordinator: coordinator.load(done),
        busiest_node: nodes.iter().map(|it| it.load(done)).max().unwrap(),
        programs: cores.iter().map(|it| it.load(done)).max().unwrap(),
        slowest: slowest.map_or(0, |(wait, _)| *wait),
    }
}

fn main() {
    let mut named = env::args().skip(1).filter_map(|it| it.parse::<u64>().ok());
    let measured = env::args().any(|it| it == "--bench");
    let files = named.next().unwrap_or(if measured { 1_000_000 } else { 1_000 });
    let companies = named.next().unwrap_or((files / 50).max(1));
    println!(
        "{files} files of {ROWS} rows, {companies} companies, a cluster {} ms away",
        ROUND_TRIP / 1000
    );
    println!(
        "{:<10}{:>6}{:>9}{:>10}{:>13}{:>7}{:>10}{:>12}",
        "files come",
        "nodes",
        "programs",
        "all in, h",
        "coordinator",
        "node",
        "programs",
        "99 % within"
    );
    for (what, over) in [("at once", 0), ("all night", NIGHT)] {
        let groups = arrivals(files, usize::try_from(companies).unwrap(), over);
        for (nodes, programs) in [(1, 1), (1, 4), (2, 4), (4, 4), (8, 8), (16, 16)] {
            let cluster =
                Cluster { nodes, node_cores: 4, coordinator_cores: 8, programs, connections: 4 };
            let night = simulate(&cluster, &groups);
            #[allow(clippy::cast_precision_loss)]
            let (hours, seconds) = (night.done as f64 / 3.6e9, night.slowest as f64 / 1e6);
            println!(
                "{what:<10}{nodes:>6}{programs:>9}{hours:>10.2}{:>11} %{:>5} %{:>8} %{seconds:>10.0} s",
                night.coordinator, night.busiest_node, night.programs
            );
        }
    }
}
