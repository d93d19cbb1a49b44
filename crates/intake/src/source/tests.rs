//! Files of every form as rows, and files of no form.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use super::{Cell, Ended, FileSettings, Source, layout, rows};
use crate::{IntakeError, Limits};

fn limits() -> Limits {
    Limits { row_bytes: 2_000, cell_bytes: 500, columns: 50, ..Limits::default() }
}

/// Every row as `line: cell|cell`, a row that cannot be read as `line! code`.
fn read(name: &str, bytes: &[u8], settings: &str) -> Result<(Vec<String>, Ended), IntakeError> {
    let settings: FileSettings = toml::from_str(settings).unwrap();
    let source = Source::bytes(name, bytes);
    let layout = layout(&source, &settings, &limits())?;
    let mut found = vec![layout.headings.join("|")];
    let ended = rows(&source, &layout, &limits(), &AtomicU64::new(0), &mut |row| {
        let cell = |cell: &Cell<'_>| match cell {
            Cell::Empty => "-".to_owned(),
            Cell::Text(text) => text.to_string(),
            Cell::Exact(text) => format!("={text}"),
            Cell::List(list) => format!("[{}]", list.join(",")),
        };
        found.push(match &row.fault {
            Some(fault) => format!("{}! {}", row.line, fault.code),
            None => {
                format!("{}: {}", row.line, row.cells.iter().map(cell).collect::<Vec<_>>().join("|"))
            }
        });
        ControlFlow::Continue(())
    })?;
    Ok((found, ended))
}

fn check(name: &str, bytes: impl AsRef<[u8]>, settings: &str, expect: &[&str]) {
    let shown = String::from_utf8_lossy(bytes.as_ref()).into_owned();
    let (found, _) = read(name, bytes.as_ref(), settings).unwrap_or_else(|e| panic!("{shown}: {e:?}"));
    assert_eq!(found, expect, "{shown}");
}

fn refused(name: &str, bytes: impl AsRef<[u8]>, settings: &str, code: &str, line: Option<u64>) {
    let shown = String::from_utf8_lossy(bytes.as_ref()).into_owned();
    let error = read(name, bytes.as_ref(), settings).expect_err(&shown);
    assert_eq!((error.code, error.line), (code, line), "{shown}: {error}");
    assert!(!error.hint.is_empty());
}

#[test]
fn csv_in_its_forms() {
    check("a.csv", "a,b\n1,2\n", "", &["a|b", "2: 1|2"]);
    check("a.csv", "\u{feff}a,b\r\n1,\r\n\r\n3,4", "", &["a|b", "2: 1|-", "4: 3|4"]);
    check("a.csv", "a;b\n1;\"x;\ny\"\n3;4\n", "", &["a|b", "2: 1|x;\ny", "4: 3|4"]);
    check("a.csv", "a,b\r\n\r\n1,\"x\r\ny\"\r\n\r\n\r\n3,\"z\"", "", &["a|b", "3: 1|x\r\ny", "7: 3|z"]);
    check("a.csv", "a,b\n\n\n1,2\n3,\"4\n\n5\"\n6,7", "", &["a|b", "4: 1|2", "5: 3|4\n\n5", "8: 6|7"]);
    check("a.csv", "a,b\r1,2\r3,4\r", "", &["a|b", "2: 1|2", "3: 3|4"]);
    check("a.csv", "x\r\na,b\r\n\r\n1,2\r\n3,4", "headings_line = 2", &["a|b", "4: 1|2", "5: 3|4"]);
    check("a.tsv", "a\tb\n1,5\t2\n", "", &["a|b", "2: 1,5|2"]);
    check("a.txt", "a|b\n1|2\n", "", &["a|b", "2: 1|2"]);
    check("a.csv", "\"a,b\";c\n1;2\n", "", &["a,b|c", "2: 1|2"]);
    check("a.csv", "a:b\n1:2\n", "delimiter = ':'", &["a|b", "2: 1|2"]);
    check("a.csv", "Report of today\n\na,b\n1,2\n", "headings_line = 3", &["a|b", "4: 1|2"]);
    check("a.csv", " a , b\n\"say \"\"hi\"\"\",2\n", "", &["a|b", "2: say \"hi\"|2"]);
    check("only.csv", "a\n1\n", "", &["a", "2: 1"]);
    check("upload", "a,b\n1,2\n", "", &["a|b", "2: 1|2"]);
    // A row of another shape is that row's fault alone.
    check("a.csv", "a,b\n1\n1,2,3\n5,6\n", "", &["a|b", "2! too_few_cells", "3! too_many_cells", "4: 5|6"]);
    let long = format!("a,b\n{},2\n5,6\n", "x".repeat(600));
    check("a.csv", long, "", &["a|b", "2! cell_too_long", "3: 5|6"]);
    // A separator at the end of every line.
    check("a.csv", "a,b,\n1,2,\n", "", &["a|b|column 3", "2: 1|2|-"]);
}

