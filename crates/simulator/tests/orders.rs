//! The life of orders by the simulator's clock: the ends they can take, duplicates, splitting, retries.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use nnopen_simulator::{Account, Options, Outcome};
use serde_json::{Value, json};

#[test]
fn an_order_is_hidden_then_issuing_then_sealing_then_done() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let answer = client.issue(&order("A-1"));
    assert_eq!((answer["code"].as_str(), answer["describe"].as_str()), (Some("E0000"), Some("开票提交成功")));
    let serial = answer["result"]["invoiceSerialNum"].as_str().unwrap();
    assert!(serial.len() == 20 && serial.starts_with("260105100000"), "{serial}");

    for (ms, status) in [(0, "E9500"), (1_999, "E9500"), (1, "20"), (1_999, "20"), (1, "21"), (999, "21"), (1, "2")] {
        simulator.clock().advance(ms);
        assert_eq!(client.status("A-1"), status, "at {}", simulator.clock().now() - NOW);
    }
    let row = &client.query("A-1")["result"][0];
    assert_eq!(row["serialNo"], serial);
    assert_eq!(row["invoiceTime"], NOW + 4_000);
    assert_eq!(row["invoiceDate"], NOW);
    assert_eq!(row["exTaxAmount"], "100.00");
    assert_eq!(row["taxAmount"], "6.00");
    assert_eq!(row["orderAmount"], "106.00");
    assert_eq!(row["invoiceKind"], "电子发票(普通发票)");
    assert_eq!(row["allElectronicInvoiceNumber"].as_str().unwrap().len(), 20);
    assert_eq!(row["invoiceNo"], row["allElectronicInvoiceNumber"]);
    assert_eq!(row["invoiceCode"], "");
    assert!(row.get("invoiceItems").is_none());
    assert_eq!(row["pdfUrl"], format!("{}/document/{serial}.pdf", simulator.url()));

    let detailed =
        client.call(QUERY, &json!({ "serialNos": [serial], "orderNos": ["x"], "isOfferInvoiceDetail": "1" }));
    let item = &detailed["result"][0]["invoiceItems"][0];
    assert_eq!((item["itemName"].as_str(), item["itemAmount"].as_str()), (Some("技术服务费"), Some("106.00")));
    assert_eq!(item["isIncludeTax"], "true");
}

#[test]
fn an_older_kind_has_code_and_number() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut paper = order("P-1");
    paper["invoiceLine"] = "p".into();
    client.issue(&paper);
    simulator.clock().advance(5_000);
    let row = client.query("P-1")["result"][0].clone();
    let length = |name: &str| row[name].as_str().unwrap().len();
    assert_eq!((length("invoiceCode"), length("invoiceNo"), length("allElectronicInvoiceNumber")), (12, 8, 0));

    let mut red = order("P-1-RED");
    red["invoiceLine"] = "p".into();
    red["invoiceType"] = "2".into();
    red["invoiceDetail"] = json!([line("技术服务费", "-100.00", "-6.00", "-106.00", "0")]);
    assert_eq!(client.issue(&red)["code"], "E9102");
    red["invoiceCode"] = row["invoiceCode"].clone();
    red["invoiceNum"] = row["invoiceNo"].clone();
    red["buyerName"] = "另一家公司".into();
    assert_eq!(client.issue(&red)["code"], "E9117");
    red["buyerName"] = paper["buyerName"].clone();
    assert_eq!(client.issue(&red)["code"], "E0000");
    simulator.clock().advance(5_000);
    let row = client.query("P-1-RED")["result"][0].clone();
    assert_eq!((row["status"].as_str(), row["orderAmount"].as_str()), (Some("2"), Some("-106.00")));
    red["orderNo"] = "P-1-RED-2".into();
    assert_eq!(client.issue(&red)["code"], "E9103");
}

#[test]
fn the_end_of_an_order_number_or_a_plan_decides_how_it_ends() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.plan("PLAN-1", Outcome::Fail("购方税号有误".to_owned()));
    let ends =
        [("1-FAIL", "22"), ("1-SEAL", "24"), ("1-VOID", "3"), ("1-VOIDING", "31"), ("1-SLOW", "20"), ("PLAN-1", "22")];
    for (number, _) in ends {
        assert_eq!(client.issue(&order(number))["code"], "E0000");
    }
    simulator.clock().advance(5_000);
    for (number, status) in ends {
        assert_eq!(client.status(number), status, "{number}");
    }
    assert_eq!(client.query("PLAN-1")["result"][0]["failCause"], "购方税号有误");
    assert_eq!(client.query("1-FAIL")["result"][0]["invoiceNo"], "");
    let unsealed = client.query("1-SEAL")["result"][0].clone();
    assert_eq!((unsealed["pdfUrl"].as_str(), unsealed["invoiceNo"].as_str().unwrap().len()), (Some(""), 20));
    simulator.clock().advance(60_000);
    assert_eq!(client.status("1-SLOW"), "2");
    assert_eq!(simulator.invoice_count("1-FAIL"), 0);
    simulator.plan("1-SLOW", Outcome::Voiding);
    assert_eq!(client.status("1-SLOW"), "31");
}

