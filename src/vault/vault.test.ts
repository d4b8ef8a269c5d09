import { createHmac, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { isFailure, type Random } from "../domain/index.ts";
import { createKekFile, installKekFile, readKekFile, type KeyProvider } from "./kek.ts";
import { Secret } from "./secret.ts";
import type { SealedDek, SealedSecret, VaultStorage } from "./storage.ts";
import { rewrapDeks, Vault } from "./vault.ts";

const random: Random = { bytes: (count) => randomBytes(count), fraction: () => 0.5 };
const KEY = "sk-ant-admin01-TEST-0123";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bursar-vault-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Storage in memory, with its rows in the open. */
class Shelf implements VaultStorage {
  readonly deks: SealedDek[] = [];
  readonly secrets = new Map<string, SealedSecret>();
  readonly tenant: string;

  constructor(tenant = "1") {
    this.tenant = tenant;
  }

  listDeks = async () => [...this.deks];
  insertDek = async (dek: SealedDek) => void this.deks.push(dek);
  replaceWrapped = async (dek: SealedDek) => {
    this.deks[this.deks.findIndex(({ version }) => version === dek.version)] = dek;
  };
  deleteDek = async (version: number) => {
    this.deks.splice(
      this.deks.findIndex((dek) => dek.version === version),
      1,
    );
  };
  getSecret = async (purpose: string, id: string) => this.secrets.get(`${purpose} ${id}`) ?? null;
  putSecret = async (secret: SealedSecret) => void this.secrets.set(`${secret.purpose} ${secret.id}`, secret);
  deleteSecret = async (purpose: string, id: string) => void this.secrets.delete(`${purpose} ${id}`);
  listSecrets = async () => [...this.secrets.values()];
}

function newKek(name: string) {
  const path = join(folder, name);
  createKekFile(path, random);
  return readKekFile(path, random);
}

function failureWith(code: "vault.locked" | "vault.altered" | "vault.kek_file") {
  return (thrown: unknown) => isFailure(thrown, code);
}

describe("the vault", () => {
  let vault: Vault;
  let shelf: Shelf;
  let n = 0;
  beforeEach(() => {
    vault = new Vault(newKek(`kek-${++n}`), random);
    shelf = new Shelf();
  });
  const opened = async (from = shelf, with_ = vault) =>
    (await with_.openSecret(from, "admin_key", "7"))?.use(String) ?? null;

  it("gives back what was put, and null for what was not", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    expect(await opened()).toBe(KEY);
    expect(await vault.openSecret(shelf, "admin_key", "8")).toBeNull();
  });

  it("stores nothing in which the value or a key stands", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const stored = Buffer.concat([
      ...shelf.deks.map((d) => d.wrapped),
      ...[...shelf.secrets.values()].map((s) => s.blob),
    ]);
    expect(stored.includes("TEST")).toBe(false);
    expect(stored.includes(Buffer.from(KEY).toString("base64"))).toBe(false);
  });

  it("uses one data key for all values of a tenant", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    await vault.putSecret(shelf, "signing_key", "log", Secret.ofText("x"));
    expect(shelf.deks.map((dek) => dek.version)).toEqual([1]);
  });

  it("writes once: a second put under the name is refused, a rotation makes the next version", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    await expect(vault.putSecret(shelf, "admin_key", "7", Secret.ofText("other"))).rejects.toThrow("already");
    await vault.rotateSecret(shelf, "admin_key", "7", Secret.ofText("sk-ant-admin01-TEST-next"));
    expect(await opened()).toBe("sk-ant-admin01-TEST-next");
    expect([...shelf.secrets.values()].map((s) => s.version)).toEqual([2]);
  });

  it("refuses to rotate what is not there", async () => {
    await expect(vault.rotateSecret(shelf, "admin_key", "7", Secret.ofText(KEY))).rejects.toThrow("not sealed");
  });

  it("opens nothing after destroying it", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    await vault.destroySecret(shelf, "admin_key", "7");
    expect(await opened()).toBeNull();
  });

  it("refuses a value that was moved to another tenant, name or version", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const [sealed] = shelf.secrets.values();
    const other = new Shelf("2");
    other.deks.push(...shelf.deks);
    await other.putSecret(sealed!);
    await expect(opened(other)).rejects.toSatisfy(failureWith("vault.altered"));
    await shelf.putSecret({ ...sealed!, version: 2 });
    await expect(opened()).rejects.toSatisfy(failureWith("vault.altered"));
    await shelf.putSecret({ ...sealed!, id: "8" });
    await expect(vault.openSecret(shelf, "admin_key", "8")).rejects.toSatisfy(failureWith("vault.altered"));
  });

  it("refuses an altered data key", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    shelf.deks[0]!.wrapped[40]! ^= 1;
    await expect(opened()).rejects.toSatisfy(failureWith("vault.altered"));
  });

  it("is locked with another key-encryption key, and writes nothing", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const before = structuredClone({ deks: shelf.deks, secrets: shelf.secrets });
    const stranger = new Vault(newKek(`stranger-${n}`), random);
    await expect(opened(shelf, stranger)).rejects.toSatisfy(failureWith("vault.locked"));
    await expect(stranger.putSecret(shelf, "admin_key", "8", Secret.ofText(KEY))).rejects.toSatisfy(
      failureWith("vault.locked"),
    );
    await expect(stranger.rotateSecret(shelf, "admin_key", "7", Secret.ofText(KEY))).rejects.toSatisfy(
      failureWith("vault.locked"),
    );
    expect(structuredClone({ deks: shelf.deks, secrets: shelf.secrets })).toEqual(before);
  });

  it("names a value whose data key is missing among others, and data keys that are altered", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const [dek] = shelf.deks;
    shelf.deks[0] = { ...dek!, version: 5 };
    await expect(opened()).rejects.toThrow("admin_key 7: its data key is missing");
    await expect(vault.problemWith(shelf)).resolves.toContain("altered or moved");
    shelf.deks[0] = { ...dek!, wrapped: dek!.wrapped.subarray(0, 20) };
    await expect(opened()).rejects.toSatisfy(failureWith("vault.altered"));
    await expect(rewrapDeks(shelf, { problem: "gone" }, newKek(`short-${n}`))).rejects.toSatisfy(
      failureWith("vault.altered"),
    );
    shelf.listDeks = () => Promise.reject(new Error("the disk is gone"));
    await expect(vault.problemWith(shelf)).rejects.toThrow("the disk is gone");
  });

  it("binds a data key to its tenant and version, and names it in what it seals", async () => {
    const kek = newKek(`bound-${n}`);
    await new Vault(kek, random).putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const [dek] = shelf.deks;
    expect(await kek.unwrap(dek!.wrapped, ["dek", "1", "1"])).toHaveLength(32);
    await expect(kek.unwrap(dek!.wrapped, ["dek", "2", "1"])).rejects.toSatisfy(failureWith("vault.altered"));
    await expect(kek.unwrap(dek!.wrapped, ["dek", "1", "2"])).rejects.toSatisfy(failureWith("vault.altered"));
    expect(shelf.secrets.get("admin_key 7")!.blob.subarray(1, 17)).toEqual(dek!.keyId);
  });

  it("opens what an older data key sealed, and seals with the newest", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const other = new Shelf();
    await vault.putSecret(other, "x", "y", Secret.ofText("z"));
    await vault.rotateDek(other);
    shelf.deks.push(other.deks[0]!);
    await vault.putSecret(shelf, "admin_key", "8", Secret.ofText("newer"));
    expect([...shelf.secrets.values()].map(({ dekVersion, version }) => [dekVersion, version])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(await opened()).toBe(KEY);
    expect(await vault.rotateDek(shelf)).toEqual({ values: 2, version: 3 });
    expect(shelf.deks.map(({ version }) => version)).toEqual([3]);
  });

  it("makes no new data key where values are sealed and theirs is missing", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    shelf.deks.length = 0;
    await expect(vault.putSecret(shelf, "admin_key", "8", Secret.ofText(KEY))).rejects.toThrow(
      "values are sealed and their data key is missing",
    );
    const locked = new Vault({ problem: "no key was given" }, random);
    await expect(locked.putSecret(shelf, "admin_key", "8", Secret.ofText(KEY))).rejects.toThrow("no key was given");
    expect(shelf.deks).toEqual([]);
  });

  it("is locked without a key-encryption key, and says why", async () => {
    const locked = new Vault({ problem: "no key was given" }, random);
    expect(locked.locked).toBe("no key was given");
    await expect(locked.putSecret(shelf, "a", "b", Secret.ofText("x"))).rejects.toThrow("no key was given");
    await expect(locked.openSecret(shelf, "a", "b")).rejects.toSatisfy(failureWith("vault.locked"));
    expect(shelf.deks).toEqual([]);
  });

  it("seals everything anew under another data key, and the one before is gone", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    await vault.putSecret(shelf, "log-key", "1", Secret.ofText("seed"));
    const before = new Map(shelf.secrets);
    expect(await vault.rotateDek(shelf)).toEqual({ values: 2, version: 2 });
    expect(shelf.deks.map(({ version }) => version)).toEqual([2]);
    expect(await opened()).toBe(KEY);
    for (const [name, sealed] of before) {
      expect(shelf.secrets.get(name)).toMatchObject({ version: sealed.version, dekVersion: 2 });
      expect(shelf.secrets.get(name)!.blob.equals(sealed.blob)).toBe(false);
    }
    await vault.putSecret(shelf, "admin_key", "8", Secret.ofText("later"));
    expect(await vault.rotateDek(shelf)).toEqual({ values: 3, version: 3 });
  });

  it("has no data key to change before anything is sealed", async () => {
    expect(await vault.rotateDek(shelf)).toEqual({ values: 0, version: null });
    expect(shelf.deks).toEqual([]);
  });

  it("changes no data key while a value cannot be opened, and names it", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    shelf.secrets.get("admin_key 7")!.blob[40]! ^= 1;
    await expect(vault.rotateDek(shelf)).rejects.toThrow("admin_key 7");
  });

  it("is opened by another key-encryption key once its data keys are wrapped anew, and by the old one no more", async () => {
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const old = newKek(`old-${n}`);
    const shelves = [new Shelf("2"), new Shelf("3")];
    const oldVault = new Vault(old, random);
    for (const one of shelves) await oldVault.putSecret(one, "admin_key", "7", Secret.ofText(KEY));
    const next = newKek(`next-${n}`);
    const blob = shelves[0]!.secrets.get("admin_key 7")!.blob;
    expect(await rewrapDeks(shelves[0]!, old, next)).toBe(1);
    // As after a kill between the two: the first is done already.
    expect(await rewrapDeks(shelves[0]!, old, next)).toBe(0);
    expect(await rewrapDeks(shelves[1]!, old, next)).toBe(1);
    // Without the old key too, once nothing needs it any more.
    expect(await rewrapDeks(shelves[1]!, { problem: "gone" }, next)).toBe(0);
    for (const one of shelves) {
      expect(await opened(one, new Vault(next, random))).toBe(KEY);
      await expect(opened(one, oldVault)).rejects.toSatisfy(failureWith("vault.locked"));
    }
    expect(shelves[0]!.secrets.get("admin_key 7")!.blob).toBe(blob);
    await expect(rewrapDeks(shelf, old, next)).rejects.toSatisfy(failureWith("vault.locked"));
    await expect(rewrapDeks(shelf, { problem: "gone" }, next)).rejects.toThrow("gone");
  });

  it("says what it cannot open without opening anything", async () => {
    expect(await vault.problemWith(shelf)).toBeNull();
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    expect(await vault.problemWith(shelf)).toBeNull();
    expect(await new Vault(newKek(`foreign-${n}`), random).problemWith(shelf)).toContain("another key-encryption key");
    expect(await new Vault({ problem: "no key" }, random).problemWith(shelf)).toBe("no key");
    expect(await new Vault({ problem: "no key" }, random).problemWith(new Shelf("9"))).toBe("no key");
    shelf.deks[0]!.wrapped[40]! ^= 1;
    expect(await vault.problemWith(shelf)).toContain("altered");
  });

  it("fingerprints a credential: the same for the same one, another for another, another in another tenant", async () => {
    const print = (text: string, where = shelf) => vault.fingerprint(where, Secret.ofText(text));
    const first = await print(KEY);
    expect(first).toMatch(/^[0-9a-f]{8}$/);
    expect(await print(KEY)).toBe(first);
    expect(await print(`${KEY}x`)).not.toBe(first);
    expect(await print(KEY, new Shelf("2"))).not.toBe(first);
  });
});