#[test]
fn what_is_not_utf8_is_latin_1_and_said() {
    let (found, ended) = read("a.csv", b"a,b\n1,2\nSe\xf1or,\x80 5\n", "").unwrap();
    assert_eq!(found, ["a|b", "2: 1|2", "3: Señor|€ 5"]);
    assert!(ended.notes[0].contains("first on line 3"), "{ended:?}");
    let (found, ended) = read("a.csv", b"a\xf1o\nSe\xf1or\n", "encoding = 'latin-1'").unwrap();
    assert_eq!(found, ["año", "2: Señor"]);
    assert!(ended.notes.is_empty());
}

#[test]
fn json_in_its_forms() {
    let expect = &["a|b", "1: =1|x", "2: =2|-"];
    check("a.json", "[{\"a\":1,\"b\":\"x\"},\n{\"a\":2}]", "", expect);
    check("a.json", "{\"value\":[{\"a\":1,\"b\":\"x\"},\n{\"a\":2}]}", "", expect);
    check("a.ndjson", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2}\n\n", "", expect);
    check("upload", " [{\"a\":1,\"b\":\"x\"},\n{\"a\":2}]", "", expect);
    check("upload", "{\"a\":1,\"b\":\"x\"}\r\n{\"a\":2}", "", expect);
    check("a.json", "\u{feff}[ ]", "", &[""]);
    check(
        "a.json",
        r#"{"@odata.context":"x[]{}","value":[{"@odata.id":"i","a":{"b":1.50,"c":{"d":true}}}],"n":1}"#,
        "",
        &["a.b|a.c.d", "1: =1.50|=true"],
    );
    check(
        "a.json",
        r#"[{"a":["x","y",null,1],"b":null,"c":"","d":"q\"\u00e9"}]"#,
        "",
        &["a|b|c|d", "1: [x,y,1]|-|-|q\"é"],
    );
    check(
        "a.ndjson",
        "{\"a\":1}\nnot json\n[1]\n{\"a\":1e3}\n{\"a\":\n",
        "",
        &["a", "1: =1", "2! json_wrong", "3! json_wrong", "4: =1e3", "5! json_wrong"],
    );
    let long = format!("{{\"a\":1}}\n{{\"a\":\"{}\"}}", "x".repeat(600));
    check("a.ndjson", long, "", &["a", "1: =1", "2! cell_too_long"]);
}

#[test]
fn a_page_that_names_another_is_partial() {
    for text in [
        r#"{"value":[{"a":1}],"@odata.nextLink":"https://example.com/?$skip=1"}"#,
        r#"{"@odata.nextLink":"https://example.com/?$skip=1","value":[{"a":1}]}"#,
    ] {
        let (found, ended) = read("a.json", text.as_bytes(), "").unwrap();
        assert_eq!(found, ["a", "1: =1"]);
        assert!(ended.partial && !ended.notes.is_empty(), "{text}");
    }
}

