import { Failure } from "../domain/index.ts";

/**
 * Reads the JSON body of a request; no body is an empty object.
 *
 * @throws Failure `api.body_too_large` before more is read, `input.invalid`; neither repeats anything of it.
 */
export async function readJson(request: Request, mostBytes: number): Promise<unknown> {
  const tooLarge = () => new Failure("api.body_too_large", { most: mostBytes });
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))) as unknown;
  } catch {
    // The parser's own message quotes the body.
    throw new Failure("input.invalid", { field: "body", problem: "is not JSON", remedy: "Send a JSON object." });
  }
}
