//! The shard of this process where a scheduler of a cluster says which of many it is.

use std::env;
use std::str::FromStr;

use super::shard::{MOST, Shard};

/// Which part of a sweep is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Given(Shard),
    /// The one that the environment says.
    Auto,
}

/// How many shards there are, where the scheduler does not say.
const SHARDS: &str = "COMMITSIM_SHARDS";

/// The environment, or what a test puts in its place.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Part {
    /// The shard, and where it was found unless it was given.
    pub(crate) fn found(self) -> Result<(Shard, Option<String>), String> {
        match self {
            Part::Given(shard) => Ok((shard, None)),
            Part::Auto => {
                let (shard, place) = looked_up(&|name| env::var(name).ok())?;
                Ok((shard, Some(format!("shard {shard}, of {place}"))))
            }
        }
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Part, String> {
        if text == "auto" { Ok(Part::Auto) } else { text.parse().map(Part::Given) }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Part::Given(shard) => shard.fmt(f),
            Part::Auto => f.write_str("auto"),
        }
    }
}

/// Slurm says both numbers; Kubernetes and HyperQueue say the first alone.
fn looked_up(get: Lookup<'_>) -> Result<(Shard, &'static str), String> {
    if get("SLURM_ARRAY_TASK_ID").is_some() {
        return Ok((slurm(get)?, "SLURM_ARRAY_TASK_ID"));
    }
    for name in ["JOB_COMPLETION_INDEX", "HQ_TASK_ID"] {
        if let Some(index) = number(get, name)? {
            let count = number(get, SHARDS)?
                .ok_or_else(|| format!("{name} is set, but not {SHARDS}, the number of shards"))?;
            return shard(index, count, name).map(|shard| (shard, name));
        }
    }
    Err("auto takes an environment in which SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or \
         HQ_TASK_ID is set\n  = help: say which shard it is, as in --shard 0/4"
        .to_string())
}

/// Arrays may begin at 1, and may be submitted again in part; then their own count is not the
/// number of shards.
fn slurm(get: Lookup<'_>) -> Result<Shard, String> {
    const ID: &str = "SLURM_ARRAY_TASK_ID";
    let index = number(get, ID)?.unwrap_or(0);
    if let Some(count) = number(get, SHARDS)? {
        return shard(index, count, ID);
    }
    let count = number(get, "SLURM_ARRAY_TASK_COUNT")?
        .ok_or_else(|| format!("{ID} is set, but neither SLURM_ARRAY_TASK_COUNT nor {SHARDS}"))?;
    let first = number(get, "SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
    let last = number(get, "SLURM_ARRAY_TASK_MAX")?.unwrap_or(first + count.saturating_sub(1));
    if first > 1 || last.checked_sub(first) != Some(count.saturating_sub(1)) {
        return Err(format!(
            "the array has {count} tasks from {first} to {last}, which is not all of it\n  = help: \
             set {SHARDS} to the number of shards, and number tasks from 0"
        ));
    }
    shard(index.saturating_sub(first), count, ID)
}

fn shard(index: u32, count: u32, name: &str) -> Result<Shard, String> {
    let shard = Shard { index, count };
    if index < count && count <= MOST {
        return Ok(shard);
    }
    Err(format!(
        "{name} makes it shard {shard}, and there is none\n  = help: number shards from 0 to N-1, \
         with N up to {MOST}"
    ))
}

fn number(get: Lookup<'_>, name: &str) -> Result<Option<u32>, String> {
    let read = |text: String| {
        text.parse().map_err(|_| {
            let text = commitsim_report::visible(&text).into_owned();
            format!("{name} is {text}, which is no number")
        })
    };
    get(name).map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(environment: &[(&str, &str)]) -> Result<String, String> {
        let get = |name: &str| {
            let there = environment.iter().find(|(key, _)| *key == name);
            there.map(|(_, value)| value.to_string())
        };
        looked_up(&get).map(|(shard, _)| shard.to_string())
    }

    #[test]
    fn schedulers_say_which_shard_it_is() {
        let slurm = [("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_ARRAY_TASK_COUNT", "16")];
        assert_eq!(auto(&slurm).as_deref(), Ok("3/16"));
        let from_one = [("SLURM_ARRAY_TASK_MIN", "1"), ("SLURM_ARRAY_TASK_MAX", "16")];
        assert_eq!(auto(&[slurm, from_one].concat()).as_deref(), Ok("2/16"));
        let shards = [("COMMITSIM_SHARDS", "16")];
        let again = [("SLURM_ARRAY_TASK_ID", "7"), ("SLURM_ARRAY_TASK_COUNT", "2")];
        assert_eq!(auto(&[&again[..], &shards].concat()).as_deref(), Ok("7/16"));
        let pod = [("JOB_COMPLETION_INDEX", "0")];
        assert_eq!(auto(&[&pod[..], &shards].concat()).as_deref(), Ok("0/16"));
        let task = [("HQ_TASK_ID", "15")];
        assert_eq!(auto(&[&task[..], &shards].concat()).as_deref(), Ok("15/16"));
        // The first that is there wins.
        let both = [&slurm[..], &pod, &shards].concat();
        assert_eq!(auto(&both).as_deref(), Ok("3/16"));
    }

    #[test]
    fn what_is_not_sure_is_refused() {
        let part = [
            ("SLURM_ARRAY_TASK_ID", "7"),
            ("SLURM_ARRAY_TASK_COUNT", "2"),
            ("SLURM_ARRAY_TASK_MIN", "3"),
            ("SLURM_ARRAY_TASK_MAX", "7"),
        ];
        let wrong: [(&[(&str, &str)], &str); 6] = [
            (&[], "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or HQ_TASK_ID"),
            (&part, "not all of it"),
            (&[("HQ_TASK_ID", "1")], "not COMMITSIM_SHARDS"),
            (&[("HQ_TASK_ID", "4"), ("COMMITSIM_SHARDS", "4")], "shard 4/4"),
            (&[("HQ_TASK_ID", "x\u{1b}"), ("COMMITSIM_SHARDS", "4")], "x\\u{1b}, which is no"),
            (&[("SLURM_ARRAY_TASK_ID", "0")], "neither SLURM_ARRAY_TASK_COUNT"),
        ];
        for (environment, why) in wrong {
            let error = auto(environment).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
