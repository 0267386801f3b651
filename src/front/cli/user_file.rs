//! The user's own files: records, saved searches, rulings on names, and standard input.
#![expect(clippy::disallowed_methods, reason = "the user's own files are read here")]

use std::fs;
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::Path;

use super::failure::Failure;

/// The text of a file; `None` where there is none.
pub(super) fn read_if_there(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::of_file(path, "read", &error)),
    }
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::of_file(path, "read", &error))
}

/// The bytes of a file, or of standard input where none or `-` is named.
pub(super) fn read_bytes(path: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = match named(path) {
        Some(path) => fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
        None => io::stdin().lock().read_to_end(&mut bytes),
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(failed(path, &error)),
    }
}

/// The lines of a file, or of standard input where none or `-` is named, one by one.
pub(super) fn lines(path: Option<&Path>) -> Result<Box<dyn BufRead>, Failure> {
    match named(path) {
        None => Ok(Box::new(io::stdin().lock())),
        Some(path) => match fs::File::open(path) {
            Ok(file) => Ok(Box::new(BufReader::with_capacity(1 << 16, file))),
            Err(error) => Err(Failure::of_file(path, "read", &error)),
        },
    }
}

/// What was wrong with a file, or with standard input.
pub(super) fn failed(path: Option<&Path>, error: &io::Error) -> Failure {
    Failure::of_file(named(path).unwrap_or(Path::new("standard input")), "read", error)
}

fn named(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| *path != Path::new("-"))
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: &io::Error| Failure::of_file(path, "write", error);
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let is_ordinary = fs::metadata(path).map_or(true, |metadata| metadata.is_file());
    if !is_ordinary {
        // A device or a pipe is written to, not replaced.
        return fs::write(path, text).map_err(|error| failed(&error));
    }
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let write = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".newshound-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any new file: the user's mask takes away what it must.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| failed(&error))
}
