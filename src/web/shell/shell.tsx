import { ActionIcon, Button } from "@mantine/core";
import { Menu as MenuIcon, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Redirect, useLocation } from "wouter";

import { useMe } from "../client/index.ts";
import { deferred } from "../ui/deferred.tsx";
import { ErrorBox } from "../ui/error-box.tsx";
import { PageLoading } from "../ui/loading.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { Navigation } from "./navigation.tsx";
import { Pages, usePreparedPage } from "./pages.tsx";
import { TroubleBanner } from "./trouble-banner.tsx";
import { useKeys } from "./use-keys.ts";

const Palette = deferred(async () => (await import("./palette.tsx")).Palette);
const NavigationDrawer = deferred(async () => (await import("./navigation-drawer.tsx")).NavigationDrawer);
const KeyList = deferred(async () => (await import("./key-list.tsx")).KeyList);

/** Everything around a page: navigation, search, who is signed in. */
export function Shell() {
  const { me, problem } = useMe();
  const [path] = useLocation();
  const [open, setOpen] = useState<"search" | "keys" | "navigation" | null>(null);
  const main = useRef<HTMLElement>(null);
  usePreparedPage();
  useKeys({ search: () => setOpen("search"), keys: () => setOpen("keys") });

  // A new page begins at its top, and a screen reader at its heading.
  const first = useRef(true);
  useEffect(() => {
    setOpen(null);
    if (first.current) first.current = false;
    else {
      globalThis.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
  }, [path]);

  if (me === undefined) {
    if (!problem) return <PageLoading />;
    return (
      <main className="page">
        <ErrorBox thrown={problem} onRetry={() => globalThis.location.reload()} />
      </main>
    );
  }
  const isMissing = me.account?.secondFactor?.isMissing === true;
  if (me.account === null || isMissing) {
    const back = path === "/" ? "" : `?next=${encodeURIComponent(path + globalThis.location.search)}`;
    return <Redirect to={`${isMissing ? "/second-factor" : "/sign-in"}${back}`} replace />;
  }

  const search = (
    <Button
      className="shell-search"
      variant="default"
      size="xs"
      fullWidth
      justify="space-between"
      leftSection={<Search size={14} aria-hidden />}
      rightSection={<kbd aria-hidden>/</kbd>}
      onClick={() => setOpen("search")}
    >
      Search
    </Button>
  );

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <header className="shell-bar">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Open the navigation"
          onClick={() => setOpen("navigation")}
        >
          <MenuIcon size={20} aria-hidden />
        </ActionIcon>
        <Brand />
        <ActionIcon variant="subtle" color="gray" aria-label="Search" onClick={() => setOpen("search")}>
          <Search size={20} aria-hidden />
        </ActionIcon>
      </header>
      <aside className="shell-nav" aria-label="Navigation">
        <Brand />
        {search}
        <Navigation label="Pages" />
        <AccountMenu me={me} onKeys={() => setOpen("keys")} />
      </aside>
      <main id="main" ref={main} tabIndex={-1}>
        <TroubleBanner />
        <Pages />
      </main>
      {open === "navigation" && (
        <NavigationDrawer title={<Brand />} onClose={() => setOpen(null)}>
          <Navigation label="Pages" />
          <AccountMenu me={me} onKeys={() => setOpen("keys")} />
        </NavigationDrawer>
      )}
      {open === "search" && <Palette onClose={() => setOpen(null)} onKeys={() => setOpen("keys")} />}
      {open === "keys" && <KeyList onClose={() => setOpen(null)} />}
    </div>
  );
}

function Brand() {
  return (
    <span className="brand">
      <img src="/icon.svg" alt="" width={20} height={20} />
      Bursar
    </span>
  );
}
