import type { Socket } from "node:net";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";

/** A port where a connection attempt hangs. */
export interface ConnectTrap {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Listens with the shortest backlog in a thread that then sleeps for ever, and fills the backlog: from then on the
 * kernel leaves further attempts unanswered (Linux does; elsewhere attempts may be refused instead).
 */
export async function startConnectTrap(): Promise<ConnectTrap> {
  const worker = new Worker(SLEEPING_LISTENER, { eval: true });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", (message: unknown) => resolve(Number(message)));
    worker.once("error", reject);
  });
  const fillers: Socket[] = [];
  for (let full = false; !full && fillers.length < 64;) {
    const filler = connect(port, "127.0.0.1");
    // A filler may be dropped at any time; it has no other use than being there.
    filler.on("error", () => {});
    fillers.push(filler);
    full = !(await connectsWithin(filler, 200));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}

const SLEEPING_LISTENER = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const server = createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
`;

function connectsWithin(socket: Socket, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
