use proptest::prelude::*;

use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, day).unwrap()
}

fn id(kind: &str, key: &str) -> SettlementId {
    SettlementId { kind: kind.to_owned(), key: key.to_owned() }
}

/// A settlement of GLS over so many bani.
fn owed(key: &str, dated: u32, bani: i64) -> Settlement {
    Settlement {
        id: id("gls", key),
        account: Some("RO27".to_owned()),
        currency: "RON".to_owned(),
        dated: day(dated),
        amount: Decimal::new(bani, 2),
    }
}

/// A credit of GLS over so many bani.
fn paid(key: &str, on: u32, bani: i64) -> Credit {
    Credit {
        key: key.to_owned(),
        sender: "gls".to_owned(),
        account: Some("RO27".to_owned()),
        currency: "RON".to_owned(),
        day: day(on),
        amount: Decimal::new(bani, 2),
        names: None,
        reference: Some(format!("REF{key}")),
    }
}

fn by_hand(settlement: &Settlement, credit: &Credit, bani: i64) -> Tie {
    Tie {
        settlement: settlement.id.clone(),
        credit: credit.key.clone(),
        amount: Decimal::new(bani, 2),
        rule: Rule::ByHand,
    }
}

/// Says each tie in a word: `A=x exact`.
fn told(ties: &[Tie]) -> Vec<String> {
    let told = |tie: &Tie| format!("{}={} {}", tie.settlement.key, tie.credit, tie.rule.name());
    ties.iter().map(told).collect()
}

fn decided(settlements: &[Settlement], credits: &[Credit]) -> Vec<String> {
    told(&decide(settlements, credits, &[]))
}

#[test]
fn a_credit_of_the_same_amount_pays_from_a_day_before_to_ten_days_after() {
    for (on, is_tied) in [(8, false), (9, true), (10, true), (20, true), (21, false)] {
        let ties = decided(&[owed("A", 10, 500)], &[paid("x", on, 500)]);
        assert_eq!(!ties.is_empty(), is_tied, "paid on the {on}");
    }
}

#[test]
fn equal_sums_pair_off_oldest_with_oldest() {
    let settlements = [owed("B", 17, 243_151), owed("A", 15, 243_151)];
    let credits = [paid("y", 17, 243_151), paid("x", 15, 243_151)];
    assert_eq!(decided(&settlements, &credits), ["A=x exact", "B=y exact"]);
    // As many as can be, although the second is nearer to the first credit.
    let settlements = [owed("A", 10, 500), owed("B", 12, 500)];
    let credits = [paid("x", 12, 500), paid("y", 22, 500)];
    assert_eq!(decided(&settlements, &credits), ["A=x exact", "B=y exact"]);
}

#[test]
fn of_two_equal_sums_a_single_credit_pays_the_nearer_one() {
    let settlements = [owed("A", 15, 243_151), owed("B", 17, 243_151)];
    assert_eq!(decided(&settlements, &[paid("y", 17, 243_151)]), ["B=y exact"]);
    assert_eq!(decided(&settlements, &[paid("x", 15, 243_151)]), ["A=x exact"]);
    let credits = [paid("x", 15, 500), paid("y", 17, 500)];
    assert_eq!(decided(&[owed("A", 17, 500)], &credits), ["A=y exact"]);
}

#[test]
fn so_many_of_one_amount_that_they_are_not_compared_pair_off_by_their_order() {
    let settlements: Vec<_> =
        (0..2_100).map(|n| owed(&format!("{n:04}"), 1 + n / 100, 500)).collect();
    let credits: Vec<_> = (0..2_100).map(|n| paid(&format!("c{n:04}"), 1 + n / 100, 500)).collect();
    let ties = decide(&settlements, &credits, &[]);
    assert_eq!(ties.len(), 2_100);
    assert!(ties.iter().all(|tie| tie.credit == format!("c{}", tie.settlement.key)));
}

#[test]
fn a_borderou_of_the_same_total_and_day_as_a_paid_one_stays_open() {
    let ties = decided(&[owed("A", 10, 500), owed("B", 10, 500)], &[paid("x", 10, 500)]);
    assert_eq!(ties, ["A=x exact"]);
}

