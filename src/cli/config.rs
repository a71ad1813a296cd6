//! Defaults of options, from a file that the user names: what the command line does not say, the file says.
//!
//! ```toml
//! [filter]
//! profile = "precision"
//! junk = ["adult", "gambling"]
//! keep-review = true
//! ```

use super::arguments::Arguments;
use crate::Error;
use anyhow::{anyhow, bail};
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use toml::{Table, Value};

/// The variable of the environment that names the file where `--config` does not.
const VARIABLE: &str = "PAGESIEVE_CONFIG";

/// The arguments of the program, with those of the file behind the command.
pub(super) fn with_defaults(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Vec<OsString>> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let Some(path) = taken(&mut arguments)?.or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from)) else {
        return Ok(arguments);
    };
    let text = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    let read = text.parse().map_err(anyhow::Error::from).and_then(|file: Table| defaults(&file, &arguments));
    let defaults = read.map_err(|error| anyhow!("`{}`: {error}", path.display()))?;
    // Behind the program's name and the command's.
    let behind = 2.min(arguments.len());
    arguments.splice(behind..behind, defaults);
    Ok(arguments)
}

/// Takes `--config FILE` from before the command.
fn taken(arguments: &mut Vec<OsString>) -> anyhow::Result<Option<PathBuf>> {
    let Some(first) = arguments.get(1).and_then(|first| first.to_str()) else { return Ok(None) };
    if let Some(path) = first.strip_prefix("--config=").map(PathBuf::from) {
        arguments.remove(1);
        return Ok(Some(path));
    }
    if first != "--config" {
        return Ok(None);
    }
    if arguments.len() < 3 {
        bail!("--config needs the name of a file: pagesieve --config FILE COMMAND …");
    }
    let path = arguments.drain(1..3).nth(1);
    Ok(path.map(PathBuf::from))
}

/// The options of the file that the command line does not have.
fn defaults(file: &Table, arguments: &[OsString]) -> anyhow::Result<Vec<OsString>> {
    let program = Arguments::command();
    let called = arguments.get(1).and_then(|name| name.to_str()).unwrap_or_default();
    let mut found = Vec::new();
    // All tables are looked at, so that a mistake in one is told at once.
    for (name, options) in file {
        let Some(command) = program.find_subcommand(name) else {
            bail!(
                "[{name}] is no command; the tables are named {}",
                names(program.get_subcommands().map(Command::get_name))
            );
        };
        let Value::Table(options) = options else { bail!("`{name}` is not a table; write [{name}]") };
        for (option, value) in options {
            let argument = option_of(command, option)?;
            let given = given(argument, option, value)?;
            if name == called && !arguments.iter().any(|said| says(argument, said)) {
                found.extend(given);
            }
        }
    }
    Ok(found)
}

fn option_of<'c>(command: &'c Command, option: &str) -> anyhow::Result<&'c Arg> {
    let name = command.get_name();
    let is_it = |argument: &&Arg| argument.get_long() == Some(option);
    command.get_arguments().find(is_it).ok_or_else(|| {
        let known = names(command.get_arguments().filter_map(Arg::get_long));
        anyhow!("[{name}] has `{option}`, which is no option of `pagesieve {name}`; there are {known}")
    })
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// An option as it stands on a command line: a switch for `true`, a value, or one for each of a list.
fn given(argument: &Arg, option: &str, value: &Value) -> anyhow::Result<Vec<OsString>> {
    let is_switch = matches!(argument.get_action(), ArgAction::SetTrue);
    match value {
        Value::Boolean(on) if is_switch => {
            Ok(if *on { vec![format!("--{option}").into()] } else { Vec::new() })
        }
        _ if is_switch => bail!("`{option}` is a switch; write true or false"),
        Value::Array(values) => values.iter().map(|value| one(option, value)).collect(),
        value => Ok(vec![one(option, value)?]),
    }
}

fn one(option: &str, value: &Value) -> anyhow::Result<OsString> {
    match value {
        Value::String(text) => Ok(format!("--{option}={text}").into()),
        Value::Integer(number) => Ok(format!("--{option}={number}").into()),
        Value::Float(number) => Ok(format!("--{option}={number}").into()),
        _ => bail!("`{option}` has a {}, which is no text and no number", value.type_str()),
    }
}

/// Whether an argument of the command line is this option.
fn says(argument: &Arg, said: &OsStr) -> bool {
    let Some(said) = said.to_str() else { return false };
    let long = said.strip_prefix("--").map(|long| long.split_once('=').map_or(long, |(long, _)| long));
    let mut names = argument.get_long_and_visible_aliases().unwrap_or_default().into_iter();
    long.is_some_and(|long| names.any(|name| name == long))
        || argument
            .get_short()
            .is_some_and(|short| said.strip_prefix('-').is_some_and(|rest| rest.starts_with(short)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &str, line: &str) -> Result<String, String> {
        let line: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let file: Table = file.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let found = defaults(&file, &line).map_err(|error| error.to_string())?;
        Ok(found.iter().map(|option| option.to_string_lossy()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_command_line_goes_before_the_file() {
        let file = "[filter]\nprofile = \"recall\"\nkeep-review = true\nquiet = false\nthreads = 2\njunk = [\"adult\", \"scam\"]";
        let all = "--profile=recall --keep-review --threads=2 --junk=adult --junk=scam";
        let mut found: Vec<_> =
            of(file, "pagesieve filter a").unwrap().split(' ').map(str::to_owned).collect();
        found.sort();
        let mut wanted: Vec<_> = all.split(' ').collect();
        wanted.sort_unstable();
        assert_eq!(found, wanted);
        let rest = of(file, "pagesieve filter --threads 1 --profile=precision --junk scam a").unwrap();
        assert_eq!(rest, "--keep-review");
        assert_eq!(of(file, "pagesieve score a").unwrap(), "");
        assert_eq!(of("[filter]\noutput = \"x\"", "pagesieve filter -o y").unwrap(), "");
    }

    #[test]
    fn mistakes_are_named_with_what_there_is() {
        for (file, problem) in [
            ("[sieve]\nprofile = \"recall\"", "[sieve] is no command; the tables are named filter, score"),
            ("filter = 1", "write [filter]"),
            (
                "[filter]\nprofil = \"recall\"",
                "`profil`, which is no option of `pagesieve filter`; there are",
            ),
            ("[score]\nthreads = 2", "`threads`, which is no option of `pagesieve score`"),
            ("[filter]\nkeep-review = \"yes\"", "is a switch; write true or false"),
            ("[filter]\nthreads = 2026-01-01", "is no text and no number"),
        ] {
            let found = of(file, "pagesieve filter a").unwrap_err();
            assert!(found.contains(problem), "{file}: {found}");
        }
    }
}
