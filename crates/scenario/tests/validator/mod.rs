//! As much of JSON Schema as our schema uses, except for patterns.
//!
//! It shows that schema and reader agree. That it is a schema at all, and what its patterns mean,
//! an independent validator says in `scripts/validate-schema`.

use serde_json::Value;

/// A schema, ready to be applied.
pub(crate) struct Validator(Value);

/// The keywords that are looked at or may be ignored.
const KEYWORDS: [&str; 22] = [
    "$ref",
    "$schema",
    "$defs",
    "title",
    "description",
    "type",
    "const",
    "enum",
    "anyOf",
    "oneOf",
    "allOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "items",
    "prefixItems",
    "required",
];

impl Validator {
    pub(crate) fn new(schema: Value) -> Validator {
        Validator(schema)
    }

    /// What is wrong with a value; nothing where it is valid.
    pub(crate) fn check(&self, json: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        self.apply(&self.0, json, "", &mut problems);
        problems
    }

    fn valid(&self, schema: &Value, json: &Value) -> bool {
        let mut problems = Vec::new();
        self.apply(schema, json, "", &mut problems);
        problems.is_empty()
    }

    fn apply(&self, schema: &Value, json: &Value, path: &str, problems: &mut Vec<String>) {
        let Some(members) = schema.as_object() else {
            if schema == &Value::Bool(false) {
                problems.push(format!("{path} is not allowed"));
            }
            return;
        };
        for (keyword, value) in members {
            let holds = match keyword.as_str() {
                "$ref" => {
                    let pointer = value.as_str().unwrap().trim_start_matches('#');
                    self.apply(self.0.pointer(pointer).unwrap(), json, path, problems);
                    true
                }
                "type" => has_type(json, value.as_str().unwrap()),
                "const" => json == value,
                "enum" => list(value).contains(json),
                "anyOf" => list(value).iter().any(|one| self.valid(one, json)),
                "oneOf" => list(value).iter().filter(|one| self.valid(one, json)).count() == 1,
                "allOf" => list(value).iter().all(|one| self.valid(one, json)),
                "minimum" => json.as_f64().is_none_or(|n| n >= value.as_f64().unwrap()),
                "maximum" => json.as_f64().is_none_or(|n| n <= value.as_f64().unwrap()),
                "exclusiveMinimum" => json.as_f64().is_none_or(|n| n > value.as_f64().unwrap()),
                "maxLength" => json.as_str().is_none_or(|text| text.chars().count() <= size(value)),
                "minItems" => json.as_array().is_none_or(|list| list.len() >= size(value)),
                "maxItems" => json.as_array().is_none_or(|list| list.len() <= size(value)),
                "uniqueItems" => json.as_array().is_none_or(|items| {
                    items.iter().enumerate().all(|(n, item)| !items[..n].contains(item))
                }),
                _ => self.apply_inside(keyword, value, members, json, path, problems),
            };
            if !holds {
                problems.push(format!("{path} {json} breaks {keyword} {value}"));
            }
        }
    }

    /// The keywords that look into lists and objects.
    fn apply_inside(
        &self,
        keyword: &str,
        value: &Value,
        schema: &serde_json::Map<String, Value>,
        json: &Value,
        path: &str,
        problems: &mut Vec<String>,
    ) -> bool {
        let members = || json.as_object().into_iter().flatten();
        let items = || json.as_array().into_iter().flatten();
        let has = |key: &Value| json.get(key.as_str().unwrap()).is_some();
        match keyword {
            "items" => items().for_each(|item| self.apply(value, item, path, problems)),
            "prefixItems" => {
                for (schema, item) in list(value).iter().zip(items()) {
                    self.apply(schema, item, path, problems);
                }
            }
            "required" => return !json.is_object() || list(value).iter().all(has),
            "dependentRequired" => {
                return value
                    .as_object()
                    .unwrap()
                    .iter()
                    .all(|(key, needs)| json.get(key).is_none() || list(needs).iter().all(has));
            }
            "propertyNames" => {
                return members().all(|(key, _)| self.valid(value, &key.as_str().into()));
            }
            "properties" => {
                for (key, item) in members() {
                    if let Some(schema) = value.get(key) {
                        self.apply(schema, item, &format!("{path}/{key}"), problems);
                    }
                }
            }
            "additionalProperties" => {
                let known = |key: &str| schema.get("properties").and_then(|own| own.get(key));
                for (key, item) in members().filter(|(key, _)| known(key).is_none()) {
                    self.apply(value, item, &format!("{path}/{key}"), problems);
                }
            }
            _ => assert!(KEYWORDS.contains(&keyword), "the schema uses {keyword}"),
        }
        true
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn size(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn has_type(json: &Value, name: &str) -> bool {
    match name {
        "object" => json.is_object(),
        "array" => json.is_array(),
        "string" => json.is_string(),
        "boolean" => json.is_boolean(),
        "number" => json.is_number(),
        "integer" => json.as_f64().is_some_and(|n| n.fract() == 0.0),
        _ => panic!("the schema uses the type {name}"),
    }
}
