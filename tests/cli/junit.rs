//! `check -T junit`: well-formed XML, valid by the two schemas that CI systems use.

use crate::support::{fixture, run};

/// An element with its attributes, and what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    inside: Vec<Element>,
    text: String,
}

impl Element {
    fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.inside.iter().filter(move |child| child.name == name)
    }

    fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// Reads as much XML as JUnit needs, strictly.
fn parse(xml: &str) -> Element {
    let unmarked = |text: &str| {
        assert!(!text.contains(['<', '>']), "raw mark-up: {text}");
        let rest = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"");
        let bare = rest.replace("&amp;", "");
        assert!(!bare.contains('&'), "raw ampersand: {text}");
        rest.replace("&amp;", "&")
    };
    let body = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .expect("a declaration");
    let mut open = vec![Element::default()];
    let mut rest = body;
    while let Some((text, behind)) = rest.split_once('<') {
        let (tag, behind) = behind.split_once('>').expect("the end of a tag");
        let top = open.last_mut().expect("an element");
        top.text += &unmarked(text);
        if let Some(name) = tag.strip_prefix('/') {
            let done = open.pop().expect("an element");
            assert_eq!(done.name, name);
            open.last_mut().expect("a parent").inside.push(done);
        } else {
            let (tag, closed) = tag
                .strip_suffix('/')
                .map_or((tag, false), |tag| (tag, true));
            let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let mut element = Element {
                name: name.to_owned(),
                ..Element::default()
            };
            while let Some((name, behind)) = attributes.split_once("=\"") {
                let (value, behind) = behind.split_once('"').expect("the end of a value");
                element
                    .attributes
                    .push((name.trim().to_owned(), unmarked(value)));
                attributes = behind;
            }
            match closed {
                true => open.last_mut().expect("an element").inside.push(element),
                false => open.push(element),
            }
        }
        rest = behind;
    }
    assert_eq!((open.len(), rest.trim()), (1, ""));
    open.remove(0).inside.remove(0)
}

/// What an attribute's value has to look like.
#[derive(Clone, Copy)]
enum Type {
    Text,
    /// Not empty.
    Name,
    /// A whole number.
    Int,
    /// A number of seconds, in digits with a point: both a decimal and what Jenkins takes for a time.
    Seconds,
    /// Date and time without a zone.
    Moment,
}

/// One element's rules, as Ant's schema has them (JUnit.xsd of Windy Road), which is the stricter one: required and optional attributes,
/// and its children in order, with the least and the most of each.
struct Rule {
    name: &'static str,
    required: &'static [(&'static str, Type)],
    optional: &'static [(&'static str, Type)],
    children: &'static [(&'static str, usize, usize)],
    has_text: bool,
}

const MANY: usize = usize::MAX;

const RULES: &[Rule] = &[
    Rule {
        name: "testsuites",
        required: &[],
        optional: &[],
        children: &[("testsuite", 0, MANY)],
        has_text: false,
    },
    Rule {
        name: "testsuite",
        required: &[
            ("id", Type::Int),
            ("package", Type::Text),
            ("name", Type::Name),
            ("timestamp", Type::Moment),
            ("hostname", Type::Name),
            ("tests", Type::Int),
            ("failures", Type::Int),
            ("errors", Type::Int),
            ("time", Type::Seconds),
        ],
        optional: &[("skipped", Type::Int)],
        children: &[
            ("properties", 1, 1),
            ("testcase", 0, MANY),
            ("system-out", 1, 1),
            ("system-err", 1, 1),
        ],
        has_text: false,
    },
    Rule {
        name: "properties",
        required: &[],
        optional: &[],
        children: &[("property", 0, MANY)],
        has_text: false,
    },
    Rule {
        name: "testcase",
        required: &[
            ("name", Type::Text),
            ("classname", Type::Text),
            ("time", Type::Seconds),
        ],
        optional: &[],
        // One of skipped, error and failure, of which only the last is written.
        children: &[("failure", 0, 1)],
        has_text: false,
    },
    Rule {
        name: "failure",
        required: &[("type", Type::Text)],
        optional: &[("message", Type::Text)],
        children: &[],
        has_text: true,
    },
    Rule {
        name: "system-out",
        required: &[],
        optional: &[],
        children: &[],
        has_text: true,
    },
    Rule {
        name: "system-err",
        required: &[],
        optional: &[],
        children: &[],
        has_text: true,
    },
];

