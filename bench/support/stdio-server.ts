import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

/** An MCP server that was spawned, asked with as little of a client as will do. */
export interface StdioServer {
  ask(method: string, params: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Of the process so far, milliseconds of user and system time. */
  cpuMs(): Promise<number>;
  /** The most that the process held so far, MiB. */
  peakMiB(): Promise<number>;
  stop(): Promise<void>;
}

/** Spawns a server and greets it. What it costs is read from `/proc`, so on Linux alone. */
export async function spawnServer(args: readonly string[]): Promise<StdioServer> {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map<number, (message: Readonly<Record<string, unknown>>) => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line) as { id?: number };
    waiting.get(message.id ?? -1)?.(message);
  });
  const write = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  let last = 0;
  const of = (name: string) => readFile(`/proc/${child.pid}/${name}`, "utf8");
  const server: StdioServer = {
    ask: (method, params) =>
      new Promise((resolve) => {
        const id = (last += 1);
        waiting.set(id, resolve);
        write({ id, method, params });
      }),
    async cpuMs() {
      // After the name, which may hold anything: state is the first, utime and stime the 12th and 13th, in 1/100 s.
      const fields = (await of("stat")).split(") ").at(-1)?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    peakMiB: async () => Number(/VmHWM:\s+(\d+)/.exec(await of("status"))?.[1]) / 1024,
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end();
      child.kill();
      await ended;
    },
  };
  const clientInfo = { name: "bench", version: "0" };
  await server.ask("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  write({ method: "notifications/initialized" });
  return server;
}
