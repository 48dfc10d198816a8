//! How long a million files of one night take on several servers, or on a cluster of several nodes: a
//! simulation with costs that were measured (docs/SCALE.md says how).
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
const PROGRAM: Cost = Cost { group: 3_000, row: 5_000 };

/// The coordinator's: planning, and passing rows on.
const COORDINATOR: Cost = Cost { group: 20_000, row: 4_000 };

/// What opening, recognising and moving one more file costs the program.
const FILE: Micros = 150;

/// Of a cluster, the node's that has the company's tables: the rows and their indexes.
const NODE: Cost = Cost { group: 30_000, row: 10_500 };

/// A plain server's, which has all to do itself, and nothing to pass on.
const SERVER: Cost = Cost { group: 9_000, row: 11_400 };

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

/// What there is: nodes behind one coordinator, or servers by themselves; and programs, each with two
/// cores of its own.
#[derive(Clone, Copy)]
struct System {
    has_coordinator: bool,
    nodes: usize,
    programs: usize,
}

/// Cores of a node or server, and of the coordinator.
const NODE_CORES: usize = 4;
const COORDINATOR_CORES: usize = 8;
const PROGRAM_CORES: usize = 2;

/// Connections of each program.
const CONNECTIONS: usize = 4;

/// What is tried.
const SYSTEMS: [System; 9] = [
    System { has_coordinator: false, nodes: 1, programs: 1 },
    System { has_coordinator: false, nodes: 1, programs: 4 },
    System { has_coordinator: false, nodes: 4, programs: 4 },
    System { has_coordinator: false, nodes: 16, programs: 16 },
    System { has_coordinator: true, nodes: 2, programs: 1 },
    System { has_coordinator: true, nodes: 2, programs: 4 },
    System { has_coordinator: true, nodes: 4, programs: 4 },
    System { has_coordinator: true, nodes: 8, programs: 8 },
    System { has_coordinator: true, nodes: 16, programs: 16 },
];

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
            let company = (u128::from(even * even) * companies as u128) >> 40;
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
    busiest_program: u64,
    /// Within which a file of a hundred is not in yet.
    slowest: Micros,
}

fn simulate(system: System, groups: &[Group]) -> Night {
    let System { has_coordinator, nodes, programs } = system;
    let pools = |count: usize, size: usize| (0..count).map(|_| Pool::new(size)).collect::<Vec<_>>();
    let mut coordinator = Pool::new(COORDINATOR_CORES);
    let (mut nodes, on_node) =
        (pools(nodes, NODE_CORES), if has_coordinator { NODE } else { SERVER });
    let (mut lanes, mut cores) = (pools(programs, CONNECTIONS), pools(programs, PROGRAM_CORES));
    let (mut waits, mut done) = (Vec::new(), 0);
    for group in groups {
        let rows = group.files * ROWS;
        let (program, node) = (group.company % programs, group.company % nodes.len());
        // A group has a connection to itself from its beginning to its end.
        let Reverse(free) = lanes[program].free.pop().unwrap();
        let mut now =
            cores[program].work(free.max(group.ready), PROGRAM.of(rows) + FILE * group.files);
        if has_coordinator {
            now = coordinator.work(now, COORDINATOR.of(rows));
        }
        now = nodes[node].work(now, on_node.of(rows)) + TURNS * ROUND_TRIP;
        lanes[program].free.push(Reverse(now));
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
    let most = |pools: &[Pool]| pools.iter().map(|it| it.load(done)).max().unwrap();
    Night {
        done,
        coordinator: coordinator.load(done),
        busiest_node: most(&nodes),
        busiest_program: most(&cores),
        slowest: slowest.map_or(0, |(wait, _)| *wait),
    }
}

fn main() {
    let mut named = env::args().skip(1).filter_map(|it| it.parse::<u64>().ok());
    let measured = env::args().any(|it| it == "--bench");
    let files = named.next().unwrap_or(if measured { 1_000_000 } else { 1_000 });
    let companies = named.next().unwrap_or((files / 50).max(1));
    println!(
        "{files} files of {ROWS} rows, {companies} companies, {} ms to the database",
        ROUND_TRIP / 1000
    );
    println!(
        "{:<11}{:<9}{:>6}{:>10}{:>13}{:>13}{:>7}{:>10}{:>13}",
        "files come",
        "",
        "nodes",
        "programs",
        "all in, min",
        "coordinator",
        "node",
        "program",
        "99 % within"
    );
    for (what, over) in [("at once", 0), ("all night", NIGHT)] {
        let groups = arrivals(files, usize::try_from(companies).unwrap(), over);
        for system in SYSTEMS {
            let night = simulate(system, &groups);
            let kind = if system.has_coordinator { "cluster" } else { "servers" };
            #[allow(clippy::cast_precision_loss)]
            let (minutes, seconds) = (night.done as f64 / 6e7, night.slowest as f64 / 1e6);
            println!(
                "{what:<11}{kind:<9}{:>6}{:>10}{minutes:>13.1}{:>11} %{:>5} %{:>8} %{seconds:>11.0} s",
                system.nodes,
                system.programs,
                night.coordinator,
                night.busiest_node,
                night.busiest_program
            );
        }
    }
}
