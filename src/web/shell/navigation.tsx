import { Link, useLocation } from "wouter";

import { useMe } from "../client/index.ts";
import { carriedFilters } from "../filters/index.ts";
import { GROUPS } from "../pages/page-entry.ts";
import { pages } from "../pages/index.ts";

/** The pages by group. Filters go along: a question keeps its range and team from page to page. */
export function Navigation({ label }: { label: string }) {
  const [path] = useLocation();
  const { may } = useMe();
  const shown = pages.filter(({ hidden, needs }) => hidden !== true && (needs === undefined || may(needs)));
  return (
    <nav className="navigation" aria-label={label}>
      {GROUPS.map((group) => {
        const here = shown.filter((page) => page.group === group);
        if (here.length === 0) return null;
        return (
          <div key={group}>
            {group !== "" && <h2>{group}</h2>}
            <ul>
              {here.map((page) => (
                <li key={page.path}>
                  <Link
                    href={`${page.path}${carriedFilters(globalThis.location.search)}`}
                    aria-current={isAt(path, page.path) ? "page" : undefined}
                  >
                    <page.icon size={16} strokeWidth={1.75} aria-hidden />
                    {page.title}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}

function isAt(path: string, page: string): boolean {
  return page === "/" ? path === "/" : path === page || path.startsWith(`${page}/`);
}
