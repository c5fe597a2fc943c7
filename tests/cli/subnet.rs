//! `netinspect subnet`: the page that a learner reads, and the answer that a script asks for.

use crate::support::run;

fn page(arguments: &[&str]) -> String {
    let run = run(&[&["subnet"], arguments].concat());
    assert_eq!(run.stderr, "", "{arguments:?}");
    run.text()
}

#[test]
fn pages() {
    let mut text = String::new();
    for arguments in [
        &["192.168.1.50/24", "192.168.2.9"][..],
        &["10.1.2.3/255.255.252.0", "10.1.9.9/16"],
        &["10.0.0.0/31", "10.0.0.1"],
        &["2001:db8::50/64", "2001:db8::9"],
        &["172.20.0.1/32"],
    ] {
        let page = page(arguments);
        text += &format!("$ netinspect subnet {}\n{page}\n", arguments.join(" "));
    }
    insta::assert_snapshot!("subnet_pages", text);
}

/// A script asks by exit code whether a gateway is needed.
#[test]
fn the_exit_code_is_the_answer() {
    for (other, code) in [
        ("192.168.1.9", 0),
        ("192.168.1.50", 0),
        ("192.168.1.255", 0),
        ("224.0.0.251", 0),
        ("169.254.1.1", 0),
        ("192.168.2.9", 1),
        ("8.8.8.8", 1),
        ("0.0.0.0", 1),
        ("::1", 2),
        ("192.168.1", 2),
        ("192.168.1.9/33", 2),
    ] {
        for form in ["table", "json"] {
            let run = run(&["subnet", "192.168.1.50/24", other, "-T", form]);
            assert_eq!(run.code, Some(code), "{other}: {}", run.stderr);
            assert_eq!(run.stdout.is_empty(), code == 2, "{other}");
            assert_eq!(run.stderr.is_empty(), code != 2, "{other}");
        }
    }
}

#[test]
fn every_line_fits_a_terminal() {
    for host in [
        "192.168.1.0/24",
        "255.255.255.255/0",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/65",
    ] {
        for other in [
            "192.168.100.200/30",
            "255.255.255.255",
            "2001:db8:1111:2222:3333:4444:5555:6666/128",
        ] {
            let run = run(&["subnet", host, other]);
            for line in run.text().lines() {
                assert!(line.chars().count() <= 80, "{host} {other}: {line}");
            }
        }
    }
}

#[test]
fn json_says_the_same() {
    let text = page(&["192.168.1.50/24", "192.168.2.9/16", "-T", "json"]);
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for (path, expected) in [
        ("/network", "192.168.1.0".into()),
        ("/broadcast", "192.168.1.255".into()),
        ("/hosts", 254.into()),
        ("/class", "C".into()),
        ("/scope/private", true.into()),
        ("/other/way", "gateway".into()),
        ("/other/same_subnet", false.into()),
        ("/other/masked", "192.168.2.0".into()),
        ("/other/back/way", "neighbor".into()),
        ("/other/back/subnet", "192.168.0.0/16".into()),
    ] as [(&str, serde_json::Value); 10]
    {
        assert_eq!(value.pointer(path), Some(&expected), "{path} in {text}");
    }
}
