//! Help, version, completions, the manual page: what a newcomer reads first.

use crate::support::run;

fn help_of(command: &[&str]) -> String {
    let arguments = [command, &["--help"]].concat();
    let run = run(&arguments);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(0), ""),
        "{arguments:?}"
    );
    run.text()
}

/// The commands that the program's own help lists; a new one is then held here too.
fn commands() -> Vec<String> {
    let help = help_of(&[]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    listed
        .take_while(|line| !line.is_empty())
        // What a name means may go on below it.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_program() {
    insta::assert_snapshot!("help", help_of(&[]));
}

#[test]
fn every_command() {
    let commands = commands();
    for needed in ["capture", "replay", "interfaces", "vendor", "fields"] {
        assert!(commands.iter().any(|name| name == needed), "{commands:?}");
    }
    for name in commands.iter().filter(|name| *name != "help") {
        insta::assert_snapshot!(format!("help_{name}"), help_of(&[name]));
    }
}

#[test]
fn every_subcommand_of_arp() {
    for name in ["resolve", "scan", "probe", "announce"] {
        insta::assert_snapshot!(format!("help_arp_{name}"), help_of(&["arp", name]));
    }
}

#[test]
fn commands_that_need_arguments_show_examples() {
    for name in ["capture", "replay"] {
        let help = help_of(&[name]);
        assert!(help.contains("Examples:"), "{name}: {help}");
        assert!(
            help.contains(&format!("netinspect {name}")),
            "{name}: {help}"
        );
    }
}

/// `design/cli.md` fixes these; scripts rely on them.
#[test]
fn fixed_flags_are_there() {
    let shared = [
        "-f, --filter",
        "-T, --format",
        "-e, --field",
        "-x, --hex",
        "-c, --count",
        "-w",
        "-t",
        "--color",
        "-q",
        "-v",
    ];
    for command in ["capture", "replay"] {
        let help = help_of(&[command]);
        for flag in shared {
            assert!(help.contains(flag), "{command} lacks {flag}: {help}");
        }
    }
    let capture = help_of(&["capture"]);
    for flag in ["-s, --snaplen", "--buffer-size", "--direction"] {
        assert!(capture.contains(flag), "capture lacks {flag}");
    }
}

#[test]
fn no_promiscuous_is_p() {
    let capture = help_of(&["capture"]);
    assert!(capture.contains("-p, --no-promiscuous"), "{capture}");
}

#[test]
fn version_tells_the_age_of_the_vendor_data() {
    let run = run(&["--version"]);
    assert_eq!(run.code, Some(0));
    let text = run.text();
    let (first, second) = text.split_once('\n').unwrap_or((&text, ""));
    assert_eq!(first, format!("netinspect {}", env!("CARGO_PKG_VERSION")));
    let date = second.trim_end().strip_prefix("vendor prefixes of ");
    let dated = date.is_some_and(|date| date.len() == 10 && date.starts_with("20"));
    assert!(dated, "{text}");
    let short = crate::support::run(&["-V"]);
    assert_eq!(short.text(), format!("{first}\n"));
}

#[test]
fn nothing_typed_shows_help_and_is_wrong_usage() {
    let run = run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("Usage: netinspect"), "{}", run.stderr);
    assert_eq!(run.stdout, b"");
}

#[test]
fn completions_and_manual_name_every_command() {
    for arguments in [["completions", "bash"].as_slice(), &["man"]] {
        let run = run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        let text = run.text().replace("\\-", "-");
        for name in ["capture", "replay", "vendor", "announce"] {
            assert!(text.contains(name), "{arguments:?} lacks {name}");
        }
    }
}
