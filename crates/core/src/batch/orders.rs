//! The orders that are followed: found by key, taken out as they fall due. Everything costs O(log n).

use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};

use super::key::{Key, sum};
use crate::wire::Millis;

/// One order (or serial) that is followed.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) key: Key,
    /// When it was submitted.
    pub(super) since: Millis,
    /// Since when it has its status.
    pub(super) moved: Millis,
    /// When it was asked about last.
    pub(super) asked: Millis,
    due: Millis,
    /// Where it stands in the heap.
    place: u32,
    /// How often it has been waited for, in this status.
    pub(super) waits: u8,
    /// What its status was last, as one byte; 0 while it has never been seen.
    pub(super) status: u8,
    /// Whether a push came since it was asked about.
    pub(super) hinted: bool,
}

/// Of an order that is not in the heap: it is being asked about, its event is waiting, or there is none.
const OUT: u32 = u32::MAX;

/// All that are followed.
#[derive(Debug, Default)]
pub(super) struct Orders {
    slots: Vec<Order>,
    free: Vec<u32>,
    /// A binary heap of slots: the earliest due is the first.
    heap: Vec<u32>,
    /// The slots in the heap that a push came for, by due time.
    hints: BTreeSet<(Millis, u32)>,
    /// Each slot by the sum of its key.
    index: BTreeSet<(u64, u32)>,
}

impl Order {
    pub(super) fn new(key: &str, since: Millis, due: Millis) -> Self {
        let (key, asked) = (Key::new(key), Millis(i64::MIN));
        Self { key, since, moved: since, asked, due, place: OUT, waits: 1, status: 0, hinted: false }
    }

    pub(super) fn due(&self) -> Millis {
        self.due
    }

    pub(super) fn was_seen(&self) -> bool {
        self.status != 0
    }
}

impl Orders {
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Order> {
        self.slots.iter().filter(|order| !order.key.as_str().is_empty())
    }

    pub(super) fn find(&self, key: &str) -> Option<u32> {
        let sum = sum(key);
        let mut alike = self.index.range((sum, 0)..=(sum, u32::MAX)).map(|(_, slot)| *slot);
        alike.find(|slot| self[*slot].key.as_str() == key)
    }

    /// Takes in an order, unless its key is there.
    pub(super) fn add(&mut self, order: Order) -> bool {
        if self.find(order.key.as_str()).is_some() {
            return false;
        }
        let (sum, due) = (sum(order.key.as_str()), order.due);
        let slot = match self.free.pop() {
            Some(slot) => {
                self[slot] = order;
                slot
            }
            None => {
                self.slots.push(order);
                (self.slots.len() - 1) as u32
            }
        };
        self.index.insert((sum, slot));
        self.put(slot, due);
        true
    }

    /// Forgets an order that has been taken out.
    pub(super) fn remove(&mut self, slot: u32) -> Key {
        let key = std::mem::replace(&mut self[slot].key, Key::new(""));
        self.index.remove(&(sum(key.as_str()), slot));
        self.free.push(slot);
        key
    }

    /// When the first order falls due.
    pub(super) fn due(&self) -> Option<Millis> {
        self.heap.first().map(|slot| self[*slot].due)
    }

    /// Takes out up to `most` orders that are due before `until`: those with a push first, up to a half, so that no flood
    /// of pushes holds up the others.
    pub(super) fn take(&mut self, most: usize, until: Millis) -> Vec<u32> {
        let mut taken = Vec::with_capacity(most);
        while taken.len() < most / 2
            && let Some((due, slot)) = self.hints.first().copied()
            && due <= until
        {
            self.pull(slot);
            taken.push(slot);
        }
        while taken.len() < most
            && let Some(slot) = self.heap.first().copied()
            && self[slot].due <= until
        {
            self.pull(slot);
            taken.push(slot);
        }
        taken
    }

