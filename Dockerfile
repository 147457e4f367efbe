# A static program and nothing else: no shell, no library, no root.
#
#   docker build -t fieldstrip .
#   docker run --rm --read-only --network none --cap-drop ALL --user "$(id -u):$(id -g)" \
#     -v "$PWD/report:/in:ro" -v "$PWD/release:/out" fieldstrip clean /in --output /out/public --key /out/fingerprint.key

FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY policies policies
COPY benches benches
RUN cargo build --release --locked --bin fieldstrip && cp target/release/fieldstrip /fieldstrip

FROM scratch
COPY --from=build /fieldstrip /fieldstrip
USER 65534:65534
ENTRYPOINT ["/fieldstrip"]
CMD ["--help"]