#[test]
fn json_columns_that_come_late_are_said() {
    let mut text = "{\"a\":1}\n".repeat(1_000);
    text.push_str("{\"a\":1,\"late\":2}\n");
    let (_, ended) = read("a.ndjson", text.as_bytes(), "").unwrap();
    assert!(ended.notes[0].contains("late"), "{ended:?}");
}

#[test]
fn files_of_no_form() {
    let check = |name: &str, bytes: &[u8], code: &str| refused(name, bytes, "", code, None);
    check("a.csv", b"", "file_empty");
    check("a.csv", b"\n\n", "headings_missing");
    check("a.csv", b"\xff\xfea\0,\0", "encoding_unsupported");
    check("a.csv", b"PK\x03\x04....", "not_text");
    check("a.csv", b"a,b\n\0\0", "not_text");
    check("a.xls", b"\xd0\xcf\x11\xe0", "format_unknown");
    check("a.xlsx", b"no zip at all", "xlsx_wrong");
    check("a.xlsx", b"PK\x03\x04 cut off", "xlsx_wrong");
    check("a.csv", "x,".repeat(60).as_bytes(), "too_many_columns");
    refused("a.csv", "a,A\n1,2\n", "", "heading_twice", Some(1));
    refused("a.csv", "a,b\n", "delimiter = 'é'", "delimiter_wrong", None);
    refused("a.csv", "a,b\n1,2\n3,\"4\n5,6\n", "", "quote_unclosed", Some(3));
    let endless = format!("a,b\n1,\"{}", "x\n".repeat(100_000));
    refused("a.csv", endless, "", "row_too_long", Some(2));
    let check = |text: &str, code: &str, line: u64| refused("a.json", text, "", code, Some(line));
    check("[{\"a\":1},", "file_cut_off", 1);
    check("[{\"a\":1}\n{\"a\":2}]", "json_wrong", 2);
    check("[{\"a\":1}]\n x", "json_wrong", 2);
    check("[{\"a\":\n\"never", "file_cut_off", 2);
    check("[1,2]", "json_wrong", 1);
    check("[{\"a\":1},]", "json_wrong", 1);
    check("\"text\"", "json_wrong", 1);
    check("{\"value\":[{\"a\":1}]", "file_cut_off", 1);
    check("{\"value\":[{\"a\":1}]}}", "json_wrong", 1);
    refused("a.json", "{\"a\":1}", "", "json_no_list", None);
    let long = format!("[{{\"a\":\"{}\"}}]", "x".repeat(3_000));
    check(&long, "row_too_long", 1);
    refused("a.ndjson", format!("{{\"a\":\"{}\"}}", "x".repeat(3_000)), "", "row_too_long", Some(1));
}

/// A workbook with one sheet before the one that matters.
fn workbook() -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Read me").unwrap().write(0, 0, "Nothing here").unwrap();
    let sheet = book.add_worksheet().set_name("Sales").unwrap();
    for (at, heading) in ["id", "price", "sold", "at", "pool", "note"].into_iter().enumerate() {
        sheet.write(0, u16::try_from(at).unwrap(), heading).unwrap();
    }
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write(1, 0, 7_129_300_520_i64).unwrap();
    sheet.write(1, 1, 0.1 + 0.2).unwrap();
    sheet.write(1, 2, ExcelDateTime::parse_from_str("2014-10-13").unwrap()).unwrap();
    sheet.set_cell_format(1, 2, &day).unwrap();
    let at = ExcelDateTime::parse_from_str("2014-10-13T09:30:00").unwrap();
    sheet.write_with_format(1, 3, &at, &time).unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.write(1, 5, "two\nlines").unwrap();
    // The third line is empty.
    sheet.write(3, 0, "A-1").unwrap();
    sheet.write(3, 5, "x".repeat(600)).unwrap();
    sheet.write(4, 0, "A-2").unwrap();
    sheet.write(4, 9, "right of the headings").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn xlsx() {
    let book = workbook();
    check(
        "a.xlsx",
        &book,
        "sheet = 'sales'",
        &[
            "id|price|sold|at|pool|note",
            "2: =7129300520|=0.3|=2014-10-13|=2014-10-13T09:30:00|=true|two\nlines",
            "4! cell_too_long",
            "5: A-2|-|-|-|-|-",
        ],
    );
    check("a.xlsx", &book, "", &["Nothing here"]);
    refused("a.xlsx", &book, "sheet = 'Other'", "sheet_missing", None);
    // Every cut of the file is refused, none is taken for a shorter one.
    for length in (0..book.len()).step_by(97) {
        let error = read("a.xlsx", &book[..length], "sheet = 'sales'").unwrap_err();
        assert!(["xlsx_wrong", "file_empty"].contains(&error.code), "{length}: {error:?}");
    }
}

