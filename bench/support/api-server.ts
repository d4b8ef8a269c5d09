import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Pool } from "undici";

import { newApiToken, PERMISSIONS } from "../../src/access/index.ts";
import type { Scope } from "../../src/domain/index.ts";
import { insertApiToken, type Store } from "../../src/store/index.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

export interface ApiServer {
  readonly url: string;
  /** From the start of the process to its first answer of `/readyz`. */
  readonly readyMs: number;
  get(path: string): Promise<{ status: number; bytes: number }>;
  post(path: string, body: unknown): Promise<number>;
  /** MiB that the process holds. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/** Everything but what is the machine's operator's alone. */
export async function benchToken(store: Store, scope: Scope): Promise<string> {
  const { tokenId, text, secretHash } = newApiToken({ bytes: randomBytes, fraction: () => 0.5 });
  const scopes = PERMISSIONS.filter((permission) => permission !== "operate");
  const times = { createdMs: Date.now(), expiresMs: Date.now() + 86_400_000, usedMs: Date.now() };
  await store.write((tx) =>
    insertApiToken(tx, scope, { tokenId, accountId: null, name: "bench", secretHash, scopes, ...times }),
  );
  return text;
}

/** The built program as people run it, without a limit on how often one may ask. */
export async function startServer(data: string, token: string, upstream = "http://127.0.0.1:9"): Promise<ApiServer> {
  const started = performance.now();
  const child = spawn(process.execPath, [PROGRAM, "serve", "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      PATH: process.env["PATH"] ?? "",
      BURSAR_DATA: data,
      BURSAR_LISTEN: "127.0.0.1:0",
      BURSAR_UPSTREAM: upstream,
      BURSAR_RATE_LIMIT: "100000000",
    },
  });
  const line = await firstLine(child);
  const { url } = JSON.parse(line) as { url: string };
  const pool = new Pool(url, { connections: 16 });
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (path: string) => {
    const { statusCode, body } = await pool.request({ path, method: "GET", headers });
    return { status: statusCode, bytes: (await body.arrayBuffer()).byteLength };
  };
  await ask("/readyz");
  const readyMs = performance.now() - started;
  return {
    url,
    readyMs,
    get: ask,
    async post(path, body) {
      const json = { ...headers, "content-type": "application/json" };
      const answer = await pool.request({ path, method: "POST", headers: json, body: JSON.stringify(body) });
      await answer.body.dump();
      return answer.statusCode;
    },
    memory: () => residentMiB(child.pid ?? 0),
    async stop() {
      await pool.destroy();
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

/** Where the system tells it; elsewhere it is unknown. */
async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
