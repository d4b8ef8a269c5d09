import { connect } from "node:net";
import type { Emulator } from "../../src/emulator/server/serve-world.ts";

export interface RawAnswer {
  /** Status line and headers, lower case. */
  readonly head: string;
  readonly body: Buffer;
  /** How the connection stood when it was looked at. */
  readonly ended: "fin" | "reset" | "open";
}

/** Sends one request over a bare socket and gives what came until the peer closed, or until `patienceMs` of silence. */
export function rawRequest(emulator: Emulator, path: string, patienceMs = 150): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(emulator.port, "127.0.0.1");
    const chunks: Buffer[] = [];
    let settled = false;
    const settle = (ended: RawAnswer["ended"]): void => {
      if (settled) return;
      settled = true;
      socket.destroy();
      const bytes = Buffer.concat(chunks);
      const gap = bytes.indexOf("\r\n\r\n");
      resolve({
        head: bytes.subarray(0, Math.max(gap, 0)).toString().toLowerCase(),
        body: gap < 0 ? Buffer.alloc(0) : bytes.subarray(gap + 4),
        ended,
      });
    };
    socket.setTimeout(patienceMs, () => settle("open"));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => settle("fin"));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" ? settle("reset") : reject(error),
    );
    socket.write(
      [
        `GET /v1/organizations${path} HTTP/1.1`,
        "host: emulator",
        `x-api-key: ${emulator.keys.admin}`,
        "anthropic-version: 2026-10-21",
        "",
        "",
      ].join("\r\n"),
    );
  });
}
