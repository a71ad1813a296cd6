# One static program that serves; the token is asked for, as other machines can reach it.
#
#   docker build -t pagesieve .
#   docker run --rm -p 127.0.0.1:8040:8040 -e PAGESIEVE_TOKEN=some-long-secret pagesieve
#   docker run --rm -v "$PWD:/data" -w /data pagesieve filter crawl.warc.gz -o kept.jsonl.gz
FROM rust:1-alpine AS build
RUN apk add --no-cache gcc musl-dev
WORKDIR /source
COPY . .
RUN cargo build --locked --profile dist --bin pagesieve

FROM scratch
COPY --from=build /source/target/dist/pagesieve /pagesieve
EXPOSE 8040
USER 65534:65534
ENTRYPOINT ["/pagesieve"]
CMD ["serve", "--listen", "0.0.0.0:8040"]
