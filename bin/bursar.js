#!/usr/bin/env node
// Plain JavaScript that any Node since 16 can read: it finds a Node that can run the rest before importing any of it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";

const NODE_MAJOR = 24;
// A sync makes garbage faster than it keeps anything. With the heap that Node would grow for it, a process holds 100 MB
// more than with this, and is no quicker.
const LEAN = "--heap-growing-percent=40";
// What is young takes the rest: twice the room makes a back-fill a tenth quicker. A server, and the syncs that it starts,
// do with the half.
const SERVERS = new Set(["demo", "serve"]);
const SYNCS = new Set(["backfill", "sync"]);
// The allocator of Linux keeps a heap for each thread, and gives little of them back: up to 20 MB. A server's threads do
// not wait for each other there.
const FEW_HEAPS = { MALLOC_ARENA_MAX: "2" };
// A client starts its MCP servers all at once and keeps them all day, mostly idle: what one holds matters most. These can
// be set without becoming another process, which would cost a fourth of the start. Short questions are over before
// optimized code of them would pay; a check of the whole ledger takes half as long again.
// Rows come faster than they are marked in the background, and until that ends nothing is given back: the heap grew by up
// to 30 MB. Marked at once, that takes some 20 ms and no more processor. What only grows slowly is collected later: the
// same question a thousand times ends where the first questions once did, at some 125 MB.
const SMALL = [
  "--no-incremental-marking",
  "--heap-growing-percent=10",
  "--semi-space-growth-factor=1",
  "--optimize-for-size",
  "--no-opt",
  "--no-maglev",
];
const LOCAL_FAULT = 5;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, "dist", "bundle", "main.js");
const isServer = SERVERS.has(process.argv[2]);
const isSync = SYNCS.has(process.argv[2]);

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
  runUnderNewerNode();
} else if ((isServer || isSync) && process.execve && !process.execArgv.includes(LEAN)) {
  // The process becomes the lean one; nobody sees a second. Where that cannot be done (Windows) it runs as it is.
  process.execve(
    process.execPath,
    [process.execPath, LEAN, `--max-semi-space-size=${isSync ? 16 : 8}`, ...process.execArgv, ...process.argv.slice(1)],
    isSync ? { ...FEW_HEAPS, ...process.env } : process.env,
  );
} else if (!existsSync(main)) {
  fail("Bursar is not built yet. Run: npm run build");
} else {
  if (process.argv[2] === "mcp") for (const flag of SMALL) setFlagsFromString(flag);
  // Compiled code is kept between starts: a short command spends most of its time on imports.
  module.enableCompileCache?.();
  const { main: run } = await import(pathToFileURL(main).href);
  await run();
}

function runUnderNewerNode() {
  const node = join(root, ".node", "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
  if (!existsSync(node)) {
    fail(
      `Bursar needs Node ${NODE_MAJOR} or later; this is ${process.version}. To get one beside it, run: npm run build`,
    );
    return;
  }
  const child = spawn(
    node,
    ["--disable-warning=ExperimentalWarning", fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    { stdio: "inherit" },
  );
  for (const signal of SIGNALS) {
    // A terminal has told the whole group already; a second signal would ask the child to give up its tidy end.
    process.on(signal, () => void ((signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal)));
  }
  child.on("error", (error) => fail(`${node} does not start (${error.message}). Run: npm run build`));
  child.on("exit", (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    process.exitCode = code ?? LOCAL_FAULT;
  });
}

function fail(why) {
  process.stderr.write(`bursar: ${why}\n`);
  process.exitCode = LOCAL_FAULT;
}
