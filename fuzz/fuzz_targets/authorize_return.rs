#![no_main]
nnopen_fuzz::libfuzzer!("authorize_return");
