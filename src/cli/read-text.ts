import { readFile } from "node:fs/promises";

import { Failure } from "../domain/index.ts";

/** The text of a file that an option names. @throws Failure `input.file_unreadable` */
export async function readText(field: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new Failure("input.file_unreadable", { field, path, problem }, { cause });
  }
}