describe("the keys for keyed hashes", () => {
  const vault = () => new Vault(newKek(`hash-${randomBytes(4).toString("hex")}`), random);
  const hexOf = (key: Secret | null) => key?.use((bytes) => bytes.toString("hex")) ?? null;

  it("are none until somebody begins with one, and then the same for ever, another for each kind and tenant", async () => {
    const [kept, shelf] = [vault(), new Shelf()];
    expect(await kept.hashKey(shelf, "actor", false)).toBeNull();
    expect(shelf.secrets.size).toBe(0);
    const key = hexOf(await kept.hashKey(shelf, "actor", true));
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(hexOf(await kept.hashKey(shelf, "actor", false))).toBe(key);
    expect(hexOf(await kept.hashKey(shelf, "actor", true))).toBe(key);
    expect(hexOf(await kept.hashKey(shelf, "device", true))).not.toBe(key);
    expect(hexOf(await kept.hashKey(new Shelf("2"), "actor", true))).not.toBe(key);
    expect(shelf.secrets.size).toBe(1);
  });

  it("hang on the one value that fingerprints hang on, and are kept when that is sealed anew", async () => {
    const [kept, shelf] = [vault(), new Shelf()];
    const print = await kept.fingerprint(shelf, Secret.ofText(KEY));
    const key = hexOf(await kept.hashKey(shelf, "actor", false));
    expect(key).not.toBeNull();
    await kept.rotateDek(shelf);
    expect(hexOf(await kept.hashKey(shelf, "actor", false))).toBe(key);
    expect(await kept.fingerprint(shelf, Secret.ofText(KEY))).toBe(print);
    const master = (await kept.openSecret(shelf, "instance", "fingerprint"))!;
    expect(master.use((bytes) => createHmac("sha256", bytes).update("hash key: actor").digest("hex"))).toBe(key);
    expect(master.use((bytes) => createHmac("sha256", bytes).update(KEY).digest("hex").slice(0, 8))).toBe(print);
  });

  it("stay shut in a locked vault", async () => {
    const locked = new Vault({ problem: "no key was given" }, random);
    for (const make of [false, true]) {
      await expect(locked.hashKey(new Shelf(), "actor", make)).rejects.toSatisfy(failureWith("vault.locked"));
    }
    await expect(locked.rotateDek(new Shelf())).rejects.toSatisfy(failureWith("vault.locked"));
    await expect(rewrapDeks(new Shelf(), { problem: "gone" }, newKek("hash-rewrap"))).resolves.toBe(0);
  });
});

