//! The points of a sweep: its values put where they belong, and each scenario that comes of it
//! read as if it stood in a file of its own.

use commitsim_core::About;

use crate::json::{Json, Value};
use crate::limits;
use crate::nearest::suggestion;
use crate::overrides::{self, Overrides};
use crate::place::{Place, quoted};
use crate::problem::Complaint;
use crate::reader::Reader;
use crate::scenario::Scenario;
use crate::sweep::Sweep;

/// A point of a sweep.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// The number of its value on each axis.
    pub values: Vec<usize>,
    /// The scenario with these values; its own sweep is none.
    pub scenario: Scenario,
}

/// The parts of a file that points are made of.
struct Ground<'t, 'a> {
    /// The file without its sweep.
    base: Json<'a>,
    /// The values in it, by axis, and where each path stands.
    axes: Vec<(&'t [Json<'a>], Place)>,
    /// Where all of them are listed.
    vary: Place,
    /// The length of the file without its sweep.
    bytes: u64,
    sweep: &'t Sweep,
    known: &'t [&'static About],
    overrides: &'t Overrides,
}

impl Reader {
    /// All points of a sweep. Complaints are about the first point that is wrong, for where a
    /// value is wrong it is at many points.
    pub(crate) fn points(
        &mut self,
        tree: &Json<'_>,
        sweep: &Sweep,
        known: &[&'static About],
        overrides: &Overrides,
    ) -> Vec<Point> {
        let Some(ground) = Ground::of(tree, sweep, known, overrides) else { return Vec::new() };
        self.paths(&ground);
        // Where one thing alone is varied its values are the points.
        if sweep.axes.len() > 1 {
            self.each_by_itself(&ground);
        }
        if !self.complaints.is_empty() {
            return Vec::new();
        }
        let mut points = Vec::new();
        // About what the scenarios cost to read and to keep. Tables of regions are short, and say
        // something of each pair of nodes.
        let mut weight = ground.bytes.saturating_mul(sweep.points());
        for number in 0..sweep.points() {
            let values = sweep.values_at(number);
            let chosen: Vec<(usize, usize)> = values.iter().copied().enumerate().collect();
            match ground.read(&chosen) {
                Ok(scenario) => {
                    weight += limits::LINK * scenario.setup.network.links.len() as u64;
                    if weight > limits::WEIGHT {
                        self.too_heavy(ground.vary, sweep);
                        break;
                    }
                    points.push(Point { values, scenario });
                }
                Err(complaints) => {
                    self.complaints.extend(complaints);
                    if sweep.axes.len() > 1 || self.complaints.len() > limits::PROBLEMS {
                        break;
                    }
                }
            }
        }
        points
    }

    fn too_heavy(&mut self, place: Place, sweep: &Sweep) {
        let points = sweep.points();
        let found = format!("a scenario of this size, {points} times, is too much to hold");
        let (most, link) = (limits::WEIGHT >> 20, limits::LINK);
        let allowed = format!(
            "at most {most} MiB at all points together, where a link that differs counts as {link} \
             bytes"
        );
        self.refuse(place, found, allowed, "vary less, or what is smaller");
    }

    /// Complains of paths that lead nowhere.
    fn paths(&mut self, ground: &Ground<'_, '_>) {
        for (axis, (_, path)) in ground.axes.iter().enumerate() {
            if let Err((found, hint)) = ground.names_something(axis) {
                let allowed = "a JSON pointer to something in the scenario, as in /network/loss";
                self.refuse(*path, found, allowed, hint);
            }
        }
    }

    /// Every value alone, so that what is wrong with it is said once.
    fn each_by_itself(&mut self, ground: &Ground<'_, '_>) {
        let known = |axis: &usize| ground.names_something(*axis).is_ok();
        for axis in (0..ground.axes.len()).filter(known) {
            let (values, _) = &ground.axes[axis];
            for value in 0..values.len() {
                if self.complaints.len() > limits::PROBLEMS {
                    return;
                }
                if let Err(complaints) = ground.read(&[(axis, value)]) {
                    self.complaints.extend(complaints);
                }
            }
        }
    }
}

impl<'t, 'a> Ground<'t, 'a> {
    /// None where the file has no such sweep, which has then been complained of.
    fn of(
        tree: &'t Json<'a>,
        sweep: &'t Sweep,
        known: &'t [&'static About],
        overrides: &'t Overrides,
    ) -> Option<Ground<'t, 'a>> {
        let mut base = tree.clone();
        if let Value::Object(members) = &mut base.value {
            members.retain(|member| member.key != "sweep");
        }
        let swept = member(tree, "sweep");
        let vary = swept.and_then(|sweep| member(sweep, "vary"));
        let length = |json: &Json<'_>| u64::from(json.place.end - json.place.start);
        let bytes = length(tree).saturating_sub(swept.map_or(0, length));
        let (items, place) = (vary.map_or(&[][..], list), vary.unwrap_or(tree).place);
        let axis = |item: &'t Json<'a>| {
            Some((member(item, "values").map(list)?, member(item, "path")?.place))
        };
        let axes: Option<Vec<_>> = items.iter().map(axis).collect();
        let axes = axes.filter(|axes| axes.len() == sweep.axes.len())?;
        Some(Ground { base, axes, vary: place, bytes, sweep, known, overrides })
    }

