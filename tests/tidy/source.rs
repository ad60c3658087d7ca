//! The sources, read from the repository, with the little understanding that the rules need. rustfmt has laid them out,
//! so that a line's indentation says what belongs together.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A source file.
pub struct Source {
    /// From the root of the repository.
    pub path: String,
    pub text: String,
    /// Without comments and without the tests at its end.
    pub code: String,
    /// Compiled for tests only.
    pub is_test: bool,
}

impl Source {
    /// Whether a `use` names a module that this file declares.
    pub fn declares(&self, path: &str) -> bool {
        let module = path.split("::").next().unwrap_or_default();
        self.code.contains(&format!("mod {module};"))
    }
}

/// Every file of the four packages.
pub fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for package in ["api", "entity", "migration", "tests"] {
        walk(&root.join(package), &mut files);
    }
    files.sort();
    let texts: Vec<(PathBuf, String)> = files.into_iter().map(|path| (path.clone(), read(&path))).collect();
    let tests: BTreeSet<PathBuf> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let source = |(path, text): (PathBuf, String)| {
        let is_test = tests.iter().any(|module| path.starts_with(module) || path == module.with_extension("rs"))
            || path.starts_with(root.join("tests"));
        let path = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        Source { path, code: code(&text), text, is_test }
    };
    texts.into_iter().map(source).collect()
}

/// What is shipped.
pub fn product() -> Vec<Source> {
    all().into_iter().filter(|source| !source.is_test).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// The modules that a file declares behind `#[cfg(test)]`, without ending.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let folder = match stem {
        "mod" | "lib" | "main" => path.parent().unwrap().to_owned(),
        _ => path.with_extension(""),
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| **line == "#[cfg(test)]") {
        let named = lines[at + 1].strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix("\"]"));
        match named {
            Some(file) => found.push(path.parent().unwrap().join(file).with_extension("")),
            None => {
                let module =
                    lines[at + 1].trim_start_matches("pub(crate) ").trim_start_matches("pub ").strip_prefix("mod ");
                found.extend(module.and_then(|module| module.strip_suffix(';')).map(|module| folder.join(module)));
            }
        }
    }
    found
}

/// The text without comments, and without an inline module of tests, which stands last.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    text[..end].lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

/// The functions with their lengths in lines, signature and braces included.
pub fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let is_last = |line: &&str| {
            let rest = line.strip_prefix(indent).unwrap_or_default();
            rest == "}" || (rest.starts_with(')') && rest.ends_with(';'))
        };
        let is_one_line = line.ends_with('}') || line.ends_with(';');
        let length = if is_one_line { 1 } else { lines[start..].iter().take_while(|line| !is_last(line)).count() + 1 };
        found.push((name, length));
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let mut words = line
        .trim_start()
        .split(' ')
        .skip_while(|word| matches!(*word, "pub" | "const" | "async" | "unsafe") || word.starts_with("pub("));
    if words.next() != Some("fn") {
        return None;
    }
    let name: String = words.next()?.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    Some(name)
}

/// The modules right below `root` that a file names: `root::a` and each of `root::{a, b::c}`.
pub fn imports(code: &str, root: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let sign = format!("{root}::");
    for (at, _) in code.match_indices(&sign) {
        let rest = &code[at + sign.len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(top_level(group)),
            None => found.extend([word(rest)]),
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The first words of the entries of a group, up to its closing brace.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut entry, mut found) = (0, String::new(), Vec::new());
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(std::mem::take(&mut entry)),
            letter if depth == 0 => entry.push(letter),
            _ => {}
        }
    }
    found.push(entry);
    found.iter().map(|entry| word(entry.trim())).filter(|name| !name.is_empty()).collect()
}
