import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** How a text may be spelled in bytes: plain, in hex, in percent-encoding, and in base64 wherever it begins. */
export function spellingsOf(text: string): string[] {
  return [text, text.toLowerCase(), encodeURIComponent(text), ...spellingsOfBytes(Buffer.from(text))];
}

/** The same of bytes that need be no text: a key. They are compared as latin1. */
export function spellingsOfBytes(bytes: Buffer): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const moved = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Without what depends on the bytes before and after.
    return moved.slice(before === 0 ? 0 : 4, Math.floor((before + bytes.length) / 3) * 4);
  });
  const hex = bytes.toString("hex");
  const inUrls = inBase64.map((one) => one.replaceAll("+", "-").replaceAll("/", "_"));
  const escaped = hex.replace(/../g, "%$&");
  return [bytes.toString("latin1"), hex, hex.toUpperCase(), escaped, escaped.toUpperCase(), ...inBase64, ...inUrls];
}

/** Which of these texts stand in the haystack, in any spelling. */
export function foundIn(haystack: string, texts: readonly string[]): string[] {
  return texts.filter((text) => spellingsOf(text).some((spelling) => haystack.includes(spelling)));
}

/** Every file below a folder, as bytes. */
export async function bytesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  // UTF-8 bytes read as latin1: what is looked for is ASCII.
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
  return texts.join("\n");
}
