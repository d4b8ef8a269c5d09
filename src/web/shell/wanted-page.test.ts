import { afterEach, expect, it, vi } from "vitest";

import { goToWanted, rememberWanted } from "./wanted-page.ts";

afterEach(() => vi.unstubAllGlobals());

/** A tab that stands at an address, and remembers. */
function tab(pathname: string, kept = new Map<string, string>()) {
  const went: string[] = [];
  vi.stubGlobal("location", { pathname, origin: "https://bursar.example" });
  vi.stubGlobal("history", { replaceState: (_: unknown, __: string, address: string) => went.push(address) });
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
  return { kept, went };
}

it("goes to the page that was wanted before the sign-in, once, and only from the first page", () => {
  const { kept } = tab("/sign-in");
  rememberWanted("/consent/abc");
  const lost = tab("/sign-in", kept);
  goToWanted();
  expect(lost.went).toEqual([]);
  const back = tab("/", kept);
  goToWanted();
  goToWanted();
  expect(back.went).toEqual(["/consent/abc"]);
});

it("never leaves this site", () => {
  const { kept } = tab("/sign-in");
  rememberWanted("//evil.example/consent");
  const { went } = tab("/", kept);
  goToWanted();
  expect(went).toEqual(["/"]);
});
