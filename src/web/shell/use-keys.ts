import { useEffect, useRef } from "react";
import { useLocation } from "wouter";

import { useMe } from "../client/index.ts";
import { carriedFilters } from "../filters/index.ts";
import { pages } from "../pages/index.ts";

/** `/` searches, `?` lists the keys, `g` and a letter opens a page. Never while somebody is writing. */
export function useKeys({ search, keys }: { search: () => void; keys: () => void }): void {
  const [, go] = useLocation();
  const { may } = useMe();
  const waiting = useRef(false);
  const latest = useRef({ search, keys, go, may });
  latest.current = { search, keys, go, may };

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isWriting(event.target)) return;
      const isSearch = event.key === "/" || ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k");
      if (isSearch) {
        event.preventDefault();
        latest.current.search();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (waiting.current) {
        waiting.current = false;
        const page = pages.find(
          ({ key, needs }) => key === event.key && (needs === undefined || latest.current.may(needs)),
        );
        if (page !== undefined) latest.current.go(`${page.path}${carriedFilters(globalThis.location.search)}`);
      } else if (event.key === "?") latest.current.keys();
      else waiting.current = event.key === "g";
    };
    globalThis.addEventListener("keydown", pressed);
    return () => globalThis.removeEventListener("keydown", pressed);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null)
  );
}
