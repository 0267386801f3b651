//! Trains the tagger's model.
//!
//!     cargo run --release --example train_tagger -- NER_DIR GAZETTEER_DIR OUT [HELD_OUT,...]
//!
//! `NER_DIR` holds annotated corpora (`*.tsv`) and word clusters (`clusters_*.tsv`),
//! `GAZETTEER_DIR` the lists. Corpora named in the last argument are not learned from, but scored
//! at the end. The same input gives the same bytes.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: it reads files and prints"
)]

use anyhow::{Context, bail};
use newshound::entity::EntityKind;
use newshound::entity::tagger::Tagger;
use newshound::entity::tagger::train::{Counts, Material, Settings, evaluate, train};
use std::collections::BTreeMap;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [corpora, gazetteer, out, held_out @ ..] = arguments.as_slice() else {
        bail!("NER_DIR, GAZETTEER_DIR and OUT are needed");
    };
    let mut material = Material::default();
    for (name, text) in files(Path::new(corpora))? {
        let Some(name) = name.strip_suffix(".tsv") else { continue };
        if name.starts_with("clusters_") {
            material.clusters.push(text);
        } else {
            material.corpora.insert(name.to_owned(), text);
        }
    }
    material.lists = files(Path::new(gazetteer))?;
    let mut tests = vec![];
    for name in held_out.iter().flat_map(|names| names.split(',')) {
        let text =
            material.corpora.remove(name).with_context(|| format!("no corpus {name}"))?;
        tests.push((name, text));
    }

    let model = train(&material, &Settings::default(), &mut |line| eprintln!("{line}"))?;
    std::fs::write(out, &model).with_context(|| format!("cannot write {out}"))?;
    let tagger = Tagger::with_model(model.leak())?;
    for (name, text) in tests {
        let kinds = evaluate(&tagger, &text);
        let mut all = Counts::default();
        for kind in &kinds {
            all.add(*kind);
        }
        print!("{name}: F1 {:.1}", all.f1());
        for (kind, counts) in EntityKind::ALL.into_iter().zip(kinds) {
            print!(", {} {:.1}", kind.tag(), counts.f1());
        }
        println!();
    }
    Ok(())
}

/// The text files of a folder, by name.
fn files(folder: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    let entries =
        folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() && path.extension().is_none_or(|extension| extension != "md") {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            out.insert(name, text);
        }
    }
    Ok(out)
}
