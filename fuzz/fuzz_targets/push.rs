//! What claims to be a push, whatever it says it is; what was read once is read the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::Push;

fuzz_target!(|body: &[u8]| {
    for content_type in ["", "application/json", "application/x-www-form-urlencoded"] {
        let Ok(push) = Push::read(content_type, body) else { continue };
        let _ = (push.order_no(), push.serial_no(), push.bill_no(), push.status(), push.status_meaning());
        let _ = (push.confirm(), push.invoice_result(), push.void_result(), push.scan_application());
        let _ = (push.red_info(), push.red_confirmation());
        let raw = push.raw().to_string();
        assert_eq!(Push::read("application/json", raw.as_bytes()).ok(), Some(push));
    }
});
