#![no_main]

use commitsim_fuzz_engine::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|bytes: &[u8]| commitsim_fuzz::trace(bytes));
fuzz_mutator!(|bytes: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate(bytes, size, most, seed)
});
