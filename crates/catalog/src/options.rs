//! The options of a protocol, as checked names and values.

use commitsim_core::About;

/// What a scenario chose for one protocol. Every pair is one that the protocol's [`About`] allows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    chosen: Vec<(&'static str, &'static str)>,
}

impl Options {
    /// Checks the pairs against what `about` allows.
    ///
    /// # Errors
    /// Names the first pair that the protocol does not know.
    pub fn new<'a>(
        about: &'static About,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Options, String> {
        let mut chosen = Vec::new();
        for (name, value) in pairs {
            let choice = about.options.iter().find(|choice| choice.name == name);
            let known = choice.and_then(|choice| {
                let value = choice.values.iter().find(|known| **known == value)?;
                Some((choice.name, *value))
            });
            chosen.push(known.ok_or_else(|| format!("{} has no option {name}={value}", about.id))?);
        }
        Ok(Options { chosen })
    }

    /// What was chosen, name and value.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.chosen.iter().copied()
    }

    /// Whether the option `name` was given the value `value`.
    #[must_use]
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.chosen.contains(&(name, value))
    }
}
