import { createServer } from "node:tls";
import type { Socket } from "node:net";
import { FaultError } from "./fault.ts";
import { TEST_CERTIFICATES } from "./test-certificates.ts";

export type CertificateKind = keyof typeof TEST_CERTIFICATES;

/** A TLS listener with a bad certificate. */
export interface TlsTrap {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** For a client that should trust the signer and object only to the dates or the host name. */
  readonly certificate: string;
  /** `connections`: TCP connections that came; `applicationBytes`: decrypted bytes, 0 for a careful client. */
  readonly observed: () => { url: string; connections: number; applicationBytes: number };
  readonly close: () => Promise<void>;
}

export async function startTlsTrap(kind: CertificateKind): Promise<TlsTrap> {
  const { cert, key } = TEST_CERTIFICATES[kind];
  let connections = 0;
  let applicationBytes = 0;
  const open = new Set<Socket>();
  const server = createServer({ cert, key }, (socket) => {
    socket.on("data", (data) => (applicationBytes += data.byteLength));
    socket.on("error", () => socket.destroy());
  });
  server.on("connection", (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  // A client that refuses the certificate breaks the handshake: expected here.
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `https://127.0.0.1:${port}`;
  return {
    url,
    certificate: cert,
    observed: () => ({ url, connections, applicationBytes }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

export function readCertificateKind(text: string | undefined): CertificateKind {
  if (text === undefined) return "self-signed";
  for (const kind of ["self-signed", "expired", "wrong-host"] as const) if (kind === text) return kind;
  throw new FaultError(`parameter certificate should be self-signed, expired or wrong-host, not "${text}"`);
}
