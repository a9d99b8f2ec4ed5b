#![no_main]
nnopen_fuzz::libfuzzer!("data_file");
