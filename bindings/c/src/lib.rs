//! nnopen as a C library, for hosts that load one by themselves (PHP's FFI), and for the PHP extension.
//!
//! Two functions. A question is a word and its arguments, an answer a word and what it tells; both are texts and bytes,
//! each behind its length (eight bytes, the most significant first). `ask.rs` lists the words. Sessions, calls and
//! batches are numbers, so that a host can't name one that is gone: it is told so.
//!
//! A host in the same program ([`answer`]) gives the parts as they are, and params by a walker over its own values.

#![allow(clippy::result_large_err, reason = "a failure crosses a border once; its size does not matter")]

mod ask;
mod params;
mod parts;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use nnopen_ffi::{Kind, Source};

/// A part of a question.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// A text or bytes.
    Bytes(&'a [u8]),
    /// Params, shown by a walker.
    Params(&'a dyn Source),
}

/// Answers a question: nothing, if the answer could not be made.
pub fn answer(question: &[Part<'_>]) -> Vec<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(|| ask::answer(question))).unwrap_or_default()
}

/// The same, laid in a row.
fn answer_bytes(question: &[u8]) -> Vec<u8> {
    let parts: Vec<_> = parts::read(question).unwrap_or_default().into_iter().map(Part::Bytes).collect();
    parts::write(&answer(&parts))
}

/// Answers a question. The answer is the caller's until it is given back to [`nnopen_free`].
///
/// # Safety
///
/// `question` points to `length` bytes that can be read, `answer_length` to a size that can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nnopen_ask(question: *const u8, length: usize, answer_length: *mut usize) -> *mut u8 {
    let question = match question.is_null() || length == 0 {
        true => &[][..],
        // SAFETY: the caller's promise.
        false => unsafe { std::slice::from_raw_parts(question, length) },
    };
    let answer = answer_bytes(question).into_boxed_slice();
    // SAFETY: the caller's promise.
    unsafe { answer_length.write(answer.len()) };
    Box::into_raw(answer).cast()
}

/// Takes an answer back.
///
/// # Safety
///
/// `answer` and `length` are those of one answer of [`nnopen_ask`], given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nnopen_free(answer: *mut u8, length: usize) {
    if !answer.is_null() {
        // SAFETY: the caller's promise; it was made from a box of this length.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(answer, length)) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(question: &[u8]) -> Vec<Vec<u8>> {
        let mut length = 0;
        let answer = unsafe { nnopen_ask(question.as_ptr(), question.len(), &raw mut length) };
        let told = unsafe { std::slice::from_raw_parts(answer, length) }.to_vec();
        unsafe { nnopen_free(answer, length) };
        parts::read(&told).unwrap().iter().map(|part| part.to_vec()).collect()
    }

    fn ask(parts: &[&str]) -> Vec<String> {
        let told = told(&parts::write(parts));
        told.into_iter().map(|part| String::from_utf8(part).unwrap()).collect()
    }

    #[test]
    fn a_call_is_driven_by_questions() {
        let config = ["open", "sandbox", "", "", "SD00000001", "SD00000000000001", "339901999999142", "", "=P-1", ""];
        let [word, session] = ask(&config).try_into().unwrap();
        assert_eq!(word, "ok");
        let params = r#"{"orderNos":["A"]}"#;
        let [_, call] =
            ask(&["start", &session, "call", "nuonuo.OpeMplatform.queryInvoiceResult", params]).try_into().unwrap();
        let entropy = "01234567890123456789";
        let send = ask(&["step", &call, "1700000000000", entropy]);
        assert_eq!((send[0].as_str(), send[2].as_str()), ("send", params));
        assert_eq!(ask(&["receive", &call, "200", r#"{"code":"E0000","result":[]}"#, "1700000000100"]), ["ok"]);
        assert_eq!(ask(&["step", &call, "1700000000200", entropy]), ["done", "[]"]);
        assert_eq!(ask(&["close", &call]), ["ok"]);
        assert_eq!(ask(&["step", &call, "1700000000200", entropy])[0], "failure");
    }

    #[test]
    fn what_is_no_question_is_told_and_harmless() {
        let whole = parts::write(&["open", "sandbox"]);
        for question in [&b""[..], b"\xff\xff\xff\xff\xff\xff\xff\xff", &whole[..9], &whole, &parts::write(&["what"])] {
            assert_eq!(told(question)[0], b"failure");
        }
    }

    #[test]
    fn what_has_no_json_form_is_refused_by_its_path() {
        let params = "\0{\"orderNos\":[{\"\\u0000\":\"float\"}]}";
        let told = ask(&["check", "nuonuo.OpeMplatform.queryInvoiceResult", params]);
        assert!(told[0] == "ok" && told[1].contains("orderNos[0]") && told[1].contains("float"), "{told:?}");
    }
}
