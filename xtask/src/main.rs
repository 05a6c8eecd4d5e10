//! `cargo xtask`: the project's own commands. Each is a module here and a row in
//! [`COMMANDS`].

mod arguments;
mod bench;
mod debian;
mod deny;
mod fuzz;
mod instructions;
mod interop;
mod package;
mod setup;
mod shell;
mod test;

use anyhow::bail;
use arguments::Arguments;
use std::process::ExitCode;

struct Command {
    name: &'static str,
    usage: &'static str,
    help: &'static str,
    run: fn(&mut Arguments) -> anyhow::Result<ExitCode>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        usage: "[--only STAGE]… [--long]",
        help: "Install what is missing, then check and test everything, as CI does.\n\
               --long also runs the tests marked as ignored, and fuzzes for longer",
        run: test::run,
    },
    Command {
        name: "setup",
        usage: "",
        help: "Only install what the tests need",
        run: setup::run,
    },
    Command {
        name: "interop",
        usage: "",
        help: "Clients that others wrote, against a running server",
        run: interop::run,
    },
    Command {
        name: "fuzz",
        usage: "[--seconds N] [--only TARGET]…",
        help: "Fuzz every parser for N seconds each (60)",
        run: fuzz::run,
    },
    Command {
        name: "instructions",
        usage: "[--accept]",
        help: "Count the instructions of a request of each kind; fail where they grew.\n\
               --accept writes down what was counted as what may be",
        run: instructions::run,
    },
    Command {
        name: "bench",
        usage: "[--seconds N] [--connections N] [--postgres] [--peers] [--grants N]… [--nodes] [--report]",
        help: "Measure the server beside a bare endpoint on the same stack.\n\
               --postgres also measures it on PostgreSQL, --peers servers of others with the\n\
               same driver, --grants only our own with so many grants of many users, with\n\
               --postgres moved there, too, --nodes only one and three small ones on one\n\
               PostgreSQL; --report does all of it, or those --grants or --nodes, and writes\n\
               docs/performance.md",
        run: bench::run,
    },
    Command {
        name: "package",
        usage: "[--profile PROFILE]",
        help: "Make a Debian package in target/debian",
        run: package::run,
    },
];

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::of_process();
    let Some(name) = arguments.word() else {
        print!("{}", help());
        return Ok(ExitCode::SUCCESS);
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        bail!("there is no command '{name}'\n\n{}", help());
    };
    std::env::set_current_dir(shell::root())?;
    (command.run)(&mut arguments)
}

fn help() -> String {
    let mut text = String::from("The project's own commands:\n");
    for command in COMMANDS {
        let help = command.help.replace('\n', "\n      ");
        let line = format!("  cargo xtask {} {}", command.name, command.usage);
        text += &format!("\n{}\n      {help}\n", line.trim_end());
    }
    text
}