#[test]
fn another_sender_account_or_currency_never_pays() {
    let mut others = vec![paid("x", 10, 500); 3];
    others[0].sender = "sameday".to_owned();
    others[1].account = Some("RO99".to_owned());
    others[2].currency = "EUR".to_owned();
    assert!(decided(&[owed("A", 10, 500)], &others).is_empty());
    assert!(decided(&[owed("A", 10, 200), owed("B", 10, 300)], &others).is_empty());
    let mut nowhere = owed("A", 10, 500);
    nowhere.account = None;
    assert_eq!(decided(&[nowhere], &others[1..2]), ["A=x exact"], "it states no account");
}

#[test]
fn one_credit_pays_two_to_five_neighbours_by_day() {
    let all: Vec<Settlement> = (0..6_u32).map(|n| owed(&format!("{n}"), 8 + n, 1 << n)).collect();
    let sum = |from: usize, to: usize| all[from..to].iter().map(|it| it.amount).sum::<Decimal>();
    for (from, to, count) in [(0, 2, 2), (1, 6, 5), (0, 6, 0)] {
        let credit = Credit { amount: sum(from, to), ..paid("x", 13, 0) };
        assert_eq!(decided(&all, &[credit]).len(), count, "{from}..{to}");
    }
    let apart = Credit { amount: all[0].amount + all[2].amount, ..paid("x", 13, 0) };
    assert!(decided(&all, &[apart]).is_empty(), "the one between them is not among them");
}

#[test]
fn settlements_of_one_day_are_neighbours_whatever_their_keys() {
    let all = [owed("A", 8, 100), owed("B", 9, 1_000), owed("C", 9, 20), owed("D", 10, 7)];
    assert_eq!(decided(&all, &[paid("x", 10, 120)]), ["A=x sum", "C=x sum"]);
    assert_eq!(decided(&all, &[paid("x", 10, 1_007)]), ["B=x sum", "D=x sum"]);
}

#[test]
fn a_sum_that_two_sets_have_is_tied_to_neither() {
    let all = [owed("A", 8, 100), owed("B", 9, 200), owed("C", 10, 100)];
    assert!(decided(&all, &[paid("x", 10, 300)]).is_empty());
}

#[test]
fn sets_that_share_a_settlement_are_tied_to_neither_credit() {
    let all = [owed("A", 8, 100), owed("B", 9, 200), owed("C", 10, 400)];
    assert!(decided(&all, &[paid("x", 10, 300), paid("y", 10, 600)]).is_empty());
    assert_eq!(decided(&all, &[paid("x", 10, 300)]).len(), 2);
    assert!(decided(&all, &[paid("x", 10, 300), paid("y", 10, 300)]).is_empty());
}

#[test]
fn a_batch_is_paid_by_the_credit_that_names_it() {
    let batch = |key: &str| Settlement { id: id(NETOPIA, key), account: None, ..owed("", 7, 900) };
    let credit = |key: &str, bani, names: &str| Credit {
        sender: NETOPIA.to_owned(),
        names: Some(names.to_owned()),
        ..paid(key, 28, bani)
    };
    let batches = [batch("53"), batch("54")];
    // It may come at any time, and pays no other batch.
    assert_eq!(decided(&batches, &[credit("x", 900, "54")]), ["54=x named"]);
    assert!(decided(&batches, &[Credit { day: day(7), ..credit("x", 900, "55") }]).is_empty());
    // Another amount is tied too, so that the difference shows, unless one has the very amount.
    let ties = decide(&batches, &[credit("x", 850, "53")], &[]);
    assert_eq!(
        (told(&ties), ties[0].amount),
        (vec!["53=x named".to_owned()], Decimal::new(850, 2))
    );
    let several = [credit("x", 850, "53"), credit("y", 900, "53")];
    assert_eq!(decided(&batches, &several), ["53=y named"]);
    let parts = [credit("x", 850, "53"), credit("y", 50, "53")];
    assert_eq!(decided(&batches, &parts), ["53=x named", "53=y named"]);
}

