//! `netinspect stats` on files.

use std::fs;

use crate::support::{Run, finish, fixture, fixtures, netinspect, run};

fn stats(arguments: &[&str]) -> Run {
    run(&[&["stats"], arguments].concat())
}

#[test]
fn every_section_of_a_small_capture() {
    let run = stats(&["--all", &fixture("demo.pcap")]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!("stats_demo", run.text());
}

#[test]
fn for_programs() {
    let name = fixture("demo.pcap");
    let sections = [
        "overview",
        "protocols",
        "endpoints",
        "macs",
        "flows",
        "ports",
        "tcp",
    ];
    let named = sections.iter().flat_map(|name| ["--section", *name]);
    let arguments: Vec<&str> = named.chain(["-T", "json", name.as_str()]).collect();
    insta::assert_snapshot!("stats_json", stats(&arguments).text());

    insta::assert_snapshot!(
        "stats_csv",
        stats(&["--section", "flows", "-T", "csv", &name]).text()
    );
}

#[test]
fn every_fixture_has_valid_json_and_a_page_that_fits() {
    for name in fixtures() {
        let page = stats(&["--all", &fixture(&name)]);
        assert!(matches!(page.code, Some(0 | 4)), "{name}: {}", page.stderr);
        for line in page.text().lines() {
            assert!(
                line.chars().count() <= 100 && !line.contains('\x1b'),
                "{name}: {line}"
            );
        }
        let json = stats(&["--all", "-T", "json", &fixture(&name)]).text();
        let parsed: serde_json::Value =
            serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error}: {json}"));
        for section in [
            "overview",
            "protocols",
            "endpoints",
            "flows",
            "tcp",
            "notes",
        ] {
            assert!(!parsed[section].is_null(), "{name} lacks {section}");
        }
    }
}

/// Many files are many batches, so that workers take turns.
#[test]
fn the_number_of_workers_changes_nothing() {
    let files: Vec<String> = fixtures().iter().map(|name| fixture(name)).collect();
    let of = |threads: &str| {
        let mut command = netinspect();
        command
            .args(["stats", "--all", "-T", "json", "--threads", threads])
            .args(&files);
        finish(&mut command)
    };
    let one = of("1");
    assert!(one.text().len() > 10_000, "{}", one.text());
    for threads in ["2", "5"] {
        assert_eq!(of(threads).text(), one.text(), "{threads} workers");
    }
}

#[test]
fn what_could_be_read_of_a_damaged_file_is_counted() {
    let run = stats(&[
        "--section",
        "overview",
        "-T",
        "json",
        &fixture("pcap-absurd-length.pcap"),
    ]);
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert!(
        run.text().starts_with("{\"overview\":{\"frames\":3,"),
        "{}",
        run.text()
    );
    assert!(
        run.stderr.contains("is damaged at byte 206, after frame 3"),
        "{}",
        run.stderr
    );
}

#[test]
fn filters_and_a_limit_choose_what_is_counted() {
    let name = fixture("demo.pcap");
    for (arguments, frames) in [
        (["-f", "icmp"], 5),
        (["-Y", "tcp.flags.syn == 1"], 3),
        (["-c", "7"], 7),
    ] {
        let run = stats(
            &[
                &arguments,
                ["--section", "overview"].as_slice(),
                &["-T", "json", &name],
            ]
            .concat(),
        );
        let expected = format!("{{\"overview\":{{\"frames\":{frames},");
        assert!(
            run.text().starts_with(&expected),
            "{arguments:?}: {}",
            run.text()
        );
    }
}

#[test]
fn lists_are_cut_where_asked_for_and_it_is_said() {
    let name = fixture("demo.pcap");
    let run = stats(&["--section", "flows", "--top", "2", &name]);
    assert!(
        run.text().ends_with(" … 4 more, with fewer bytes\n"),
        "{}",
        run.text()
    );
    let run = stats(&["--section", "flows", "--top", "2", "-T", "csv", &name]);
    assert_eq!(run.lines(), 3, "{}", run.text());
    assert_eq!(run.stderr, "netinspect: 4 more, with fewer bytes\n");
}

#[test]
fn a_locale_without_unicode_gets_ascii() {
    for (variable, value) in [
        ("LC_ALL", "C"),
        ("LC_ALL", ""),
        ("LANG", "de_DE.ISO-8859-1"),
    ] {
        let mut command = netinspect();
        command
            .env_remove("LC_ALL")
            .env_remove("LC_CTYPE")
            .env_remove("LANG");
        command.env(variable, value);
        let run = finish(command.args(["stats", "--all", &fixture("demo.pcap")]));
        assert!(run.text().is_ascii(), "{variable}={value}: {}", run.text());
    }
}

#[test]
fn rates_become_a_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rates.svg");
    let run = stats(&[
        "--svg",
        &path.display().to_string(),
        "--section",
        "tcp",
        &fixture("demo.pcap"),
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let picture = fs::read_to_string(&path).expect("a picture");
    assert!(
        picture.starts_with("<svg ") && picture.ends_with("</svg>\n"),
        "{picture}"
    );
    assert!(
        picture.contains("bit/s") && !picture.contains("NaN"),
        "{picture}"
    );
    // Where nothing can be read there is nothing to see, but no broken picture either.
    let unread = stats(&["--svg", &path.display().to_string(), "/no/such/file"]);
    let picture = fs::read_to_string(&path).expect("a picture");
    assert_eq!((unread.code, unread.text().as_str()), (Some(5), ""));
    assert!(
        picture.ends_with("</svg>\n") && !picture.contains("bit/s"),
        "{picture}"
    );
    let nowhere = stats(&["--svg", "/no/such/folder/x.svg", &fixture("demo.pcap")]);
    assert_eq!(nowhere.code, Some(5), "{}", nowhere.stderr);
    assert!(
        nowhere
            .stderr
            .contains("cannot create /no/such/folder/x.svg"),
        "{}",
        nowhere.stderr
    );
}

#[test]
fn wrong_usage_says_what_to_do() {
    let name = fixture("demo.pcap");
    for (arguments, hint) in [
        (["-T", "csv"].as_slice(), "name it with --section"),
        (&["--section", "weather"], "endpoints"),
        (&["--every", "1s"], "-i"),
        (&["--all", "--section", "tcp"], "cannot be used with"),
    ] {
        let run = stats(&[arguments, &[&name]].concat());
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(hint), "{arguments:?}: {}", run.stderr);
    }
    let nothing = stats(&[]);
    assert_eq!(nothing.code, Some(2), "{}", nothing.stderr);
}
