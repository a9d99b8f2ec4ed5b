//! The rule for the default folder, as every language plays it.

use std::ffi::OsString;
use std::path::PathBuf;

use serde_json::Value;

#[test]
fn the_default_folder_is_that_of_the_vectors() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/default-folder.json");
    let told: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let cases = told["cases"].as_array().expect("cases");
    assert!(cases.len() > 20, "all of them are there");
    for case in cases {
        let variable = |name: &str| case["variables"][name].as_str().map(OsString::from);
        let folder = nnopen_store::folder_by(case["system"].as_str().unwrap(), variable);
        assert_eq!(folder, case["folder"].as_str().map(PathBuf::from), "{case}");
    }
}
