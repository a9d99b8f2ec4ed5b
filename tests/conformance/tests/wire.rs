//! The page about the wire shows a vector, letter by letter.

use nnopen::Json;

#[test]
fn the_page_about_the_wire_shows_a_vector() {
    let folder = conformance::vectors();
    let read =
        |path: &str| std::fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let vector =
        Json::parse(&read("sign/a-whole-request-to-the-sandbox.json")).unwrap_or_else(|error| panic!("{error}"));
    let text = |name: &str| vector.get(name).and_then(Json::token).unwrap_or_else(|| panic!("no {name}")).to_owned();
    let request = vector.get("request").unwrap_or_else(|| panic!("no request"));
    let url = request.get("url").and_then(Json::token).unwrap_or_default();
    let headers = request.get("headers").map(Json::items).unwrap_or_default();
    let headers = headers.iter().map(|header| {
        let [name, value] = [0, 1].map(|at| header.items().get(at).and_then(Json::token).unwrap_or_default());
        format!("{name}: {value}\n")
    });
    let whole = format!("POST {url}\n{}\n{}\n", headers.collect::<String>(), text("body"));
    let signed = format!("{}\n{}\n", text("canonical"), text("signature"));
    for page in ["wire.md", "wire.en.md"] {
        let page_text = read(&format!("../../docs/{page}"));
        assert!(page_text.contains(&whole), "{page} does not show\n{whole}");
        assert!(page_text.contains(&signed), "{page} does not show\n{signed}");
        assert!(page_text.contains(&text("app_secret")), "{page} does not tell the secret that signs");
    }
}
