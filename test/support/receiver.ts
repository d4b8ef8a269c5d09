import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { TEST_CERTIFICATES } from "../../src/emulator/faults/test-certificates.ts";

export interface Receiver {
  readonly url: string;
  /** Of the alerts that came, in order. */
  readonly keys: string[];
  readonly answering: { isCut: boolean };
}

/** A receiver of alerts on this machine, whose certificate is believed while it is there. */
export async function withReceiver(use: (receiver: Receiver) => Promise<void>): Promise<void> {
  const keys: string[] = [];
  const answering = { isCut: false };
  const server = createServer({ ...TEST_CERTIFICATES["self-signed"] }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => void chunks.push(chunk));
    request.on("end", () => {
      keys.push((JSON.parse(Buffer.concat(chunks).toString()) as { key: string }).key);
      if (answering.isCut) response.destroy();
      else response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const believed = getCACertificates("default");
  setDefaultCACertificates([...believed, TEST_CERTIFICATES["self-signed"].cert]);
  try {
    await use({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, keys, answering });
  } finally {
    setDefaultCACertificates(believed);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
