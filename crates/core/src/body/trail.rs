//! The way from the params down to a value; it becomes a path only when there is something to tell.

use std::fmt::Write;

use crate::text::Text;

/// Where a walk is.
#[derive(Default)]
pub(super) struct Trail {
    steps: Vec<Step>,
    /// The names of all steps that are no fields, one after the other.
    names: String,
}

#[derive(Clone, Copy)]
enum Step {
    Field(Text),
    /// A member that the model does not know: where its name begins and how long it is.
    Name(usize, usize),
    Item(usize),
}

impl Trail {
    /// Down to a member that the model knows.
    pub(super) fn field(&mut self, name: Text) {
        self.steps.push(Step::Field(name));
    }

    /// Down to any other member.
    pub(super) fn name(&mut self, name: &str) {
        self.steps.push(Step::Name(self.names.len(), name.len()));
        self.names.push_str(name);
    }

    /// Down to an item of a list.
    pub(super) fn item(&mut self, at: usize) {
        self.steps.push(Step::Item(at));
    }

    /// One step back up.
    pub(super) fn back(&mut self) {
        if let Some(Step::Name(start, _)) = self.steps.pop() {
            self.names.truncate(start);
        }
    }

    /// The bytes of all names that the model does not know.
    pub(super) fn named(&self) -> usize {
        self.names.len()
    }

    /// `order.invoiceDetail[0].price`
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.steps {
            let name = match step {
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
