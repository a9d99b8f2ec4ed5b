//! The two functions of the C library: a question and its answer, laid in a row.

pub(crate) mod params;
mod parts;

use std::panic::{AssertUnwindSafe, catch_unwind};

use nnopen_ffi::{Request, text};

use crate::held::numbers;
use crate::{Part, Told, ask};

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

fn answer_bytes(question: &[u8]) -> Vec<u8> {
    let parts: Vec<_> = parts::read(question).unwrap_or_default().into_iter().map(Part::Bytes).collect();
    parts::write(&catch_unwind(AssertUnwindSafe(|| ask::answer(&parts).parts())).unwrap_or_default())
}

impl Told {
    /// A word and what it tells.
    fn parts(self) -> Vec<Vec<u8>> {
        match self {
            Self::Nothing => parts("ok", []),
            Self::Text(text) => parts("ok", [text.into()]),
            Self::Texts(texts) => parts("ok", texts.into_iter().map(Vec::from)),
            Self::Held(held) => parts("ok", [numbers::give(held).to_string().into()]),
            Self::Send(request) => parts("send", sent(request)),
            Self::Done(result) => parts("done", [result.to_string().into()]),
            Self::Step(word, told) => parts(word, told),
            Self::Failure(why) => parts("failure", [why.into()]),
        }
    }
}

fn parts(word: &str, told: impl IntoIterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    std::iter::once(word.into()).chain(told).collect()
}

/// A request: address and headers, body, how the head is shown, and the body if it is shown otherwise than it is.
fn sent(mut request: Request) -> Vec<Vec<u8>> {
    let head = text::head(&request);
    let is_call = request.headers.iter().any(|(name, value)| *name == "Content-Type" && value == "application/json");
    if is_call {
        let body = std::mem::take(&mut request.body);
        return vec![head.into(), body.into(), request.preview().into()];
    }
    let preview = request.preview();
    vec![head.into(), request.into_parts().2.into(), "".into(), preview.into()]
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
