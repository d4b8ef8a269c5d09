import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { spellingsOf, spellingsOfBytes } from "./spellings.ts";

/** Looks for secrets, in every spelling, in files and in whatever was said. */
export class SecretSearch {
  readonly #folder: string;
  readonly #secrets = new Map<string, readonly string[]>();
  readonly #said: string[] = [];
  /** Files that were looked into and held something, by their names below the folder. */
  readonly searched = new Set<string>();
  /** `secret in file`, for each that was found. */
  readonly telling = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A text that nobody may be told, nor the better part of it. */
  text(name: string, secret: string): void {
    this.#secrets.set(name, distinct([...spellingsOf(secret), ...spellingsOf(secret.slice(20))]));
  }

  /** A key that nobody may be told. */
  bytes(name: string, secret: Buffer): void {
    this.#secrets.set(name, distinct(spellingsOfBytes(secret)));
  }

  /** Keeps what somebody was told: output, a log, an answer. */
  say(...texts: readonly string[]): void {
    this.#said.push(...texts);
  }

  get said(): string {
    return this.#said.join("\n");
  }

  /** Which secrets are in what was said, and where it begins. */
  told(): string[] {
    return this.#said.flatMap((text) => this.#in(text).map((name) => `${name}: ${text.slice(0, 200)}`));
  }

  /** Looks into every file as it stands now. */
  async files(): Promise<void> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    for (const file of entries.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      // A journal may go while we look.
      const text = await readFile(path, "latin1").catch(() => "");
      const name = relative(this.#folder, path);
      if (text !== "") this.searched.add(name);
      for (const secret of this.#in(text)) this.telling.add(`${secret} in ${name}`);
    }
  }

  /** What the list of processes tells of one and of those that it started. */
  async overhear(pid: number | undefined): Promise<void> {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "");
    this.say(await read("cmdline"), await read("environ"));
    for (const child of (await read(`task/${pid}/children`)).split(" ").filter(Boolean)) {
      await this.overhear(Number(child));
    }
  }

  #in(text: string): string[] {
    return [...this.#secrets].flatMap(([name, spellings]) =>
      spellings.some((one) => text.includes(one)) ? [name] : [],
    );
  }
}

function distinct(spellings: readonly string[]): string[] {
  // Of a short secret the end may be nothing, which stands everywhere.
  return [...new Set(spellings)].filter((spelling) => spelling.length >= 12);
}
