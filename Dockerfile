# A static binary on a base without a shell. The image holds no PostgreSQL: DATABASE_URL is mandatory.
ARG GO_VERSION=1.26
FROM golang:${GO_VERSION}-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=(devel)
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false \
        -ldflags="-s -w -buildid= -X main.version=${VERSION}" -o /out/secretariat ./cmd/secretariat \
    && mkdir -p /out/state

FROM gcr.io/distroless/static-debian12:nonroot
LABEL org.opencontainers.image.title="secretariat" \
      org.opencontainers.image.description="Reports on a cooperation programme and convenes its council" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /out/secretariat /usr/bin/secretariat
COPY --from=build --chown=65532:65532 /out/state /var/lib/secretariat
USER 65532:65532
ENV SECRETARIAT_DIR=/var/lib/secretariat SECRETARIAT_LISTEN=0.0.0.0:8080 SECRETARIAT_LOG_FORMAT=json
VOLUME /var/lib/secretariat
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/secretariat"]
CMD ["serve"]
