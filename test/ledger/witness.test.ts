import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { witness } from "../../src/anchors/index.ts";
import { WitnessFolder } from "../../src/app/witness-folder.ts";
import { systemClock } from "../../src/domain/index.ts";
import {
  consistencyProof,
  formatContinuation,
  parseCheckpoint,
  parseVkey,
  signCheckpoint,
  verifyCheckpoint,
  type HashAt,
} from "../../src/ledger/index.ts";
import { leafHash, nodeHash } from "../../src/ledger/hash.ts";
import { startWitness } from "../support/anchoring.ts";
import { testRandom } from "../support/bursar.ts";
import { outboundHere } from "../support/outside.ts";
import { stepsToKill } from "../support/processes.ts";
import { logKey, newerLogKey, ORIGIN, SampleLedger, witnessKey } from "../support/sample-ledger.ts";

const MAIN = fileURLToPath(new URL("../support/run-main.ts", import.meta.url));
const KILLING = new URL("../support/kill-preload.ts", import.meta.url).href;

let folder = "";
const running: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bursar-witness-"));
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly url: string;
  readonly name: string;
  readonly vkey: string;
  readonly watched: readonly { readonly origin: string; readonly size: number }[];
  readonly child: ChildProcess;
}

/** The witness as a process, listening. With `killAt` it is killed at its n-th durable step. */
async function start(more: readonly string[] = [], killAt?: number): Promise<Started> {
  const preload = killAt === undefined ? [] : ["--import", KILLING];
  const args = [
    "--disable-warning=ExperimentalWarning",
    ...preload,
    MAIN,
    "witness",
    join(folder, "w"),
    "--listen",
    "127.0.0.1:0",
  ];
  const env = { PATH: process.env["PATH"] ?? "", ...(killAt === undefined ? {} : { KILL_AT: String(killAt) }) };
  const child = spawn(process.execPath, [...args, "--json", ...more], {
    env,
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { ...(JSON.parse(line) as Omit<Started, "child">), child };
}
const made = ["--name", "witness.example/audit", "--log", logKey.vkey];

/** A log that two histories grow from. */
function history(change = ""): { note: (size: number) => string; hashAt: HashAt } {
  const ledger = new SampleLedger();
  const notes = new Map<number, string>();
  ledger.genesis();
  for (let n = 1; n <= 12; n += 1) {
    notes.set(ledger.size, ledger.checkpoint());
    ledger.append("run", "app", { n, ...(n >= 6 && change !== "" ? { change } : {}) });
  }
  const hashAt: HashAt = async (level, index) =>
    level === 0
      ? leafHash(ledger.leaves[index]!.leaf)
      : nodeHash(await hashAt(level - 1, 2 * index), await hashAt(level - 1, 2 * index + 1));
  return { note: (size) => notes.get(size)!, hashAt };
}
const [honest, forked] = [history(), history("another")];

const send = async (url: string, of: typeof honest, old: number, size: number) => {
  const hashes = await consistencyProof(old, size, of.hashAt);
  const body = formatContinuation({ old, hashes, checkpoint: of.note(size) });
  const answer = await fetch(`${url}/add-checkpoint`, { method: "POST", body });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
};

describe("bursar witness", () => {
  it("cosigns a log as it grows, tells its key, and remembers over a restart", async () => {
    const first = await start(made);
    expect(first).toMatchObject({ name: "witness.example/audit", watched: [{ origin: ORIGIN, size: 0 }] });
    const page = await (await fetch(first.url)).text();
    expect(page).toContain(first.vkey);
    const outbound = outboundHere();
    const post = witness(outbound, { url: new URL(first.url), key: parseVkey(first.vkey) });
    const hand = (size: number, seen: number) => {
      const note = honest.note(size);
      const frozen = { origin: ORIGIN, size, note, digest: Buffer.alloc(32) };
      const consistency = (from: number) => consistencyProof(from, size, honest.hashAt);
      return post.hand(frozen, { seen, signedSize: async () => 12, consistency });
    };
    const { proof } = await hand(4, 0);
    const cosigned = verifyCheckpoint(honest.note(4) + proof!.toString(), [logKey, parseVkey(first.vkey)]);
    expect(cosigned.cosignedBy.map(({ name }) => name)).toEqual(["witness.example/audit"]);
    // The client has forgotten how far the witness is; the witness tells it.
    expect((await hand(9, 0)).state).toBe("cosigned");
    first.child.kill("SIGTERM");
    await once(first.child, "close");
    const second = await start();
    expect(second).toMatchObject({ vkey: first.vkey, watched: [{ origin: ORIGIN, size: 9 }] });
    expect(await send(second.url, honest, 4, 10)).toEqual({ status: 409, type: "text/x.tlog.size", text: "9\n" });
    expect((await send(second.url, honest, 9, 10)).status).toBe(200);
    await outbound.close();
  });

  // Keeping what it has seen takes six durable steps: a file, its name and its folder, before and after each.
  it("killed between keeping and signing never signs a second history", async () => {
    const { child } = await start(made);
    child.kill("SIGTERM");
    await once(child, "close");
    for (const killAt of stepsToKill(6, 2)) {
      const { url, child: killed } = await start([], killAt);
      const closed = once(killed, "close");
      expect(await send(url, honest, 0, 9).catch(() => null)).toBeNull();
      await closed;
      const again = await start();
      const now = again.watched[0]!.size;
      expect([0, 9]).toContain(now);
      // Whether it got as far as keeping or not: nothing is cosigned that contradicts what it has kept.
      if (now === 9) expect((await send(again.url, forked, 9, 9)).status).toBe(409);
      expect((await send(again.url, honest, now, 9)).status).toBe(200);
      again.child.kill("SIGTERM");
      await once(again.child, "close");
      await rm(join(folder, "w", "cosigned"), { recursive: true });
    }
  });
});

describe("a witness", () => {
  const watch = () => startWitness(join(folder, "w"), [logKey.vkey], systemClock);

  it("refuses a fork, whichever way it is shown", async () => {
    const { url, close } = await watch();
    expect((await send(url, honest, 0, 9)).status).toBe(200);
    expect((await send(url, forked, 9, 10)).status).toBe(422);
    expect(await send(url, forked, 9, 9)).toMatchObject({ status: 409, text: "9\n" });
    expect(await send(url, forked, 0, 12)).toMatchObject({ status: 409, text: "9\n" });
    expect((await send(url, honest, 9, 12)).status).toBe(200);
    await close();
  });

  it("never signs two histories however many ask at once", async () => {
    const { url, close } = await watch();
    const sizes = [3, 5, 7, 9, 10, 11, 12];
    const asked = [honest, forked].flatMap((of) => sizes.map((size) => send(url, of, 0, size)));
    const granted = (await Promise.all(asked)).filter(({ status }) => status === 200);
    expect(granted).toHaveLength(1);
    await close();
  });

  it("answers what it cannot sign as the protocol has it", async () => {
    const { url, close } = await watch();
    const other = signCheckpoint({ origin: "other.example", size: 1, root: Buffer.alloc(32) }, [
      { ...logKey, name: "other.example" },
    ]);
    const newer = signCheckpoint({ origin: ORIGIN, size: 1, root: Buffer.alloc(32) }, [newerLogKey]);
    const post = async (note: string) =>
      (await fetch(`${url}/add-checkpoint`, { method: "POST", body: `old 0\n\n${note}` })).status;
    expect(await post(other)).toBe(404);
    expect(await post(newer)).toBe(403);
    expect(await post("x")).toBe(400);
    expect(await post("x".repeat(100_000))).toBe(413);
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(404);
    await close();
  });

  it("signs nothing when what it has seen cannot be read", async () => {
    const { url, dir, close } = await watch();
    await send(url, honest, 0, 9);
    const place = join(dir, "cosigned", (await readdir(join(dir, "cosigned")))[0]!);
    const kept = await readFile(place, "utf8");
    expect(parseCheckpoint(kept).size).toBe(9);
    await writeFile(place, kept.slice(0, 40));
    expect(await send(url, honest, 0, 10)).toMatchObject({ status: 500 });
    await writeFile(place, kept);
    expect((await send(url, honest, 9, 10)).status).toBe(200);
    await close();
  });

  it("keeps its key to itself, and opens nothing that is not in order", async () => {
    const { dir, close } = await watch();
    expect((await stat(join(dir, "witness-key"))).mode & 0o777).toBe(0o600);
    const open = (name?: string, logs: string[] = []) =>
      WitnessFolder.open({ dir, name, logs, clock: systemClock, random: testRandom });
    await expect(open()).rejects.toThrow("another program watches with this folder");
    await close();
    await chmod(join(dir, "witness-key"), 0o640);
    await expect(open()).rejects.toThrow("others may read this key");
    await chmod(join(dir, "witness-key"), 0o600);
    await expect(open("other.example")).rejects.toThrow("is called witness.example/w");
    await expect(open(undefined, [witnessKey.vkey])).rejects.toThrow("vkey of a witness");
    await expect(open(undefined, ["x"])).rejects.toMatchObject({ code: "input.invalid" });
    await rm(dir, { recursive: true });
    await expect(open()).rejects.toThrow("needs a name");
    await expect(open("has a space")).rejects.toThrow("needs a name");
  });
});
