//! The way from the params down to a value; it becomes a path only when there is something to tell.

use std::fmt::Write;

use crate::text::Text;

/// Where a walk is: the steps down to the list or object that is open, and the one from there.
#[derive(Default)]
pub(super) struct Trail {
    steps: Vec<Step>,
    here: Step,
    /// The names of all steps that are no fields, one after the other.
    names: String,
}

#[derive(Clone, Copy, Default)]
enum Step {
    /// None: the whole, or the list or object that is open.
    #[default]
    None,
    Field(Text),
    /// A member that the model does not know: where its name begins and how long it is.
    Name(usize, usize),
    Item(usize),
}

impl Trail {
    /// At a member that the model knows.
    pub(super) fn field(&mut self, name: Text) {
        self.here = Step::Field(name);
    }

    /// At any other member, until [`Trail::leave`].
    pub(super) fn name(&mut self, name: &str) {
        self.here = Step::Name(self.names.len(), name.len());
        self.names.push_str(name);
    }

    /// At an item of a list.
    pub(super) fn item(&mut self, at: usize) {
        self.here = Step::Item(at);
    }

    /// No longer at a member.
    pub(super) fn leave(&mut self) {
        if let Step::Name(start, _) = std::mem::take(&mut self.here) {
            self.names.truncate(start);
        }
    }

    /// Down into the list or object that is here.
    pub(super) fn down(&mut self) {
        self.steps.push(std::mem::take(&mut self.here));
    }

    /// Back up to it.
    pub(super) fn up(&mut self) {
        self.here = self.steps.pop().unwrap_or_default();
    }

    /// The bytes of all names that the model does not know.
    pub(super) fn named(&self) -> usize {
        self.names.len()
    }

    /// `order.invoiceDetail[0].price`
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().chain([&self.here]) {
            let name = match step {
                Step::None => continue,
                Step::Field(name) => name.as_str(),
                Step::Name(start, length) => &self.names[*start..start + length],
                Step::Item(at) => {
                    // Writing to a string does not fail.
                    let _ = write!(path, "[{at}]");
                    continue;
                }
            };
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
        }
        path
    }
}
