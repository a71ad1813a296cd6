//! The `pagesieve` program: ten lines around [`pagesieve::cli::run`].

fn main() -> std::process::ExitCode {
    pagesieve::cli::run()
}
