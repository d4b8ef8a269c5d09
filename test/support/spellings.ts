import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** How a text may be spelled in bytes: plain, in hex, in percent-encoding, and in base64 wherever it begins. */
export function spellingsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map((before) => {
    const moved = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Without what depends on the bytes before and after.
    return moved.slice(before === 0 ? 0 : 4, Math.floor((before + bytes.length) / 3) * 4);
  });
  return [text, text.toLowerCase(), bytes.toString("hex"), encodeURIComponent(text), ...inBase64];
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
