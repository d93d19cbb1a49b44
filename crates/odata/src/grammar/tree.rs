//! What was matched: which rule from where to where, and the rules inside it.

/// What one rule matched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The rule's name.
    pub rule: &'static str,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The nodes inside, by their place in the tree.
    pub(super) within: Box<[u32]>,
}

/// A text, matched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    root: u32,
}

impl Tree {
    pub(super) fn new(nodes: Vec<Node>, root: u32) -> Self {
        Self { nodes, root }
    }

    /// What the whole text is.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.nodes[self.root as usize]
    }

    /// What lies directly inside.
    pub fn within<'t>(&'t self, node: &'t Node) -> impl Iterator<Item = &'t Node> {
        node.within.iter().map(|at| &self.nodes[*at as usize])
    }

    /// Every node of the text, outer ones before those inside, in the order of the text.
    pub fn each(&self) -> impl Iterator<Item = &Node> {
        let mut left = vec![self.root];
        std::iter::from_fn(move || {
            let node = &self.nodes[left.pop()? as usize];
            left.extend(node.within.iter().rev());
            Some(node)
        })
    }
}
