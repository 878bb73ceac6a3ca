//! How the program ends.

use std::process::ExitCode;

use commitsim_report::Verdict;

/// How the program ends, from the least grave to the gravest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Exit {
    /// Everything is as it should be.
    Fine,
    /// A run was stopped while it was still getting somewhere.
    Inconclusive,
    /// A property was violated, or an expectation failed.
    Failed,
    /// The command line or a scenario is wrong.
    Usage,
    /// The program or the machine failed.
    Internal,
    /// Somebody asked it to stop.
    Interrupted,
}

impl Exit {
    /// How a run with this verdict ends.
    pub(crate) fn of_verdict(verdict: Verdict) -> Exit {
        match verdict {
            Verdict::Ok => Exit::Fine,
            Verdict::Violated | Verdict::ExpectationFailed => Exit::Failed,
            Verdict::Inconclusive => Exit::Inconclusive,
        }
    }

    /// How the reading of arguments ends: being asked for help is fine.
    pub(crate) fn of_usage(error: &clap::Error) -> Exit {
        if error.use_stderr() { Exit::Usage } else { Exit::Fine }
    }

    fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Inconclusive => 3,
            Exit::Internal => 4,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_gravest_wins() {
        let codes = [0, 3, 1, 2, 4];
        let exits = [Exit::Fine, Exit::Inconclusive, Exit::Failed, Exit::Usage, Exit::Internal];
        assert!(exits.is_sorted());
        assert_eq!(exits.map(Exit::code), codes);
    }
}
