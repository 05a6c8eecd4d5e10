mod bench;
fn main() -> anyhow::Result<()> {
    bench::run(std::path::Path::new("."), 5, 64)
}
