//! The JSON Schema that `netinspect schema` prints holds for what `-T json` writes.

use assert_cmd::Command;
use serde_json::Value;

fn output(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("netinspect").expect("the program");
    let output = command.args(arguments).output().expect("it runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn schema() -> Value {
    serde_json::from_str(&output(&["schema"])).expect("JSON")
}

#[test]
fn it_is_a_schema_itself() {
    let schema = schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    jsonschema::meta::validate(&schema).expect("a schema");
}

#[test]
fn every_fixture_is_written_as_it_says() {
    let schema = schema();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a schema");
    let mut frames = 0;
    for entry in std::fs::read_dir("fixtures").expect("fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.to_string_lossy();
        if !name.contains(".pcap") {
            continue;
        }
        for line in output(&["replay", "-T", "json", &name]).lines() {
            let frame: Value = serde_json::from_str(line).expect("JSON");
            let errors: Vec<_> = validator
                .iter_errors(&frame)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{name}: {line}\n{}", errors.join("\n"));
            frames += 1;
        }
    }
    assert!(frames > 300, "{frames}");
}

/// Runs that write results of another kind than frames.
const RESULTS: &[(&str, &[&[&str]])] = &[
    (
        "alert",
        &[
            &["alerts", "fixtures/arp-spoof.pcap"],
            &["alerts", "fixtures/syn-flood.pcap"],
            &["alerts", "fixtures/port-scan.pcap"],
        ],
    ),
    (
        "difference",
        &[
            &["diff", "fixtures/diff-good.pcap", "fixtures/diff-bad.pcap"],
            &["diff", "fixtures/escapes.pcap", "fixtures/demo.pcap"],
        ],
    ),
];

#[test]
fn other_results_are_written_as_their_schemas_say() {
    for (of, runs) in RESULTS {
        let schema: Value = serde_json::from_str(&output(&["schema", of])).expect("JSON");
        jsonschema::meta::validate(&schema).expect("a schema");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let mut written = std::collections::BTreeSet::new();
        for run in *runs {
            for line in output(&[run, &["-T", "json"][..]].concat()).lines() {
                let object: Value = serde_json::from_str(line).expect("JSON");
                let errors: Vec<_> = validator
                    .iter_errors(&object)
                    .map(|error| error.to_string())
                    .collect();
                assert!(errors.is_empty(), "{line}\n{}", errors.join("\n"));
                let keys = object.as_object().expect("an object").keys().cloned();
                written.extend(keys);
            }
        }
        let required = schema["required"].as_array().expect("required");
        let missing = required
            .iter()
            .find(|key| !written.contains(key.as_str().unwrap_or_default()));
        assert_eq!(missing, None, "{of}: {written:?}");
        assert!(!validator.is_valid(&serde_json::json!({})), "{of}");
    }
}

/// A schema that allows everything would pass the test above.
#[test]
fn it_refuses_what_is_not_written_so() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for wrong in [
        r#"{}"#,
        r#"{"layers":[]}"#,
        r#"{"layers":[{"protocol":"nonsense"}]}"#,
        r#"{"layers":[{"protocol":"ip","ip.ttl":"64"}]}"#,
        r#"{"layers":[{"protocol":"ip","ip.id":"12"}]}"#,
        r#"{"layers":[{"protocol":"ip","tcp.srcport":1}]}"#,
        r#"{"layers":[{"protocol":"eth","eth.dst":"00-11-22-33-44-55"}]}"#,
        r#"{"layers":[{"protocol":"tcp","tcp.flags.syn":1}]}"#,
        r#"{"layers":[{"protocol":"tcp","tcp.srcport":[1,2]}]}"#,
        r#"{"layers":[{"protocol":"ip"}],"problem":{"why":"?"}}"#,
        r#"{"layers":[{"protocol":"ip"}],"more":1}"#,
    ] {
        let frame: Value = serde_json::from_str(wrong).expect("JSON");
        assert!(!validator.is_valid(&frame), "{wrong}");
    }
    let right = r#"{"layers":[{"protocol":"tcp","tcp.option_kind":[2,4]},{"protocol":"tcp","tcp.option_kind":2}]}"#;
    let frame: Value = serde_json::from_str(right).expect("JSON");
    assert!(validator.is_valid(&frame));
}
