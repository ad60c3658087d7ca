//! Texts that a reader checks once and a test keeps: compared with a file, rewritten with `UPDATE_SNAPSHOTS=1`.

use std::{env, fs, path::Path};

/// Compares a text with `tests/snapshots/<name>`.
#[track_caller]
pub fn matches(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let first = kept.lines().zip(text.lines()).find(|(kept, now)| kept != now);
    let same = kept == text;
    assert!(same, "{name} changed, first at {first:?}. If that is meant, run again with UPDATE_SNAPSHOTS=1.\n{text}");
}
