import { attachTool } from "../process.ts";

export function format(args: readonly string[]): Promise<number> {
  return attachTool("prettier", ["--log-level=warn", "--write", ...(args.length > 0 ? args : ["."])]);
}
