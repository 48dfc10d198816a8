//! A statement of the user inside one company, on the terminal and for programs.

use serde_json::json;

use crate::program::{Books, Run, run, vama};

fn sql(books: &Books, arguments: &[&str]) -> Run {
    books.run(&[&["sql", "-c", &books.slug], arguments].concat())
}

#[test]
fn an_answer_is_a_table_a_document_or_csv_with_every_digit() {
    let books = Books::new("sql-shapes");
    let select = "select 0.10::numeric(18,2) as amount, 12345678901234567890.12 as big, \
                  'a,b' as text, null as nothing, true as yes, array[1, 2] as list
                  union all select -5.00, 0, '', null, false, '{}'";

    let table = sql(&books, &[select]).ends(0).stdout;
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "amount                      big  text  nothing  yes    list",
            "  0.10  12345678901234567890.12  a,b   –        true   [1,2]",
            " -5.00                        0        –        false  []",
        ]
    );

    let document = sql(&books, &["--json", select]).ends(0);
    assert!(document.stdout.contains("12345678901234567890.12"), "{}", document.stdout);
    assert!(document.stdout.contains("0.10"), "{}", document.stdout);
    let document = document.json();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["company"], books.slug);
    assert_eq!(document["columns"], json!(["amount", "big", "text", "nothing", "yes", "list"]));
    assert_eq!(document["rows"][1][2], "");
    assert_eq!(document["rows"][0][3], json!(null));
    assert_eq!(document["affected"], json!(null));

    let csv = sql(&books, &["--csv", select]).ends(0).stdout;
    assert_eq!(
        csv,
        "amount,big,text,nothing,yes,list\n0.10,12345678901234567890.12,\"a,b\",,true,\"[1,2]\"\n\
         -5.00,0,,,false,[]\n"
    );
}

#[test]
fn columns_of_one_name_keep_their_values_and_no_rows_still_have_a_head() {
    let books = Books::new("sql-columns");
    let twice = sql(&books, &["--json", "select 1 as a, 2 as a"]).ends(0).json();
    assert_eq!((&twice["columns"], &twice["rows"]), (&json!(["a", "a"]), &json!([[1, 2]])));

    let none = "select sku, name as sku from products; -- nothing yet";
    assert_eq!(sql(&books, &[none]).ends(0).says("no columns, 0 rows").stdout, "");
    let none = "select sku, name as sku from products -- nothing yet";
    assert_eq!(sql(&books, &[none]).ends(0).stdout.trim_end(), "sku  sku");
    assert_eq!(sql(&books, &["--csv", &format!("{none}\n;\n")]).ends(0).stdout, "sku,sku\n");
    let document = sql(&books, &["--json", none]).ends(0).json();
    assert_eq!((&document["columns"], &document["rows"]), (&json!(["sku", "sku"]), &json!([])));
}

#[test]
fn only_with_write_does_a_change_go_in_and_stay() {
    let books = Books::new("sql-write");
    let insert = "insert into products (sku, name) values ('s1', 'Unu'), ('s2', 'Doi')";
    let count = "select count(*) as n from products";

    sql(&books, &[insert]).ends(1).says("read-only transaction").says("next: add `--write`");
    assert_eq!(sql(&books, &["--csv", count]).ends(0).stdout, "n\n0\n");

    let written = sql(&books, &["--write", insert]).ends(0).says("done: 2 rows affected");
    assert_eq!(written.stdout, "");
    assert_eq!(sql(&books, &["--csv", count]).ends(0).stdout, "n\n2\n");

    let returning = "delete from products where sku = 's1' returning name";
    assert_eq!(sql(&books, &["--write", "--csv", returning]).ends(0).stdout, "name\nUnu\n");
    let update = "update products set name = 'Trei'";
    let document = sql(&books, &["--write", "--json", update]).ends(0).json();
    assert_eq!((&document["affected"], &document["rows"]), (&json!(1), &json!([])));
    assert_eq!(sql(&books, &["--csv", "select name from products"]).stdout, "name\nTrei\n");
}

#[test]
fn a_statement_that_fails_is_told_with_its_place_and_what_to_do() {
    let books = Books::new("sql-errors");
    sql(&books, &["select nmae from products"])
        .ends(1)
        .says("the statement failed at character 8: column \"nmae\" does not exist (Perhaps");
    sql(&books, &["select name\nfrom productz"])
        .ends(1)
        .says("at line 2, character 6: relation \"productz\" does not exist");
    sql(&books, &["select * from public.companies"])
        .ends(1)
        .says("permission denied for table companies")
        .says("a statement reaches its own company alone");
    sql(&books, &["select 1; select 2"]).ends(2).says("one statement").says("one at a time");
    sql(&books, &["  "]).ends(2).says("one statement");
    sql(&books, &["begin"]).ends(1).says("a transaction of its own");
    sql(&books, &["copy products to stdout"]).ends(1).says("`--csv`");
    sql(&books, &["--json", "--csv", "select 1"]).ends(2).says("--csv");
    books.run(&["sql", "select 1"]).ends(2).says("--company");
    books.run(&["sql", "-c", "nobody", "select 1"]).ends(4).says("no company is called nobody");
}

#[test]
fn a_statement_may_come_in_on_stdin() {
    let books = Books::new("sql-stdin");
    for dash in [&[][..], &["-"]] {
        let mut command = vama(books.path());
        command.args(["--database-url", &books.url, "sql", "-c", &books.slug, "--csv"]).args(dash);
        let answer = run(command.write_stdin("select 'din stdin'\n  as text;\n")).ends(0);
        assert_eq!(answer.stdout, "text\ndin stdin\n");
    }
}
