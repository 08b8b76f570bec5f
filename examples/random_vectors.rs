//! Writes a vector file about a random organization for each seed: `random_vectors FOLDER SEED…`. A seed always gives the same file.
//! `node tests/conformance/run.mjs --vectors FOLDER` asks an implementation these files too.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "it shares code with the tests, which may fail"
)]
#![allow(clippy::type_complexity, reason = "a tuple that is read where it is made")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match write(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn write(arguments: &[String]) -> Result<(), String> {
    let Some((folder, seeds)) = arguments.split_first().filter(|(_, seeds)| !seeds.is_empty()) else {
        return Err("expected a folder and a seed or several: `random_vectors target/vectors 21 22`".to_owned());
    };
    std::fs::create_dir_all(folder).map_err(|error| format!("`{folder}`: {error}"))?;
    for seed in seeds {
        let number: u64 = seed.parse().map_err(|_| format!("`{seed}` is no seed: expected an integer from 0"))?;
        let file = Path::new(folder).join(format!("random-{number}.json"));
        std::fs::write(&file, common::generator::random(number)).map_err(|error| format!("`{}`: {error}", file.display()))?;
    }
    Ok(())
}
