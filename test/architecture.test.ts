import { describe, expect, it } from "vitest";

import { filesBelow, importsOf, textOf, trackedFiles } from "./repository/files.ts";

/** Rooms by level. A room imports from lower levels only: never upwards, never from a neighbour. docs/architecture.md */
const LEVELS: Readonly<Record<string, number>> = {
  domain: 0,
  ledger: 0,
  emulator: 0,
  source: 1,
  store: 1,
  vault: 1,
  access: 2,
  anchors: 1,
  sync: 2,
  metrics: 2,
  operations: 3,
  api: 4,
  mcp: 4,
  oauth: 4,
  cli: 4,
  web: 4,
  app: 5,
};

/** Flat folders with one file a kind. */
const CATALOGS = [
  "src/source/streams",
  "src/metrics/catalog",
  "src/operations/catalog",
  "src/cli/commands",
  "src/mcp/tools",
  "src/mcp/resources",
  "src/mcp/prompts",
  "src/anchors",
  "src/web/pages",
  "src/web/charts",
];

const MOST_LINES = 500;

/** The environment may be a default of an argument: a proxy is the system's to say. */
const EFFECTS = /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|(?<!= )\bprocess\.env\b/;

const isTest = (path: string) => /\.test\.tsx?$/.test(path);
const roomOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1] ?? null;
const sources = [...filesBelow("src", ".ts"), ...filesBelow("src", ".tsx")];
const product = sources.filter((path) => !isTest(path));
const code = ["src", "test", "bench", "scripts"].flatMap((folder) => [
  ...filesBelow(folder, ".ts"),
  ...filesBelow(folder, ".tsx"),
]);

