import { spawn } from "node:child_process";

/**
 * Runs npm quietly, twice if need be: a registry may hiccup, and a clean clone has nothing else to lean on.
 *
 * Plain JavaScript because bootstrap.mjs needs it before there is a Node that reads TypeScript.
 *
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function npm(args) {
  const first = await once(args);
  return first.code === 0 ? first : once(args);
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function once(args) {
  // Under `npm run` this names the npm that runs us; it is started with this Node, whatever `node` PATH has.
  const cli = process.env["npm_execpath"] ?? "";
  const [command, ...before] = cli.endsWith("npm-cli.js") ? [process.execPath, cli] : ["npm"];
  const all = [...before, ...args, "--loglevel=error", "--no-audit", "--no-fund", "--no-update-notifier"];
  return new Promise((resolve) => {
    const child = spawn(command, all, {
      stdio: ["ignore", "pipe", "pipe"],
      shell: command === "npm" && process.platform === "win32",
    });
    let output = "";
    child.stdout.on("data", (chunk) => void (output += chunk));
    child.stderr.on("data", (chunk) => void (output += chunk));
    child.on("error", (error) => resolve({ code: 127, output: `${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
