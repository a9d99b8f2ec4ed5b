//! A batch as a text that the host keeps: keys and times, neither secret nor token.

use std::fmt::Write;

use super::Batch;
use super::orders::Order;
use crate::call::in_millis;
use crate::error::Error;
use crate::json::{Json, write_text};
use crate::snapshot::{header, read, refused};
use crate::wire::{Millis, credential};

const KIND: &str = "batch";

impl Batch {
    /// All orders that have no event yet as JSON, for [`Batch::resume`] in this or in another process.
    ///
    /// An order is in it until its event has been handed out by [`Batch::step`]: act on the event first, then keep the
    /// snapshot. After a crash, events since the last snapshot come once more. It holds no secret and no token.
    pub fn snapshot(&self) -> String {
        let mut members = header(KIND, self.session.config());
        members.push(("method".to_owned(), self.method.name.as_str().into()));
        members.push(("by".to_owned(), self.by.0.into()));
        let mut out = Json::Object(members).to_string();
        out.pop();
        out.push_str(r#","orders":["#);
        for (index, order) in self.orders.iter().enumerate() {
            let [since, due, moved] = [order.since, order.due(), order.moved].map(|time| self.clock.host(time).0);
            let text = format!("{since} {due} {moved} {} {} {}", order.status, order.waits, order.key.as_str());
            let _ = out.write_str(if index == 0 { "" } else { "," });
            write_text(&text, &mut out);
        }
        out.push_str("]}");
        out
    }

    /// Follows all orders of a snapshot too; those that are followed already stay as they are. The answer is how many came
    /// in.
    ///
    /// # Errors
    /// `input`, if it is of another session, method or kind of key, or can't be read (nothing is changed then); `usage` if
    /// the time is not in milliseconds.
    pub fn resume(&mut self, snapshot: &str, now: Millis) -> Result<usize, Error> {
        in_millis(now)?;
        let json = read(snapshot, KIND, self.session.config())?;
        for (member, ours) in [("method", self.method.name.as_str()), ("by", self.by.0)] {
            if json.get(member).and_then(Json::token) != Some(ours) {
                return Err(refused(member));
            }
        }
        let Some(Json::List(orders)) = json.get("orders") else { return Err(refused("orders")) };
        let (host, now) = (now, self.clock.told(now));
        let read = |order: &Json| order.token().and_then(|text| self.read(text, host, now));
        let read = |order: &Json| read(order).ok_or_else(|| refused("orders"));
        let orders = orders.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(orders.into_iter().map(|order| usize::from(self.orders.add(order))).sum())
    }

    /// No time of a snapshot lies later than a clock that was right could have put it.
    fn read(&self, text: &str, host: Millis, now: Millis) -> Option<Order> {
        let mut parts = text.splitn(6, ' ');
        let mut time = || Some(now.after(Millis(parts.next()?.parse().ok()?).since(host)));
        let (since, due, moved) = (time()?, time()?, time()?);
        let (status, waits) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let key = parts.next().filter(|key| credential("key", key).is_ok())?;
        let latest = now.after(i64::from(self.rules.slowest) * 1000);
        let mut order = Order::new(key, since.min(now), due.clamp(now, latest));
        (order.moved, order.status, order.waits) = (moved.min(now), status, waits);
        Some(order)
    }
}