    /// Puts an order (back) in.
    pub(super) fn put(&mut self, slot: u32, due: Millis) {
        self[slot].due = due;
        if self[slot].hinted {
            self.hints.insert((due, slot));
        }
        self.heap.push(slot);
        self.rise(self.heap.len() - 1);
    }

    /// Brings an order forward.
    pub(super) fn hint(&mut self, slot: u32, due: Millis) {
        let inside = self[slot].place != OUT;
        if inside {
            self.pull(slot);
        }
        self[slot].hinted = true;
        if inside {
            self.put(slot, due.min(self[slot].due));
        }
    }

    /// Takes an order out of the heap.
    fn pull(&mut self, slot: u32) {
        let Order { place, due, hinted, .. } = self[slot];
        if hinted {
            self.hints.remove(&(due, slot));
        }
        let place = place as usize;
        self.heap.swap_remove(place);
        if place < self.heap.len() {
            let place = self.rise(place);
            self.sink(place);
        }
        self[slot].place = OUT;
        self[slot].hinted = false;
    }

    fn rise(&mut self, mut place: usize) -> usize {
        let slot = self.heap[place];
        while place > 0 {
            let above = (place - 1) / 2;
            if self[self.heap[above]].due <= self[slot].due {
                break;
            }
            self.set(place, self.heap[above]);
            place = above;
        }
        self.set(place, slot);
        place
    }

    fn sink(&mut self, mut place: usize) {
        let slot = self.heap[place];
        loop {
            let left = 2 * place + 1;
            let due = |place: &usize| self[self.heap[*place]].due;
            let below = (left..self.heap.len().min(left + 2)).min_by_key(due);
            let Some(below) = below.filter(|below| due(below) < self[slot].due) else { break };
            self.set(place, self.heap[below]);
            place = below;
        }
        self.set(place, slot);
    }

    fn set(&mut self, place: usize, slot: u32) {
        self.heap[place] = slot;
        self[slot].place = place as u32;
    }
}

impl Index<u32> for Orders {
    type Output = Order;

    fn index(&self, slot: u32) -> &Order {
        &self.slots[slot as usize]
    }
}

impl IndexMut<u32> for Orders {
    fn index_mut(&mut self, slot: u32) -> &mut Order {
        &mut self.slots[slot as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_order_takes_64_bytes() {
        assert_eq!(size_of::<Order>(), 64);
    }

    proptest! {
        #[test]
        fn orders_come_out_as_they_fall_due(steps in prop::collection::vec((0u8..4, 0u8..30, 0i64..100), 1..200)) {
            let mut orders = Orders::default();
            let mut model: Vec<(String, i64)> = Vec::new();
            for (verb, n, due) in steps {
                let key = format!("A-{n}");
                let at = model.iter().position(|(known, _)| *known == key);
                prop_assert_eq!(orders.find(&key).is_some(), at.is_some());
                match (verb, at) {
                    (0, _) => {
                        prop_assert_eq!(orders.add(Order::new(&key, Millis(0), Millis(due))), at.is_none());
                        if at.is_none() {
                            model.push((key, due));
                        }
                    }
                    (1, Some(at)) => {
                        orders.hint(orders.find(&key).unwrap(), Millis(due));
                        model[at].1 = model[at].1.min(due);
                    }
                    _ => {
                        prop_assert_eq!(orders.due().map(|due| due.0), model.iter().map(|(_, due)| *due).min());
                        for slot in orders.take(usize::from(n), Millis(due)) {
                            let (key, at) = (orders[slot].key.as_str().to_owned(), orders[slot].due());
                            let place = model.iter().position(|entry| *entry == (key.clone(), at.0));
                            prop_assert!(place.is_some() && at <= Millis(due), "{key} {at:?}");
                            model.remove(place.unwrap());
                            if verb == 3 {
                                orders.put(slot, Millis(due + 1));
                                model.push((key, due + 1));
                            } else {
                                orders.remove(slot);
                            }
                        }
                    }
                }
                prop_assert_eq!(orders.len(), model.len());
                prop_assert_eq!(orders.iter().count(), model.len());
            }
        }
    }
}
