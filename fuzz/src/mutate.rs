//! Inputs made from others: within JSON, so that they get past the parser; and byte by byte.

use nnopen::Json;

use crate::Target;

/// xorshift64*: the same seed makes the same inputs.
pub struct Random(u64);

impl Random {
    /// A row of numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }
}

/// Values that stand in the seeds of a door: what is put into other inputs.
pub struct Pool(Vec<Json>);

impl Pool {
    /// The values of this door's seeds.
    pub fn of(target: &Target) -> Self {
        let mut values = Vec::new();
        for seed in (target.seeds)() {
            if let Some((_, json)) = parsed(&seed) {
                collect(&json, &mut values);
            }
        }
        Self(values)
    }
}

/// Texts and numbers where things go wrong.
const ODD: [&str; 27] = [
    "null",
    "true",
    "0",
    "-0",
    "1",
    "-1",
    "0.00",
    "0.005",
    "1e9",
    "1E-400",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "170141183460469231731687303715884105727",
    "99999999999999999999999999999999999999.99",
    "\"\"",
    "\"null\"",
    "\" \"",
    "\"-0.00\"",
    "\"100.00\"",
    "\"0.13\"",
    "\"１２\"",
    "\"2026-02-30\"",
    "\"\\u0000\"",
    "\"SD00000000000001\"",
    "[]",
    "{}",
];

/// The input with some of its JSON changed; `None` where there is none, and one time in four.
pub fn json(data: &[u8], longest: usize, seed: u64, pool: &Pool) -> Option<Vec<u8>> {
    let random = &mut Random::new(seed);
    if random.below(4) == 0 {
        return None;
    }
    let (head, mut json) = parsed(data)?;
    for _ in 0..1 + random.below(3) {
        change(&mut json, random, pool);
    }
    let mut made = head.to_vec();
    made.extend(json.to_string().into_bytes());
    (made.len() <= longest).then_some(made)
}

/// The input with some bytes changed.
pub fn bytes(data: &[u8], longest: usize, random: &mut Random) -> Vec<u8> {
    let mut made = data.to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(made.len());
        let until = at + random.below((made.len() - at).min(32));
        match random.below(6) {
            0 if at < made.len() => made[at] ^= 1 << random.below(8),
            1 if at < made.len() => made[at] = b"\"\\{}[]:,%&=+-.0e\n\xff"[random.below(18)],
            2 => drop(made.drain(at..until)),
            3 => {
                let part = made[at..until].to_vec();
                let to = random.below(made.len());
                made.splice(to..to, part);
            }
            4 => {
                let odd = ODD[random.below(ODD.len())].bytes();
                made.splice(at..until, odd);
            }
            _ => made.insert(at, random.below(256) as u8),
        }
    }
    made.truncate(longest);
    made
}

/// The bytes before the JSON of an input, and the JSON.
fn parsed(data: &[u8]) -> Option<(&[u8], Json)> {
    let start = data.iter().position(|byte| matches!(byte, b'{' | b'['))?;
    let (head, text) = data.split_at(start);
    Json::parse(std::str::from_utf8(text).ok()?).ok().map(|json| (head, json))
}

fn collect(json: &Json, values: &mut Vec<Json>) {
    if values.len() < 5_000 && !values.contains(json) {
        values.push(json.clone());
    }
    json.items().iter().chain(json.members().iter().map(|(_, value)| value)).for_each(|json| collect(json, values));
}

fn change(json: &mut Json, random: &mut Random, pool: &Pool) {
    let count = size(json);
    let Some(node) = nth(json, &mut random.below(count)) else { return };
    let value = |random: &mut Random| match random.below(2) {
        0 => pool.0.get(random.below(pool.0.len())).cloned(),
        _ => Json::parse(ODD[random.below(ODD.len())]).ok(),
    };
    match (random.below(8), &mut *node) {
        (0, Json::List(items)) if !items.is_empty() => drop(items.remove(random.below(items.len()))),
        (1, Json::List(items)) if !items.is_empty() => items.push(items[random.below(items.len())].clone()),
        (0 | 1, Json::Object(members)) if !members.is_empty() => drop(members.remove(random.below(members.len()))),
        (2, Json::Object(members)) if !members.is_empty() => {
            let copied = members[random.below(members.len())].clone();
            members.push(copied);
        }
        (3, Json::Object(members)) if members.len() > 1 => {
            let (one, other) = (random.below(members.len()), random.below(members.len()));
            let name = members[one].0.clone();
            members[one].0 = std::mem::replace(&mut members[other].0, name);
        }
        (4, Json::Text(text)) if text.len() < 100 => {
            text.extend(value(random).and_then(|json| json.token().map(str::to_owned)))
        }
        (5, Json::Text(text)) => drop(text.pop()),
        (6, Json::Number(token)) => *node = Json::Text(std::mem::take(token)),
        _ => *node = value(random).unwrap_or_default(),
    }
}

fn size(json: &Json) -> usize {
    1 + json.items().iter().chain(json.members().iter().map(|(_, value)| value)).map(size).sum::<usize>()
}

fn nth<'a>(json: &'a mut Json, left: &mut usize) -> Option<&'a mut Json> {
    if *left == 0 {
        return Some(json);
    }
    *left -= 1;
    match json {
        Json::List(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Json::Object(members) => members.iter_mut().find_map(|(_, value)| nth(value, left)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) => None,
    }
}
