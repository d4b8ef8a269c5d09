import { spawnSync } from "node:child_process";

/** Why processes cannot be traced here, or null. Containers often forbid it. */
export const cannotTrace: string | null = ((): string | null => {
  const tried = spawnSync("strace", ["-qq", "-o", "/dev/null", "true"], { encoding: "utf8" });
  if (tried.error !== undefined) return "there is no strace; install it with apt-get install strace";
  return tried.status === 0 ? null : `processes may not be traced here: ${tried.stderr.trim().slice(0, 200)}`;
})();

/** Why no file system can be mounted in a namespace of its own here, or null. */
export const cannotMount: string | null = ((): string | null => {
  const tried = spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"], { encoding: "utf8" });
  if (tried.error !== undefined) return "there is no unshare; it is in Debian's util-linux";
  return tried.status === 0 ? null : `no file system may be mounted here: ${tried.stderr.trim().slice(0, 200)}`;
})();
