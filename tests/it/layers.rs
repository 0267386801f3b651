//! The module table of ARCHITECTURE.md, held against the `use` lines and paths of the source.

use std::collections::BTreeMap;
use std::path::Path;

/// For each module, the modules that it may use beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("article", &[]),
    ("date", &["article", "text"]),
    ("corpus", &[]),
    ("format", &["article", "date", "text"]),
    ("enrich", &["article", "date", "text"]),
    ("entity", &["article", "text"]),
    ("index", &["article", "entity", "text"]),
    ("ingest", &["article", "corpus", "enrich", "entity", "format", "index", "text"]),
    ("query", &[]),
    ("search", &["article", "corpus", "enrich", "entity", "index", "query", "text"]),
];

/// Libraries that one module alone may know.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("tantivy", &["index", "ingest", "search"]),
    ("clap", &["front"]),
    ("axum", &["front"]),
    ("ratatui", &["front"]),
    ("walkdir", &["corpus"]),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The names that follow `prefix` in a text, braces of a `use` included.
fn names_after(text: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let (head, tail) = text.split_at(at);
        let before = head.chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = tail.strip_prefix(prefix).unwrap_or_default();
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let parts: Vec<&str> =
            group.map_or_else(|| vec![rest], |group| group.split(',').collect());
        for part in parts {
            let name: String =
                part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() {
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn modules_know_only_what_the_table_allows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in &found {
        let inside = Path::new(path).strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        let code: String = text
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        if let Some(allowed) = allowed.get(module) {
            for name in names_after(&code, "crate::") {
                let is_module = name == "front" || allowed_modules().contains(&name.as_str());
                if is_module && name != module && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{path}: `{module}` uses `{name}`"));
                }
            }
        }
        for (library, modules) in LIBRARIES {
            let uses = code.contains(&format!("{library}::"))
                || code.contains(&format!("use {library}"));
            if uses && !modules.contains(&module) && module != "main" {
                wrong.push(format!("{path}: `{module}` knows {library}"));
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn allowed_modules() -> Vec<&'static str> {
    MAY_USE.iter().map(|(module, _)| *module).collect()
}
