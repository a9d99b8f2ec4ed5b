//! Every vector, over the core and over the bindings' face.

use conformance::{
    Core, Ffi, load, load_from, play, play_all, play_amounts, play_batch, play_check, play_document, play_order,
    play_push, play_reply, play_sign,
};

#[test]
fn signatures() {
    play_all("sign", play_sign);
}

#[test]
fn calls_over_the_core() {
    play_all("calls", play::<Core>);
}

#[test]
fn calls_over_the_face_for_bindings() {
    play_all("calls", play::<Ffi>);
}

#[test]
fn stores_over_the_core() {
    play_all("stores", play::<Core>);
}

#[test]
fn stores_over_the_face_for_bindings() {
    play_all("stores", play::<Ffi>);
}

#[test]
fn batches_over_the_core() {
    play_all("batch", play_batch::<Core>);
}

#[test]
fn batches_over_the_face_for_bindings() {
    play_all("batch", play_batch::<Ffi>);
}

#[test]
fn checks() {
    play_all("checks", play_check);
}

#[test]
fn orders() {
    play_all("orders", play_order);
}

#[test]
fn amounts() {
    play_all("amounts", play_amounts);
}

#[test]
fn replies() {
    play_all("replies", play_reply);
}

#[test]
fn documents() {
    play_all("documents", play_document);
}

#[test]
fn pushes() {
    play_all("pushes", play_push);
}

#[test]
fn a_player_fails_on_every_broken_vector() {
    for (name, vector) in load("broken") {
        assert!(play::<Core>(&vector).is_err(), "broken/{name} was played without a complaint over the core");
        assert!(play::<Ffi>(&vector).is_err(), "broken/{name} was played without a complaint over ffi");
    }
}

#[test]
#[should_panic(expected = "holds no vectors")]
fn an_empty_folder_is_a_failure() {
    load_from(tempfile::tempdir().expect("a folder").path());
}

#[test]
#[should_panic(expected = "No such file")]
fn a_missing_folder_is_a_failure() {
    play_all("no-such-folder", play::<Core>);
}
