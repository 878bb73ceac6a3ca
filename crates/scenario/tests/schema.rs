//! The schema against the reader: the same keys, and nothing that is refused wrongly.

mod protocols;
mod validator;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use commitsim_scenario::{FORMS, Need, Overrides, read, schema};
use protocols::KNOWN;
use serde_json::Value;
use validator::Validator;

const KITCHEN_SINK: &str = include_str!("kitchen-sink.json");

fn validator() -> Validator {
    Validator::new(serde_json::from_str(&schema(&KNOWN)).unwrap())
}

#[test]
fn every_key_of_every_form_is_in_the_schema() {
    let schema: Value = serde_json::from_str(&schema(&KNOWN)).unwrap();
    for form in FORMS {
        let object = match form.id {
            "scenario" => &schema,
            "protocol" => &schema["$defs"]["protocol"]["anyOf"][1],
            id => &schema["$defs"][id],
        };
        let keys = |needs: &[Need]| -> BTreeSet<&str> {
            let keys = form.keys.iter().filter(|key| needs.contains(&key.need));
            keys.map(|key| key.name).collect()
        };
        let properties = object["properties"].as_object().expect(form.id);
        let found: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(found, keys(&[Need::Required, Need::Optional]), "{}", form.id);
        let required = object["required"].as_array().into_iter().flatten();
        let required: BTreeSet<&str> = required.map(|key| key.as_str().unwrap()).collect();
        assert_eq!(required, keys(&[Need::Required]), "{}", form.id);
        assert_eq!(object["additionalProperties"], false, "{}", form.id);
    }
}

/// What the independent validator of `scripts/validate-schema` needs of this crate's tests.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that writes the file anew")]
fn the_schema_of_the_test_protocols_is_kept() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kitchen-sink.schema.json");
    if std::env::var("COMMITSIM_UPDATE").is_ok() {
        fs::write(&file, schema(&KNOWN)).unwrap();
    }
    assert!(fs::read_to_string(&file).unwrap_or_default() == schema(&KNOWN), "it is out of date");
}

#[test]
fn the_kitchen_sink_is_accepted() {
    let problems = validator().check(&serde_json::from_str(KITCHEN_SINK).unwrap());
    assert!(problems.is_empty(), "{problems:?}");
}

/// Damage that lies in a single value is refused by the schema too. What takes knowledge of
/// another value, or of how a number was written, only the reader can see; those files are listed.
#[test]
fn damaged_files_are_refused() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let beyond = fs::read_to_string(tests.join("beyond-schema.txt")).unwrap();
    let files = beyond.lines().filter(|line| !line.starts_with('#') && !line.ends_with(" lenient"));
    let beyond: BTreeSet<&str> = files.filter_map(|line| line.split(' ').next()).collect();
    let mut accepted = BTreeSet::new();
    for entry in fs::read_dir(tests.join("bad")).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Some(Ok(json)) = name
            .ends_with(".json")
            .then(|| serde_json::from_slice::<Value>(&fs::read(&file).unwrap()))
        else {
            continue;
        };
        if validator().check(&json).is_empty() {
            accepted.insert(name);
        }
    }
    let accepted: BTreeSet<&str> = accepted.iter().map(String::as_str).collect();
    assert_eq!(accepted, beyond);
}

/// Each value in turn is replaced by values of every kind: what the reader takes, the schema
/// never refuses.
#[test]
fn the_schema_is_never_stricter_than_the_reader() {
    let values = [
        "null",
        "true",
        "-1",
        "0",
        "1",
        "2",
        "7.5",
        "0.5",
        "1e3",
        "\"\"",
        "\"0\"",
        "\"5ms\"",
        "\"0.5s\"",
        "\"50%\"",
        "\"1/2\"",
        "\"1e-3\"",
        "\"25ppm\"",
        "\"7\"",
        "\"car\"",
        "\"2pc\"",
        "\"first\"",
        "\"star\"",
        "\"serial\"",
        "\"all\"",
        "\"Yes\"",
        "\"commit\"",
        "[]",
        "{}",
        "[\"car\"]",
        "[\"1ms\",\"2ms\"]",
        "[[\"bank\",\"car\"]]",
        "{\"uniform\":[\"0\",\"1s\"]}",
        "{\"every\":\"1us\"}",
        "{\"by\":\"car\"}",
        "{\"car\":\"1ms\"}",
        "{\"node\":\"car\"}",
        "[{\"at\":\"1ms\",\"heal\":{}}]",
        "{\"*\":{}}",
        "{\"id\":\"3pc\"}",
        "[\"3pc\",\"2pc\"]",
    ];
    let validator = validator();
    let mut pointers = Vec::new();
    collect(&serde_json::from_str(KITCHEN_SINK).unwrap(), "", &mut pointers);
    let (mut taken, mut refused) = (0, 0);
    for pointer in &pointers {
        for value in values {
            let set = vec![(pointer.clone(), value.to_string())];
            let overrides = Overrides { set, ..Overrides::default() };
            let read = read("test.json", KITCHEN_SINK.as_bytes(), &KNOWN, &overrides);
            let mut json: Value = serde_json::from_str(KITCHEN_SINK).unwrap();
            *json.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
            let problems = validator.check(&json);
            if read.is_ok() {
                taken += 1;
                assert!(problems.is_empty(), "{pointer}={value}: {problems:?}");
            } else if !problems.is_empty() {
                refused += 1;
            }
        }
    }
    assert!(taken > 300 && refused > 5_000, "{taken} taken, {refused} refused");
}

fn collect(json: &Value, pointer: &str, pointers: &mut Vec<String>) {
    pointers.push(pointer.to_string());
    match json {
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{n}"), pointers);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                collect(value, &format!("{pointer}/{key}"), pointers);
            }
        }
        _ => {}
    }
}
