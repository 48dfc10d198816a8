//! As many rows as can go from a source to a sink, at the least cost: a network with room on its arcs.
//!
//! Dinic's way, with costs: the nearest sink first, by all shortest ways at once. So 100,000 rows that
//! take one way cost as much as one.

use std::collections::VecDeque;

/// Where all rows come from.
pub(super) const SOURCE: usize = 0;

/// Where they go.
pub(super) const SINK: usize = 1;

/// What one unit of cost weighs; one arc weighs 1, so that no way goes in a circle.
const COST: i64 = 1 << 32;

/// What a node is away that nothing reaches.
const UNREACHED: i64 = i64::MAX;

#[derive(Debug, Clone, Copy)]
struct Arc {
    to: usize,
    /// How many rows may still take it.
    room: u32,
    weight: i64,
}

#[derive(Debug, Clone)]
struct Node {
    /// The numbers of its arcs.
    arcs: Vec<usize>,
    /// How far it is from the source.
    away: i64,
    /// How many of its arcs lead nowhere any more.
    spent: usize,
}

/// The network. An arc and the way back along it have numbers that differ in their last bit.
#[derive(Debug)]
pub(super) struct Network {
    nodes: Vec<Node>,
    arcs: Vec<Arc>,
}

impl Network {
    /// Makes a network of a source and a sink.
    pub(super) fn new() -> Self {
        let mut network = Self { nodes: Vec::new(), arcs: Vec::new() };
        // The source and the sink, by their numbers.
        network.node();
        network.node();
        network
    }

    /// Adds a node, and returns its number.
    pub(super) fn node(&mut self) -> usize {
        self.nodes.push(Node { arcs: Vec::new(), away: UNREACHED, spent: 0 });
        self.nodes.len() - 1
    }

    /// Adds an arc with room for so many rows, each at that cost, and returns its number.
    pub(super) fn arc(&mut self, from: usize, to: usize, room: u32, cost: u32) -> usize {
        let (number, cost) = (self.arcs.len(), i64::from(cost) * COST);
        self.arcs.push(Arc { to, room, weight: cost + 1 });
        self.arcs.push(Arc { to: from, room: 0, weight: 1 - cost });
        for (node, arc) in [(from, number), (to, number + 1)] {
            self.nodes.get_mut(node).into_iter().for_each(|it| it.arcs.push(arc));
        }
        number
    }

    /// Returns how many rows took an arc.
    pub(super) fn taken(&self, arc: usize) -> u32 {
        self.arcs.get(arc ^ 1).map_or(0, |back| back.room)
    }

    /// Sends rows until none gets through that would cost at most so much; each takes the cheapest way,
    /// where the ones before may be sent another way that costs as much.
    pub(super) fn fill(&mut self, cost_max: u32) {
        loop {
            self.measure();
            let away = self.nodes.get(SINK).map_or(UNREACHED, |sink| sink.away);
            if away >= (i64::from(cost_max) + 1) * COST {
                return;
            }
            self.send();
        }
    }

    /// Measures how far each node is from the source.
    fn measure(&mut self) {
        for node in &mut self.nodes {
            (node.away, node.spent) = (UNREACHED, 0);
        }
        let mut waiting = VecDeque::from([SOURCE]);
        self.nodes.first_mut().into_iter().for_each(|source| source.away = 0);
        while let Some(from) = waiting.pop_front() {
            let Some(node) = self.nodes.get(from) else { continue };
            let away = node.away;
            let arcs = node.arcs.iter().filter_map(|arc| self.arcs.get(*arc));
            let open: Vec<Arc> = arcs.filter(|arc| arc.room > 0).copied().collect();
            for arc in open {
                let Some(to) = self.nodes.get_mut(arc.to) else { continue };
                if away + arc.weight < to.away {
                    to.away = away + arc.weight;
                    waiting.push_back(arc.to);
                }
            }
        }
    }

    /// Sends rows by shortest ways until there is none.
    fn send(&mut self) {
        let mut way: Vec<usize> = Vec::new();
        loop {
            let at = way.last().and_then(|arc| self.arcs.get(*arc)).map_or(SOURCE, |arc| arc.to);
            if at == SINK {
                self.take(&mut way);
            } else if let Some(arc) = self.ahead(at) {
                way.push(arc);
            } else {
                let Some(dead_end) = way.pop() else { return };
                let from = self.arcs.get(dead_end ^ 1).map_or(SOURCE, |back| back.to);
                self.nodes.get_mut(from).into_iter().for_each(|node| node.spent += 1);
            }
        }
    }

    /// Returns an arc of a node that a shortest way takes.
    fn ahead(&mut self, at: usize) -> Option<usize> {
        loop {
            let node = self.nodes.get(at)?;
            let number = *node.arcs.get(node.spent)?;
            let arc = self.arcs.get(number)?;
            let away = self.nodes.get(arc.to)?.away;
            if arc.room > 0 && away == node.away + arc.weight {
                return Some(number);
            }
            self.nodes.get_mut(at)?.spent += 1;
        }
    }

    /// Sends as many rows as there is room for, and shortens the way to where some is left.
    fn take(&mut self, way: &mut Vec<usize>) {
        let room = |arc: &usize| self.arcs.get(*arc).map_or(0, |arc| arc.room);
        let least = way.iter().map(room).min().unwrap_or(0);
        let full = way.iter().position(|arc| room(arc) == least).unwrap_or(0);
        for arc in &*way {
            self.arcs.get_mut(*arc).into_iter().for_each(|arc| arc.room -= least);
            self.arcs.get_mut(arc ^ 1).into_iter().for_each(|back| back.room += least);
        }
        way.truncate(full);
    }
}
