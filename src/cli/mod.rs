//! The command line: arguments → calls → exit code.
//!
//! In: arguments. Out: results on standard output, everything else on standard error, and an exit code: 0
//! fine, 1 a page or figure that is not good enough, 2 an error somewhere, even if the rest went through.
//! The room connects rooms; it holds no logic that another caller would need.
//!
//! Start reading at [`run`]; each command has a file of its own.

mod arguments;
mod body;
mod codec;
mod config;
mod eval;
#[cfg(feature = "fetch")]
mod fetch;
mod filter;
mod generate;
#[cfg(feature = "hosts")]
mod hosts;
mod known;
mod label;
mod message;
mod model;
mod rules;
mod score;
#[cfg(feature = "serve")]
mod serve;
mod single_page;
#[cfg(feature = "train")]
mod train;
mod warc;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// How a command ended, if it came to an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Everything went well.
    Fine,
    /// The page is not to be kept, or a figure is below its floor.
    Below,
    /// An error happened somewhere; the rest went through.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Below => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = config::with_defaults(std::env::args_os());
    match arguments.and_then(|arguments| dispatch(&Arguments::parse_from(arguments).command)) {
        Ok(exit) => exit.into(),
        Err(error) if message::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            message::error(&error);
            Exit::Failed.into()
        }
    }
}

fn dispatch(command: &Command) -> anyhow::Result<Exit> {
    match command {
        Command::Filter(arguments) => filter::run(arguments),
        Command::Score(arguments) => score::run(arguments),
        Command::Label(arguments) => label::run(arguments),
        Command::Body(arguments) => body::run(arguments),
        #[cfg(feature = "train")]
        Command::Train(arguments) => train::run(arguments),
        Command::Eval(arguments) => eval::run(arguments),
        Command::Model(arguments) => model::run(arguments),
        #[cfg(feature = "hosts")]
        Command::Hosts(arguments) => hosts::run(arguments),
        #[cfg(feature = "serve")]
        Command::Serve(arguments) => serve::run(arguments),
        Command::Warc(arguments) => warc::run(arguments),
        Command::Generate(arguments) => generate::run(arguments),
    }
}
