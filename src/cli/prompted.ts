import { Failure } from "../domain/index.ts";
import type { Io } from "./io.ts";

/**
 * The answer to a prompt on a terminal.
 *
 * @throws Failure `app.prompt_left` for whoever leaves it
 */
export async function prompted(
  stdin: Io["stdin"],
  show: (signal: AbortSignal) => Promise<string | symbol | undefined>,
): Promise<string> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  // At an end of input the prompt would wait for ever, and the process would run out of work in the middle of it.
  const onKeypress = (_: string | undefined, key?: { readonly name?: string; readonly ctrl?: boolean }) => {
    if (key?.ctrl === true && key.name === "d") leave();
  };
  stdin.on("keypress", onKeypress);
  stdin.on("end", leave);
  try {
    const answer = await show(leaving.signal);
    // What a prompt answers with when it was left is a symbol.
    if (typeof answer === "symbol") throw new Failure("app.prompt_left");
    return answer ?? "";
  } finally {
    stdin.off("keypress", onKeypress);
    stdin.off("end", leave);
  }
}
