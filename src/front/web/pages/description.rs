//! The readable page of the API, made of its `OpenAPI` document.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::Frame;
use crate::front::web::parameters::Arguments;
use crate::front::web::problem::Kind;
use crate::front::web::site::{Head, Page, Site};

pub(super) async fn description(State(site): State<Site>, head: Head) -> Response {
    let document = site.description().get().cloned().unwrap_or_default();
    let query = head.query.clone();
    site.answer(&head, move |_| {
        Arguments::read(&query, &[])?;
        Page::html(&api_page(&document))
    })
    .await
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    frame: Frame,
    about: String,
    operations: Vec<Operation>,
    schemas: Vec<Schema>,
    problems: Vec<(&'static str, u16, &'static str)>,
}

#[derive(Debug)]
struct Operation {
    id: String,
    path: String,
    /// An address to try, where no part of the path is to be filled in.
    example: Option<String>,
    summary: String,
    about: String,
    parameters: Vec<ParameterRow>,
    answer: String,
}

#[derive(Debug)]
struct ParameterRow {
    name: String,
    kind: String,
    about: String,
}

#[derive(Debug)]
struct Schema {
    name: String,
    about: String,
    fields: Vec<ParameterRow>,
}

fn api_page(document: &Value) -> ApiPage {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let operations = document["paths"].as_object().into_iter().flatten().map(|(path, item)| {
        let operation = &item["get"];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let json = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        Operation {
            id: text(&operation["operationId"]),
            path: path.clone(),
            example: (!path.contains('{')).then(|| path.clone()),
            summary: text(&operation["summary"]),
            about: text(&operation["description"]),
            parameters: parameters
                .map(|parameter| ParameterRow {
                    name: text(&parameter["name"]),
                    kind: type_of(&parameter["schema"]),
                    about: text(&parameter["description"]),
                })
                .collect(),
            answer: type_of(json),
        }
    });
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| {
        let whole = std::iter::once(schema);
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let fields = whole.chain(parts).flat_map(|part| {
            part["properties"].as_object().into_iter().flatten().map(|(name, field)| {
                ParameterRow {
                    name: name.clone(),
                    kind: type_of(field),
                    about: text(&field["description"]),
                }
            })
        });
        Schema {
            name: name.clone(),
            about: text(&schema["description"]),
            fields: fields.collect(),
        }
    });
    ApiPage {
        frame: Frame::new("API", "", "api"),
        about: text(&document["info"]["description"]),
        operations: operations.collect(),
        schemas: schemas.collect(),
        problems: Kind::ALL
            .map(|kind| (kind.slug(), kind.status().as_u16(), kind.title()))
            .into(),
    }
}

/// The type of a schema, in a word or two.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(options) = schema[key].as_array() {
            let names: Vec<String> = options.iter().map(type_of).collect();
            return names.join(" or ");
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return words.join(" | ");
    }
    let name = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ")
        }
        _ => String::new(),
    };
    if name.starts_with("array") {
        return name.replacen("array", &format!("list of {}", type_of(&schema["items"])), 1);
    }
    name
}