describe("keys in memory", () => {
  it("are wiped once they have served", async () => {
    const drawn: Buffer[] = [];
    const watched: Random = {
      ...random,
      bytes: (count) => {
        drawn.push(randomBytes(count));
        return drawn.at(-1)!;
      },
    };
    const inner = newKek("wiped");
    const unwrapped: Buffer[] = [];
    const kek: KeyProvider = {
      wrap: (plain, context) => inner.wrap(plain, context),
      unwrap: async (blob, context) => {
        unwrapped.push(await inner.unwrap(blob, context));
        return unwrapped.at(-1)!;
      },
    };
    const [vault, shelf] = [new Vault(kek, watched), new Shelf()];
    await vault.putSecret(shelf, "admin_key", "7", Secret.ofText(KEY));
    const secret = await vault.openSecret(shelf, "admin_key", "7");
    const derived = await vault.hashKey(shelf, "actor", true);
    await vault.rotateDek(shelf);
    await rewrapDeks(shelf, kek, newKek("wiped-next"));
    const zeros = (buffer: Buffer) => buffer.every((byte) => byte === 0);
    // Of what was drawn, key ids and IVs are no secrets.
    expect(drawn.filter(({ length }) => length === 32).map(zeros)).toEqual([true, true, true]);
    expect(unwrapped.length).toBeGreaterThan(4);
    expect(unwrapped.every(zeros)).toBe(true);
    expect(secret?.use(String)).toBe(KEY);
    expect(derived?.use(zeros)).toBe(false);
    const fresh = Buffer.alloc(32, 9);
    createKekFile(join(folder, "wiped-file"), { ...random, bytes: () => fresh });
    expect(zeros(fresh)).toBe(true);
    expect(readFileSync(join(folder, "wiped-file"), "utf8")).toBe(`${"09".repeat(32)}\n`);
  });
});

