#![no_main]
nnopen_fuzz::libfuzzer!("documents");