#[test]
fn a_payout_is_paid_by_the_credit_that_its_documents_come_to() {
    let payout = Settlement { id: id(EMAG, "1|2026-04-02"), account: None, ..owed("", 2, 226_769) };
    let credit = Credit { sender: EMAG.to_owned(), ..paid("x", 6, 226_769) };
    assert_eq!(decided(&[payout], &[credit]), ["1|2026-04-02=x documents"]);
}

#[test]
fn what_is_tied_by_hand_is_left_alone() {
    let settlements = [owed("A", 10, 500), owed("B", 11, 500)];
    let credits = [paid("x", 10, 500), paid("y", 11, 500)];
    let hand = |settlement, credit, bani| {
        let tie = by_hand(&settlements[settlement], &credits[credit], bani);
        told(&decide(&settlements, &credits, &[tie]))
    };
    assert_eq!(hand(0, 1, 500), ["B=x exact"]);
    // Over nothing: the two do not belong together.
    assert_eq!(hand(0, 0, 0), ["B=y exact"]);
    let sum = [paid("x", 11, 1_000)];
    let apart = by_hand(&settlements[0], &sum[0], 0);
    assert!(decide(&settlements, &sum, &[apart]).is_empty());
}

#[test]
fn a_tie_by_hand_takes_what_is_left_and_is_refused_where_something_contradicts() {
    let mut books = Books {
        settlements: vec![owed("A", 8, 77_010), owed("B", 9, 71_544)],
        credits: vec![paid("x", 9, 148_554), paid("y", 9, 100), paid("z", 9, 500)],
        ..Books::default()
    };
    books.credits[1].currency = "EUR".to_owned();
    books.credits[2].account = Some("RO99".to_owned());
    let tie = |books: &Books, settlement: &str, credit: &str| {
        tie_by_hand(books, settlement, &[format!("REF{credit}")]).map(|said| said.ties)
    };
    let first = tie(&books, "gls/2026-04-08", "x").unwrap();
    assert_eq!(first, [by_hand(&books.settlements[0], &books.credits[0], 77_010)]);
    books.ties = first;
    let second = tie(&books, "gls/2026-04-09", "x").unwrap();
    assert_eq!(second, [by_hand(&books.settlements[1], &books.credits[0], 71_544)]);
    assert!(matches!(tie(&books, "gls/A", "y"), Err(CannotTie::OtherCurrency { .. })));
    assert!(matches!(tie(&books, "gls/A", "z"), Err(CannotTie::OtherAccount { .. })));
    assert!(matches!(tie(&books, "gls/A", "w"), Err(CannotTie::NotNamed(_))));
    // Said again, it counts once; either may be named first.
    assert_eq!(tie(&books, "gls/A", "x").unwrap(), books.ties);
    assert_eq!(tie_by_hand(&books, "REFx", &["gls/A".to_owned()]).unwrap().ties, books.ties);
    assert!(untie_by_hand(&books, "gls/B", &[]).is_err());
}

#[test]
fn an_untied_tie_by_hand_goes_back_to_the_rules_and_one_of_a_rule_does_not_come_again() {
    let mut books = Books {
        settlements: vec![owed("A", 8, 500)],
        credits: vec![paid("x", 9, 500), paid("y", 9, 300)],
        ..Books::default()
    };
    let said = tie_by_hand(&books, "gls/A", &["REFy".to_owned()]).unwrap();
    books.ties = books.changes(&said).added;
    assert_eq!(told(&books.ties), ["A=y by_hand"]);
    let said = untie_by_hand(&books, "gls/A", &[]).unwrap();
    assert_eq!((&said.taken_back, said.ties.as_slice()), (&books.ties, [].as_slice()));
    let changes = books.changes(&said);
    assert_eq!((&changes.removed, told(&changes.added)), (&books.ties, vec!["A=x exact".into()]));

    books.ties = changes.added;
    let apart = untie_by_hand(&books, "gls/A", &[]).unwrap();
    assert_eq!(apart.ties, [by_hand(&books.settlements[0], &books.credits[0], 0)]);
    let changes = books.changes(&apart);
    assert_eq!((changes.removed, &changes.added), (books.ties, &apart.ties));
}

