//! The bench measures, and leaves nothing behind.

use crate::program::Books;

#[test]
fn a_small_bench_measures_and_leaves_no_company_behind() {
    let books = Books::new("bench");
    let told = books.run(&["bench", "--rows", "200", "--json"]).ends(0);
    let slug = told.stderr.split("the company ").nth(1).unwrap().split(',').next().unwrap();
    assert!(slug.starts_with("bench-"), "{}", told.stderr);
    let companies = books.run(&["company", "list", "--json"]).ends(0);
    assert!(!companies.stdout.contains(slug), "{}", companies.stdout);
    assert!(companies.stdout.contains(&books.slug));

    let told = told.json();
    assert_eq!(told["batch"]["totals"]["inserted"], told["batch"]["totals"]["read"]);
    assert!(told["batch"]["floor"]["load_ratio"].as_f64().unwrap() > 0.0);
    let lines = told["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 4);
    for line in lines {
        assert!(line["ratio"].as_f64().unwrap() > 0.0, "{line}");
    }
    assert_eq!((&lines[1]["rows"], &lines[2]["rows"]), (&200.into(), &1000.into()));
}

#[test]
fn a_bench_says_what_it_compares() {
    let books = Books::new("bench-told");
    let told = books.run(&["--quiet", "bench", "--rows", "50", "--seed", "3"]).ends(0);
    assert!(told.stderr.is_empty(), "{}", told.stderr);
    for what in ["commit ", "a plain COPY of the same ", "the same into an empty table "] {
        assert!(told.stdout.contains(&format!("\n{what}")), "{}", told.stdout);
    }
    books.run(&["bench", "--rows", "0"]).ends(2);
}