/** Every `file imports specifier` of the product in these rooms that the rule refuses. */
function refused(rooms: readonly string[], refuses: (specifier: string, target: string | null) => boolean): string[] {
  return product
    .filter((path) => rooms.includes(roomOf(path) ?? ""))
    .flatMap((path) =>
      importsOf(path)
        .filter(({ specifier, target }) => refuses(specifier, target))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
}

const allRooms = Object.keys(LEVELS);
const roomsBut = (...rooms: string[]) => allRooms.filter((room) => !rooms.includes(room));

describe("rooms", () => {
  it("are all known", () => {
    expect(sources.filter((path) => !((roomOf(path) ?? "") in LEVELS))).toEqual([]);
  });

  it("import downwards only, never sideways", () => {
    const wrong = sources.flatMap((path) => {
      const from = roomOf(path) ?? "";
      return importsOf(path).flatMap(({ target }) => {
        const to = target === null ? null : roomOf(target);
        if (to === null || to === from) return [];
        return (LEVELS[to] ?? Infinity) < (LEVELS[from] ?? 0) ? [] : [`${path} imports ${target}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it("enter one another by the index", () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path).flatMap(({ target }) => {
        const to = target === null ? null : roomOf(target);
        return to === null || to === roomOf(path) || target === `src/${to}/index.ts`
          ? []
          : [`${path} imports ${target}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("keep tests and scripts out of the product", () => {
    expect(refused(allRooms, (_, target) => target !== null && (roomOf(target) === null || isTest(target)))).toEqual(
      [],
    );
  });
});

describe("domain", () => {
  it("is pure: no package, and nothing of Node but its hashes and its reading of addresses", () => {
    const pure = ["src/domain/address.ts imports node:net"];
    const found = refused(["domain"], (specifier, target) => target === null && specifier !== "node:crypto");
    expect(found.filter((one) => !pure.includes(one))).toEqual([]);
  });
});

describe("ledger", () => {
  it("uses no package and no more of Node than hashes, bytes, threads, files and where temporary ones go", () => {
    const allowed = new Set([
      "node:crypto",
      "node:buffer",
      "node:fs",
      "node:fs/promises",
      "node:os",
      "node:path",
      "node:worker_threads",
    ]);
    expect(refused(["ledger"], (specifier, target) => target === null && !allowed.has(specifier))).toEqual([]);
  });

  it("verifies with its own files alone", () => {
    const seen = new Set<string>();
    const foreign: string[] = [];
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { specifier, target } of importsOf(path)) {
        if (target?.startsWith("src/ledger/")) visit(target);
        else if (!specifier.startsWith("node:")) foreign.push(`${path} imports ${specifier}`);
      }
    };
    visit("src/ledger/verify.ts");
    expect(foreign).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });
});

describe("emulator", () => {
  it("reads the API by itself: it imports nothing of ours and no package", () => {
    const own = (target: string | null) => target !== null && roomOf(target) === "emulator";
    expect(refused(["emulator"], (specifier, target) => !own(target) && !specifier.startsWith("node:"))).toEqual([]);
  });

  it("is started by the surfaces alone, so that no misreading of it slips into the product", () => {
    expect(
      refused(roomsBut("emulator", "cli", "app"), (_, target) => target !== null && roomOf(target) === "emulator"),
    ).toEqual([]);
  });
});

describe("effects", () => {
  it("open a database in the store alone", () => {
    const drivers = /^(node:sqlite|pg|pg-.*|@electric-sql\/.*)$/;
    expect(refused(roomsBut("store"), (specifier) => drivers.test(specifier))).toEqual([]);
  });

  it("ask the network in the source and the anchors alone", () => {
    const clients = /^(undici|node:https?|node:tls|node:http2|@anthropic-ai\/.*)$/;
    // The emulator is a server, api and app start one; oauth hands requests to a program that knows Node's classes alone.
    const allowed = ["source", "anchors", "emulator", "api", "app"];
    const asking = refused(roomsBut(...allowed), (specifier) => clients.test(specifier));
    expect(asking.filter((one) => one !== "src/oauth/node-pair.ts imports node:http")).toEqual([]);
    const fetching = product.filter((path) => roomOf(path) !== "source" && /(?<![.\w])fetch\(/.test(textOf(path)));
    expect(fetching).toEqual([]);
  });

  it("read the clock, the dice and the environment at the edge alone", () => {
    const edge = (path: string) => ["app", "cli", "emulator"].includes(roomOf(path) ?? "");
    const reading = product.filter(
      (path) => !edge(path) && path !== "src/domain/effects.ts" && EFFECTS.test(withoutComments(textOf(path))),
    );
    expect(reading).toEqual([]);
  });
});

describe("catalogs", () => {
  const filesOf = (folder: string) => [...filesBelow(folder, ".ts"), ...filesBelow(folder, ".tsx")];
  const folders = CATALOGS.filter((folder) => filesOf(folder).length > 0);

  it.each(folders)("%s lists every file it holds", (folder) => {
    const files = filesOf(folder).filter((path) => !isTest(path) && path !== `${folder}/index.ts`);
    expect(files.filter((path) => path.slice(folder.length + 1).includes("/"))).toEqual([]);
    // What several kinds share stands beside them; what nothing there reads has been forgotten.
    const read = new Set(
      [`${folder}/index.ts`, ...files].flatMap((path) => importsOf(path).map(({ target }) => target)),
    );
    expect(files.filter((path) => !read.has(path))).toEqual([]);
  });
});

describe("files", () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    expect(code.filter((path) => textOf(path).split("\n").length > MOST_LINES)).toEqual([]);
  });

  it("have kebab-case names", () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config))?\.tsx?$/;
    expect(code.filter((path) => !kebab.test(path.split("/").at(-1) ?? ""))).toEqual([]);
  });

  it("switch no test off without saying why, and single none out", () => {
    // skipIf states its reason as a condition; the check prints what it skipped.
    const wrong = code.filter(isTest).flatMap((path) => {
      const lines = textOf(path).split("\n");
      return lines.flatMap((line, at) => {
        const found = /\b(?:it|test|describe)(?:\.\w+)*\.(only|skip|todo)\b/.exec(line)?.[1];
        const reason = `${lines[at - 1] ?? ""}${line}`.includes("//");
        return found === undefined || (found !== "only" && reason) ? [] : [`${path}:${at + 1}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it("name no unfinished work, no one's machine and no registry", () => {
    // Written apart so that this file does not find itself.
    const banned = new RegExp(
      [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["/wo", "rk/"],
        ["\\.\\./sha", "red/"],
        ["registry\\.np", "mjs"],
        ["/ro", "ot/"],
      ]
        .map((parts) => (/^\w+$/.test(parts.join("")) ? `\\b${parts.join("")}\\b` : parts.join("")))
        .join("|"),
    );
    const found = trackedFiles().flatMap((path) =>
      textOf(path)
        .split("\n")
        .flatMap((line, at) => (banned.test(line) ? [`${path}:${at + 1}`] : [])),
    );
    expect(found).toEqual([]);
  });
});

describe("dependencies", () => {
  it("each have their reason in docs/dependencies.md, and none is listed that is gone", () => {
    const manifest: Record<"dependencies" | "devDependencies", Record<string, string>> = JSON.parse(
      textOf("package.json"),
    );
    const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort();
    const [taken = ""] = textOf("docs/dependencies.md").split("## What we did not take");
    const listed = [...taken.matchAll(/^\| `([^`]+)` \|/gm)].flatMap(([, name]) => name ?? []);
    expect(listed.sort()).toEqual(all);
  });

  it("are pinned to one version each", () => {
    const manifest: Record<"dependencies" | "devDependencies", Record<string, string>> = JSON.parse(
      textOf("package.json"),
    );
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version))).toEqual([]);
  });

  it("that the product imports are those that its users install", () => {
    const manifest: { dependencies: Record<string, string> } = JSON.parse(textOf("package.json"));
    // The dashboard is built into files of ours; its packages are not installed by anybody.
    const wrong = refused(roomsBut("web"), (specifier, target) => {
      const name = specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
      return target === null && !specifier.startsWith("node:") && !(name in manifest.dependencies);
    });
    expect(wrong).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
