//! Which protocols lie in which: the tree that `tshark -z io,phs` prints.

use super::traffic::Traffic;
use crate::decode::Kind;

const KINDS: usize = Kind::ALL.len();

/// More paths than anybody's traffic takes; what goes beyond is counted where the last known one ends.
const MOST_NODES: usize = 512;

const NONE: u16 = 0;
const ROOT: usize = 0;

/// Frames by the protocols they hold, from the link inwards.
#[derive(Debug)]
pub struct Hierarchy {
    /// Parents before their children; the first is the root, which is every frame.
    nodes: Vec<Node>,
    /// Frames whose path was longer than there was room for.
    folded: u64,
}

#[derive(Debug)]
struct Node {
    kind: Kind,
    parent: u16,
    /// What ends here, children not included.
    own: Traffic,
    /// Index of the child of each kind, or [`NONE`].
    children: [u16; KINDS],
}

impl Node {
    fn new(kind: Kind, parent: usize) -> Self {
        Self {
            kind,
            parent: parent as u16,
            own: Traffic::default(),
            children: [NONE; KINDS],
        }
    }
}

/// One protocol at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// From the outermost protocol to this one.
    pub path: Vec<Kind>,
    /// Frames that hold it at this place.
    pub total: Traffic,
    /// Of these, frames in which nothing known lies inside it.
    pub ending: Traffic,
}

impl Default for Hierarchy {
    fn default() -> Self {
        Self {
            nodes: vec![Node::new(Kind::Frame, ROOT)],
            folded: 0,
        }
    }
}

impl Hierarchy {
    /// Counts frames that hold these protocols, from the link inwards.
    pub(super) fn add(&mut self, kinds: &[Kind], traffic: Traffic) {
        let mut at = ROOT;
        for kind in kinds.iter().filter(|kind| !kind.is_ipv6_extension()) {
            match self.child(at, *kind) {
                Some(child) => at = child,
                None => {
                    self.folded += traffic.frames;
                    break;
                }
            }
        }
        self.nodes[at].own += traffic;
    }

    /// The node of `kind` inside the one at `parent`, made where there is none; none where there is no room.
    fn child(&mut self, parent: usize, kind: Kind) -> Option<usize> {
        let kind = SAME_NAME[kind as usize];
        let known = self.nodes[parent].children[kind as usize];
        if known != NONE {
            return Some(known.into());
        }
        let new = self.nodes.len();
        if new >= MOST_NODES {
            return None;
        }
        self.nodes[parent].children[kind as usize] = new as u16;
        self.nodes.push(Node::new(kind, parent));
        Some(new)
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        let mut places = [ROOT as u16; MOST_NODES];
        for (index, node) in part.nodes.iter().enumerate() {
            let parent = usize::from(places[usize::from(node.parent)]);
            let place = match index {
                ROOT => ROOT,
                _ => self.child(parent, node.kind).unwrap_or_else(|| {
                    self.folded += node.own.frames;
                    parent
                }),
            };
            places[index] = place as u16;
            self.nodes[place].own += node.own;
        }
        self.folded += part.folded;
        part.clear();
    }

    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.nodes.push(Node::new(Kind::Frame, ROOT));
        self.folded = 0;
    }

    /// Frames counted at an outer protocol only, since there was no room for more paths.
    pub fn folded(&self) -> u64 {
        self.folded
    }

    /// Every protocol, each before those it carries; of those side by side, the one with most bytes first.
    pub fn branches(&self) -> Vec<Branch> {
        let mut totals: Vec<Traffic> = self.nodes.iter().map(|node| node.own).collect();
        for index in (1..self.nodes.len()).rev() {
            let total = totals[index];
            totals[usize::from(self.nodes[index].parent)] += total;
        }
        let mut found = Vec::new();
        self.descend(ROOT, &totals, &mut Vec::new(), &mut found);
        found
    }

    fn descend(
        &self,
        at: usize,
        totals: &[Traffic],
        path: &mut Vec<Kind>,
        found: &mut Vec<Branch>,
    ) {
        let children = self.nodes[at]
            .children
            .iter()
            .filter(|child| **child != NONE);
        let mut children: Vec<usize> = children.map(|child| usize::from(*child)).collect();
        children
            .sort_by_key(|child| std::cmp::Reverse((totals[*child].bytes, totals[*child].frames)));
        for child in children {
            path.push(self.nodes[child].kind);
            found.push(Branch {
                path: path.clone(),
                total: totals[child],
                ending: self.nodes[child].own,
            });
            self.descend(child, totals, path, found);
            path.pop();
        }
    }
}

/// For each kind the first one with its name: Wireshark calls both forms of Ethernet "eth".
static SAME_NAME: [Kind; KINDS] = same_names();

const fn same_names() -> [Kind; KINDS] {
    let mut found = [Kind::Frame; KINDS];
    let mut at = 0;
    while at < KINDS {
        let mut other = 0;
        while !equal(Kind::ALL[at].token(), Kind::ALL[other].token()) {
            other += 1;
        }
        found[at] = Kind::ALL[other];
        at += 1;
    }
    found
}

const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
