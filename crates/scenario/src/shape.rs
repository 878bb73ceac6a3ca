//! Durations that are drawn: latencies, forces and work.

use commitsim_rng::{Shape, ShapeError};

use crate::form_system::{EXPONENTIAL, LOG_NORMAL, PARETO, SHAPE};
use crate::json::{Json, Value};
use crate::limits;
use crate::quantity::DURATION;
use crate::reader::Reader;

impl Reader {
    /// A duration, or a distribution of durations.
    pub(crate) fn shape(&mut self, json: &Json<'_>) -> Option<Shape> {
        if let Value::Text(_) | Value::Number(_) = json.value {
            return self.nanoseconds(json).map(Shape::fixed);
        }
        let (kind, json) = self.choice(json, &SHAPE, "a duration, or ")?;
        match kind {
            "uniform" => self.uniform(json),
            "exponential" => self.exponential(json),
            "lognormal" => self.log_normal(json),
            "pareto" => self.pareto(json),
            _ => self.histogram(json),
        }
    }

    fn uniform(&mut self, json: &Json<'_>) -> Option<Shape> {
        let [min, max] = self.list(json, "two durations")? else {
            self.refuse(json.place, "this list has not two items", "[least, greatest]", "");
            return None;
        };
        let (min, max) = (self.nanoseconds(min), self.nanoseconds(max));
        let shape = Shape::uniform(min?, max?);
        self.made(json, shape, "the least first, then the greatest: [\"1ms\", \"5ms\"]")
    }

    fn exponential(&mut self, json: &Json<'_>) -> Option<Shape> {
        let fields = self.object(json, &EXPONENTIAL)?;
        let mean = fields.get("mean").and_then(|json| self.nanoseconds(json));
        let min = fields.get("min").map_or(Some(0), |json| self.nanoseconds(json));
        let max = fields.get("max").map_or(Some(limits::SPAN.0), |json| self.nanoseconds(json));
        let shape = Shape::exponential(mean?, min?, max?);
        self.made(json, shape, "min <= mean <= max, and a mean above 0")
    }

    fn log_normal(&mut self, json: &Json<'_>) -> Option<Shape> {
        let fields = self.object(json, &LOG_NORMAL)?;
        let median = fields.get("median").and_then(|json| self.nanoseconds(json));
        let allowed = "a number from 0 to 10, as in 0.5";
        let sigma = fields.get("sigma").and_then(|json| self.millionths(json, allowed));
        let max = fields.get("max").map_or(Some(limits::SPAN.0), |json| self.nanoseconds(json));
        let shape = Shape::log_normal(median?, sigma?, max?);
        self.made(json, shape, "0 < median <= max, and a sigma from 0 to 10")
    }

    fn pareto(&mut self, json: &Json<'_>) -> Option<Shape> {
        let fields = self.object(json, &PARETO)?;
        let min = fields.get("min").and_then(|json| self.nanoseconds(json));
        let allowed = "a number above 0, as in 1.5";
        let shape = fields.get("shape").and_then(|json| self.millionths(json, allowed));
        let max = fields.get("max").and_then(|json| self.nanoseconds(json));
        let shape = Shape::pareto(min?, shape?, max?);
        self.made(json, shape, "0 < min <= max, and a shape above 0")
    }

    fn histogram(&mut self, json: &Json<'_>) -> Option<Shape> {
        let mut entries = Vec::new();
        for item in self.list(json, "pairs of a duration and a weight")? {
            let [value, weight] = self.list(item, "a duration and its weight")? else {
                let allowed = "[duration, weight], as in [\"1ms\", 10]";
                self.refuse(item.place, "this list has not two items", allowed, "");
                return None;
            };
            let value = self.nanoseconds(value);
            let weight = self.integer(weight, 0, u64::from(u32::MAX));
            entries.push(value.zip(weight));
        }
        let entries: Option<Vec<(u64, u64)>> = entries.into_iter().collect();
        let shape = Shape::histogram(entries?);
        self.made(json, shape, "at least one pair with a weight above 0")
    }

    fn nanoseconds(&mut self, json: &Json<'_>) -> Option<u64> {
        if let Value::List(_) | Value::Object(_) = json.value {
            self.wrong_type(json, DURATION, "");
            return None;
        }
        self.duration(json).map(|span| span.0)
    }

    fn made(
        &mut self,
        json: &Json<'_>,
        shape: Result<Shape, ShapeError>,
        allowed: &str,
    ) -> Option<Shape> {
        shape
            .map_err(|error| {
                let found = match error {
                    ShapeError::SigmaTooLarge { .. } => "the sigma is above 10".to_string(),
                    _ => error.to_string(),
                };
                self.refuse(json.place, found, allowed, "");
            })
            .ok()
    }
}
