#![no_main]
nnopen_fuzz::libfuzzer!("token_answer");