#[test]
fn a_number_is_taken_once_per_seller() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    assert_eq!(client.issue(&order("D-1"))["code"], "E0000");
    let again = client.issue(&order("D-1"));
    assert_eq!((again["code"].as_str(), again["describe"].as_str()), (Some("E9106"), Some("订单编号或流水号不能重复")));
    assert_eq!(simulator.invoice_count("D-1"), 1);
    assert_eq!(simulator.orders().len(), 1);
}

#[test]
fn a_company_that_reviews_gets_no_serial_number_at_first() {
    let account = Account { review: true, ..Account::default() };
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    let client = Client::new(&simulator);
    assert_eq!(client.issue(&order("V-1"))["result"], json!({ "invoiceSerialNum": null }));
    simulator.clock().advance(5_000);
    assert_eq!(client.query("V-1")["result"][0]["serialNo"].as_str().unwrap().len(), 20);
}

#[test]
fn unknown_numbers_are_not_found_and_known_ones_still_told() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    assert_eq!(client.query("nowhere")["code"], "E9500");
    assert_eq!(client.call(QUERY, &json!({}))["code"], "E9611");
    assert_eq!(client.call(QUERY, &json!({ "orderNos": [] }))["code"], "E9611");
    let many: Vec<String> = (0..51).map(|n| format!("N-{n}")).collect();
    assert_eq!(client.call(QUERY, &json!({ "orderNos": many }))["code"], "E4000");
    client.issue(&order("K-1"));
    simulator.clock().advance(5_000);
    let mixed = client.call(QUERY, &json!({ "orderNos": ["nowhere", "K-1", "K-1"] }));
    assert_eq!(mixed["result"].as_array().unwrap().len(), 1);
}

#[test]
fn a_retry_seals_or_issues_what_failed_at_most_20_times_a_day() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    for number in ["R-SEAL", "R-FAIL", "R-1"] {
        client.issue(&order(number));
    }
    assert_eq!(client.call(RETRY, &json!({ "orderno": "R-1" }))["code"], "E9500");
    simulator.clock().advance(2_000);
    let running = client.call(RETRY, &json!({ "orderno": "R-1" }));
    assert_eq!(running["describe"], "开票中（重试中），请耐心等待开票结果");
    simulator.clock().advance(3_000);
    let issued = client.call(RETRY, &json!({ "orderno": "R-1" }));
    assert_eq!(issued["describe"], "发票已生成，无需再重试开票");

    let number = client.query("R-SEAL")["result"][0]["invoiceNo"].clone();
    assert_eq!(client.call(RETRY, &json!({ "orderno": "R-SEAL" }))["code"], "E0000");
    assert_eq!(client.call(RETRY, &json!({ "orderno": "R-FAIL" }))["code"], "E0000");
    assert_eq!((client.status("R-SEAL"), client.status("R-FAIL")), ("21".into(), "20".into()));
    simulator.clock().advance(3_000);
    assert_eq!((client.status("R-SEAL"), client.status("R-FAIL")), ("2".into(), "2".into()));
    assert_eq!(client.query("R-SEAL")["result"][0]["invoiceNo"], number);

    for round in 0..20 {
        simulator.plan("R-1", Outcome::Fail("again".to_owned()));
        simulator.clock().advance(5_000);
        assert_eq!(client.call(RETRY, &json!({ "orderno": "R-1" }))["code"], "E0000", "{round}");
    }
    simulator.plan("R-1", Outcome::Fail("again".to_owned()));
    simulator.clock().advance(5_000);
    assert_eq!(client.call(RETRY, &json!({ "orderno": "R-1" }))["code"], "E9613");
    simulator.clock().advance(82_800_000);
    assert_eq!(client.call(RETRY, &json!({ "orderno": "R-1" }))["code"], "E0000");
}

