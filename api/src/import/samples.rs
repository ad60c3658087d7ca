//! Small files for the tests of the import: workbooks written by hand, so that they can be odd or broken.

use std::path::{Path, PathBuf};

/// The ledger that stands for what companies send.
pub(crate) fn real_ledger() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/ledger.xlsx")
}

pub(crate) fn expected_report() -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/ledger.expected.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A folder that is gone at the end of the test, and a file in it.
pub(super) fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A workbook of sheets, each with a name, an attribute such as `state="hidden"`, and its rows.
pub(super) fn workbook(sheets: &[(&str, &str, String)]) -> Vec<u8> {
    let whole = |rows: &str| format!("<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>");
    let sheets: Vec<_> = sheets.iter().map(|(name, attributes, rows)| (*name, *attributes, whole(rows))).collect();
    package(&sheets)
}

/// A workbook of one sheet, of which `xml` is all that stands inside the root element.
pub(super) fn workbook_of_sheet(xml: &str) -> Vec<u8> {
    package(&[("台账", "", format!("<worksheet {MAIN}>{xml}</worksheet>"))])
}

fn package(sheets: &[(&str, &str, String)]) -> Vec<u8> {
    let mut files = vec![("[Content_Types].xml".to_owned(), CONTENT_TYPES.to_owned())];
    files.push(("_rels/.rels".to_owned(), relationships("officeDocument", "xl/workbook.xml", 1)));
    let (mut entries, mut targets) = (String::new(), String::new());
    for (index, (name, attributes, xml)) in sheets.iter().enumerate() {
        let id = index + 1;
        entries += &format!(r#"<sheet name="{name}" sheetId="{id}" {attributes} r:id="rId{id}"/>"#);
        targets += &relationship("worksheet", &format!("worksheets/sheet{id}.xml"), id);
        files.push((format!("xl/worksheets/sheet{id}.xml"), xml.clone()));
    }
    files.push((
        "xl/workbook.xml".to_owned(),
        format!(r#"<workbook {MAIN} xmlns:r="{OFFICE}/relationships"><sheets>{entries}</sheets></workbook>"#),
    ));
    files
        .push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships {PACKAGE}>{targets}</Relationships>")));
    files.push((
        "xl/styles.xml".to_owned(),
        format!(r#"<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>"#),
    ));
    stored_zip(&files)
}

/// One row of a sheet; the cells are texts. An empty text is no cell.
pub(super) fn row(number: u32, cells: &[&str]) -> String {
    let cell = |(index, text): (usize, &&str)| match text.is_empty() {
        true => String::new(),
        false => {
            let column = char::from(b'A' + u8::try_from(index).unwrap());
            format!(r#"<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#)
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

/// The rows of one sheet, numbered from 1.
pub(super) fn rows(lines: &[&[&str]]) -> String {
    (1..).zip(lines).map(|(number, cells)| row(number, cells)).collect()
}

const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
const PACKAGE: &str = r#"xmlns="http://schemas.openxmlformats.org/package/2006/relationships""#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const CONTENT_TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;

fn relationship(kind: &str, target: &str, id: usize) -> String {
    format!(r#"<Relationship Id="rId{id}" Type="{OFFICE}/relationships/{kind}" Target="{target}"/>"#)
}

fn relationships(kind: &str, target: &str, id: usize) -> String {
    format!("<Relationships {PACKAGE}>{}</Relationships>", relationship(kind, target, id))
}

/// The outermost layer of a workbook with a password: an OLE container with an entry `EncryptedPackage`.
pub(super) fn encrypted_container() -> Vec<u8> {
    const NONE: u32 = 0xFFFF_FFFF;
    const END: u32 = 0xFFFF_FFFE;
    const TABLE: u32 = 0xFFFF_FFFD;
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let entry = |name: &str, kind: u8| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u8::try_from(entry.len() + 2).unwrap();
        entry.resize(64, 0);
        entry.extend([length, 0, kind, 1]);
        entry.extend(words(&[NONE, NONE, NONE]));
        entry.resize(116, 0);
        entry.extend(words(&[END, 0, 0]));
        entry
    };
    let mut container = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    container.resize(24, 0);
    container.extend(b"\x3E\0\x03\0\xFE\xFF\x09\0\x06\0\0\0\0\0\0\0");
    container.extend(words(&[0, 1, 1, 0, 4096, END, 0, END, 0, 0]));
    container.resize(512, 0xFF);
    container.extend(words(&[TABLE, END]));
    container.resize(1024, 0xFF);
    container.extend(entry("Root Entry", 5));
    container.extend(entry("EncryptedPackage", 2));
    container.resize(1536, 0);
    container
}

/// A ZIP archive whose files are stored as they are.
fn stored_zip(files: &[(String, String)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let offset = size(archive.len());
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x50];
        common.extend(crc32(content.as_bytes()).to_le_bytes());
        common.extend(size(content.len()));
        common.extend(size(content.len()));
        common.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let count = u8::try_from(files.len()).unwrap();
    let start = size(archive.len());
    let length = size(directory.len());
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, 0, count, 0]);
    archive.extend(length);
    archive.extend(start);
    archive.extend([0, 0]);
    archive
}

fn size(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap().to_le_bytes()
}

fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|start| (0..8).fold(start, |crc, _| (crc >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1))))
        .collect();
    !bytes.iter().fold(!0u32, |crc, byte| (crc >> 8) ^ table[((crc ^ u32::from(*byte)) & 0xFF) as usize])
}
