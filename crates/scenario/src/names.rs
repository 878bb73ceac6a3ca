//! The names of nodes, both ways.

use std::collections::BTreeMap;

use commitsim_core::NodeId;

/// The names of the nodes: of those that hold data, which are empty while unknown or if they are
/// wrong themselves, and of the helpers that a protocol of the scenario has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    list: Vec<String>,
    index: BTreeMap<String, NodeId>,
    helpers: &'static [&'static str],
}

impl Names {
    /// Names in node order; they are different and at most as many as there are node numbers.
    pub(crate) fn new(list: Vec<String>) -> Names {
        let index = list.iter().cloned().zip((0..).map(NodeId)).collect();
        Names { list, index, helpers: &[] }
    }

    /// `n0`, `n1` and so on.
    pub(crate) fn numbered(count: u16) -> Names {
        Names::new((0..count).map(|n| format!("n{n}")).collect())
    }

    /// The same with helpers, whose numbers follow those of the nodes that hold data.
    pub(crate) fn with_helpers(self, helpers: &'static [&'static str]) -> Names {
        Names { helpers, ..self }
    }

    pub(crate) fn helpers(&self) -> &'static [&'static str] {
        self.helpers
    }

    pub(crate) fn known(&self) -> bool {
        !self.list.is_empty()
    }

    /// How many there are; at most as many as a scenario may have nodes.
    pub(crate) fn count(&self) -> u16 {
        u16::try_from(self.list.len()).unwrap_or(u16::MAX)
    }

    pub(crate) fn find(&self, name: &str) -> Option<NodeId> {
        self.index.get(name).copied()
    }

    /// A helper by its name.
    pub(crate) fn find_helper(&self, name: &str) -> Option<NodeId> {
        let numbers = (self.count()..).map(NodeId);
        self.helpers
            .iter()
            .zip(numbers)
            .find_map(|(helper, node)| (*helper == name).then_some(node))
    }

    pub(crate) fn of(&self, node: NodeId) -> &str {
        let helper = || {
            let number = node.0.checked_sub(self.count())?;
            self.helpers.get(usize::from(number)).copied()
        };
        let name = self.list.get(usize::from(node.0)).map(String::as_str);
        name.or_else(helper).unwrap_or("?")
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.count()).map(NodeId)
    }

    pub(crate) fn into_list(self) -> Vec<String> {
        self.list
    }

    /// All names, or where these are many the first and the last.
    pub(crate) fn summary(&self) -> String {
        match self.list.as_slice() {
            [first, second, .., last] if self.list.len() > 12 => {
                format!("{first}, {second}, … {last}")
            }
            all => all.join(", "),
        }
    }

    /// Whether traces give this name to a node that holds no data.
    pub(crate) fn is_helper(name: &str) -> bool {
        let number = name.strip_prefix("backup").or_else(|| name.strip_prefix("acceptor"));
        name == "watchdog"
            || number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    }
}
