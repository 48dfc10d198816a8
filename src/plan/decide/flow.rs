//! A network through which rows go from a source to a sink: as many as possible, at the least cost
//! (a maximum flow of minimum cost). Each edge has a capacity, in rows.
//!
//! It is Dinic's algorithm with costs: all shortest ways to the sink are filled at once, then the
//! next longer ones. Rows that take the same way go together, so 100,000 of them take no longer
//! than one.

use std::collections::VecDeque;

/// Where all rows come from.
pub(super) const SOURCE: usize = 0;

/// Where all rows go.
pub(super) const SINK: usize = 1;

/// The length of one unit of cost. Each edge adds a length of 1, so that no shortest way goes in a
/// circle.
const COST: i64 = 1 << 32;

/// The distance of a node that no way leads to.
const UNREACHED: i64 = i64::MAX;

#[derive(Debug, Clone, Copy)]
struct Edge {
    to: usize,
    /// How many rows may still take this edge.
    capacity: u32,
    weight: i64,
}

#[derive(Debug, Clone)]
struct Node {
    /// The numbers of its edges.
    edges: Vec<usize>,
    /// The node's distance from the source.
    away: i64,
    /// How many of its edges, from the first on, lead nowhere any more.
    spent: usize,
}

/// The network. To each edge belongs one in the opposite direction, by which rows are sent back; the
/// numbers of the two differ in their last bit.
#[derive(Debug)]
pub(super) struct Network {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Network {
    /// Makes a network of a source and a sink.
    pub(super) fn new() -> Self {
        let mut network = Self { nodes: Vec::new(), edges: Vec::new() };
        // The source and the sink, by their numbers.
        network.node();
        network.node();
        network
    }

    /// Adds a node, and returns its number.
    pub(super) fn node(&mut self) -> usize {
        self.nodes.push(Node { edges: Vec::new(), away: UNREACHED, spent: 0 });
        self.nodes.len() - 1
    }

    /// Adds an edge of that capacity, at that cost for each row, and returns its number.
    pub(super) fn edge(&mut self, from: usize, to: usize, capacity: u32, cost: u32) -> usize {
        let (number, cost) = (self.edges.len(), i64::from(cost) * COST);
        self.edges.push(Edge { to, capacity, weight: cost + 1 });
        self.edges.push(Edge { to: from, capacity: 0, weight: 1 - cost });
        for (node, edge) in [(from, number), (to, number + 1)] {
            self.nodes.get_mut(node).into_iter().for_each(|it| it.edges.push(edge));
        }
        number
    }

    /// Returns how many rows took an edge.
    pub(super) fn taken(&self, edge: usize) -> u32 {
        self.edges.get(edge ^ 1).map_or(0, |back| back.capacity)
    }

    /// Sends rows, each the cheapest way, until no further row gets through at a cost of at most
    /// `cost_max`. Rows sent before may be sent another way that costs as much, so that an edge is free again.
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
            let edges = node.edges.iter().filter_map(|edge| self.edges.get(*edge));
            let open: Vec<Edge> = edges.filter(|edge| edge.capacity > 0).copied().collect();
            for edge in open {
                let Some(to) = self.nodes.get_mut(edge.to) else { continue };
                if away + edge.weight < to.away {
                    to.away = away + edge.weight;
                    waiting.push_back(edge.to);
                }
            }
        }
    }

    /// Sends rows by the shortest ways until none of these has capacity.
    fn send(&mut self) {
        let mut way: Vec<usize> = Vec::new();
        loop {
            let at =
                way.last().and_then(|edge| self.edges.get(*edge)).map_or(SOURCE, |edge| edge.to);
            if at == SINK {
                self.take(&mut way);
            } else if let Some(edge) = self.ahead(at) {
                way.push(edge);
            } else {
                let Some(dead_end) = way.pop() else { return };
                let from = self.edges.get(dead_end ^ 1).map_or(SOURCE, |back| back.to);
                self.nodes.get_mut(from).into_iter().for_each(|node| node.spent += 1);
            }
        }
    }

    /// Returns an edge of the node that has capacity left and leads one step nearer to the end.
    fn ahead(&mut self, at: usize) -> Option<usize> {
        loop {
            let node = self.nodes.get(at)?;
            let number = *node.edges.get(node.spent)?;
            let edge = self.edges.get(number)?;
            let away = self.nodes.get(edge.to)?.away;
            if edge.capacity > 0 && away == node.away + edge.weight {
                return Some(number);
            }
            self.nodes.get_mut(at)?.spent += 1;
        }
    }

    /// Sends as many rows along the way as its edges take, and cuts the way before its first edge
    /// that is then full.
    fn take(&mut self, way: &mut Vec<usize>) {
        let capacity = |edge: &usize| self.edges.get(*edge).map_or(0, |edge| edge.capacity);
        let least = way.iter().map(capacity).min().unwrap_or(0);
        let full = way.iter().position(|edge| capacity(edge) == least).unwrap_or(0);
        for edge in &*way {
            self.edges.get_mut(*edge).into_iter().for_each(|edge| edge.capacity -= least);
            self.edges.get_mut(edge ^ 1).into_iter().for_each(|back| back.capacity += least);
        }
        way.truncate(full);
    }
}
