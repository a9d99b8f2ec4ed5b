//! Where the values of a JSON text stand. What is wrong with one that is none is the core's to tell.

/// Where a value stands in the text, a string without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The first value that is not within it.
    pub(super) next: u32,
    pub(super) is: Is,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Is {
    Null,
    True,
    False,
    Number,
    Text,
    Escaped,
    List,
    Object,
}

/// Notes where each value stands; nothing, where the text is no JSON by RFC 8259, or nested deeper than the core reads.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    nodes: Vec<Node>,
}

const DEEPEST: usize = 128;

impl<'a> Reader<'a> {
    /// Each value of a JSON text, before those within it; a member's name before its value.
    pub(super) fn nodes(text: &'a str) -> Option<Vec<Node>> {
        // As many values as such a text is likely to have.
        let mut reader = Self { text: text.as_bytes(), at: 0, nodes: Vec::with_capacity(text.len() / 12 + 8) };
        reader.space();
        reader.value(0)?;
        reader.space();
        (reader.at == reader.text.len()).then_some(reader.nodes)
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'"' => self.string(),
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b't' => self.word("true", Is::True),
            b'f' => self.word("false", Is::False),
            b'n' => self.word("null", Is::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        let node = self.open(Is::Object);
        self.space();
        if !self.eat(b'}') {
            loop {
                self.space();
                self.expect(b'"')?;
                self.at -= 1;
                self.string()?;
                self.space();
                self.expect(b':')?;
                self.space();
                self.value(depth + 1)?;
                self.space();
                if !self.eat(b',') {
                    self.expect(b'}')?;
                    break;
                }
            }
        }
        self.close(node)
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        let node = self.open(Is::List);
        self.space();
        if !self.eat(b']') {
            loop {
                self.space();
                self.value(depth + 1)?;
                self.space();
                if !self.eat(b',') {
                    self.expect(b']')?;
                    break;
                }
            }
        }
        self.close(node)
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        let start = self.at;
        let mut is = Is::Text;
        loop {
            self.at += plain(&self.text[self.at..]);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    is = Is::Escaped;
                    self.at += 1;
                    self.escape()?;
                }
                // A control character.
                _ => return None,
            }
        }
        self.note(is, start);
        self.at += 1;
        Some(())
    }

    fn escape(&mut self) -> Option<()> {
        let escaped = self.peek()?;
        self.at += 1;
        match escaped {
            b'"' | b'\\' | b'/' | b'n' | b'r' | b't' | b'b' | b'f' => Some(()),
            b'u' => match self.hex4()? {
                0xd800..0xdc00 => {
                    self.expect(b'\\')?;
                    self.expect(b'u')?;
                    matches!(self.hex4()?, 0xdc00..0xe000).then_some(())
                }
                0xdc00..0xe000 => None,
                _ => Some(()),
            },
            _ => None,
        }
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        self.note(Is::Number, start);
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &str, is: Is) -> Option<()> {
        self.text[self.at..].starts_with(word.as_bytes()).then_some(())?;
        let start = self.at;
        self.at += word.len();
        self.note(is, start);
        Some(())
    }

    /// A value without others in it, which ends here.
    #[inline]
    fn note(&mut self, is: Is, start: usize) {
        // The text's length fits, so all that stands in it does.
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { start: start as u32, end: self.at as u32, next, is });
    }

    fn open(&mut self, is: Is) -> usize {
        let start = self.at;
        self.at += 1;
        self.note(is, start);
        self.nodes.len() - 1
    }

    fn close(&mut self, node: usize) -> Option<()> {
        self.nodes[node].next = self.nodes.len() as u32;
        Some(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let met = self.peek() == Some(byte);
        self.at += usize::from(met);
        met
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }
}

/// How many bytes come before a quote, a backslash or a control character: eight at a time.
#[inline]
pub(crate) fn plain(text: &[u8]) -> usize {
    const LOW: u64 = u64::MAX / 255;
    const HIGH: u64 = LOW << 7;
    let mut at = 0;
    let mut rest = text;
    while let Some((eight, more)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*eight);
        // The high bit of each byte that is less than another one; right as far as the first such byte.
        let below = |word: u64, least: u8| word.wrapping_sub(LOW * u64::from(least)) & !word & HIGH;
        let is = |byte: u8| below(word ^ (LOW * u64::from(byte)), 1);
        let ends = is(b'"') | is(b'\\') | below(word, 0x20);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize / 8;
        }
        at += 8;
        rest = more;
    }
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len())
}
