# doc: docs/operations.md
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package grantor \
    && install -D target/release/grantor /root-of-image/usr/bin/grantor \
    && install -d -m 0700 /root-of-image/var/lib/grantor

# glibc, its certificates and a user of its own (65532); no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /root-of-image/usr /usr
# The folder above it, so that its mode comes along.
COPY --from=build --chown=65532:65532 /root-of-image/var/lib /var/lib
ENV GRANTOR_DATA=/var/lib/grantor \
    GRANTOR_LISTEN=0.0.0.0:8080 \
    GRANTOR_METRICS_LISTEN=0.0.0.0:9464
# The database and the master key, without PostgreSQL; everything else may be read-only.
VOLUME /var/lib/grantor
WORKDIR /var/lib/grantor
EXPOSE 8080 9464
# By the settings of the environment and of grantor.toml, not by flags of `serve`.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/usr/bin/grantor", "ready"]
ENTRYPOINT ["/usr/bin/grantor"]
CMD ["serve"]