#[test]
fn ties_follow_what_is_there() {
    let mut books = Books {
        settlements: vec![owed("A", 10, 500), owed("B", 12, 500)],
        credits: vec![paid("y", 12, 500)],
        ..Books::default()
    };
    let changes = books.changes(&Said::default());
    assert_eq!(told(&changes.added), ["B=y exact"]);
    books.ties = changes.added;
    assert!(books.changes(&Said::default()).is_empty());
    books.credits.push(paid("x", 10, 500));
    assert_eq!(told(&books.changes(&Said::default()).added), ["A=x exact"]);
    // The credit is gone: so is its tie.
    books.credits.clear();
    let changes = books.changes(&Said::default());
    assert_eq!((told(&changes.removed), changes.added), (vec!["B=y exact".to_owned()], vec![]));
}

#[test]
fn a_tie_by_hand_waits_while_one_of_its_rows_is_gone_and_counts_for_nothing() {
    let settlements = vec![owed("A", 10, 500), owed("B", 11, 500)];
    let credits = vec![paid("x", 10, 500), paid("y", 11, 500)];
    for amount in [500, 0] {
        let said = by_hand(&settlements[0], &credits[1], amount);
        let mut books = Books {
            settlements: settlements[..1].to_vec(),
            credits: credits[..1].to_vec(),
            ties: vec![said.clone()],
            ..Books::default()
        };
        let changes = books.changes(&Said::default());
        assert_eq!((&changes.set_aside, changes.removed.len()), (&vec![said.clone()], 0));
        assert_eq!(told(&changes.added), ["A=x exact"], "what waits keeps nothing from the rules");
        books.ties = [changes.added, vec![said.waiting()]].concat();
        assert!(books.changes(&Said::default()).is_empty());

        books.settlements = settlements.clone();
        books.credits = credits.clone();
        let changes = books.changes(&Said::default());
        assert_eq!(changes.called_back, std::slice::from_ref(&said));
        assert!(changes.set_aside.is_empty());
        // Somebody else wrote the same tie, as it counts: the one that waits goes.
        books.ties = vec![said.clone(), said.waiting()];
        let changes = books.changes(&Said::default());
        assert_eq!((changes.removed, changes.called_back), (vec![said.waiting()], vec![]));
    }
}

#[test]
fn an_invoice_is_paid_by_hand_in_parts_and_never_where_something_contradicts() {
    let invoice = |key: &str, currency: &str, bani| Bill {
        id: id(INVOICE, key),
        series: Some("FNT".to_owned()),
        number: Some(key.to_owned()),
        order_number: None,
        currency: currency.to_owned(),
        total: Some(Decimal::new(bani, 2)),
        is_cancelled: false,
    };
    let customer = |key, bani| Credit { sender: "altul".to_owned(), ..paid(key, 10, bani) };
    let mut books = Books {
        credits: vec![customer("x", 400), customer("y", 700)],
        bills: vec![invoice("1", "RON", 1_000), invoice("2", "EUR", 5), invoice("3", "", 5)],
        ..Books::default()
    };
    books.bills_there.insert(id(INVOICE, "1"));
    let tie = |books: &Books, credit: &str, invoice: &str| {
        tie_by_hand(books, credit, &[invoice.to_owned()]).map(|it| it.ties)
    };
    let first = tie(&books, "REFx", "FNT1").unwrap();
    assert_eq!((told(&first), first[0].amount), (vec!["1=x by_hand".into()], 4.into()));
    books.ties = first;
    let second = tie(&books, "REFy", "fnt 1").unwrap();
    assert_eq!(second[0].amount, Decimal::from(6), "only what is left of the invoice");
    assert!(books.changes(&Said::default()).is_empty());
    assert!(matches!(tie(&books, "REFx", "FNT2"), Err(CannotTie::OtherCurrency { .. })));
    assert!(matches!(tie(&books, "REFx", "FNT3"), Err(CannotTie::UsedUp { .. })));
    assert!(matches!(tie(&books, "REFx", "FNT4"), Err(CannotTie::NotNamed(_))));
    let untied = untie_by_hand(&books, "FNT1", &["REFx".to_owned()]).unwrap();
    assert_eq!(untied.taken_back, books.ties);
    books.bills[0].is_cancelled = true;
    books.bills[2].total = None;
    assert!(matches!(tie(&books, "REFy", "FNT1"), Err(CannotTie::Cancelled { .. })));
    assert!(matches!(tie(&books, "REFy", "FNT3"), Err(CannotTie::NoTotal { .. })));
}

