//! Any reader of gzip takes what a sheet gives, and finds the plain bytes in it.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]
#![expect(clippy::print_stderr, reason = "says which reader was not there to be asked")]

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use press::{Form, Piece, Sheet};

/// The same body in both forms, of pieces (true) and text.
fn bodies(parts: &[(bool, Vec<u8>)]) -> (Vec<u8>, Vec<u8>) {
    let (mut plain, mut gzip) = (Sheet::new(Form::Plain), Sheet::new(Form::Gzip));
    for (is_piece, bytes) in parts {
        if *is_piece {
            let piece = Piece::new(bytes.clone());
            plain.piece(&piece);
            gzip.piece(&piece);
            // Asked for again: the second time it has blocks of its own.
            piece.pack();
            plain.piece(&piece);
            gzip.piece(&piece);
        } else {
            plain.text(bytes);
            gzip.text(bytes);
        }
    }
    assert_eq!((plain.form(), gzip.form()), (Form::Plain, Form::Gzip));
    (plain.finish().to_vec(), gzip.finish().to_vec())
}

/// Reads one member strictly: its checksum and length, and nothing after it.
fn unpacked(gzip: &[u8]) -> Vec<u8> {
    let mut reader = flate2::bufread::GzDecoder::new(gzip);
    let mut found = Vec::new();
    reader.read_to_end(&mut found).unwrap();
    assert!(reader.into_inner().is_empty(), "something stands behind the member");
    found
}

fn check(parts: &[(bool, Vec<u8>)], hint: &str) -> (Vec<u8>, Vec<u8>) {
    let (plain, gzip) = bodies(parts);
    let expect: Vec<u8> =
        parts.iter().flat_map(|(is_piece, bytes)| bytes.repeat(if *is_piece { 2 } else { 1 })).collect();
    assert_eq!(plain, expect, "{hint}");
    assert!(unpacked(&gzip) == expect, "{hint}: the compressed body says something else");
    // RFC 1952: the length stands at the end, so that a reader can refuse what is too large for it.
    assert_eq!(gzip[gzip.len() - 4..], (expect.len() as u32).to_le_bytes(), "{hint}");
    (plain, gzip)
}

fn text(bytes: &[u8]) -> (bool, Vec<u8>) {
    (false, bytes.to_vec())
}

fn piece(bytes: &[u8]) -> (bool, Vec<u8>) {
    (true, bytes.to_vec())
}

/// What a listing looks like.
fn listing(random: &mut fastrand::Rng) -> Vec<u8> {
    let mut out = Vec::new();
    // From far below to above what is compressed by itself.
    for field in 0..random.usize(1..120) {
        let value = random.u32(..);
        write!(out, "\"Field{field}\":\"Some text of no. {value}\",").unwrap();
    }
    out
}

#[test]
fn every_order_of_parts_is_one_member() {
    check(&[], "nothing");
    check(&[text(b"")], "empty text");
    check(&[piece(b"")], "an empty piece");
    check(&[text(b"[]")], "text alone");
    check(&[piece(b"x")], "a piece of one byte");
    check(&[piece(b"abc"), piece(b"abc"), text(b","), text(b","), piece(b"abc")], "neighbours");
    check(&[text(&[b'x'; 127]), text(b"y"), piece(b"z")], "text as long as is stored");
    check(&[text(&[b'x'; 129]), piece(b"z"), text(&[b'y'; 5_000])], "text that is packed");
    check(&[piece(&vec![b'a'; 1 << 20])], "much of the same");
    check(&vec![piece(&[b'a'; 2_000]); 300], "more pieces than are compressed at once");
    let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(200_000).collect();
    let (plain, gzip) = check(&[piece(&noise), text(&noise)], "noise");
    assert!(gzip.len() < plain.len() + 200, "what does not shrink is stored");
    for length in [1, 63, 64, 1_000, 2_047, 2_048, 2_049, 50_000, 65_534, 65_535, 65_536, 131_070, 131_071] {
        check(&[piece(&noise[..length]), text(b"."), text(&noise[..length])], "blocks that are full");
    }
}

#[test]
fn random_text_of_every_kind_is_unpacked() {
    let mut random = testkit::rng("press::readers::text");
    for round in 0..80 {
        let length = random.usize(0..[300, 5_000, 70_000, 300_000][round % 4]);
        let letters = [1, 2, 6, 64, 256][random.usize(0..5)];
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u16(0..letters) as u8).take(length).collect();
        check(&[(random.bool(), bytes), text(b"end")], &format!("round {round}: {length} of {letters}"));
    }
}

#[test]
fn random_pages_are_read_by_every_reader_of_this_machine() {
    let mut random = testkit::rng("press::readers");
    for round in 0..60 {
        let mut parts = vec![text(b"{\"@odata.context\":\"http://h/odata/$metadata#Property\",\"value\":[{")];
        for _ in 0..random.usize(0..60) {
            parts.push((random.u8(0..5) > 0, listing(&mut random)));
            if random.u8(0..9) > 0 {
                parts.push(text(b"},{"));
            }
        }
        parts.push(text(b"}]}"));
        let (plain, gzip) = check(&parts, &format!("round {round}"));
        if round % 20 == 0 {
            read_by_others(&plain, &gzip);
        }
    }
}

/// `gzip` is on every Debian; Python and Node are asked where they are.
fn read_by_others(plain: &[u8], gzip: &[u8]) {
    let python = "import sys,gzip; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
    let node = "const b=[];process.stdin.on('data',d=>b.push(d)).on('end',()=>\
        process.stdout.write(require('zlib').gunzipSync(Buffer.concat(b))))";
    assert_eq!(piped("gzip", &["-dc"], gzip).expect("gzip is installed"), plain, "gzip");
    piped("gzip", &["-t"], gzip).expect("gzip is installed");
    for (program, words) in [("python3", ["-c", python]), ("node", ["-e", node])] {
        match piped(program, &words, gzip) {
            Some(found) => assert!(found == plain, "{program} reads something else"),
            None => eprintln!("{program} is not installed and was not asked"),
        }
    }
}

/// What a program says of what it is given; none where it is not installed.
fn piped(program: &str, words: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let started = Command::new(program).args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = started.ok()?;
    let (mut into, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || into.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} refuses it");
    Some(output.stdout)
}
