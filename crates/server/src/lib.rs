pub mod client_address;
pub mod passwords;
pub mod world;
