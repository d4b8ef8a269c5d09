import { linkAddress } from "../access/index.ts";
import { Failure } from "../domain/index.ts";
import type { Call, Session } from "./command.ts";

/** A one-time link as somebody opens it: `--url` where it is given, else where the server is reached by its settings. */
export function linkOf({ options }: Pick<Call, "options">, { origin }: Session, token: string): string {
  const asked = options.text("url");
  if (asked !== undefined && !/^https?:\/\/[^\s/]+\/?$/.test(asked)) {
    throw new Failure("input.invalid", {
      field: "--url",
      problem: "is no address of a server",
      remedy: "Write it as https://bursar.example.com.",
    });
  }
  return linkAddress(asked?.replace(/\/$/, "") ?? origin, token);
}