#[test]
fn an_xlsx_that_unpacks_to_too_much_is_refused() {
    let source = Source::bytes("a.xlsx", workbook());
    let check = |limits: Limits, code: &str| {
        let settings: FileSettings = toml::from_str("sheet = 'sales'").unwrap();
        let found = layout(&source, &settings, &limits)
            .and_then(|l| rows(&source, &l, &limits, &AtomicU64::new(0), &mut |_| ControlFlow::Continue(())));
        assert_eq!(found.unwrap_err().code, code);
    };
    check(Limits { xlsx_bytes: 1_000, ..Limits::default() }, "xlsx_too_large");
    check(Limits { xlsx_unpacked_bytes: 1_000, ..Limits::default() }, "xlsx_too_large");
    check(Limits { xlsx_rows: 2, ..Limits::default() }, "too_many_rows");
}

#[test]
fn bytes_that_were_read_are_counted() {
    let text = "a,b\n".to_owned() + &"1,2\n".repeat(50_000);
    let source = Source::bytes("a.csv", text.into_bytes());
    let layout = layout(&source, &FileSettings::default(), &limits()).unwrap();
    let read = AtomicU64::new(0);
    let mut count = 0;
    rows(&source, &layout, &limits(), &read, &mut |_| {
        count += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((count, read.into_inner()), (50_000, 200_004));
}

/// The workbook with a few bytes of one of its parts replaced.
fn broken(book: &[u8], rng: &mut testkit::Rng) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = rng.usize(0..archive.len());
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if at == chosen {
            for _ in 0..rng.usize(1..6) {
                let place = rng.usize(0..bytes.len());
                let new = b"<>\"=/ 0129-ZAzr\xff\0"[rng.usize(0..17)];
                match rng.usize(0..3) {
                    0 => bytes[place] = new,
                    1 => bytes.insert(place, new),
                    _ => drop(bytes.drain(place..(place + 8).min(bytes.len()))),
                }
                if bytes.is_empty() {
                    bytes.push(b'<');
                }
            }
        }
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        out.start_file(part.name().unwrap().into_owned(), options).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_broken_workbook_is_an_error_and_no_panic() {
    let mut rng = testkit::rng("broken workbook");
    let book = workbook();
    for _ in 0..400 {
        let broken = broken(&book, &mut rng);
        if let Err(error) = read("a.xlsx", &broken, "sheet = 'sales'") {
            assert!(!error.hint.is_empty(), "{error:?}");
        }
    }
}

#[test]
fn dates_of_excel_that_are_no_dates() {
    use calamine::{ExcelDateTime, ExcelDateTimeType};
    for number in [-1.0, 0.0, 0.5, 59.0, 60.0, 2_958_465.0, 2_958_466.0, 1e18, 1e300, f64::NAN, f64::INFINITY]
    {
        for epoch_1904 in [false, true] {
            let at = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, epoch_1904);
            assert!(!super::sheet::moment(at).is_empty(), "{number}");
        }
    }
}
