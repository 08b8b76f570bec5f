//! Stored texts of every format so far are read, and those of a later format are refused. `tests/fixtures/formats` has the history and the
//! dump of one organization for each.

use serde_json::{Value, json};
use wicketgate::{Code, Directory, Event, verify_chain};

const STORED: [&str; 2] = [include_str!("../fixtures/formats/0.json"), include_str!("../fixtures/formats/1.json")];

#[derive(serde::Deserialize)]
struct Stored {
    events: Vec<Event>,
    head: String,
    dump: String,
}

fn stored() -> impl Iterator<Item = Stored> {
    STORED.into_iter().map(|json| serde_json::from_str(json).unwrap())
}

fn written(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// The dump without the number of its format.
fn state(dump: &str) -> Value {
    let mut state = written(dump);
    state.as_object_mut().unwrap().remove("format");
    state
}

#[test]
fn histories_and_dumps_of_every_format_are_read() {
    for (format, Stored { events, head, dump }) in stored().enumerate() {
        let number = if format == 0 { Value::Null } else { json!(format) };
        assert!(events.iter().map(|event| &event.text).chain([&dump]).all(|text| written(text)["format"] == number));
        let chain = verify_chain(events.iter().map(|event| (event.text.as_str(), Some(event.sealed.as_str()))), None);
        assert_eq!(chain.unwrap(), head);
        let mut directory = Directory::begin(&events[0]).unwrap();
        for event in &events[1..] {
            directory.apply(event).unwrap();
        }
        let restored = Directory::restore(&dump).unwrap();
        for read in [&directory, &restored] {
            assert_eq!((read.head(), state(&read.dump().unwrap())), (head.clone(), state(&dump)), "format {format}");
            assert_eq!(written(&read.dump().unwrap())["format"], json!(1));
        }
    }
}

/// A history goes on in the present format.
#[test]
fn an_event_of_this_format_follows_one_of_an_earlier_format() {
    let Stored { events, dump, .. } = stored().next().unwrap();
    let mut directory = Directory::restore(&dump).unwrap();
    let command = wicketgate::Command::from_json(r#"{ "type": "create_team", "name": "Vertrieb" }"#).unwrap();
    let event = directory.execute(&wicketgate::Actor::System, command, 1_790_001_000, &[7; 32]).unwrap().event;
    assert_eq!(written(&event.text)["format"], json!(1));
    let all = events.iter().chain([&event]).map(|event| (event.text.as_str(), None));
    assert_eq!(verify_chain(all, None).unwrap(), directory.head());
}

#[test]
fn later_formats_are_refused() {
    let Stored { events, dump, .. } = stored().last().unwrap();
    for format in [2, 1_u64 << 53] {
        // A later format may have other fields, or lack some.
        for text in [json!({ "format": format }), {
            let mut text = written(&events[0].text);
            text["format"] = json!(format);
            text
        }] {
            let later = Event { text: text.to_string(), ..events[0].clone() };
            let found = [
                Directory::begin(&later).map(|_| ()),
                Directory::restore(&dump).unwrap().apply(&later),
                verify_chain([(later.text.as_str(), None)], None).map(|_| ()),
            ];
            assert!(
                found.iter().all(|found| found.as_ref().is_err_and(|error| error.code() == Code::UnsupportedFormat)),
                "{found:?}"
            );
        }
        let mut later = written(&dump);
        later["format"] = json!(format);
        for later in [later, json!({ "format": format })] {
            assert_eq!(Directory::restore(&later.to_string()).unwrap_err().code(), Code::UnsupportedFormat);
        }
    }
    for wrong in [json!("1"), json!(-1), json!(0.5), Value::Null] {
        let mut text = written(&events[0].text);
        text["format"] = wrong.clone();
        let event = Event { text: text.to_string(), ..events[0].clone() };
        assert_eq!(Directory::begin(&event).unwrap_err().code(), Code::Tampered, "{wrong}");
    }
}
