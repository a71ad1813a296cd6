//! `pagesieve generate`: man pages and shell completions, from the definitions that `--help` shows.

use super::arguments::Arguments;
use super::{Exit, message};
use anyhow::Context;
use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;

/// Print a man page or a shell's completions
///
/// Examples: `pagesieve generate man > pagesieve.1`, `pagesieve generate man filter > pagesieve-filter.1`,
/// `pagesieve generate zsh > _pagesieve`.
#[derive(Debug, Args)]
pub(super) struct GenerateArguments {
    /// What to print
    #[arg(value_enum)]
    what: What,
    /// With man: the command whose page is printed (default: the page of the program)
    command: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Man,
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

impl What {
    fn shell(self) -> Option<Shell> {
        match self {
            Self::Man => None,
            Self::Bash => Some(Shell::Bash),
            Self::Elvish => Some(Shell::Elvish),
            Self::Fish => Some(Shell::Fish),
            Self::PowerShell => Some(Shell::PowerShell),
            Self::Zsh => Some(Shell::Zsh),
        }
    }
}

pub(super) fn run(arguments: &GenerateArguments) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    match (arguments.what.shell(), &arguments.command) {
        (Some(_), Some(_)) => anyhow::bail!("completions cover all commands; leave the command out"),
        (Some(shell), None) => {
            clap_complete::generate(shell, &mut Arguments::command(), "pagesieve", &mut text);
        }
        (None, command) => Man::new(page_of(command.as_deref())?).render(&mut text)?,
    }
    message::print(&text)?;
    Ok(Exit::Fine)
}

/// The definition of the program or of one of its commands.
fn page_of(name: Option<&str>) -> anyhow::Result<clap::Command> {
    let mut program = Arguments::command();
    program.build();
    let Some(name) = name else { return Ok(program) };
    let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    let known = names.join(", ");
    let command = program.get_subcommands().find(|command| command.get_name() == name);
    let command =
        command.with_context(|| format!("there is no command `{name}`; the commands are {known}"))?;
    Ok(command.clone())
}