/** What a call throws. */
function failed(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}

describe("the file of the key-encryption key", () => {
  const raw = randomBytes(32);
  const file = (name: string, content: Buffer | string, mode = 0o600) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };

  it("is made private, whole, and never over another one", () => {
    const path = join(folder, "made");
    createKekFile(path, random);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const content = readFileSync(path, "utf8");
    expect(content).toMatch(/^[0-9a-f]{64}\n$/);
    expect(() => createKekFile(path, random)).toThrow(expect.toSatisfy(failureWith("vault.kek_file")));
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("holds the same key raw, in hex, and in capitals", async () => {
    const wrapped = await readKekFile(file("raw", raw), random).wrap(Buffer.from("dek"), ["x"]);
    for (const [name, content] of [
      ["hex", raw.toString("hex")],
      ["capitals", `${raw.toString("hex").toUpperCase()}\r\n`],
    ] as const) {
      expect((await readKekFile(file(name, content), random).unwrap(wrapped, ["x"])).toString()).toBe("dek");
    }
  });

  it.each([
    ["too short", raw.subarray(1)],
    ["too long", Buffer.concat([raw, raw])],
    ["not hex", "z".repeat(64)],
    ["empty", ""],
    ["65 digits", "a".repeat(65)],
    ["something behind 64 digits", `${"a".repeat(64)} b`],
    ["something in front of 64 digits", `b ${"a".repeat(64)}`],
  ])("is refused when %s", (name, content) => {
    const path = file(name, content);
    const problem = "it holds neither 32 bytes nor 64 hex digits";
    expect(failed(() => readKekFile(path, random))).toMatchObject({ code: "vault.kek_file", facts: { path, problem } });
  });

  it.each([0o644, 0o660, 0o604, 0o700, 0o666])("is refused with mode %o", (mode) => {
    const path = file(`mode-${mode}`, raw, mode);
    expect(() => readKekFile(path, random)).toThrow(expect.toSatisfy(failureWith("vault.kek_file")));
  });

  it("is accepted with mode 0640 and 0400", () => {
    for (const mode of [0o640, 0o400]) expect(() => readKekFile(file(`ok-${mode}`, raw, mode), random)).not.toThrow();
  });

  it("is refused with the reason when it is a folder, or cannot be made or put in place", () => {
    const [absent, from, taken] = [join(folder, "absent", "kek"), join(folder, "place-from"), join(folder, "place")];
    mkdirSync(taken, { mode: 0o700 });
    mkdirSync(join(taken, "full"));
    createKekFile(from, random);
    const refused = (path: string, problem: string) => ({
      code: "vault.kek_file",
      facts: { path, problem },
      cause: expect.objectContaining({ code: problem }) as Error,
    });
    expect(failed(() => createKekFile(absent, random))).toMatchObject(refused(absent, "ENOENT"));
    expect(failed(() => createKekFile(from, random))).toMatchObject(refused(from, "EEXIST"));
    expect(failed(() => installKekFile(from, absent, random))).toMatchObject(refused(absent, "ENOENT"));
    expect(failed(() => installKekFile(from, taken, random))).toMatchObject({ facts: { path: taken } });
    const broken = Buffer.alloc(32);
    broken.toString = () => {
      throw new Error("no code");
    };
    const without = join(folder, "without");
    expect(failed(() => createKekFile(without, { ...random, bytes: () => broken }))).toMatchObject({
      facts: { path: without, problem: "unreadable" },
    });
    expect(readdirSync(folder).filter((name) => name.startsWith("place"))).toEqual(["place", "place-from"]);
    chmodSync(taken, 0o600);
    expect(failed(() => readKekFile(taken, random))).toMatchObject(refused(taken, "EISDIR"));
    chmodSync(taken, 0o700);
    expect(failed(() => readKekFile(join(from, "below"), random))).toMatchObject(
      refused(join(from, "below"), "ENOTDIR"),
    );
    const wide = file("wide", raw, 0o644);
    expect(failed(() => readKekFile(wide, random))).toMatchObject({
      facts: { path: wide, problem: `its mode is 0644: run chmod 600 ${wide}` },
    });
  });

  it.skipIf(process.platform !== "linux")("is never left open", () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const [path, to, before] = [join(folder, "closed"), join(folder, "closed-to"), open()];
    createKekFile(path, random);
    installKekFile(path, to, random);
    readKekFile(to, random);
    failed(() => createKekFile(path, random));
    failed(() => readKekFile(file("closed-wide", raw, 0o644), random));
    expect(open()).toBe(before);
  });

  it("is not what it was made from when that is altered, short or another's", async () => {
    const kek = readKekFile(file("one", raw), random);
    const blob = await kek.wrap(Buffer.from("dek"), ["x"]);
    const altered = Buffer.from(blob);
    altered[30]! ^= 1;
    for (const spoiled of [altered, blob.subarray(0, 10), Buffer.alloc(0)]) {
      await expect(kek.unwrap(spoiled, ["x"])).rejects.toMatchObject({
        code: "vault.altered",
        facts: { what: "its data key" },
      });
    }
    await expect(kek.unwrap(blob, ["y"])).rejects.toSatisfy(failureWith("vault.altered"));
    await expect(newKek("another").unwrap(blob, ["x"])).rejects.toSatisfy(failureWith("vault.locked"));
  });

  it("locks the vault when it is not there", () => {
    const path = join(folder, "absent");
    expect(failed(() => readKekFile(path, random))).toMatchObject({
      code: "vault.locked",
      facts: { problem: `${path} does not exist` },
      cause: expect.objectContaining({ code: "ENOENT" }) as Error,
    });
  });

  it("takes the place of another one whole, leaving nothing beside it", async () => {
    const [from, to] = [join(folder, "install-from"), join(folder, "install-to")];
    createKekFile(from, random);
    createKekFile(to, random);
    const wrapped = await readKekFile(from, random).wrap(Buffer.from("dek"), ["x"]);
    installKekFile(from, to, random);
    expect((await readKekFile(to, random).unwrap(wrapped, ["x"])).toString()).toBe("dek");
    expect(statSync(to).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith("install-to"))).toEqual(["install-to"]);
  });
});