fn fits(value: &str, kind: Type) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        Type::Text => true,
        Type::Name => !value.trim().is_empty(),
        Type::Int => digits(value) && value.parse::<i32>().is_ok(),
        Type::Seconds => {
            let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
            digits(whole) && digits(part)
        }
        Type::Moment => {
            let shape = |c: char| if c.is_ascii_digit() { '0' } else { c };
            value.chars().map(shape).eq("0000-00-00T00:00:00".chars())
        }
    }
}

/// What in an element and below it breaks the rules. Jenkins' rules (junit-10.xsd) ask for less, and allow all of it: the same
/// attributes as strings, the same children in any order.
fn broken_rules(element: &Element) -> Vec<String> {
    let name = &element.name;
    let Some(rule) = RULES.iter().find(|rule| rule.name == name) else {
        return vec![format!("<{name}> is no element")];
    };
    let mut broken = Vec::new();
    for (required, _) in rule.required {
        if !element
            .attributes
            .iter()
            .any(|(known, _)| known == required)
        {
            broken.push(format!("<{name}> lacks {required}"));
        }
    }
    for (attribute, value) in &element.attributes {
        let mut known = rule.required.iter().chain(rule.optional);
        match known.find(|(known, _)| known == attribute) {
            None => broken.push(format!("<{name}> must not have {attribute}")),
            Some((_, kind)) if !fits(value, *kind) => {
                broken.push(format!("<{name}> {attribute}={value:?}"));
            }
            Some(_) => {}
        }
    }
    let mut rest = &element.inside[..];
    for (child, least, most) in rule.children {
        let count = rest.iter().take_while(|other| other.name == *child).count();
        if !(*least..=*most).contains(&count) {
            broken.push(format!("<{name}> has {count} <{child}> there"));
        }
        rest = &rest[count..];
    }
    if let Some(other) = rest.first() {
        broken.push(format!("<{}> is in the wrong place", other.name));
    }
    if !rule.has_text && !element.text.trim().is_empty() {
        broken.push(format!("<{name}> has text: {:?}", element.text));
    }
    broken.extend(element.inside.iter().flat_map(broken_rules));
    broken
}

/// A check that finds nothing would pass everything.
#[test]
fn the_rules_find_what_breaks_them() {
    let whole = run(&[
        "check",
        "-q",
        "-T",
        "junit",
        "-E",
        "any(ftp)",
        &fixture("demo.pcap"),
    ])
    .text();
    assert_eq!(broken_rules(&parse(&whole)), [""; 0]);
    for (from, to) in [
        (" timestamp=\"20", " stamp=\"20"),
        (" id=\"0\"", ""),
        (" tests=\"1\"", " tests=\"one\""),
        ("<testsuites>", "<testsuites tests=\"1\">"),
        ("    <properties/>\n", ""),
        (
            "<system-out/>\n    <system-err/>",
            "<system-err/>\n    <system-out/>",
        ),
        (" type=\"expectation\"", ""),
        ("failure", "fault"),
        (" time=\"0\"", " time=\"0 s\""),
        ("    <testcase", "    words <testcase"),
    ] {
        let other = whole.replace(from, to);
        assert_ne!(other, whole, "{from} is not there");
        assert_ne!(broken_rules(&parse(&other)), [""; 0], "{from} to {to}");
    }
}

#[test]
fn junit_is_well_formed_and_has_what_ci_systems_want() {
    let demo = fixture("demo.pcap");
    let odd = "none(frame contains \"<&>\\x1b\" or arp)";
    let run = run(&[
        "check", "-q", "-T", "junit", "-E", odd, "-E", "any(tcp)", &demo,
    ]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let suites = parse(&run.text());
    assert_eq!(suites.name, "testsuites");
    let suite = &suites.inside[0];
    assert_eq!(suite.name, "testsuite");
    assert_eq!(broken_rules(&suites), [""; 0]);
    for (counted, number) in [("tests", "2"), ("failures", "1"), ("errors", "0")] {
        assert_eq!(suite.attribute(counted), number);
    }
    let cases: Vec<_> = suite.children("testcase").collect();
    let [failed, passed] = cases[..] else {
        panic!("two cases")
    };
    assert_eq!(
        (passed.attribute("name"), passed.inside.len()),
        ("any(tcp)", 0)
    );
    assert_eq!(failed.attribute("classname"), "fixtures/demo.pcap");
    assert_eq!(failed.attribute("name"), odd, "as it was written");
    let failure = &failed.inside[0];
    assert_eq!(failure.name, "failure");
    assert_eq!(failure.attribute("message"), "2 frames match; expected 0");
    assert!(failure.text.contains("frames 1, 2"), "{}", failure.text);
}
