import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { Failure } from "../domain/index.ts";
import { replaceFile } from "../ledger/index.ts";
import type { AnchorPost } from "./way.ts";

/**
 * A folder that an auditor reads: a share, a mounted disk, something that is copied elsewhere every night. Each
 * checkpoint is a file of its own that is never written again.
 *
 * @param name the folder's own part for this log, such as the tenant's name
 */
export function copyToFolder(root: string, name: string): AnchorPost {
  return {
    kind: "copy",
    target: "folder",
    async hand({ size, note }) {
      const folder = join(root, name);
      const path = join(folder, `${size}.checkpoint`);
      try {
        await mkdir(folder, { recursive: true });
        const there = await readFile(path, "utf8").catch(absent);
        if (there === null) await replaceFile(path, note, 0o644);
        else if (there !== note) throw new Error("another checkpoint of this size is there already");
      } catch (cause) {
        throw new Failure("anchor.unreachable", { host: root, problem: problemOf(cause) }, { cause });
      }
      return { state: "copied", proof: null, facts: { to: "folder" } };
    },
  };
}

function absent(thrown: unknown): null {
  if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
  throw thrown;
}

function problemOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause ? String(cause.code) : cause.message;
}
