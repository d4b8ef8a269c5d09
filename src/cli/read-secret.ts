import { readFile, stat } from "node:fs/promises";

import { Failure } from "../domain/index.ts";
import type { Io } from "./io.ts";
import { prompted } from "./prompted.ts";

const MOST_BYTES = 64 * 1024;

/**
 * Reads a key from a file, from stdin when that is no terminal, else from a prompt that shows nothing. Spaces,
 * line ends and a byte order mark around it, which editors and pastes add, are not part of it.
 *
 * @throws Failure naming where it should have come from.
 */
export async function readSecret(io: Io, file: string | undefined, prompt: string): Promise<string> {
  if (file !== undefined) return bare(await readKeyFile(file));
  if (!io.stdin.isTTY) return bare(await readStdin(io));
  return bare(await ask(io, prompt));
}

async function readKeyFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw unreadable(path, "it is far too large for a key");
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw unreadable(path, REASONS[code] ?? code);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
};

function unreadable(path: string, problem: string): Failure {
  return new Failure("input.file_unreadable", { field: "--key-file", path, problem });
}

async function readStdin({ stdin }: Io): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stdin) {
      const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      bytes += part.length;
      if (bytes > MOST_BYTES)
        throw new Failure("input.invalid", {
          field: "stdin",
          problem: "is far too long for a key",
          remedy: "Give the key alone.",
        });
      chunks.push(part);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    // A closed stdin reads as an error on some systems: nothing was given.
  }
  if (bytes === 0) {
    throw new Failure("input.invalid", {
      field: "stdin",
      problem: "holds no key",
      remedy: "Pipe the key in, use --key-file, or run it on a terminal to be asked.",
    });
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function ask({ stdin }: Io, message: string): Promise<string> {
  const { password } = await import("@clack/prompts");
  // The prompt is no data: it belongs on stderr.
  return prompted(stdin, (signal) => password({ message, mask: "", input: stdin, output: process.stderr, signal }));
}

/** `trim` takes a byte order mark for a space. */
function bare(text: string): string {
  return text.trim();
}
