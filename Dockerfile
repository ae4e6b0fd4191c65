# The sandbox in a container, from a static binary beside this file: see "make image".
FROM scratch
COPY plaidlink /plaidlink
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=2s CMD ["/plaidlink", "sandbox", "--health", "--listen", "127.0.0.1:8080"]
ENTRYPOINT ["/plaidlink"]
CMD ["sandbox", "--listen", "0.0.0.0:8080"]
