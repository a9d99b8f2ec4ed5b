// A target of headers needs a source of its own; the library is made by cargo.
