//! The `OpenAPI` document: what the handlers say of themselves, completed from the table of
//! parameters and the kinds of problems.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;
use utoipa::{PartialSchema, ToSchema};

use super::parameters::{self, Parameter, Shape};
use super::problem::{Kind, MEDIA_TYPE, ProblemDetails};

/// The parameters of each operation.
const OPERATIONS: [(&str, &[Parameter]); 14] = [
    ("search", parameters::SEARCH),
    ("article", parameters::ARTICLE),
    ("similar", parameters::SIMILAR),
    ("people", parameters::ENTITIES),
    ("person", &[]),
    ("orgs", parameters::ENTITIES),
    ("org", &[]),
    ("places", parameters::ENTITIES),
    ("place", &[]),
    ("timeline", parameters::TIMELINE),
    ("suggest", parameters::SUGGEST),
    ("status", &[]),
    ("health", &[]),
    ("metrics", &[]),
];

/// The whole document (`OpenAPI` 3.1).
pub(super) fn complete(described: OpenApi) -> Value {
    let mut document = serde_json::to_value(described).unwrap_or_default();
    document["info"] = json!({
        "title": "newshound",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Search in a news archive, and who and what its articles are about.",
        "description": "The parameters bear the names of the command line's long options. \
            Errors are problem details (RFC 9457). Answers carry an ETag: ask again with \
            If-None-Match, and an unchanged answer costs a 304.",
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    });
    document["servers"] = json!([{"url": "/"}]);
    document["tags"] = json!([
        {"name": "search", "description": "Find articles."},
        {"name": "articles", "description": "Read one article."},
        {"name": "entities", "description": "People, organisations and places."},
        {"name": "server", "description": "What the archive and the server are doing."},
    ]);
    // Needed only where the server was started with a token.
    document["security"] = json!([{}, {"token": []}]);
    document["components"]["securitySchemes"] =
        json!({"token": {"type": "http", "scheme": "bearer"}});
    add_problem_schema(&mut document);
    let Some(paths) = document["paths"].as_object_mut() else { return document };
    for (path, item) in paths.iter_mut() {
        let operation = &mut item["get"];
        let name = operation["operationId"].as_str().unwrap_or_default();
        let known = OPERATIONS.iter().find(|(known, _)| *known == name);
        let query = known.map_or(&[][..], |(_, parameters)| *parameters);
        let in_path = path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?.strip_suffix('}')?;
            Some(json!({
                "name": name, "in": "path", "required": true,
                "description": if name == "id" { "Identifier of an article." } else { "A name." },
                "schema": {"type": "string", "minLength": 1},
            }))
        });
        let all: Vec<Value> = in_path.chain(query.iter().map(described_parameter)).collect();
        let has_path = path.contains('{');
        if !all.is_empty() {
            operation["parameters"] = Value::Array(all);
        }
        if let Some(responses) = operation["responses"].as_object_mut() {
            add_responses(responses, has_path);
        }
    }
    document
}

fn add_problem_schema(document: &mut Value) {
    let mut parts = Vec::new();
    ProblemDetails::schemas(&mut parts);
    parts.push((ProblemDetails::name().into_owned(), ProblemDetails::schema()));
    for (name, schema) in parts {
        let schema = serde_json::to_value(schema).unwrap_or_default();
        document["components"]["schemas"][name] = schema;
    }
}

fn described_parameter(parameter: &Parameter) -> Value {
    let one = match parameter.shape {
        Shape::Text(most) => json!({"type": "string", "maxLength": most}),
        Shape::Flag => json!({"type": "boolean", "default": false}),
        Shape::Date => json!({"type": "string", "pattern": "^([12][0-9]{3}(-(0[1-9]|1[0-2])\
            (-(0[1-9]|[12][0-9]|3[01]))?)?)?$", "examples": ["2013", "2013-02", "2013-02-05"]}),
        Shape::Whole(most) => json!({"type": "integer", "minimum": 0, "maximum": most}),
        Shape::Days => json!({"type": "number", "exclusiveMinimum": 0}),
        Shape::OneOf(words) => {
            json!({"type": "string", "enum": words, "default": words.first()})
        }
    };
    let schema = if parameter.repeats { json!({"type": "array", "items": one}) } else { one };
    json!({
        "name": parameter.name, "in": "query", "required": false,
        "description": parameter.about, "schema": schema,
    })
}

fn add_responses(responses: &mut Map<String, Value>, has_path: bool) {
    responses.insert("304".to_owned(), json!({"description": "As it was."}));
    // Said before the request is read as a whole, so without a body.
    responses
        .insert("431".to_owned(), json!({"description": "The request's head is too large."}));
    for kind in Kind::ALL {
        let is_of_path = matches!(kind, Kind::NoSuchArticle | Kind::NoSuchEntity);
        if is_of_path && !has_path || kind == Kind::NoSuchPage || kind == Kind::WrongMethod {
            continue;
        }
        let status = kind.status().as_str().to_owned();
        let response = responses.entry(status).or_insert_with(|| {
            json!({
                "description": "",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
            })
        });
        let so_far = response["description"].as_str().unwrap_or_default();
        let separator = if so_far.is_empty() { "" } else { " " };
        response["description"] = format!("{so_far}{separator}{}.", kind.title()).into();
    }
    // An address longer than the server reads is refused without a body, a shorter one with.
    if let Some(too_long) = responses.get_mut("414").and_then(Value::as_object_mut) {
        too_long.remove("content");
    }
}
