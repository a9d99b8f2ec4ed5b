//! The example of the guide to pushes does what the guide says.

#[allow(dead_code)]
#[path = "../examples/receive_pushes.rs"]
mod example;

#[test]
fn pushes_are_received_acknowledged_and_confirmed_once() {
    let lines = example::run().unwrap_or_else(|error| panic!("{error}"));
    for guide in ["pushes.md", "pushes.en.md"] {
        let path = conformance::vectors().join("../../docs").join(guide);
        let guide = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(guide.contains(&lines.join("\n")), "{} does not show\n{}", path.display(), lines.join("\n"));
    }
}
