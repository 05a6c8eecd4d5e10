//! What each route does, by the tree of its URLs.

mod access;
