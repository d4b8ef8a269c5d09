import { createHash } from "node:crypto";
import { createReadStream, type Dirent } from "node:fs";
import { lstat, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { Failure, isFailure } from "../domain/index.ts";

/** What a backup says of itself, and what its files must be. */
export const backupFacts = z.object({
  format: z.literal("bursar-backup/1"),
  made_at: z.string(),
  bursar: z.string(),
  /** The key-encryption key goes along; else it must come from elsewhere. */
  with_kek: z.boolean(),
  kek_file: z.string(),
  tenants: z.array(
    z.object({
      name: z.string(),
      origin: z.string().nullable(),
      leaves: z.int(),
      /** Leaves of the last checkpoint; null when nothing was signed. */
      signed: z.int().nullable(),
      root: z.string().nullable(),
      vkeys: z.array(z.string()),
    }),
  ),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type BackupFacts = z.output<typeof backupFacts>;

export const FACTS = "backup.json";
export const DATABASE = "bursar.db";
export const KEK = "kek";
export const CHECKPOINTS = "checkpoints";
/** Who was erased: not in a backup, which may be older, but beside the database that it is put into. */
export const ERASED = "erased";

/** Nothing else belongs into a backup: what is in it will stand in a data folder. */
const KNOWN = new RegExp(`^(?:${DATABASE}|${KEK}|${CHECKPOINTS}/[a-z0-9-]{1,63})$`);

export async function fileFacts(dir: string, name: string): Promise<BackupFacts["files"][number]> {
  const path = join(dir, name);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const { size } = await lstat(path);
  return { name, bytes: size, sha256: hash.digest("hex") };
}

/**
 * Reads a backup and checks that its files are those that were written, and no others.
 *
 * @throws Failure `backup.unreadable`
 */
export async function readBackup(dir: string): Promise<BackupFacts> {
  const unreadable = (problem: string, cause?: unknown) =>
    new Failure("backup.unreadable", { path: dir, problem }, { cause });
  let found: Dirent[];
  let facts: BackupFacts;
  try {
    found = await filesBelow(dir);
    // Before any is opened: a pipe would be waited for, a device read without end, and a link be no backup of what it leads to.
    const odd = found.find((entry) => !entry.isFile());
    if (odd !== undefined) throw unreadable(`${nameIn(dir, odd)} is no plain file`);
    facts = backupFacts.parse(JSON.parse(await readFile(join(dir, FACTS), "utf8")));
  } catch (cause) {
    if (isFailure(cause)) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "not what bursar backup writes";
    throw unreadable(`${FACTS}: ${code === "ENOENT" ? "is missing" : code}`, cause);
  }
  const there = found.map((entry) => nameIn(dir, entry));
  const named = facts.files.map(({ name }) => name);
  const stranger = there.find((name) => name !== FACTS && !named.includes(name));
  if (stranger !== undefined) throw unreadable(`${stranger} does not belong to it`);
  for (const wanted of facts.files) {
    if (!KNOWN.test(wanted.name)) throw unreadable(`${wanted.name} does not belong into a backup`);
    if (!there.includes(wanted.name)) throw unreadable(`${wanted.name} is missing`);
    const { bytes, sha256 } = await fileFacts(dir, wanted.name);
    if (bytes !== wanted.bytes || sha256 !== wanted.sha256) throw unreadable(`${wanted.name} was changed`);
  }
  if (!named.includes(DATABASE)) throw unreadable("it holds no database");
  return facts;
}

/** Flushes a file that something else has written. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function filesBelow(dir: string): Promise<Dirent[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory());
}

function nameIn(dir: string, { parentPath, name }: Dirent): string {
  return join(parentPath, name).slice(join(dir, "/").length);
}