    /// The scenario with these values: of each axis, by number, the value of that number.
    fn read(&self, chosen: &[(usize, usize)]) -> Result<Scenario, Vec<Complaint>> {
        let mut tree = self.base.clone();
        for (axis, value) in chosen {
            let (values, place) = &self.axes[*axis];
            // A value before it may have taken away what this one is put into.
            let path = &self.sweep.axes[*axis].path;
            if let Err((found, hint)) =
                overrides::put(&mut tree, path, *place, values[*value].clone())
            {
                let (allowed, hint) = (String::new(), Some(hint.to_string()));
                return Err(vec![Complaint { place: *place, found, allowed, hint }]);
            }
        }
        let mut reader = Reader::default();
        let scenario = reader.scenario(&tree, self.known, self.overrides);
        match scenario {
            Some(scenario) if reader.complaints.is_empty() => Ok(scenario),
            _ => Err(reader.complaints.into_iter().map(|one| self.at(chosen, one)).collect()),
        }
    }

    /// Says at which point something is wrong, unless a value by itself is what is wrong.
    fn at(&self, chosen: &[(usize, usize)], mut complaint: Complaint) -> Complaint {
        let place = complaint.place;
        let within = |outer: Place| {
            outer.source == place.source && outer.start <= place.start && place.end <= outer.end
        };
        let values = chosen.iter().map(|(axis, value)| self.axes[*axis].0[*value].place);
        let paths = chosen.iter().map(|(axis, _)| self.axes[*axis].1);
        if chosen.len() > 1 || !values.chain(paths).any(within) {
            let name = |(axis, value): &(usize, usize)| {
                let axis = &self.sweep.axes[*axis];
                format!("{} = {}", axis.label, axis.names[*value])
            };
            let names: Vec<String> = chosen.iter().map(name).collect();
            complaint.found = format!("at {}: {}", names.join(", "), complaint.found);
        }
        complaint
    }

    /// Whether there is something where the path of an axis leads, or may be. A key that could
    /// stand there and does not has a default, which may well be varied; whether there is such a
    /// key the reader says.
    fn names_something(&self, axis: usize) -> Result<(), (String, String)> {
        let path = &self.sweep.axes[axis].path;
        let steps: Vec<String> = path.split('/').skip(1).map(overrides::unescaped).collect();
        let mut at = &self.base;
        for (n, step) in steps.iter().enumerate() {
            let last = n + 1 == steps.len();
            at = match &at.value {
                Value::Object(members) => match members.iter().find(|member| member.key == *step) {
                    Some(member) => &member.value,
                    None if last => return Ok(()),
                    None => {
                        let keys = members.iter().map(|member| member.key.as_ref());
                        let write = || format!("write {} into the scenario first", quoted(step));
                        let hint = suggestion(step, keys).unwrap_or_else(write);
                        return Err((format!("the scenario has no {} there", quoted(step)), hint));
                    }
                },
                Value::List(items) => {
                    let number = step.parse::<usize>().ok().filter(|n| n.to_string() == *step);
                    let found = format!("there is no entry {} in this list", quoted(step));
                    let count = items.len();
                    let hint = format!("it has {count}, which are counted from 0");
                    number.and_then(|number| items.get(number)).ok_or((found, hint))?
                }
                _ => {
                    let whole = format!("/{}", steps[..n].join("/"));
                    let found = format!("there is nothing below {}", quoted(&whole));
                    return Err((found, format!("vary {whole} as a whole")));
                }
            };
        }
        Ok(())
    }
}

fn member<'t, 'a>(json: &'t Json<'a>, key: &str) -> Option<&'t Json<'a>> {
    match &json.value {
        Value::Object(members) => {
            members.iter().find(|member| member.key == key).map(|member| &member.value)
        }
        _ => None,
    }
}

fn list<'t, 'a>(json: &'t Json<'a>) -> &'t [Json<'a>] {
    match &json.value {
        Value::List(items) => items,
        _ => &[],
    }
}