#[test]
fn nothing_is_paid_that_is_not_owed() {
    assert!(decided(&[owed("A", 10, 0)], &[paid("x", 10, 0)]).is_empty());
    assert!(decided(&[owed("A", 10, -5)], &[paid("x", 10, -5)]).is_empty());
}

/// Settlements and credits of few amounts and days, so that many of them fit each other.
fn month() -> impl Strategy<Value = (Vec<Settlement>, Vec<Credit>)> {
    let settlements = prop::collection::vec((1_u32..20, 1_i64..6, 0_u32..3, any::<bool>()), 0..14);
    let credits = prop::collection::vec((1_u32..28, 1_i64..12, 0_u32..3, any::<bool>()), 0..14);
    (settlements, credits).prop_map(|(settlements, credits)| {
        let kinds = ["gls", NETOPIA, EMAG];
        let settlement = |(n, (dated, bani, kind, other)): (usize, (u32, i64, u32, bool))| {
            let key = format!("{n:02}");
            let account = ["RO27", "RO99"][usize::from(other)].to_owned();
            let account = (kind == 0).then_some(account);
            Settlement { id: id(kinds[kind as usize], &key), account, ..owed("", dated, bani) }
        };
        let credit = |(n, (on, bani, kind, other)): (usize, (u32, i64, u32, bool))| Credit {
            sender: kinds[kind as usize].to_owned(),
            account: Some(["RO27", "RO99"][usize::from(other)].to_owned()),
            names: (kind == 1 && other).then(|| format!("{:02}", n % 7)),
            ..paid(&format!("c{n:02}"), on, bani)
        };
        (
            settlements.into_iter().enumerate().map(settlement).collect(),
            credits.into_iter().enumerate().map(credit).collect(),
        )
    })
}

proptest! {
    #[test]
    fn any_order_gives_the_same_ties_and_nothing_is_used_twice(
        (settlements, credits) in month(),
        seed in any::<u64>(),
    ) {
        let ties = decide(&settlements, &credits, &[]);
        let (mut other_settlements, mut other_credits) = (settlements.clone(), credits.clone());
        let mut random = crate::lab::random::Random::of(&[seed]);
        random.shuffle(&mut other_settlements);
        random.shuffle(&mut other_credits);
        prop_assert_eq!(&ties, &decide(&other_settlements, &other_credits, &[]));

        for credit in &credits {
            let paid: Vec<&Tie> = ties.iter().filter(|tie| tie.credit == credit.key).collect();
            let sum: Decimal = paid.iter().map(|tie| tie.amount).sum();
            prop_assert!(paid.is_empty() || sum == credit.amount);
            prop_assert!(paid.len() < 2 || paid.iter().all(|tie| tie.rule == Rule::Sum));
            for tie in paid {
                let settlement = settlements.iter().find(|it| it.id == tie.settlement).unwrap();
                prop_assert_eq!(&settlement.id.kind, &credit.sender);
                prop_assert!(settlement.account.is_none() || settlement.account == credit.account);
                prop_assert!(tie.rule == Rule::Named || settlement.days().contains(&credit.day));
            }
        }
        for settlement in &settlements {
            let paying = ties.iter().filter(|tie| tie.settlement == settlement.id);
            let sum: Decimal = paying.clone().map(|tie| tie.amount).sum();
            let by_name = paying.clone().any(|tie| tie.rule == Rule::Named);
            prop_assert!(paying.count() == 0 || by_name || sum == settlement.amount);
        }
    }

    #[test]
    fn what_a_text_says_is_no_reason_to_fail(text in ".{0,60}", number in ".{0,8}") {
        let _ = document_named(&text);
        let one = Match {
            credit: "c".to_owned(),
            day: day(1),
            text,
            bill: id(INVOICE, "i"),
            invoice: None,
            series: Some(number.clone()),
            number,
            amount: Decimal::ONE,
        };
        prop_assert!(tie_bills(&[one]).len() < 2);
    }
}
