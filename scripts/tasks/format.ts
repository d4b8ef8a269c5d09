import { attachTool } from "../process.ts";

export function format(args: readonly string[]): Promise<number> {
  return attachTool("oxfmt", args);
}