#[test]
fn a_split_keeps_pairs_together_and_sums_exact() {
    let limit = Account { invoice_limit: Some("100.00".into()), ..Account::default() };
    let simulator = start(Options { accounts: vec![limit], ..Options::default() });
    let client = Client::new(&simulator);
    let mut big = order("S-1");
    big["invoiceDetail"] = json!([
        line("甲", "80.00", "4.80", "84.80", "2"),
        line("甲", "-10.00", "-0.60", "-10.60", "1"),
        line("乙", "60.00", "3.60", "63.60", "0"),
        line("丙", "250.00", "15.00", "265.00", "0"),
    ]);
    let first = client.issue(&big)["result"]["invoiceSerialNum"].clone();
    simulator.clock().advance(5_000);
    let rows = client.call(QUERY, &json!({ "orderNos": ["S-1"], "isOfferInvoiceDetail": "1" }))["result"].clone();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows[0]["serialNo"], first);
    let items: Vec<usize> = rows.iter().map(|row| row["invoiceItems"].as_array().unwrap().len()).collect();
    assert_eq!(items, [2, 1, 1, 1, 1]);
    let cents = |row: &Value, name: &str| row[name].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    assert_eq!(rows.iter().map(|row| cents(row, "orderAmount")).sum::<i64>(), 40_280);
    assert!(rows.iter().all(|row| cents(row, "exTaxAmount") <= 10_000));
    assert!(rows.iter().all(|row| cents(row, "exTaxAmount") + cents(row, "taxAmount") == cents(row, "orderAmount")));

    big["orderNo"] = "S-2".into();
    big["invoiceDetail"] = json!([line("丁", "1000.01", "60.00", "1060.01", "0")]);
    assert_eq!(client.issue(&big)["code"], "E9154");
    assert_eq!(simulator.invoice_count("S-2"), 0);
}

#[test]
fn a_number_ending_in_split3_makes_three_invoices() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    client.issue(&order("T-SPLIT3"));
    assert_eq!(client.issue(&order("T-SPLIT11"))["code"], "E9154");
    simulator.clock().advance(5_000);
    let rows = client.query("T-SPLIT3")["result"].clone();
    let amounts: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["orderAmount"].as_str().unwrap()).collect();
    assert_eq!(amounts, ["35.33", "35.34", "35.33"]);
    assert_eq!(simulator.invoice_count("T-SPLIT3"), 3);
}

#[test]
fn an_issued_invoice_has_a_page_and_files_marked_as_samples() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut nasty = order("F-1");
    nasty["buyerName"] = "<script>alert(1)</script>&\"".into();
    let serial = client.issue(&nasty)["result"]["invoiceSerialNum"].as_str().unwrap().to_owned();
    assert_eq!(get(&simulator, &format!("/document/{serial}.pdf")).status, 404);
    simulator.clock().advance(5_000);

    let page = get(&simulator, &format!("/document/{serial}"));
    assert!(page.text().contains("样张") && page.text().contains("106.00"));
    assert!(page.text().contains("&lt;script&gt;") && !page.text().contains("<script"));
    let pdf = get(&simulator, &format!("/document/{serial}.pdf"));
    assert_eq!(pdf.header("content-type").unwrap(), "application/pdf");
    assert!(pdf.body.starts_with(b"%PDF-1.4") && pdf.body.ends_with(b"%%EOF\n"));
    let text = pdf.text();
    let table: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
    assert!(pdf.body[table..].starts_with(b"xref\n0 8\n"));
    for (number, entry) in pdf.body[table..].split(|b| *b == b'\n').skip(3).take(7).enumerate() {
        let place: usize = std::str::from_utf8(&entry[..10]).unwrap().parse().unwrap();
        assert!(pdf.body[place..].starts_with(format!("{} 0 obj", number + 1).as_bytes()));
    }
    let ofd = get(&simulator, &format!("/document/{serial}.ofd"));
    assert!(ofd.body.starts_with(b"PK\x03\x04"));
    assert_eq!(get(&simulator, "/document/../etc").status, 404);
}

#[test]
fn the_examples_of_the_data_files_are_accepted() {
    let table: Value = serde_json::from_str(include_str!("../src/table.json")).unwrap();
    let simulator = simulator();
    let client = Client::new(&simulator);
    let method = table["methods"].as_array().unwrap().iter().find(|method| method["name"] == ISSUE).unwrap();
    let mut accepted = 0;
    for example in method["examples"].as_array().unwrap() {
        let answer = client.call(ISSUE, &example["params"]);
        println!("{} {answer}", example["title"]["zh"]);
        if example["reply"]["code"] == "E0000" {
            assert_eq!(answer["code"], "E0000", "{}: {answer}", example["title"]["zh"]);
            accepted += 1;
        }
    }
    assert!(accepted > 0);
}
