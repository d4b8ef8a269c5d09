import { Failure } from "../domain/index.ts";

/**
 * Reads the JSON body of a request; no body is an empty object. A member that stands twice is refused: whatever looked at
 * the request before us may have believed the other one.
 *
 * @throws Failure `api.body_too_large` before more is read, `input.invalid`; neither repeats anything of it.
 */
export async function readJson(request: Request, mostBytes: number): Promise<unknown> {
  const bytes = await wholeBody(request, mostBytes);
  if (bytes.length === 0) return {};
  const { text, value } = parsed(bytes);
  if (membersWritten(text) !== membersKept(value)) throw refused("holds a member twice", "Give each member once.");
  return value;
}

async function wholeBody(request: Request, mostBytes: number): Promise<Buffer> {
  const tooLarge = () => new Failure("api.body_too_large", { most: mostBytes });
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > mostBytes) break;
      chunks.push(chunk);
    }
  } catch {
    // The client went away, or its chunks are none: no fault of ours.
    throw refused("ended before it was whole", "Send it again.");
  }
  if (size > mostBytes) throw tooLarge();
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the body.
    throw refused("is not JSON", "Send a JSON object.");
  }
}

/** Outside of its texts, a JSON document has a colon for each member. */
function membersWritten(text: string): number {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, "").split(":").length - 1;
}

/** Not by recursion: what is nested too deeply for the stack is a body as well. */
function membersKept(value: unknown): number {
  let count = 0;
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== "object" || one === null) continue;
    const members: unknown[] = Object.values(one);
    if (!Array.isArray(one)) count += members.length;
    for (const member of members) open.push(member);
  }
  return count;
}

function refused(problem: string, remedy: string): Failure {
  return new Failure("input.invalid", { field: "body", problem, remedy });
}
